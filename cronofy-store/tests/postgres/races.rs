//! Several stores, in one process and in several, on one schema.

use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use cronofy_store::PostgresStore;
use cronofy_store::decide::{grant, pending};
use cronofy_store::store::{Ask, Told};

use crate::database::Schema;
use crate::list;
use crate::support::{ask, authorize, begin, claim, complete, grant, keys};

list![what_is_not_there_yet_is_begun_by_one, several_processes_share_a_schema];

/// What each of several stores was told that asked the same at the same instant.
fn at_once(schema: &Schema, question: &Ask) -> Vec<Told> {
    let stores: Vec<PostgresStore> =
        (0..6).map(|_| schema.options().connections(1).open(keys(1, &[])).unwrap()).collect();
    let ready = Barrier::new(stores.len());
    let asked = |store: &PostgresStore| {
        ready.wait();
        ask(store, question.clone())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = stores.iter().map(|store| scope.spawn(move || asked(store))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn what_is_not_there_yet_is_begun_by_one() {
    for _ in 0..5 {
        let schema = Schema::new();
        drop(schema.open(keys(1, &[])));
        let told = at_once(&schema, &authorize("acc_1"));
        let generation = |told| match told {
            Told::Decided(grant::Reply::Written { generation }) => generation,
            other => panic!("{other:?}"),
        };
        let mut generations: Vec<u64> = told.into_iter().map(generation).collect();
        generations.sort_unstable();
        assert_eq!(generations, [1, 2, 3, 4, 5, 6], "no write is lost");
        let told = at_once(&schema, &begin("one"));
        let begun = |told: &&Told| matches!(told, Told::Redeemed(pending::Reply::Begun));
        assert_eq!(told.iter().filter(begun).count(), 1, "{told:?}");
    }
}

/// Where another process is told which schema it shares.
const SHARED: &str = "CRONOFY_STORE_SHARED";
const ROUNDS: u64 = 40;

/// One of several processes, where this is one: claims and reports until there are enough generations.
pub(crate) fn one_of_several() -> bool {
    let Ok(name) = std::env::var(SHARED) else { return false };
    let options = cronofy_store::PostgresOptions::new(&crate::database::address().unwrap()).unwrap();
    let store = options.schema(name).open(keys(1, &[])).unwrap();
    loop {
        let generation = grant(&store, "acc_1").unwrap().unwrap().generation;
        if generation > ROUNDS {
            return true;
        }
        let Told::Decided(reply) = ask(&store, claim("acc_1", generation)) else { panic!() };
        if reply == grant::Reply::Won {
            let Told::Decided(reply) = ask(&store, complete("acc_1", generation)) else { panic!() };
            assert_eq!(reply, grant::Reply::Written { generation: generation + 1 });
        }
    }
}

fn several_processes_share_a_schema() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    ask(&store, authorize("acc_1"));
    let processes: Vec<_> = (0..4)
        .map(|_| {
            let mut process = Command::new(std::env::current_exe().unwrap());
            process.env(SHARED, &schema.name).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(grant(&store, "acc_1").unwrap().unwrap().generation, ROUNDS + 1);
}
