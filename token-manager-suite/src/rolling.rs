//! A roll-out that goes as it should: what is asked, and how often.

use cronofy_store::onboarding::Event;

use crate::Make;
use crate::bench::works;
use crate::campaign::{Campaign, Told, all_authorized, finishes, granted};

/// 120 mailboxes are three requests that ask and 120 that redeem, and not one more.
pub fn a_roll_out_asks_for_fifty_at_once_and_redeems_each_code_once(make: Make<'_>) {
    let campaign = Campaign::of(make, 120);
    rolls_out(&campaign);
}

/// The same with a store in a file.
pub fn a_roll_out_in_a_file(make: Make<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let campaign = Campaign::in_a_file(make, 120, &folder.path().join("store"));
    rolls_out(&campaign);
}

fn rolls_out(campaign: &Campaign<'_>) {
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    finishes(&*roller);
    all_authorized(&*roller, 120);
    campaign.asked(3);
    campaign.redeemed(120);
    works(&*campaign.process, &granted(roller.report().unwrap().remove(119)));
    assert_eq!(told.count(|event| matches!(event, Event::Asked { .. })), 3);
    assert_eq!(told.count(|event| *event == Event::Came), 120);
    assert_eq!(told.count(|event| matches!(event, Event::Authorized { .. })), 120);
    assert_eq!(told.all().last(), Some(&Event::Finished));
    assert_eq!(told.all().len(), 3 + 120 + 120 + 1);
}
