//! One grant, some workers, one server.

use std::time::Duration;

use cronofy_store::decide::grant::{Command, Phase, Reply, Row, decide};
use cronofy_store::decide::{Change, Owner};
use cronofy_store::obtain::{Answer, Input, Obtain, Outcome, Step, Terms, Tokens};
use cronofy_types::Timestamp;
use stateright::{Model, Property};

/// What the server does with a refresh token that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Server {
    /// It stays the same.
    Stable,
    /// It is replaced; the old one gets the new one again, for longer than anybody here can take.
    Grace,
    /// It is replaced, and the old one is dead at once.
    Strict,
}

/// What a broken store leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Broken {
    /// Everybody wins every claim.
    NoLock,
    /// A claim does not look whether the tokens that were read are still the ones in the row.
    NoReRead,
    /// A report is taken whatever has happened since.
    NoFence,
    /// The lease is over before the call can be.
    ShortLease,
}

#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    pub(crate) server: Server,
    pub(crate) broken: Option<Broken>,
    workers: usize,
    horizon: i64,
}

/// How long a call may take, in ticks: whatever has not arrived by then never arrives.
const DEADLINE: i64 = 1;
const LEASE: i64 = 2;
/// How long an access token lives, in ticks.
const LIFETIME: i64 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    /// The refresh token: counts up with every one that the server issues.
    number: u8,
    expires: i64,
}

impl Tokens for Pair {
    fn expires_within(&self, margin: Duration, now: Timestamp) -> bool {
        now.saturating_add(margin) >= at(self.expires)
    }

