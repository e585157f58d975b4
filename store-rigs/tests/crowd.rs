//! Eight processes, ten thousand callers, one expired token: one request.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use cronofy_sandbox::{Fault, RefreshMode};
use store_rigs::orders::{Said, Task};
use store_rigs::rig::{Database, Rig, keep};
use store_rigs::{Worker, on_each_database};

const WORKER: &str = env!("CARGO_BIN_EXE_worker");
const PROCESSES: usize = 8;
const CALLERS: usize = 10_000;
const HOUR: Duration = Duration::from_secs(3600);

on_each_database! { f1_ten_thousand_callers_in_eight_processes_are_one_request = one_request }

fn one_request(database: &Database) {
    let rig = Rig::new(database, RefreshMode::RotateStrict, HOUR);
    let place = rig.place();
    rig.sandbox.freeze();
    let grant = rig.account();
    rig.sandbox.advance(HOUR);
    let setup = rig.setup(&place);
    keep(&*place.open(&setup.keys, setup.now), &grant);
    rig.sandbox.clear_journal();
    // The others come upon it while it is under way.
    let slow = Fault::on("POST /oauth/token").delay(Duration::from_millis(300));
    rig.sandbox.fault(slow).unwrap();

    let mut workers: Vec<Worker> = (0..PROCESSES).map(|_| Worker::start(WORKER, &setup)).collect();
    assert!(workers.iter().all(|worker| worker.hear() == Some(Said::Ready)));
    let subject = grant.id.subject.as_str().to_owned();
    for worker in &mut workers {
        worker.tell(&Task::Crowd { subject: subject.clone(), callers: CALLERS / PROCESSES });
    }
    let told: Vec<Said> = workers.iter().map(|worker| worker.hear().unwrap()).collect();
    assert!(matches!(&told[0], Said::Tokens(names) if names.len() == 1), "{told:?}");
    assert!(told.iter().all(|said| *said == told[0]), "all have the same tokens: {told:?}");
    assert_eq!(rig.answers("POST /oauth/token", None), [200]);
}
