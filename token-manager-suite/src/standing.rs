//! A roll-out that stands still, is gone on with by others, or is shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cronofy_auth_core::authorize::BusinessConnect;
use cronofy_auth_core::types::{DelegatedScope, Redirect, RedirectUri, Scope, Scopes, State};
use cronofy_sandbox::{Expectation, Fault, RateLimits};
use cronofy_store::onboarding::{Ended, Event, OnboardingError, Pace};
use cronofy_store::rollout::{Paused, Settings};
use cronofy_store::{Origin, Outcome, Pending};

use crate::Make;
use crate::campaign::{ASKS, Campaign, Told, all_authorized, connect_domain, finishes, granted, people};
use crate::web::{control, sent_on};

/// Paused by one process it stands still for all, until one resumes it; callbacks are taken meanwhile.
pub fn paused_it_stands_still_for_everybody_until_it_is_resumed(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    let process = campaign.bench.process();
    let (roller, other) = (campaign.begun(), campaign.roller(&*process));
    let told = Told::by(&*roller);
    let stopped = {
        let (other, seen) = (Arc::clone(&other), AtomicUsize::new(0));
        roller.subscribe(Box::new(move |event| {
            if matches!(event, Event::Asked { .. }) && seen.fetch_add(1, Ordering::Relaxed) == 0 {
                thread::scope(|scope| drop(scope.spawn(|| other.pause().unwrap()).join()));
            }
        }))
    };
    for roller in [&roller, &other] {
        assert_eq!(roller.run().unwrap(), Ended::Paused(Paused::ByHand));
    }
    campaign.bench.sandbox.callbacks_settled();
    let progress = roller.progress().unwrap();
    assert_eq!((progress.queued, progress.came, progress.authorized), (10, 50, 0));
    assert_eq!(progress.paused, Some(Paused::ByHand));
    drop(stopped);
    roller.resume().unwrap();
    finishes(&*roller);
    all_authorized(&*roller, 60);
    campaign.asked(2);
    let events = told.all();
    let place = |wanted: &Event| events.iter().position(|event| event == wanted).unwrap();
    assert!(place(&Event::Paused(Paused::ByHand)) < place(&Event::Resumed));
    assert!(place(&Event::Resumed) < place(&Event::Finished));
}

/// What would be the same for every mailbox pauses the roll-out, and fails none.
pub fn what_is_wrong_for_all_pauses_it(make: Make<'_>) {
    for status in [402, 403] {
        let campaign = Campaign::of(make, 2);
        let wrong = campaign.bench.sandbox.fault(Fault::on(ASKS).status(status)).unwrap();
        let roller = campaign.begun();
        let ended = roller.run().unwrap();
        let ((402, Ended::Paused(Paused::PaymentRequired(told)))
        | (403, Ended::Paused(Paused::Forbidden(told)))) = (status, &ended)
        else {
            panic!("{ended:?}")
        };
        assert!(told.contains(&status.to_string()), "{told}");
        assert_eq!(roller.run().unwrap(), ended, "and stays so");
        campaign.asked(1);
        campaign.bench.sandbox.remove_fault(&wrong);
        roller.resume().unwrap();
        finishes(&*roller);
        all_authorized(&*roller, 2);
    }
}

/// The administrator takes the service account's authorization away in the middle, and gives it back.
pub fn a_service_account_that_is_revoked_pauses_it(make: Make<'_>) {
    let campaign = Campaign::of(make, 120);
    let roller = campaign.begun();
    let path = format!("/_sandbox/accounts/{}/revoke", campaign.through.subject.as_str());
    let (api_url, seen) = (campaign.bench.sandbox.api_url().to_owned(), AtomicUsize::new(0));
    let revoked = roller.subscribe(Box::new(move |event| {
        let authorized = matches!(event, Event::Authorized { .. });
        if authorized && seen.fetch_add(1, Ordering::Relaxed) == 20 {
            control(&api_url, &path);
        }
    }));
    let ended = roller.run().unwrap();
    assert!(matches!(ended, Ended::Paused(Paused::Forbidden(_) | Paused::Ended(_))), "{ended:?}");
    assert_eq!(roller.progress().unwrap().failed, 0);
    drop(revoked);
    assert_eq!(connect_domain(&campaign.bench, &*campaign.process), campaign.through);
    roller.resume().unwrap();
    finishes(&*roller);
    all_authorized(&*roller, 120);
}

