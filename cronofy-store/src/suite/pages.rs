//! Many grants, in order.

use cronofy_types::{ClientId, DataCenter};

use super::values::{app, authorize, sub};
use super::{Bench, list};
use crate::GrantId;

list![pages_are_in_order_and_leave_nothing_out, a_page_goes_on_after_a_grant_that_is_not_there];

fn pages_are_in_order_and_leave_nothing_out(bench: &Bench) {
    let mut all = Vec::new();
    for client in ["b", "a"] {
        for data_center in [DataCenter::Us, DataCenter::Au] {
            for subject in ["acc_2", "acc_10", "é", "Z", "acc_1"] {
                let id = GrantId::new(&app(client, data_center.clone()), sub(subject));
                bench.ask(authorize(&id, 1));
                all.push(id);
            }
        }
    }
    all.sort();
    for limit in [1, 3, 20, usize::MAX] {
        let mut found: Vec<GrantId> = Vec::new();
        loop {
            let page = bench.grants(found.last(), limit);
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            found.extend(page.into_iter().map(|grant| grant.id));
        }
        assert_eq!(found, all, "in pages of {limit}");
    }
    assert!(bench.grants(None, 0).is_empty());
}

fn a_page_goes_on_after_a_grant_that_is_not_there(bench: &Bench) {
    let id = GrantId::from_parts(ClientId::new("b").unwrap(), "us", sub("acc_1"));
    bench.ask(authorize(&id, 1));
    let before = GrantId::from_parts(ClientId::new("a").unwrap(), "us", sub("zzz"));
    let after = GrantId::from_parts(ClientId::new("b").unwrap(), "us", sub("acc_10"));
    assert_eq!(bench.grants(Some(&before), 10).len(), 1);
    assert!(bench.grants(Some(&after), 10).is_empty());
}
