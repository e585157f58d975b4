//! Mailboxes: claimed, asked for, called back, redeemed.

use std::sync::Arc;
use std::time::Duration;

use cronofy_types::{DelegationOutcome, ProfileId, State, Sub, Timestamp};

use super::rollouts::CLAIM;
use super::values::{address, code, refusal, settings, sub, through};
use super::{Bench, list};
use crate::PendingId;
use crate::decide::mailbox::ATTEMPTS;
use crate::rollout::{
    Claim, Command, Phase, Reason, Reply, Report, RolloutId, Settings, Stage, Ticket, ToAsk, Work,
};
use crate::store::Ask;

list![
    a_request_names_fifty_mailboxes_at_most,
    a_claim_of_mailboxes_ends_with_its_lease,
    what_was_not_acted_on_is_asked_for_again_and_not_counted,
    without_a_callback_it_is_asked_for_again_until_it_is_given_up,
    what_is_refused_in_company_is_asked_for_in_less,
    no_more_is_asked_for_than_may_be_outstanding,
    a_callback_is_taken_once,
    every_detail_of_a_callback_is_kept,
    a_code_is_claimed_before_anything_else,
    a_dead_code_is_asked_for_anew_with_another_state,
    a_grant_is_believed_of_anybody,
    a_late_report_about_a_mailbox_changes_nothing,
    a_mailbox_that_is_reported_on_twice_at_once_counts_once,
    every_reason_is_kept,
    nothing_is_due_before_its_time,
];

const PATIENCE: Duration = Duration::from_secs(600);

fn patient() -> Report<Sub> {
    Report::Asked { patience: PATIENCE }
}

fn stages(bench: &Bench) -> Vec<Stage> {
    bench.page("one", None, usize::MAX).iter().map(|mailbox| mailbox.row.phase.stage()).collect()
}

/// How far a mailbox is, whatever came for it.
fn phase(bench: &Bench, position: u32) -> Phase<(), Sub> {
    let page = bench.page("one", None, usize::MAX);
    match page[position as usize].row.phase.clone() {
        Phase::Queued { due } => Phase::Queued { due },
        Phase::Asked { until } => Phase::Asked { until },
        Phase::Came { due, .. } => Phase::Came { callback: (), due },
        Phase::Granted(subject) => Phase::Granted(subject),
        Phase::Failed(reason) => Phase::Failed(reason),
    }
}