    fn can_be_refreshed(&self) -> bool {
        true
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    now: i64,
    row: Row<Pair>,
    workers: Vec<Worker>,
    /// The refresh token that the server stands by.
    current: u8,
    /// Whether a token that was replaced has come again, although no answer was lost and nobody died.
    used_twice: bool,
    /// Whether an answer was lost, or somebody died or stalled over one.
    disturbed: bool,
    /// The newest token that was ever written.
    newest_written: u8,
    overwritten: bool,
    users: Users,
}

/// What the user still can do: each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Users {
    may_connect_again: bool,
    may_revoke: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Worker {
    /// Has not begun, or is done.
    Idle { begins: u8 },
    /// About to do this.
    At { machine: Obtain<Pair>, step: Step<Pair>, claimed: i64, begins: u8 },
    /// On the wire since then; `answer` once the server has dealt with it.
    Calling { machine: Obtain<Pair>, sent: i64, with: Pair, answer: Option<Answer<Pair>>, begins: u8 },
    /// Gone for good.
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Happens {
    Tick,
    Begin(usize),
    /// The worker does its next step: one transaction of the store, or sending.
    Go(usize),
    /// The request never leaves.
    NotSent(usize),
    /// The request reaches the server.
    Serve(usize),
    /// The answer reaches the worker.
    Deliver(usize),
    /// The worker gives up waiting for an answer.
    TimeOut(usize),
    Crash(usize),
    ConnectAgain,
    Revoke,
}

fn at(tick: i64) -> Timestamp {
    Timestamp::from_unix_seconds(tick * 60)
}

fn ticks(count: i64) -> Duration {
    Duration::from_secs(u64::try_from(count * 60).unwrap())
}

impl Refresh {
    pub(crate) fn new(server: Server, workers: usize) -> Self {
        Self { server, broken: None, workers, horizon: 5 }
    }

    pub(crate) fn broken(self, broken: Broken) -> Self {
        Self { broken: Some(broken), ..self }
    }

    /// The store: the crate's decision, unless something is left out of it.
    fn ask(&self, world: &mut World, mut command: Command<Pair>) -> Reply {
        match (self.broken, &mut command) {
            (Some(Broken::NoLock), Command::Claim { .. }) => return Reply::Won,
            (Some(Broken::NoReRead), Command::Claim { generation, .. })
            | (Some(Broken::NoFence | Broken::NoLock), Command::Complete { generation, .. }) => {
                *generation = world.row.generation;
            }
            (Some(Broken::ShortLease), Command::Claim { lease, .. }) => *lease = Duration::ZERO,
            _ => {}
        }
        let (change, reply) = decide(Some(&world.row), command, at(world.now));
        if let Change::Write(row) = change {
            if let Some(tokens) = row.tokens {
                world.overwritten |= tokens.number < world.newest_written;
                world.newest_written = world.newest_written.max(tokens.number);
            }
            world.row = row;
        }
        reply
    }

    /// The server, asked with a refresh token.
    fn serve(&self, world: &mut World, with: Pair) -> Answer<Pair> {
        let fresh = |number| Answer::Tokens(Pair { number, expires: world.now + LIFETIME });
        match self.server {
            Server::Stable | Server::Grace if with.number == REVOKED || world.current == REVOKED => {
                Answer::Dead
            }
            Server::Stable => fresh(world.current),
            Server::Grace if with.number < world.current => fresh(world.current),
            Server::Strict if with.number != world.current => {
                world.used_twice |= !world.disturbed && with.number < world.current;
                Answer::Dead
            }
            Server::Grace | Server::Strict => {
                world.current += 1;
                Answer::Tokens(Pair { number: world.current, expires: world.now + LIFETIME })
            }
        }
    }
}

/// No token has this number: the server has none for this grant any more.
const REVOKED: u8 = u8::MAX;

impl Model for Refresh {
    type State = World;
    type Action = Happens;

    fn init_states(&self) -> Vec<World> {
        let tokens = Pair { number: 1, expires: 0 };
        let row = Row {
            generation: 1,
            tokens: Some(tokens),
            phase: Phase::Active,
            failures: 0,
            not_before: Timestamp::UNIX_EPOCH,
        };
        vec![World {
            now: 0,
            row,
            workers: vec![Worker::Idle { begins: 1 }; self.workers],
            current: 1,
            used_twice: false,
            disturbed: false,
            newest_written: 1,
            overwritten: false,
            users: Users { may_connect_again: true, may_revoke: true },
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Happens>) {
        if world.now < self.horizon {
            actions.push(Happens::Tick);
        }
        if world.users.may_connect_again && world.current != REVOKED {
            actions.push(Happens::ConnectAgain);
        }
        if world.users.may_revoke {
            actions.push(Happens::Revoke);
        }
        for (index, worker) in world.workers.iter().enumerate() {
            match worker {
                Worker::Idle { begins } => {
                    if *begins > 0 {
                        actions.push(Happens::Begin(index));
                    }
                    continue;
                }
                Worker::Dead => continue,
                Worker::At { step, .. } => {
                    actions.push(Happens::Go(index));
                    if matches!(step, Step::Send(_)) {
                        actions.push(Happens::NotSent(index));
                    }
                }
                Worker::Calling { answer, sent, .. } => {
                    let in_time = world.now <= sent + DEADLINE;
                    if answer.is_none() && in_time {
                        actions.push(Happens::Serve(index));
                    }
                    if answer.is_some() {
                        actions.push(Happens::Deliver(index));
                    }
                    if !in_time {
                        actions.push(Happens::TimeOut(index));
                    }
                }
            }
            actions.push(Happens::Crash(index));
        }
    }

    fn next_state(&self, world: &World, happens: Happens) -> Option<World> {
        let mut next = world.clone();
        match happens {
            Happens::Tick => next.now += 1,
            Happens::ConnectAgain => {
                next.users.may_connect_again = false;
                if self.server != Server::Stable {
                    next.current += 1;
                }
                // What is under way belongs to the tokens before, and may come too late for them.
                next.disturbed = true;
                let tokens = Pair { number: next.current, expires: next.now + LIFETIME };
                self.ask(&mut next, Command::Authorize { tokens });
            }
            Happens::Revoke => {
                next.users = Users { may_connect_again: false, may_revoke: false };
                next.current = REVOKED;
                next.disturbed = true;
                self.ask(&mut next, Command::Revoke);
            }
            Happens::Begin(index) => {
                let owner = Owner([u8::try_from(index).unwrap(); 16]);
                let terms = Terms {
                    min_remaining: Duration::ZERO,
                    replacing: None,
                    lease: ticks(LEASE),
                    urgent: false,
                };
                let (machine, step) = Obtain::start(owner, terms);
                next.workers[index] = Worker::At { machine, step, claimed: 0, begins: 0 };
            }
            Happens::Crash(index) => {
                if let Worker::Calling { answer: Some(_), .. } = next.workers[index] {
                    next.disturbed = true;
                }
                next.workers[index] = Worker::Dead;
            }
            Happens::Go(index) => {
                let Worker::At { machine, step, claimed, begins } = next.workers[index].clone() else {
                    return None;
                };
                self.go(&mut next, index, machine, step, claimed, begins)?;
            }
            Happens::NotSent(index) => {
                let Worker::At { machine, begins, claimed, .. } = next.workers[index].clone() else {
                    return None;
                };
                feed(
                    &mut next,
                    index,
                    machine,
                    Input::Answer(Answer::Failed { asked: None }),
                    claimed,
                    begins,
                );
            }
            Happens::Serve(index) => {
                let Worker::Calling { with, .. } = next.workers[index] else { return None };
                let served = self.serve(&mut next, with);
                if let Worker::Calling { answer, .. } = &mut next.workers[index] {
                    *answer = Some(served);
                }
            }
            Happens::Deliver(index) => {
                let Worker::Calling { machine, answer: Some(answer), sent, begins, .. } =
                    next.workers[index].clone()
                else {
                    return None;
                };
                feed(&mut next, index, machine, Input::Answer(answer), sent, begins);
            }
            Happens::TimeOut(index) => {
                let Worker::Calling { machine, sent, begins, answer, .. } = next.workers[index].clone()
                else {
                    return None;
                };
                next.disturbed |= answer.is_some();
                feed(&mut next, index, machine, Input::Answer(Answer::Unknown), sent, begins);
            }
        }
        // Whoever stalls past their lease is taken for dead, and what comes of it is no fault of the protocol.
        if let Phase::Refreshing { until, .. } = next.row.phase
            && at(next.now) >= until
            && self.broken.is_none()
        {
            next.disturbed = true;
        }
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("no token is used twice without cause", |_, world| !world.used_twice),
            Property::<Self>::always("newer tokens are never overwritten", |_, world| !world.overwritten),
            Property::<Self>::always("nothing is lost in silence", |model, world| {
                let Some(tokens) = world.row.tokens else { return true };
                world.row.phase != Phase::Active
                    || world.current == REVOKED
                    || model.server != Server::Strict
                    || tokens.number == world.current
            }),
            Property::<Self>::always("nobody is sent to the user on a forgiving server", |model, world| {
                model.server == Server::Strict
                    || world.current == REVOKED
                    || !matches!(world.row.phase, Phase::NeedsReauth(_))
            }),
            Property::<Self>::sometimes("somebody refreshes", |_, world| world.row.generation > 1),
        ]
    }
}

impl Refresh {
    fn go(
        &self,
        next: &mut World,
        index: usize,
        machine: Obtain<Pair>,
        step: Step<Pair>,
        claimed: i64,
        begins: u8,
    ) -> Option<()> {
        match step {
            Step::Read => {
                let row = next.row.clone();
                feed(next, index, machine, Input::Row(Some(row)), claimed, begins);
            }
            Step::Ask(command) => {
                let claimed = if matches!(command, Command::Claim { .. }) { next.now } else { claimed };
                let reply = self.ask(next, command);
                feed(next, index, machine, Input::Reply(reply), claimed, begins);
            }
            Step::Send(with) => {
                // Nothing is sent unless the call fits into what is left of the lease.
                let fits = next.now + DEADLINE < claimed + LEASE || self.broken == Some(Broken::ShortLease);
                if fits {
                    let sent = next.now;
                    next.workers[index] = Worker::Calling { machine, sent, with, answer: None, begins };
                } else {
                    feed(
                        next,
                        index,
                        machine,
                        Input::Answer(Answer::Failed { asked: None }),
                        claimed,
                        begins,
                    );
                }
            }
            Step::Sleep(_) => feed(next, index, machine, Input::Woke, claimed, begins),
            Step::Done(_) => return None,
        }
        Some(())
    }
}

fn feed(
    next: &mut World,
    index: usize,
    mut machine: Obtain<Pair>,
    input: Input<Pair>,
    claimed: i64,
    begins: u8,
) {
    let step = machine.step(input, at(next.now));
    next.workers[index] = match step {
        Step::Done(Outcome::Failed { .. }) if begins == 0 => Worker::Idle { begins: 0 },
        Step::Done(_) => Worker::Idle { begins },
        step => Worker::At { machine, step, claimed, begins },
    };
}
