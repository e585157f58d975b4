//! One wait, a code that comes more than once, some workers, one server that redeems it once.

use std::time::Duration;

use cronofy_store::decide::pending::{Command, Phase, Reply, Row, decide};
use cronofy_store::decide::{Change, Owner};
use cronofy_store::redeem::{Answer, Ended, Input, Redeem, Resumed, Step};
use cronofy_types::Timestamp;
use stateright::{Model, Property};

/// What came of it: tokens by their number, or nothing.
type Outcome = Option<u8>;
type Wait = Row<(), Outcome>;
type Next = Step<(), Outcome, u8>;

#[derive(Clone, Debug)]
pub(crate) struct Redemption {
    pub(crate) workers: usize,
    pub(crate) horizon: i64,
    /// Leaves the lock out: everybody wins.
    pub(crate) broken: bool,
}

const DEADLINE: i64 = 1;
const LEASE: i64 = 2;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    now: i64,
    row: Wait,
    workers: Vec<Worker>,
    /// How often the server was asked to redeem the code.
    sent: u8,
    /// How many sets of tokens were kept, one over the other.
    kept: u8,
    /// Whether an answer was lost, or somebody died or stalled over one.
    disturbed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Worker {
    Idle,
    At { machine: Redeem<Outcome>, step: Next, taken: i64 },
    Calling { machine: Redeem<Outcome>, sent: i64, answer: Option<Answer<Outcome, u8>> },
    Over(Ended<Outcome>),
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Happens {
    Tick,
    /// The callback comes, once more, to this worker.
    Callback(usize),
    Go(usize),
    NotSent(usize),
    Serve(usize),
    Deliver(usize),
    TimeOut(usize),
    Crash(usize),
}

fn at(tick: i64) -> Timestamp {
    Timestamp::from_unix_seconds(tick * 60)
}

impl Redemption {
    fn ask(&self, world: &mut World, command: Command<(), Outcome>) -> Reply<(), Outcome> {
        if self.broken && matches!(command, Command::Take { .. }) && world.row.is_waiting() {
            return Reply::Won(());
        }
        let (change, reply) = decide(Some(&world.row), command, at(world.now));
        if let Change::Write(row) = change {
            world.row = row;
        }
        reply
    }

    fn go(&self, next: &mut World, index: usize) -> Option<()> {
        let Worker::At { machine, step, taken } = next.workers[index].clone() else { return None };
        let input = match step {
            Step::Ask(command) => {
                let taken = if matches!(command, Command::Take { .. }) { next.now } else { taken };
                let reply = self.ask(next, command);
                feed(next, index, machine, Input::Reply(reply), taken);
                return Some(());
            }
            Step::Resume(()) => Input::Resumed(Resumed::Code),
            Step::Send if next.now + DEADLINE < taken + LEASE => {
                next.workers[index] = Worker::Calling { machine, sent: next.now, answer: None };
                return Some(());
            }
            // Nothing is sent unless the call fits into what is left of the lease.
            Step::Send => Input::Answer(Answer::Failed),
            Step::Keep(number) => {
                let reply = self.ask(next, Command::Finish { outcome: Some(number) });
                next.kept += u8::from(reply == Reply::Written);
                Input::Reply(reply)
            }
            Step::Sleep(_) => Input::Woke,
            Step::Done(_) => return None,
        };
        feed(next, index, machine, input, taken);
        Some(())
    }
}

fn feed(
    next: &mut World,
    index: usize,
    mut machine: Redeem<Outcome>,
    input: Input<(), Outcome, u8>,
    taken: i64,
) {
    next.workers[index] = match machine.step(input) {
        Step::Done(ended) => Worker::Over(ended),
        step => Worker::At { machine, step, taken },
    };
}

impl Model for Redemption {
    type State = World;
    type Action = Happens;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            now: 0,
            row: Row { phase: Phase::Waiting(()), expires_at: at(100) },
            workers: vec![Worker::Idle; self.workers],
            sent: 0,
            kept: 0,
            disturbed: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Happens>) {
        if world.now < self.horizon {
            actions.push(Happens::Tick);
        }
        for (index, worker) in world.workers.iter().enumerate() {
            match worker {
                Worker::Idle => actions.push(Happens::Callback(index)),
                Worker::Over(_) | Worker::Dead => {}
                Worker::At { step, .. } => {
                    actions.extend([Happens::Go(index), Happens::Crash(index)]);
                    if matches!(step, Step::Send) {
                        actions.push(Happens::NotSent(index));
                    }
                }
                Worker::Calling { answer, sent, .. } => {
                    actions.push(Happens::Crash(index));
                    match answer {
                        None if world.now <= sent + DEADLINE => actions.push(Happens::Serve(index)),
                        None => {}
                        Some(_) => actions.push(Happens::Deliver(index)),
                    }
                    if world.now > sent + DEADLINE {
                        actions.push(Happens::TimeOut(index));
                    }
                }
            }
        }
    }

    fn next_state(&self, world: &World, happens: Happens) -> Option<World> {
        let mut next = world.clone();
        match happens {
            Happens::Tick => next.now += 1,
            Happens::Callback(index) => {
                let owner = Owner([u8::try_from(index).unwrap(); 16]);
                let lease = Duration::from_secs(u64::try_from(LEASE * 60).unwrap());
                let (machine, step) = Redeem::start(owner, [7; 32], lease);
                next.workers[index] = Worker::At { machine, step, taken: 0 };
            }
            Happens::Go(index) => self.go(&mut next, index)?,
            Happens::NotSent(index) => {
                let Worker::At { machine, taken, .. } = next.workers[index].clone() else { return None };
                feed(&mut next, index, machine, Input::Answer(Answer::Failed), taken);
            }
            Happens::Serve(index) => {
                next.sent += 1;
                let (first, number) = (next.sent == 1, next.sent);
                if let Worker::Calling { answer, .. } = &mut next.workers[index] {
                    *answer =
                        Some(if first { Answer::Tokens(number, Some(number)) } else { Answer::Dead(None) });
                }
            }
            Happens::Deliver(index) => {
                let Worker::Calling { machine, answer: Some(answer), sent } = next.workers[index].clone()
                else {
                    return None;
                };
                feed(&mut next, index, machine, Input::Answer(answer), sent);
            }
            Happens::TimeOut(index) => {
                let Worker::Calling { machine, sent, answer } = next.workers[index].clone() else {
                    return None;
                };
                next.disturbed |= answer.is_some();
                feed(&mut next, index, machine, Input::Answer(Answer::Unknown), sent);
            }
            Happens::Crash(index) => {
                next.disturbed |= !matches!(next.workers[index], Worker::At { step: Step::Ask(_), .. });
                next.workers[index] = Worker::Dead;
            }
        }
        // Whoever stalls past their lease is taken for dead.
        if let Phase::Redeeming { until, .. } = next.row.phase {
            next.disturbed |= at(next.now) >= until && !self.broken;
        }
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("a code is sent once", |_, world| world.sent <= 1 || world.disturbed),
            Property::<Self>::always("tokens are kept once", |_, world| world.kept <= 1),
            Property::<Self>::always("everybody is told the same", |_, world| {
                let told = world.workers.iter().filter_map(|worker| match worker {
                    Worker::Over(Ended::Outcome(outcome)) => Some(outcome),
                    _ => None,
                });
                told.clone().zip(told.skip(1)).all(|(one, other)| one == other)
            }),
            Property::<Self>::always("nobody fails without cause", |_, world| {
                world.disturbed || !matches!(world.row.phase, Phase::Done(None))
            }),
            Property::<Self>::sometimes("tokens are kept", |_, world| world.kept == 1),
            Property::<Self>::sometimes("somebody is told what came of it before", |_, world| {
                let told = |worker: &&Worker| matches!(worker, Worker::Over(Ended::Outcome(Some(_))));
                world.workers.iter().filter(told).count() > 1
            }),
        ]
    }
}