fn a_request_names_fifty_mailboxes_at_most(bench: &Bench) {
    bench.begun("one", settings(), 120);
    let sizes: Vec<usize> = (0..3).map(|_| bench.to_ask("one").len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
    assert_eq!(bench.counts("one"), [0, 120, 0, 0, 0]);
    let page = bench.page("one", Some(98), 3);
    let [first, ..] = &page[..] else { panic!("{page:?}") };
    assert_eq!((first.position, first.row.attempts, first.row.company), (99, 1, 50));
    assert!(matches!(bench.claim("one"), Work::Nothing { .. }));

    let profile = Some(ProfileId::new("pro_1").unwrap());
    bench.begun("two", Settings { profile, ..settings() }, 2);
    let asked = bench.to_ask("two");
    assert_eq!(asked.len(), 1, "through a profile they are asked for one by one");
    assert_eq!((&asked[0].address, asked[0].attempt), (&address("a0@example.com"), 1));
    assert_eq!(asked[0].state, bench.status("two").state(0, 0));
}

fn a_claim_of_mailboxes_ends_with_its_lease(bench: &Bench) {
    bench.begun("one", settings(), 2);
    let first = bench.to_ask("one");
    let Work::Nothing { next } = bench.claim("one") else { panic!("claimed twice") };
    assert_eq!(next, CLAIM.lease);
    bench.clock.advance(next.saturating_sub(Duration::from_millis(1)));
    assert!(matches!(bench.claim("one"), Work::Nothing { .. }));
    bench.clock.advance(Duration::from_millis(1));
    let second = bench.to_ask("one");
    assert_eq!(second.len(), 2);
    assert_eq!(
        (&second[0].state, second[0].attempt),
        (&first[0].state, 2),
        "nobody knows whether it was sent"
    );
    assert_eq!(bench.report("one", &[first[0].ticket], patient()), [None]);
    assert_eq!(bench.report("one", &[second[0].ticket], patient()), [Some(Stage::Asked)]);
}

fn what_was_not_acted_on_is_asked_for_again_and_not_counted(bench: &Bench) {
    bench.begun("one", settings(), 1);
    for _ in 0..=ATTEMPTS {
        let asked = bench.to_ask("one");
        assert_eq!(asked[0].attempt, 1);
        let later = Report::Later { pause: Duration::from_secs(30) };
        assert_eq!(bench.report("one", &[asked[0].ticket], later), [Some(Stage::Queued)]);
        let Work::Nothing { next } = bench.claim("one") else { panic!("before the pause is over") };
        assert_eq!(next, Duration::from_secs(30));
        bench.clock.advance(next);
    }
}

fn without_a_callback_it_is_asked_for_again_until_it_is_given_up(bench: &Bench) {
    bench.begun("one", settings(), 1);
    let state = bench.status("one").state(0, 0);
    for attempt in 1..=ATTEMPTS {
        let asked = bench.to_ask("one");
        assert_eq!((&asked[0].state, asked[0].attempt), (&state, attempt));
        bench.report("one", &[asked[0].ticket], patient());
        assert!(matches!(bench.claim("one"), Work::Nothing { next } if next == PATIENCE));
        bench.clock.advance(PATIENCE);
    }
    let Reply::Claimed { work: Work::Finished, given_up } = bench.rollout("one", Command::Claim(CLAIM))
    else {
        panic!("it is asked for {ATTEMPTS} times")
    };
    assert_eq!(given_up, [address("a0@example.com")]);
    assert_eq!(bench.counts("one"), [0, 0, 0, 0, 1]);
    assert!(matches!(bench.came(&state), Reply::Taken(_)), "better late than never");
    assert_eq!(bench.counts("one"), [0, 0, 1, 0, 0]);
}

fn what_is_refused_in_company_is_asked_for_in_less(bench: &Bench) {
    bench.begun("one", settings(), 60);
    let wrong = address("a33@example.com");
    let mut requests = 0;
    loop {
        let mailboxes = match bench.claim("one") {
            Work::Ask { mailboxes, .. } => mailboxes,
            Work::Nothing { next } if requests < 30 && next < CLAIM.lease => {
                bench.clock.advance(next);
                continue;
            }
            _ => break,
        };
        requests += 1;
        let tickets: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.ticket).collect();
        let invalid = Report::Invalid { together: tickets.len(), reason: "no such address".into() };
        let is_wrong = mailboxes.iter().any(|mailbox| mailbox.address == wrong);
        bench.report("one", &tickets, if is_wrong { invalid } else { patient() });
    }
    assert_eq!(bench.counts("one"), [0, 59, 0, 0, 1]);
    let page = bench.page("one", Some(32), 2);
    assert_eq!(phase(bench, 33), Phase::Failed(Reason::Invalid("no such address".into())));
    assert_eq!((page[0].row.attempts, page[1].row.attempts), (1, 1), "what was refused was no attempt");
    assert!(requests <= 15, "{requests} requests");
}

fn no_more_is_asked_for_than_may_be_outstanding(bench: &Bench) {
    bench.begun("one", settings(), 200);
    let few = Claim { outstanding: 100, ..CLAIM };
    let claim = || bench.claim_with("one", few);
    let Work::Ask { mailboxes: first, .. } = claim() else { panic!("the first") };
    let Work::Ask { mailboxes: second, .. } = claim() else { panic!("the second") };
    let tickets = |asked: &[ToAsk]| asked.iter().map(|asked| asked.ticket).collect::<Vec<_>>();
    bench.report("one", &tickets(&first), patient());
    bench.report("one", &tickets(&second), patient());
    assert!(matches!(claim(), Work::Nothing { next } if next == PATIENCE), "a hundred are asked for");
    assert!(matches!(bench.came(&first[0].state), Reply::Taken(_)));
    let Work::Redeem { ticket, .. } = claim() else { panic!("the code") };
    assert!(matches!(claim(), Work::Nothing { .. }), "what came counts, until it is redeemed");
    bench.report("one", &[ticket], Report::Granted(sub("acc_1")));
    assert!(matches!(claim(), Work::Ask { .. }), "there is room");

    bench.clock.advance(PATIENCE);
    let Work::Ask { mailboxes, .. } = claim() else { panic!("those for which no callback came") };
    assert!(mailboxes.len() == 50 && bench.counts("one")[1] <= 100 + 50, "count no more");
}

