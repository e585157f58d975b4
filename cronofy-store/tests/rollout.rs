//! A roll-out from its beginning to its end, on a store in memory, with Cronofy's part played by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_store::rollout::{Claim, Command, Limits, Reply, Report, RolloutId, Seed, Settings, Stage, Work};
use cronofy_store::store::{Ask, Told, ask_blocking};
use cronofy_store::{GrantId, MemoryStore, PendingId};
use cronofy_types::{
    CallbackUrl, ClientId, ClientSecret, DataCenter, DelegationCallback, EmailAddress, Scope, Scopes, State,
    Sub, Timestamp, Verified,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);
const PATIENCE: Duration = Duration::from_secs(600);

fn through() -> GrantId {
    let app = App::new(ClientId::new("client").unwrap(), ClientSecret::new("s").unwrap(), DataCenter::Us);
    GrantId::new(&app, Sub::new("ser_1").unwrap())
}

fn granted(state: &State) -> Arc<DelegationCallback> {
    let body = format!(r#"{{"authorization":{{"code":"c","state":"{}"}}}}"#, state.as_str());
    Arc::new(DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap())
}

#[test]
fn a_roll_out_goes_through() {
    let elapsed = Arc::new(AtomicU64::new(0));
    let store = MemoryStore::with_clock({
        let elapsed = Arc::clone(&elapsed);
        move || NOW.saturating_add(Duration::from_nanos(elapsed.load(Ordering::Relaxed)))
    });
    let id = RolloutId::new(&through(), "everybody");
    let ask = |command| match ask_blocking(&store, Ask::Rollout(id, command)).unwrap() {
        Told::Rollout(reply) => reply,
        other => panic!("{other:?}"),
    };
    let settings = Settings {
        through: through(),
        profile: None,
        callback_url: CallbackUrl::new("https://app.example/callback").unwrap(),
        scope: Scopes::from([Scope::ReadOnly]),
    };
    assert!(matches!(ask(Command::Begin { settings, seed: Seed([7; 32]) }), Reply::Begun));
    let addresses = |numbers: std::ops::Range<u32>| -> Vec<EmailAddress> {
        numbers.map(|number| EmailAddress::new(format!("a{number}@example.com")).unwrap()).collect()
    };
    assert!(matches!(ask(Command::Add(addresses(0..70))), Reply::Added(70)));
    assert!(matches!(ask(Command::Add(addresses(0..75))), Reply::Added(5)));
    let claim = Claim { lease: Duration::from_secs(60), outstanding: 1000, limits: Limits::default() };
    let mut requests = 0;
    loop {
        let Reply::Claimed { work, given_up } = ask(Command::Claim(claim)) else { panic!() };
        assert!(given_up.is_empty());
        match work {
            Work::Ask { mailboxes, .. } => {
                requests += 1;
                let tickets: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.ticket).collect();
                let Reply::Reported(stages) =
                    ask(Command::Report { tickets, report: Report::Asked { patience: PATIENCE } })
                else {
                    panic!()
                };
                assert!(stages.iter().all(|stage| *stage == Some(Stage::Asked)));
                for mailbox in mailboxes {
                    let came = || Ask::Came {
                        wait: PendingId::of(&mailbox.state),
                        callback: granted(&mailbox.state),
                    };
                    let told = ask_blocking(&store, came()).unwrap();
                    assert!(matches!(told, Told::Rollout(Reply::Taken(taken)) if taken == id), "{told:?}");
                    let told = ask_blocking(&store, came()).unwrap();
                    assert!(matches!(told, Told::Rollout(Reply::Known(_))), "{told:?}");
                }
            }
            Work::Redeem { ticket, address, .. } => {
                requests += 1;
                let report = Report::Granted(Sub::new(address.as_str()).unwrap());
                ask(Command::Report { tickets: vec![ticket], report });
            }
            Work::Nothing { next } => {
                elapsed.fetch_add(u64::try_from(next.as_nanos()).unwrap(), Ordering::Relaxed);
            }
            Work::Finished => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(requests, 77, "two to ask, and one for each code");
    let Reply::Status { rollout, .. } = ask(Command::Status) else { panic!() };
    assert_eq!((rollout.counts.granted, rollout.counts.total()), (75, 75));
    // The last few had their permits when it ended, and no more than those of five seconds can be ahead.
    let fewest = (Limits::default().interval() * 76).saturating_sub(Duration::from_secs(5));
    assert!(Duration::from_nanos(elapsed.load(Ordering::Relaxed)) >= fewest);
}
