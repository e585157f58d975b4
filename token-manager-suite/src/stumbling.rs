//! A roll-out in which something goes wrong with a mailbox, a request or a callback.

use std::time::Duration;

use cronofy_auth_core::types::EmailAddress;
use cronofy_sandbox::{CallbackFault, CallbackKind, Expectation, Fault};
use cronofy_store::onboarding::{Event, Pace, Standing};
use cronofy_store::rollout::Reason;

use crate::Make;
use crate::campaign::{ASKS, Campaign, Told, all_authorized, codes, finishes, granted, people, person};

/// Nobody has one of the addresses: it fails with what Cronofy says, and the others do not.
pub fn a_mailbox_that_is_refused_fails_alone_and_says_why(make: Make<'_>) {
    let campaign = Campaign::of(make, 3);
    let roller = campaign.begun();
    let stranger = EmailAddress::new("nobody@elsewhere.example").unwrap();
    roller.add(vec![stranger.clone()]).unwrap();
    let told = Told::by(&*roller);
    finishes(&*roller);
    let mut entries = roller.report().unwrap();
    let refused = entries.pop().unwrap();
    assert_eq!(refused.address, stranger);
    let Standing::Failed(Reason::Declined(why)) = &refused.standing else { panic!("{refused:?}") };
    assert!(why.contains("access_denied") && why.contains("account_not_found"), "{why}");
    for entry in entries {
        granted(entry);
    }
    campaign.asked(1);
    campaign.redeemed(3);
    let failed = |event: &Event| matches!(event, Event::Failed { address, .. } if *address == stranger);
    assert_eq!(told.count(failed), 1);
}

/// One entry makes the server refuse the whole request. It is found by halving, and the others are asked for.
pub fn a_batch_with_one_bad_entry_is_halved_until_that_stands_alone(make: Make<'_>) {
    let campaign = Campaign::of(make, 50);
    let roller = campaign.begun();
    campaign.bench.wire.refuse("person-31@");
    let told = Told::by(&*roller);
    finishes(&*roller);
    for entry in roller.report().unwrap() {
        if entry.address == person(31) {
            let Standing::Failed(Reason::Invalid(why)) = &entry.standing else { panic!("{entry:?}") };
            assert!(why.contains("422") && why.contains("errors.invalid_format"), "{why}");
        } else {
            granted(entry);
        }
    }
    assert_eq!(told.count(|event| matches!(event, Event::Failed { .. })), 1);
    campaign.redeemed(49);
    assert_eq!(told.count(|event| matches!(event, Event::AskedAgain { .. })), 0);
    // 50, 25, 12, 6, 3 and 1 were refused in the server's place.
    assert!(campaign.bench.sandbox.expect(Expectation::of(ASKS).at_most(10)).is_ok());
}

/// The server acts and its answer is lost: the callbacks say that it did.
pub fn a_lost_answer_doubles_nothing(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    campaign.bench.sandbox.fault(Fault::on(ASKS).count(1).after_commit().reset()).unwrap();
    let roller = campaign.begun();
    finishes(&*roller);
    all_authorized(&*roller, 60);
    campaign.asked(2);
    campaign.redeemed(60);
}

/// The request never arrives, or nobody knows: it is sent again with the same states, and each mailbox is redeemed once.
pub fn a_request_that_may_have_arrived_is_sent_again(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    campaign.bench.sandbox.fault(Fault::on(ASKS).count(1).before_commit().reset()).unwrap();
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    finishes(&*roller);
    all_authorized(&*roller, 60);
    campaign.asked(3);
    campaign.redeemed(60);
    assert_eq!(told.count(|event| matches!(event, Event::AskedAgain { attempt: 2, .. })), 50);
}

/// An answer to a code is lost: the code is dead, and the mailbox is asked for with another state.
pub fn a_code_that_is_dead_is_asked_for_anew(make: Make<'_>) {
    let campaign = Campaign::of(make, 4);
    campaign.bench.wire.lose(1);
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    finishes(&*roller);
    all_authorized(&*roller, 4);
    campaign.asked(2);
    // The one whose answer was lost is tried once more, refused, and another one redeemed.
    campaign.redeemed(4 + 2);
    assert_eq!(told.count(|event| matches!(event, Event::NotRedeemed { .. })), 1);
}

