//! Five processes, tokens that live for a second, and signals: each process stops itself now and then with new tokens in
//! its hands, for longer than its lease, and is stopped and killed at any moment besides. A short run ends after so many
//! refreshes; `CRONOFY_RIGS_SECONDS` asks for a long one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "the figures are part of what the test tells")]

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use cronofy_auth_core::types::Timestamp;
use cronofy_sandbox::{Fault, RefreshMode};
use rustix::process::Signal;
use store_rigs::orders::{Said, Setup, Task};
use store_rigs::rig::{Database, Rig, keep, kept};
use store_rigs::{Chance, Worker, on_each_database};

const WORKER: &str = env!("CARGO_BIN_EXE_worker");
const PROCESSES: usize = 5;
/// How long a call can take, how long a claim lasts, and how long a process is stopped.
const CALL: Duration = Duration::from_millis(300);
const LEASE: Duration = Duration::from_millis(700);
const STOPPED: Duration = Duration::from_millis(1200);
/// A server with this much patience is asked by nobody who has been stopped for longer.
const GRACE: Duration = Duration::from_secs(20);
const TOKENS: &str = "POST /oauth/token";

/// What a short run waits for.
const REFRESHES: usize = 12;
const REFUSED: usize = 2;

on_each_database! { nothing_is_lost_to_signals = survives }

fn survives(database: &Database) {
    let name = if matches!(database, Database::Sqlite) { "SQLite" } else { "PostgreSQL" };
    let rig = Rig::new(database, RefreshMode::RotateWithGrace(GRACE), Duration::from_secs(1));
    let place = rig.place();
    let seed = number("CRONOFY_RIGS_SEED").unwrap_or(20_260_301);
    let grants = [rig.account(), rig.service_account()];
    let setup = Setup { now: None, lease: Some((CALL, LEASE)), ..rig.setup(&place) };
    let store = place.open(&setup.keys, None);
    for grant in &grants {
        keep(&*store, grant);
    }
    // Some calls take most of their time, before or after the server has acted.
    for fault in [Fault::on(TOKENS).probability(0.2), Fault::on(TOKENS).probability(0.2).after_commit()] {
        rig.sandbox.fault(fault.delay(CALL / 2)).unwrap();
    }
    let subjects: Vec<String> = grants.iter().map(|grant| grant.id.subject.as_str().to_owned()).collect();
    let mut run = Run::new(setup, subjects.clone(), seed);
    run.go_on(number("CRONOFY_RIGS_SECONDS").map(Duration::from_secs), || refreshes(&rig).0);

    let (refreshed, refused) = refreshes(&rig);
    println!(
        "{name}, seed {seed}: {refreshed} refreshes, {} stops, {} kills, {} stale writes refused",
        run.stops, run.kills, run.stale
    );
    assert_eq!(refused, 0, "nobody comes with a token that is dead");
    assert_eq!(run.lost, [], "nobody is sent to the user");
    assert!(run.stale > 0, "somebody came too late");
    rig.sandbox.clear_faults();
    for grant in &grants {
        assert!(kept(&*store, &grant.id).generation > 2);
        let mut worker = Worker::start(WORKER, &Setup { lease: None, ..run.setup.clone() });
        worker.tell(&Task::Renew(grant.id.subject.as_str().to_owned()));
        let subject = grant.id.subject.as_str().to_owned();
        assert_eq!((worker.hear(), worker.hear()), (Some(Said::Ready), Some(Said::Granted(subject))));
    }
}