fn a_callback_is_taken_once(bench: &Bench) {
    bench.begun("one", settings(), 2);
    let asked = bench.to_ask("one");
    let state = &asked[0].state;
    let Reply::Taken(taken) = bench.came(state) else { panic!("the first callback, before the 202") };
    assert_eq!(taken, RolloutId::new(&through(), "one"));
    assert_eq!(bench.report("one", &[asked[0].ticket], patient()), [None], "the callback was quicker");
    assert!(matches!(bench.came(state), Reply::Known(_)));
    assert_eq!(bench.counts("one"), [0, 1, 1, 0, 0]);
    let ticket = bench.to_redeem("one");
    assert!(matches!(bench.came(state), Reply::Known(_)), "while it is redeemed");
    assert_eq!(bench.report("one", &[ticket], Report::Granted(sub("acc_1"))), [Some(Stage::Granted)]);
    assert!(matches!(bench.came(state), Reply::Known(_)), "and once it was");
    assert_eq!(phase(bench, 0), Phase::Granted(sub("acc_1")));

    bench.report("one", &[asked[1].ticket], Report::Later { pause: Duration::ZERO });
    assert!(matches!(bench.came(&asked[1].state), Reply::Taken(_)), "one that is queued, after all");
    let stranger = bench.came(&State::new("stranger").unwrap());
    assert!(matches!(stranger, Reply::Absent), "{stranger:?}");
}

fn every_detail_of_a_callback_is_kept(bench: &Bench) {
    bench.begun("one", settings(), 2);
    let asked = bench.to_ask("one");
    for (mailbox, callback) in asked.iter().zip([code(&asked[0].state), refusal(&asked[1].state)]) {
        bench.ask(Ask::Came { wait: PendingId::of(&mailbox.state), callback: Arc::clone(&callback) });
        let Work::Redeem { state, callback: kept, address, wait, .. } = bench.claim("one") else {
            panic!("the callback")
        };
        assert_eq!((&state, &address), (&mailbox.state, &mailbox.address));
        assert_eq!(kept.state.as_ref(), Some(&mailbox.state));
        match (&kept.outcome, &callback.outcome) {
            (DelegationOutcome::Granted(kept), DelegationOutcome::Granted(came)) => {
                assert_eq!(kept.expose(), came.expose());
            }
            (DelegationOutcome::Failed(kept), DelegationOutcome::Failed(came)) => {
                assert_eq!(kept, came);
                assert_eq!(wait, Duration::ZERO, "no request is sent for it");
            }
            other => panic!("{other:?}"),
        }
    }
}

fn a_code_is_claimed_before_anything_else(bench: &Bench) {
    bench.begun("one", settings(), 120);
    let asked = bench.to_ask("one");
    bench.came(&asked[1].state);
    bench.clock.advance(Duration::from_secs(1));
    bench.came(&asked[0].state);
    let first = bench.to_redeem("one");
    assert_eq!(first.position, 1, "the older one");
    let later = Report::Later { pause: Duration::from_secs(30) };
    assert_eq!(bench.report("one", &[first], later), [Some(Stage::Came)]);
    let second = bench.to_redeem("one");
    assert_eq!(second.position, 0);
    assert_eq!(bench.to_ask("one").len(), 50, "and then the rest");
    bench.clock.advance(Duration::from_secs(30));
    assert_eq!(bench.to_redeem("one").position, 1, "once its pause is over");
    bench.clock.advance(CLAIM.lease);
    assert_eq!(bench.to_redeem("one").position, 0, "its holder is dead");
}

fn a_dead_code_is_asked_for_anew_with_another_state(bench: &Bench) {
    bench.begun("one", settings(), 1);
    let mut states = Vec::new();
    for attempt in 1..=ATTEMPTS {
        let asked = bench.to_ask("one");
        assert_eq!(asked[0].attempt, attempt);
        bench.report("one", &[asked[0].ticket], patient());
        for old in &states {
            assert!(matches!(bench.came(old), Reply::Absent), "nobody asks with that state any more");
        }
        bench.came(&asked[0].state);
        assert!(!states.contains(&asked[0].state));
        states.push(asked[0].state.clone());
        let ticket = bench.to_redeem("one");
        let stage =
            bench.report("one", &[ticket], Report::Again { reason: Reason::NotRedeemed("spent".into()) });
        let expected = if attempt < ATTEMPTS { Stage::Queued } else { Stage::Failed };
        assert_eq!(stage, [Some(expected)]);
    }
    assert_eq!(phase(bench, 0), Phase::Failed(Reason::NotRedeemed("spent".into())));
    assert!(matches!(bench.claim("one"), Work::Finished));
}

