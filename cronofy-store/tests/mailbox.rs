//! A mailbox, whatever it is told and in whatever order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use cronofy_store::decide::Change;
use cronofy_store::decide::mailbox::{ATTEMPTS, Command, Phase, Reason, Report, Row, Stage, decide};
use cronofy_types::Timestamp;
use proptest::prelude::*;

type Mailbox = Row<u8, u8>;

const START: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);
const LEASE: Duration = Duration::from_secs(60);

/// What is told, after how long, and by whom: somebody who holds the newest claim, or an older one.
#[derive(Debug, Clone)]
struct Told {
    passed: Duration,
    command: Command<u8, u8>,
}

fn report() -> impl Strategy<Value = Report<u8>> {
    let seconds = (0..200u64).prop_map(Duration::from_secs);
    let reason =
        || prop_oneof![Just(Reason::Declined("no".into())), Just(Reason::NotRedeemed("spent".into()))];
    prop_oneof![
        3 => seconds.clone().prop_map(|patience| Report::Asked { patience }),
        2 => seconds.prop_map(|pause| Report::Later { pause }),
        1 => (0..60usize).prop_map(|together| Report::Invalid { together, reason: "wrong".into() }),
        3 => reason().prop_map(|reason| Report::Again { reason }),
        1 => reason().prop_map(|reason| Report::Failed { reason }),
        1 => any::<u8>().prop_map(Report::Granted),
    ]
}

fn told() -> impl Strategy<Value = Told> {
    let until = START.saturating_add(LEASE);
    let command = prop_oneof![
        4 => Just(Command::Ask { until }),
        3 => Just(Command::Redeem { until }),
        2 => Just(Command::Lapse),
        3 => any::<u8>().prop_map(Command::Came),
        // Zero stands for the newest generation, one for the one before.
        6 => (0..2u64, report()).prop_map(|(generation, report)| Command::Report { generation, report }),
    ];
    (0..100u64, command).prop_map(|(passed, command)| Told { passed: Duration::from_secs(passed), command })
}

/// The command with times and generations as they are then.
fn at(command: Command<u8, u8>, row: &Mailbox, now: Timestamp) -> Command<u8, u8> {
    let until = now.saturating_add(LEASE);
    match command {
        Command::Ask { .. } => Command::Ask { until },
        Command::Redeem { .. } => Command::Redeem { until },
        Command::Report { generation: back, report } => {
            Command::Report { generation: row.generation.saturating_sub(back), report }
        }
        command => command,
    }
}

/// What may become of a row, by the rules and not by the code.
fn check(before: &Mailbox, command: &Command<u8, u8>, change: &Change<Mailbox>, now: Timestamp) {
    let stage = before.phase.stage();
    let Change::Write(after) = change else {
        let came = matches!(command, Command::Came(_)) && matches!(stage, Stage::Queued | Stage::Asked);
        let granted = matches!(command, Command::Report { report: Report::Granted(_), .. });
        assert!(!came, "a callback was lost");
        assert!(!granted || stage == Stage::Granted, "a grant was lost");
        return;
    };
    assert_eq!(after.generation, before.generation + 1);
    assert!(stage != Stage::Granted, "what was granted stays so");
    assert!(after.attempts <= ATTEMPTS && (1..=before.company).contains(&after.company));
    assert!(matches!(after.phase, Phase::Queued { .. } | Phase::Failed(_)) || after.round == before.round);
    match command {
        Command::Ask { .. } | Command::Redeem { .. } | Command::Lapse => {
            assert!(before.phase.due().is_some_and(|due| due <= now), "not before its time");
            assert_eq!(after.round, before.round, "nobody knows whether it was asked for");
            assert!(after.attempts >= before.attempts);
        }
        Command::Came(callback) => {
            assert!(stage != Stage::Came, "the first callback stays");
            assert_eq!(after.phase, Phase::Came { callback: *callback, due: now });
        }
        Command::Report { generation, report } => {
            let granted = matches!(report, Report::Granted(_));
            assert!(granted || *generation == before.generation, "a late report was believed");
            let anew = matches!(report, Report::Again { .. });
            assert_eq!(after.round, before.round + u32::from(anew), "another state is for a dead code alone");
            if let (Phase::Came { callback, .. }, Phase::Came { callback: kept, .. }) =
                (&before.phase, &after.phase)
            {
                assert_eq!(callback, kept);
            }
            let may = match stage {
                Stage::Asked => matches!(
                    report,
                    Report::Asked { .. } | Report::Later { .. } | Report::Invalid { .. } | Report::Granted(_)
                ),
                Stage::Came => matches!(
                    report,
                    Report::Later { .. } | Report::Again { .. } | Report::Failed { .. } | Report::Granted(_)
                ),
                _ => granted,
            };
            assert!(may, "{report:?} about {stage:?}");
        }
        other => panic!("{other:?}"),
    }
}

/// One worker and a server that does what it should, from wherever it is: this many steps at the most.
fn ends(mut row: Mailbox, mut now: Timestamp) -> u32 {
    for steps in 0.. {
        let Some(due) = row.phase.due() else { return steps };
        now = now.max(due);
        let until = now.saturating_add(LEASE);
        let commands = match row.phase.stage() {
            Stage::Queued => vec![Command::Ask { until }, Command::Came(1)],
            Stage::Asked => vec![Command::Lapse],
            _ => {
                let generation = row.generation + 1;
                vec![Command::Redeem { until }, Command::Report { generation, report: Report::Granted(1) }]
            }
        };
        for command in commands {
            let Change::Write(next) = decide(&row, command, now) else { panic!("{row:?} stands still") };
            row = next;
        }
    }
    unreachable!()
}

proptest! {
    #[test]
    fn every_change_keeps_the_rules(told in proptest::collection::vec(told(), 1..60)) {
        let (mut row, mut now) = (Mailbox::new(50), START);
        for Told { passed, command } in told {
            now = now.saturating_add(passed);
            let command = at(command, &row, now);
            let change = decide(&row, command.clone(), now);
            check(&row, &command, &change, now);
            if let Change::Write(next) = change {
                row = next;
            }
            prop_assert!(ends(row.clone(), now) <= 3, "{:?}", row);
        }
    }
}

#[test]
fn reasons_say_why() {
    assert_eq!(Reason::NoAnswer.to_string(), "it was asked for 5 times, and no callback came");
    assert_eq!(Reason::Invalid("no such address".into()).to_string(), "no such address");
}
