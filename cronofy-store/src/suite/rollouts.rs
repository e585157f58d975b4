//! A roll-out as a whole: begun, added to, paused, looked at.

use std::time::Duration;

use cronofy_types::{CallbackUrl, DataCenter, ProfileId, Scopes, State, Sub};

use super::values::{address, addresses, app, code, id, settings, sub, through};
use super::{Bench, list};
use crate::decide::budget::AHEAD;
use crate::rollout::{
    Claim, Command, Counts, Limits, Mailbox, Paused, Reply, Report, Rollout, RolloutId, Seed, Settings,
    Stage, Ticket, ToAsk, Work,
};
use crate::store::{Ask, Told};
use crate::{GrantId, PendingId};

list![
    a_roll_out_that_was_not_begun_is_absent,
    a_roll_out_is_begun_once,
    an_address_is_added_once,
    mailboxes_come_in_pages,
    a_roll_out_stands_still_for_everybody_until_it_is_resumed,
    a_roll_out_is_forgotten_as_a_whole,
    a_roll_out_goes_from_its_beginning_to_its_end,
];

pub(super) const CLAIM: Claim = Claim {
    lease: Duration::from_secs(60),
    outstanding: 1000,
    limits: Limits { per_second: 50, per_minute: 495 },
};

impl Bench {
    pub(super) fn rollout(&self, name: &str, command: Command) -> Reply {
        match self.ask(Ask::Rollout(RolloutId::new(&through(), name), command)) {
            Told::Rollout(reply) => reply,
            other => panic!("told a roll-out what to do, told {other:?}"),
        }
    }

    /// Begins one, and adds so many mailboxes.
    pub(super) fn begun(&self, name: &str, settings: Settings, count: u32) {
        let reply = self.rollout(name, Command::Begin { settings, seed: Seed([7; 32]) });
        assert!(matches!(reply, Reply::Begun), "{reply:?}");
        let reply = self.rollout(name, Command::Add(addresses(0..count)));
        assert!(matches!(reply, Reply::Added(added) if added == count), "{reply:?}");
    }

    pub(super) fn claim(&self, name: &str) -> Work {
        self.claim_with(name, CLAIM)
    }

    pub(super) fn claim_with(&self, name: &str, claim: Claim) -> Work {
        match self.rollout(name, Command::Claim(claim)) {
            Reply::Claimed { work, given_up } if given_up.is_empty() => work,
            other => panic!("claimed, told {other:?}"),
        }
    }

    /// Claims what is to be asked for, and waits until it may be.
    pub(super) fn to_ask(&self, name: &str) -> Vec<ToAsk> {
        match self.claim(name) {
            Work::Ask { mailboxes, wait } => {
                self.clock.advance(wait);
                mailboxes
            }
            other => panic!("claimed what is to be asked for, told {other:?}"),
        }
    }

    /// Claims a code, and waits until it may be redeemed.
    pub(super) fn to_redeem(&self, name: &str) -> Ticket {
        match self.claim(name) {
            Work::Redeem { ticket, wait, .. } => {
                self.clock.advance(wait);
                ticket
            }
            other => panic!("claimed a code, told {other:?}"),
        }
    }

    pub(super) fn report(&self, name: &str, tickets: &[Ticket], report: Report<Sub>) -> Vec<Option<Stage>> {
        match self.rollout(name, Command::Report { tickets: tickets.into(), report }) {
            Reply::Reported(stages) => stages,
            other => panic!("reported, told {other:?}"),
        }
    }

    pub(super) fn came(&self, state: &State) -> Reply {
        match self.ask(Ask::Came { wait: PendingId::of(state), callback: code(state) }) {
            Told::Rollout(reply) => reply,
            other => panic!("brought a callback, told {other:?}"),
        }
    }

    pub(super) fn status(&self, name: &str) -> Rollout {
        match self.rollout(name, Command::Status) {
            Reply::Status { rollout, .. } => *rollout,
            other => panic!("asked how far it is, told {other:?}"),
        }
    }

    pub(super) fn counts(&self, name: &str) -> [u32; 5] {
        let Counts { queued, asked, came, granted, failed } = self.status(name).counts;
        [queued, asked, came, granted, failed]
    }

    pub(super) fn page(&self, name: &str, after: Option<u32>, limit: usize) -> Vec<Mailbox> {
        match self.rollout(name, Command::Page { after, limit }) {
            Reply::Page(page) => page,
            other => panic!("asked for mailboxes, told {other:?}"),
        }
    }
}