fn a_grant_is_believed_of_anybody(bench: &Bench) {
    bench.begun("one", settings(), 3);
    let ticket = |position| Ticket { position, generation: 99 };
    let granted = || Report::Granted(sub("acc_1"));
    assert_eq!(bench.report("one", &[ticket(0), ticket(2)], granted()), [Some(Stage::Granted); 2]);
    assert_eq!(
        bench.report("one", &[ticket(0)], Report::Granted(sub("acc_2"))),
        [None],
        "the first one stays"
    );
    assert_eq!(bench.report("one", &[ticket(7), ticket(1)], granted()), [None, Some(Stage::Granted)]);
    assert_eq!(bench.counts("one"), [0, 0, 0, 3, 0]);
    assert!(matches!(bench.claim("one"), Work::Finished));
}

fn a_late_report_about_a_mailbox_changes_nothing(bench: &Bench) {
    bench.begun("one", settings(), 1);
    let asked = bench.to_ask("one")[0].ticket;
    let reports = |reason: Reason| {
        [
            patient(),
            Report::Later { pause: Duration::ZERO },
            Report::Invalid { together: 1, reason: "x".into() },
            Report::Again { reason: reason.clone() },
            Report::Failed { reason },
        ]
    };
    let changes_nothing = |ticket| {
        let before = bench.page("one", None, 1)[0].row.generation;
        for report in reports(Reason::Declined("x".into())) {
            assert_eq!(bench.report("one", &[ticket], report), [None]);
        }
        assert_eq!(bench.page("one", None, 1)[0].row.generation, before);
    };
    bench.clock.advance(CLAIM.lease);
    let again = bench.to_ask("one");
    changes_nothing(asked);
    bench.came(&again[0].state);
    changes_nothing(again[0].ticket);
    let redeeming = bench.to_redeem("one");
    bench.clock.advance(CLAIM.lease);
    let taken_over = bench.to_redeem("one");
    changes_nothing(redeeming);
    bench.report("one", &[taken_over], Report::Granted(sub("acc_1")));
    changes_nothing(taken_over);
}

fn a_mailbox_that_is_reported_on_twice_at_once_counts_once(bench: &Bench) {
    bench.begun("one", settings(), 2);
    let asked = bench.to_ask("one")[0].ticket;
    let told = bench.report("one", &[asked, asked], Report::Later { pause: Duration::ZERO });
    assert_eq!(told, [Some(Stage::Queued), None]);
    assert_eq!(bench.counts("one"), [1, 1, 0, 0, 0]);
}

fn every_reason_is_kept(bench: &Bench) {
    bench.begun("one", settings(), 3);
    let asked = bench.to_ask("one");
    let tickets = [asked[0].ticket];
    bench.report("one", &tickets, Report::Invalid { together: 1, reason: "\"é\"".into() });
    for (mailbox, reason) in
        asked[1..].iter().zip([Reason::Declined("declined".into()), Reason::NotRedeemed(Box::default())])
    {
        bench.came(&mailbox.state);
        let ticket = bench.to_redeem("one");
        let stage = bench.report("one", &[ticket], Report::Failed { reason: reason.clone() });
        assert_eq!(stage, [Some(Stage::Failed)]);
        assert_eq!(phase(bench, ticket.position), Phase::Failed(reason));
    }
    assert_eq!(stages(bench), [Stage::Failed; 3]);
    assert_eq!(phase(bench, 0), Phase::Failed(Reason::Invalid("\"é\"".into())));
}

/// To the nanosecond, also where a database counts in microseconds.
fn nothing_is_due_before_its_time(bench: &Bench) {
    bench.begun("one", settings(), 1);
    let asked = bench.to_ask("one");
    bench.clock.advance(Duration::from_nanos(123_456_789));
    let due: Timestamp = bench.clock.now().saturating_add(PATIENCE);
    bench.report("one", &[asked[0].ticket], patient());
    assert_eq!(phase(bench, 0), Phase::Asked { until: due });
    bench.clock.advance(PATIENCE.saturating_sub(Duration::from_nanos(1)));
    assert!(matches!(bench.claim("one"), Work::Nothing { .. }));
    bench.clock.advance(Duration::from_micros(1));
    assert_eq!(bench.to_ask("one").len(), 1);
}