/// The same where the library itself has ended the grant.
pub fn a_grant_that_has_ended_pauses_it(make: Make<'_>) {
    let campaign = Campaign::of(make, 2);
    let roller = campaign.begun();
    campaign.process.revoke(&campaign.through).unwrap();
    let ended = roller.run().unwrap();
    assert!(matches!(ended, Ended::Paused(Paused::Ended(_))), "{ended:?}");
    campaign.asked(0);
    connect_domain(&campaign.bench, &*campaign.process);
    roller.resume().unwrap();
    finishes(&*roller);
    all_authorized(&*roller, 2);
}

/// A process that asks, and another one that is called back and redeems.
pub fn callbacks_come_to_another_process(make: Make<'_>) {
    let campaign = Campaign::of(make, 60);
    let asks = campaign.begun();
    let other = campaign.bench.process();
    let takes = campaign.roller(&*other);
    campaign.desk.hand_to(&takes);
    let told = Told::by(&*takes);
    finishes(&*asks);
    assert_eq!(told.count(|event| *event == Event::Came), 60);
    all_authorized(&*takes, 60);
    campaign.redeemed(60);
}

/// Begun again with the same list nothing happens; with a longer one, what is new is asked for.
pub fn begun_again_it_does_only_what_is_left(make: Make<'_>) {
    let campaign = Campaign::of(make, 70);
    let roller = campaign.roller(&*campaign.process);
    campaign.desk.hand_to(&roller);
    assert_eq!(roller.add(people(0..60)).unwrap(), 60);
    finishes(&*roller);

    let process = campaign.bench.process();
    let again = campaign.roller(&*process);
    assert_eq!(again.add(people(0..60)).unwrap(), 0);
    finishes(&*again);
    campaign.asked(2);
    campaign.redeemed(60);

    assert_eq!(again.add(campaign.people()).unwrap(), 10);
    finishes(&*again);
    all_authorized(&*roller, 70);
    campaign.asked(3);
    campaign.redeemed(70);
}

/// One name is one roll-out: nobody goes on with it under other settings by mistake.
pub fn other_settings_under_the_same_name_are_refused(make: Make<'_>) {
    let campaign = Campaign::of(make, 1);
    campaign.begun();
    let begin = |settings| campaign.process.onboard("everybody", settings, Pace::default());
    let wider = Settings { scope: Scopes::from([Scope::ReadWrite]), ..campaign.settings() };
    assert!(matches!(begin(wider), Err(OnboardingError::Different)));
    let nothing = Settings { scope: Scopes::default(), ..campaign.settings() };
    assert!(matches!(begin(nothing), Err(OnboardingError::NoScope)));
    begin(campaign.settings()).map(drop).unwrap();
}

/// Forgotten by one process it is gone for all, but for what was authorized. Nobody can take another one for it: its
/// name is used up.
pub fn forgotten_it_is_gone_for_everybody(make: Make<'_>) {
    let campaign = Campaign::of(make, 3);
    let process = campaign.bench.process();
    let (roller, other) = (campaign.begun(), campaign.roller(&*process));
    assert!(matches!(roller.forget(), Err(OnboardingError::Open)));
    finishes(&*roller);
    let grants: Vec<_> = roller.report().unwrap().into_iter().map(granted).collect();
    other.forget().unwrap();
    for roller in [&roller, &other] {
        for said in [
            roller.add(people(0..1)).map(drop),
            roller.run().map(drop),
            roller.progress().map(drop),
            roller.report().map(drop),
            roller.pause(),
            roller.resume(),
            roller.forget(),
        ] {
            assert!(matches!(said, Err(OnboardingError::Forgotten)), "{said:?}");
        }
    }
    for grant in &grants {
        process.valid_token(grant, Duration::ZERO).unwrap();
    }

    let begin = |name| campaign.process.onboard(name, campaign.settings(), Pace::default());
    assert!(matches!(begin("everybody"), Err(OnboardingError::Forgotten)));
    let anew = begin("everybody, once more").unwrap();
    campaign.desk.hand_to(&anew);
    assert_eq!(anew.add(campaign.people()).unwrap(), 3);
    finishes(&*anew);
    all_authorized(&*anew, 3);
    assert!(anew.report().unwrap().into_iter().map(granted).eq(grants));
    campaign.asked(2);
    campaign.redeemed(6);
}