/// How many refreshes the server has answered, and how many it has refused.
fn refreshes(rig: &Rig) -> (usize, usize) {
    let answers = rig.answers(TOKENS, Some("refresh_token"));
    let answered = answers.iter().filter(|status| **status == 200).count();
    (answered, answers.len() - answered)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// The processes, and what they have said.
struct Run {
    setup: Setup,
    subjects: Vec<String>,
    chance: Chance,
    sender: Sender<(u64, Said)>,
    said: Receiver<(u64, Said)>,
    workers: HashMap<u64, Worker>,
    /// Until when they are stopped.
    stopped: HashMap<u64, Instant>,
    next: u64,
    /// When the tokens of each generation came.
    written: BTreeMap<(String, u64), Timestamp>,
    lost: Vec<Said>,
    stale: usize,
    stops: usize,
    kills: usize,
    ended: usize,
}

impl Run {
    fn new(setup: Setup, subjects: Vec<String>, seed: u64) -> Self {
        let (sender, said) = mpsc::channel();
        let mut run = Self {
            setup,
            subjects,
            chance: Chance::new(seed),
            sender,
            said,
            workers: HashMap::new(),
            stopped: HashMap::new(),
            next: 0,
            written: BTreeMap::new(),
            lost: Vec::new(),
            stale: 0,
            stops: 0,
            kills: 0,
            ended: 0,
        };
        for _ in 0..PROCESSES {
            run.start();
        }
        run
    }

    fn start(&mut self) {
        let id = self.next;
        self.next += 1;
        let setup = Setup { stops: Some(self.chance.below(u64::MAX)), ..self.setup.clone() };
        let sender = self.sender.clone();
        let mut worker = Worker::start_telling(WORKER, &setup, move |said| drop(sender.send((id, said))));
        worker.tell(&Task::Run(self.subjects.clone()));
        self.workers.insert(id, worker);
    }

    /// For so long, or until enough has happened; then lets all of them come to their end.
    fn go_on(&mut self, long: Option<Duration>, refreshed: impl Fn() -> usize) {
        let begun = Instant::now();
        let mut disturbed = begun;
        loop {
            let over = match long {
                Some(long) => begun.elapsed() >= long,
                None => refreshed() >= REFRESHES && self.stale >= REFUSED,
            };
            if over {
                break;
            }
            assert!(begun.elapsed() < long.unwrap_or_default() + Duration::from_secs(120), "nothing happens");
            self.listen();
            if disturbed.elapsed() > CALL {
                disturbed = Instant::now();
                self.disturb();
            }
        }
        for worker in self.workers.values_mut() {
            worker.tell(&Task::Finish);
        }
        while self.ended < PROCESSES {
            self.listen();
            // One may have stopped only after it was let go on.
            self.workers.values().for_each(|worker| worker.signal(Signal::CONT));
        }
        self.workers.clear();
    }

    /// What happens within a moment.
    fn listen(&mut self) {
        match self.said.recv_timeout(Duration::from_millis(20)) {
            Ok((id, said)) => self.hear(id, said),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => unreachable!("there is a sender"),
        }
        let now = Instant::now();
        let workers = &self.workers;
        self.stopped.retain(|id, until| {
            let over = *until <= now;
            if let (true, Some(worker)) = (over, workers.get(id)) {
                worker.signal(Signal::CONT);
            }
            !over
        });
    }

    fn hear(&mut self, id: u64, said: Said) {
        match said {
            Said::Ready => {}
            Said::Stops => {
                self.stops += 1;
                self.stopped.insert(id, Instant::now() + STOPPED);
            }
            Said::Written { subject, generation, received_at } => {
                self.note(subject, generation, received_at);
            }
            Said::Stale(_) => self.stale += 1,
            Said::Done => self.ended += 1,
            other => self.lost.push(other),
        }
    }

    /// No generation is written twice, and none with tokens that are older than those of the one before.
    fn note(&mut self, subject: String, generation: u64, received_at: Timestamp) {
        let before = self.written.range(..(subject.clone(), generation)).next_back();
        let after = self.written.range((subject.clone(), generation + 1)..).next();
        let is_newer = before.is_none_or(|((of, _), came)| *of != subject || *came < received_at);
        let is_older = after.is_none_or(|((of, _), came)| *of != subject || received_at < *came);
        assert!(
            is_newer && is_older,
            "old tokens are put over new ones: generation {generation} of {subject}"
        );
        let twice = self.written.insert((subject, generation), received_at);
        assert_eq!(twice, None, "generation {generation} was written twice");
    }

    /// Stops one of them wherever it is, or kills it and starts another.
    fn disturb(&mut self) {
        let mut running: Vec<u64> = self.workers.keys().copied().collect();
        running.retain(|id| !self.stopped.contains_key(id));
        running.sort_unstable();
        if running.len() < 3 {
            return;
        }
        let id = running[usize::try_from(self.chance.below(running.len() as u64)).unwrap()];
        if self.chance.one_in(3) {
            self.kills += 1;
            self.workers.remove(&id);
            self.start();
        } else {
            self.stops += 1;
            self.workers[&id].signal(Signal::STOP);
            self.stopped.insert(id, Instant::now() + STOPPED);
        }
    }
}