fn a_roll_out_that_was_not_begun_is_absent(bench: &Bench) {
    let report = Command::Report { tickets: Vec::new(), report: Report::Granted(sub("acc_1")) };
    for command in [
        Command::Add(addresses(0..2)),
        Command::Claim(CLAIM),
        report,
        Command::Pause(Paused::ByHand),
        Command::Resume,
        Command::Slower { asked: None },
        Command::Page { after: None, limit: 10 },
        Command::Forget,
        Command::Status,
    ] {
        let reply = bench.rollout("one", command);
        assert!(matches!(reply, Reply::Absent), "{reply:?}");
    }
    let reply = bench.came(&State::new("s").unwrap());
    assert!(matches!(reply, Reply::Absent), "{reply:?}");
}

fn a_roll_out_is_begun_once(bench: &Bench) {
    let begin = |settings, seed| bench.rollout("one", Command::Begin { settings, seed: Seed([seed; 32]) });
    assert!(matches!(begin(settings(), 1), Reply::Begun));
    let kept = bench.status("one");
    assert_eq!((&kept.settings, kept.counts, &kept.paused), (&settings(), Counts::default(), &None));
    bench.rollout("one", Command::Add(addresses(0..3)));
    assert!(matches!(begin(settings(), 2), Reply::Begun), "as it is");
    assert_eq!((bench.status("one").seed, bench.counts("one")), (kept.seed, [3, 0, 0, 0, 0]));
    for other in [
        Settings { through: id("ser_2"), ..settings() },
        Settings { profile: Some(ProfileId::new("pro_1").unwrap()), ..settings() },
        Settings { callback_url: CallbackUrl::new("https://app.example/other").unwrap(), ..settings() },
        Settings { scope: Scopes::default(), ..settings() },
    ] {
        let reply = begin(other.clone(), 1);
        assert!(matches!(reply, Reply::Different), "{other:?}: {reply:?}");
    }
    assert_eq!(bench.status("one").settings, settings());

    let business = Settings { profile: Some(ProfileId::new("pro_1").unwrap()), ..settings() };
    bench.begun("two", business.clone(), 2);
    assert_eq!(bench.status("two").settings, business);
    let state = |name| bench.status(name).state(0, 0);
    bench.begun("three", settings(), 1);
    assert_ne!(state("two"), state("three"), "though they were begun with the same seed");
    let elsewhere = GrantId::new(&app("client", DataCenter::De), sub("ser_1"));
    assert_ne!(RolloutId::new(&elsewhere, "one"), RolloutId::new(&through(), "one"));
}

fn an_address_is_added_once(bench: &Bench) {
    bench.begun("one", settings(), 3);
    bench.begun("two", settings(), 0);
    let add = |name, texts: &[&str]| {
        let reply = bench.rollout(name, Command::Add(texts.iter().map(|text| address(text)).collect()));
        let Reply::Added(added) = reply else { panic!("{reply:?}") };
        added
    };
    assert_eq!(add("one", &["A1@Example.com", "new@example.com", " NEW@example.com ", "É@example.com"]), 2);
    assert_eq!(add("one", &["é@example.com", "new@example.com"]), 1, "beyond ASCII they are different");
    assert_eq!(add("two", &["a1@example.com"]), 1, "another list");
    assert_eq!(add("one", &[]), 0);
    let kept: Vec<_> =
        bench.page("one", None, 10).iter().map(|mailbox| mailbox.address.to_string()).collect();
    let expected = [
        "a0@example.com",
        "a1@example.com",
        "a2@example.com",
        "new@example.com",
        "É@example.com",
        "é@example.com",
    ];
    assert_eq!(kept, expected, "in the order in which they came, as they came");
    assert_eq!(bench.counts("one"), [6, 0, 0, 0, 0]);
}

fn mailboxes_come_in_pages(bench: &Bench) {
    bench.begun("other", settings(), 7);
    bench.begun("one", settings(), 20);
    for limit in [1, 7, 20, usize::MAX] {
        let (mut found, mut last) = (Vec::new(), None);
        loop {
            let page = bench.page("one", last, limit);
            assert!(page.len() <= limit);
            let Some(mailbox) = page.last() else { break };
            last = Some(mailbox.position);
            found.extend(page.into_iter().map(|mailbox| mailbox.position));
        }
        assert_eq!(found, (0..20).collect::<Vec<_>>(), "in pages of {limit}");
    }
    assert!(bench.page("one", Some(u32::MAX), 1).is_empty());
}