/// Three processes share one budget: at the documented limits not one request is too many.
pub fn processes_share_one_budget(make: Make<'_>) {
    let campaign = Campaign::of(make, 550);
    campaign.bench.sandbox.set_rate_limits(RateLimits::documented());
    let processes = [campaign.bench.process(), campaign.bench.process(), campaign.bench.process()];
    campaign.begun();
    let rollers: Vec<_> = processes.iter().map(|process| campaign.roller(&**process)).collect();
    let began = campaign.bench.sandbox.now();
    thread::scope(|scope| {
        for roller in &rollers {
            scope.spawn(|| finishes(&**roller));
        }
    });
    all_authorized(&*rollers[0], 550);
    campaign.asked(11);
    campaign.redeemed(550);
    campaign.bench.sandbox.expect(Expectation::of_any().status(429).times(0)).unwrap();
    let took = campaign.bench.sandbox.now().duration_since(began).unwrap();
    assert!(took >= Duration::from_secs(561 * 60 / 500), "{took:?}");
}

/// Several workers in one process do what one does.
pub fn several_workers_of_one_process_do_it_together(make: Make<'_>) {
    let campaign = Campaign::of(make, 120);
    let roller = campaign.begun();
    let told = Told::by(&*roller);
    assert_eq!(roller.workers(4).unwrap(), Ended::Finished);
    all_authorized(&*roller, 120);
    campaign.asked(3);
    campaign.redeemed(120);
    assert_eq!(told.count(|event| *event == Event::Finished), 1);
}

/// Business Connect: one mailbox a request, through a profile of the primary account.
pub fn a_primary_account_asks_for_one_at_a_time(make: Make<'_>) {
    let campaign = Campaign::shared(make, 3);
    let connect = BusinessConnect::new(
        RedirectUri::new("http://127.0.0.1:1/back").unwrap(),
        Scopes::from([Scope::ReadWrite]),
        DelegatedScope::ReadOnly,
    );
    let (bench, process) = (&campaign.bench, &campaign.process);
    let state = State::new("primary").unwrap();
    let begun = connect.unwrap().authorize(&bench.app, state.clone(), bench.wire.now());
    process.begin(Pending::Authorization(begun.pending)).unwrap();
    let redirect = Redirect::from_url(&sent_on(&begun.url)).unwrap();
    let Outcome::Granted(through) = process.complete_redirect(redirect, &state).unwrap() else { panic!() };
    let primary = bench.grant(&through).tokens.unwrap();
    let profile = primary.linking_profile.clone().unwrap().profile_id;
    bench.sandbox.clear_journal();

    let scope = Scopes::from([Scope::ReadOnly]);
    let settings =
        Settings { through: through.clone(), profile: Some(profile), scope, ..campaign.settings() };
    let roller = process.onboard("colleagues", settings, Pace::default()).unwrap();
    campaign.desk.hand_to(&roller);
    roller.add(campaign.people()).unwrap();
    finishes(&*roller);
    all_authorized(&*roller, 3);
    let origin = bench.grant(&granted(roller.report().unwrap().remove(0))).origin;
    assert_eq!(origin, Origin::Business { through: through.subject });
    bench.sandbox.expect(Expectation::of("POST /v1/delegated_authorizations").times(3)).unwrap();
    campaign.redeemed(3);
}

/// A worker that is dropped at any place loses nothing. For workers that are futures.
pub fn dropped_anywhere_it_loses_nothing(make: Make<'_>) {
    let campaign = Campaign::of(make, 3);
    for polls in 1.. {
        let begin =
            campaign.process.onboard(&format!("dropped after {polls}"), campaign.settings(), Pace::default());
        let roller = begin.unwrap();
        campaign.desk.hand_to(&roller);
        roller.add(campaign.people()).unwrap();
        campaign.bench.sandbox.clear_journal();
        let ended = roller.dropped_after(polls);
        campaign.process.settled();
        // Its claims run out.
        campaign.bench.sandbox.advance(Duration::from_secs(71));
        finishes(&*roller);
        all_authorized(&*roller, 3);
        campaign.redeemed(3);
        if ended {
            return;
        }
    }
}