/// Each callback comes twice, and some before others that were sent first.
pub fn callbacks_that_come_twice_or_in_disorder_are_redeemed_once(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    let kind = CallbackKind::ServiceAccountAuthorization;
    for fault in [CallbackFault::on(kind).nth(3).reorder(), CallbackFault::on(kind).nth(20).reorder()] {
        campaign.bench.sandbox.callback_fault(fault).unwrap();
    }
    campaign.bench.sandbox.callback_fault(CallbackFault::on(kind).count(50).duplicate()).unwrap();
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    finishes(&*roller);
    all_authorized(&*roller, 60);
    campaign.redeemed(60);
    assert_eq!(told.count(|event| *event == Event::Came), 60);
}

/// A callback comes when nobody waits for it any more: the mailbox was asked for again. Whichever comes first is
/// redeemed, and the other one is known.
pub fn a_callback_that_comes_late_is_redeemed_once(make: Make<'_>) {
    let campaign = Campaign::of(make, 3);
    let late = CallbackFault::on(CallbackKind::ServiceAccountAuthorization).nth(2);
    campaign.bench.sandbox.callback_fault(late.delay(Duration::from_secs(650))).unwrap();
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    finishes(&*roller);
    campaign.bench.sandbox.advance(Duration::from_secs(650));
    assert!(campaign.bench.sandbox.callbacks_settled());
    finishes(&*roller);
    all_authorized(&*roller, 3);
    campaign.asked(2);
    campaign.redeemed(3);
    assert_eq!(told.count(|event| *event == Event::Came), 3);
}

/// No callback comes, however often a mailbox is asked for. When one comes after all, it is taken.
pub fn a_mailbox_that_never_answers_fails_until_it_does(make: Make<'_>) {
    let campaign = Campaign::of(make, 2);
    let kind = CallbackKind::ServiceAccountAuthorization;
    let never = CallbackFault::on(kind).count(10).never();
    let never = campaign.bench.sandbox.callback_fault(never).unwrap();
    let mut pace = Pace::default();
    // So that the last code is still good when it is given up.
    pace.patience = Duration::from_secs(60);
    let roller = campaign.process.onboard("everybody", campaign.settings(), pace).unwrap();
    campaign.desk.hand_to(&roller);
    roller.add(campaign.people()).unwrap();
    finishes(&*roller);
    campaign.asked(5);
    for entry in roller.report().unwrap() {
        assert_eq!(entry.standing, Standing::Failed(Reason::NoAnswer));
    }
    campaign.bench.sandbox.remove_callback_fault(&never);
    let last = campaign.bench.sandbox.callbacks().pop().unwrap();
    campaign.bench.sandbox.resend_callback(&last.id).unwrap();
    assert!(campaign.bench.sandbox.callbacks_settled());
    finishes(&*roller);
    assert_eq!(roller.progress().unwrap().authorized, 1);
    campaign.redeemed(1);
}

/// A 429 in the middle is no failure: everybody waits for as long as the server asks.
pub fn a_429_slows_all_down_and_fails_nobody(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    let busy = || Fault::on("POST /oauth/token").grant_type("authorization_code");
    campaign.bench.sandbox.fault(busy().nth(5).status(429).header("Retry-After", "77")).unwrap();
    campaign.bench.sandbox.fault(Fault::on(ASKS).nth(2).status(429)).unwrap();
    let began = campaign.bench.sandbox.now();
    let roller = campaign.begun();
    finishes(&*roller);
    all_authorized(&*roller, 60);
    campaign.asked(3);
    campaign.redeemed(61);
    let took = campaign.bench.sandbox.now().duration_since(began).unwrap();
    // 77 s as asked; a minute where nothing was said, or two where that is soon after the first.
    assert!((137..=240).contains(&took.as_secs()), "{took:?}");
    let refused = campaign.bench.sandbox.expect(codes().status(429).times(1)).unwrap();
    let next = campaign.bench.sandbox.expect(Expectation::of_any().since(refused[0].sequence)).unwrap();
    let at =
        |time: &str| time[11..19].split(':').fold(0, |sum, part| sum * 60 + part.parse::<u64>().unwrap());
    assert!(at(&next[0].time) - at(&refused[0].time) >= 76, "{} {}", refused[0].time, next[0].time);
}

/// A list with an address twice, written in several ways.
pub fn an_address_that_stands_twice_in_the_list_is_one_mailbox(make: Make<'_>) {
    let campaign = Campaign::of(make, 2);
    let roller = campaign.begun();
    let shouted = people(0..2).into_iter().map(|address| address.as_str().to_uppercase());
    let shouted = shouted.map(|address| EmailAddress::new(address).unwrap()).collect();
    assert_eq!(roller.add(shouted).unwrap(), 0);
    finishes(&*roller);
    all_authorized(&*roller, 2);
    campaign.redeemed(2);
}