fn a_roll_out_stands_still_for_everybody_until_it_is_resumed(bench: &Bench) {
    bench.begun("one", settings(), 60);
    bench.begun("other", settings(), 1);
    let asked = bench.to_ask("one");
    for paused in [
        Paused::ByHand,
        Paused::Ended("why".into()),
        Paused::PaymentRequired("\"é\"".into()),
        Paused::Forbidden(Box::default()),
    ] {
        bench.rollout("one", Command::Pause(paused.clone()));
        bench.rollout("one", Command::Pause(Paused::ByHand));
        assert_eq!(bench.status("one").paused, Some(paused.clone()), "the first reason");
        assert!(matches!(bench.claim("one"), Work::Paused(why) if why == paused));
        bench.rollout("one", Command::Resume);
        assert_eq!(bench.status("one").paused, None);
    }
    bench.rollout("one", Command::Pause(Paused::ByHand));
    assert!(matches!(bench.claim("other"), Work::Ask { .. }), "others go on");
    let patience = Report::Asked { patience: Duration::from_secs(600) };
    assert_eq!(
        bench.report("one", &[asked[0].ticket], patience),
        [Some(Stage::Asked)],
        "what was claimed is heard of"
    );
    assert!(matches!(bench.came(&asked[0].state), Reply::Taken(_)), "callbacks are taken");
    bench.rollout("one", Command::Resume);
    assert!(matches!(bench.claim("one"), Work::Redeem { .. }));
}

fn a_roll_out_is_forgotten_as_a_whole(bench: &Bench) {
    let forget = |name| bench.rollout(name, Command::Forget);
    bench.begun("one", settings(), 3);
    bench.begun("other", settings(), 2);
    assert!(matches!(forget("one"), Reply::Open), "it is under way");
    let asked = bench.to_ask("one");
    bench.report("one", &[asked[0].ticket], Report::Asked { patience: Duration::from_secs(600) });
    assert!(matches!(bench.came(&asked[0].state), Reply::Taken(_)));
    assert!(matches!(forget("one"), Reply::Open), "it is still under way");
    assert_eq!(bench.counts("one"), [0, 2, 1, 0, 0], "and as it was");

    bench.rollout("one", Command::Pause(Paused::ByHand));
    assert!(matches!(forget("one"), Reply::Done));
    assert!(matches!(forget("one"), Reply::Absent));
    assert!(matches!(bench.rollout("one", Command::Page { after: None, limit: 10 }), Reply::Absent));
    for mailbox in &asked {
        assert!(matches!(bench.came(&mailbox.state), Reply::Absent), "nobody asks with that state");
    }
    assert_eq!(bench.counts("other"), [2, 0, 0, 0, 0], "another list");

    let begin = Command::Begin { settings: settings(), seed: Seed([8; 32]) };
    for command in [begin, Command::Resume, Command::Add(addresses(0..3)), Command::Status] {
        let reply = bench.rollout("one", command);
        assert!(matches!(reply, Reply::Absent), "its name is used up: {reply:?}");
    }
    bench.begun("empty", settings(), 0);
    assert!(matches!(forget("empty"), Reply::Done), "nothing of it is under way");
}

/// One worker, and a Cronofy that grants everything at once.
fn a_roll_out_goes_from_its_beginning_to_its_end(bench: &Bench) {
    bench.begun("one", settings(), 52);
    let begun = bench.clock.now();
    let mut requests = 0;
    loop {
        match bench.claim("one") {
            Work::Ask { mailboxes, .. } => {
                requests += 1;
                let tickets: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.ticket).collect();
                bench.report("one", &tickets, Report::Asked { patience: Duration::from_secs(600) });
                for mailbox in mailboxes {
                    assert!(matches!(bench.came(&mailbox.state), Reply::Taken(_)));
                }
            }
            Work::Redeem { ticket, address, .. } => {
                requests += 1;
                bench.report("one", &[ticket], Report::Granted(sub(address.as_str())));
            }
            Work::Nothing { next } => bench.clock.advance(next),
            Work::Finished => break,
            Work::Paused(why) => panic!("nobody paused it: {why}"),
        }
    }
    assert_eq!(requests, 54, "two that ask, and one for each code");
    assert_eq!(bench.counts("one"), [0, 0, 0, 52, 0]);
    // The last ones are reserved ahead of the clock.
    let fewest = (CLAIM.limits.interval() * (requests - 1)).saturating_sub(AHEAD);
    assert!(bench.clock.now().saturating_since(begun) >= fewest);
}
