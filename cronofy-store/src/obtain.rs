//! From a grant to tokens that work: what one worker does, as a state machine without I/O.
//!
//! It never waits and never sends. It says what to do next, and is told what came of it, by a driver that has a
//! store and a transport, or by the model in `store-model`, which has neither.
//!
//! ```text
//!   Read -> fresh ------------------------------------------------> Done
//!        -> not fresh -> Claim -> Won -> Send -> report ----------> Done, or Read again
//!                              -> Busy -> Sleep ------------------> Read again
//! ```

use core::time::Duration;

use cronofy_types::Timestamp;

use crate::decide::Owner;
use crate::decide::grant::{Command, Phase, Reason, Reply, Row};

/// What a worker has to know of tokens.
pub trait Tokens: Clone {
    /// Whether the access token is dead, or will be within `margin`.
    fn expires_within(&self, margin: Duration, now: Timestamp) -> bool;

    /// Whether there is anything to refresh them with.
    fn can_be_refreshed(&self) -> bool;
}

/// How a worker goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    /// For how long the tokens have to last.
    pub min_remaining: Duration,
    /// The tokens of this generation do not count, however long they would last: the API turned them down, or a user
    /// wants others.
    pub replacing: Option<u64>,
    /// For how long a claim keeps everybody else away: longer than a call can take, with all its tries.
    pub lease: Duration,
    /// Whether a pause after failures is passed over: a user asked.
    pub urgent: bool,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step<T> {
    /// Read the row, and come back with [`Input::Row`].
    Read,
    /// Have the store decide this, and come back with [`Input::Reply`].
    Ask(Command<T>),
    /// Refresh with these, unless the lease has run out by the machine's own monotonic clock, and come back with
    /// [`Input::Answer`].
    Send(T),
    /// Wait about that long, less where the store says that the row has changed, and come back with
    /// [`Input::Woke`].
    Sleep(Duration),
    /// Finished.
    Done(Outcome<T>),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Input<T> {
    /// The row was read.
    Row(Option<Row<T>>),
    /// The store decided.
    Reply(Reply),
    /// The server answered, or did not.
    Answer(Answer<T>),
    /// The sleep is over.
    Woke,
}

/// What a refresh came to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer<T> {
    /// New tokens.
    Tokens(T),
    /// `invalid_grant`: the refresh token is dead.
    Dead,
    /// Certainly nothing happened at the server: nothing was sent, or it refused for the moment, and perhaps said
    /// for how long.
    Failed {
        /// How long the server wants to be left alone.
        asked: Option<Duration>,
    },
    /// The server may have acted on it, and no answer came.
    Unknown,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome<T> {
    /// These work.
    Tokens(T),
    /// The refresh failed, and nobody is to try for a while. What is still held may work for less than was asked.
    Failed {
        /// The tokens as they are.
        held: Option<T>,
    },
    /// Only the user can bring it back.
    NeedsReauth(Reason),
    /// It was revoked.
    Revoked,
    /// There is no such authorization.
    Absent,
}

/// One worker.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Obtain<T> {
    owner: Owner,
    terms: Terms,
    state: State<T>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum State<T> {
    Reading,
    Claiming(Read<T>),
    Sending(Read<T>),
    Reporting { read: Read<T>, answer: Answer<T> },
    Sleeping,
    Over,
}

/// What the row held when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Read<T> {
    generation: u64,
    failures: u32,
    tokens: T,
}

/// Losers look again this often: often enough for a person who waits, rarely enough for a database.
const LOOK: Duration = Duration::from_millis(100);
/// After a failure nobody tries for this long; it doubles with every further one.
const PAUSE: Duration = Duration::from_secs(1);
/// And never for longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Unless the server asks for longer, which it is granted up to this.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

impl<T: Tokens> Obtain<T> {
    /// A worker, and its first step. `owner` comes from a secure random source and is used once.
    pub fn start(owner: Owner, terms: Terms) -> (Self, Step<T>) {
        (Self { owner, terms, state: State::Reading }, Step::Read)
    }

    /// Takes what happened and says what to do next. `now` is the worker's clock.
    pub fn step(&mut self, input: Input<T>, now: Timestamp) -> Step<T> {
        let state = core::mem::replace(&mut self.state, State::Over);
        match (state, input) {
            (State::Reading, Input::Row(row)) => self.read(row, now),
            (State::Claiming(read), Input::Reply(reply)) => self.claimed(read, reply, now),
            (State::Sending(read), Input::Answer(answer)) => self.answered(read, answer),
            (State::Reporting { read, answer }, Input::Reply(reply)) => {
                self.reported(read, answer, reply, now)
            }
            // After a sleep; and where a driver answers another question than was asked, since that is always safe.
            _ => self.look_again(),
        }
    }

    fn look_again(&mut self) -> Step<T> {
        self.state = State::Reading;
        Step::Read
    }

    fn read(&mut self, row: Option<Row<T>>, now: Timestamp) -> Step<T> {
        let Some(row) = row else { return Step::Done(Outcome::Absent) };
        match row.phase {
            Phase::NeedsReauth(reason) => return Step::Done(Outcome::NeedsReauth(reason)),
            Phase::Revoked => return Step::Done(Outcome::Revoked),
            Phase::Active | Phase::Refreshing { .. } | Phase::Uncertain => {}
        }
        let Some(tokens) = row.tokens else { return Step::Done(Outcome::Revoked) };
        let counts = self.terms.replacing != Some(row.generation);
        if counts && !tokens.expires_within(self.terms.min_remaining, now) {
            return Step::Done(Outcome::Tokens(tokens));
        }
        let (generation, can_be_refreshed) = (row.generation, tokens.can_be_refreshed());
        let read = Read { generation, failures: row.failures, tokens };
        if !can_be_refreshed {
            return Step::Done(match self.held(read, now) {
                None => Outcome::NeedsReauth(Reason::NoRefreshToken),
                held => Outcome::Failed { held },
            });
        }
        self.state = State::Claiming(read);
        let Terms { lease, urgent, .. } = self.terms;
        Step::Ask(Command::Claim { owner: self.owner, generation, lease, urgent })
    }

    fn claimed(&mut self, read: Read<T>, reply: Reply, now: Timestamp) -> Step<T> {
        match reply {
            Reply::Won => {
                let tokens = read.tokens.clone();
                self.state = State::Sending(read);
                Step::Send(tokens)
            }
            // What still works is served while somebody else refreshes, or while nobody is to.
            Reply::Busy { remaining } => match self.held(read, now) {
                None => {
                    self.state = State::Sleeping;
                    Step::Sleep(remaining.min(LOOK))
                }
                held => Step::Done(Outcome::Failed { held }),
            },
            Reply::Paused { .. } => Step::Done(Outcome::Failed { held: self.held(read, now) }),
            other => self.settle(&other),
        }
    }

    fn answered(&mut self, read: Read<T>, answer: Answer<T>) -> Step<T> {
        let owner = self.owner;
        let pause = PAUSE.saturating_mul(1 << read.failures.min(16)).min(LONGEST_PAUSE);
        let command = match &answer {
            Answer::Tokens(tokens) => {
                Command::Complete { generation: read.generation, tokens: tokens.clone() }
            }
            Answer::Dead => Command::Condemn { owner, reason: Reason::Refused },
            Answer::Failed { asked } => {
                // A slip in a `Retry-After` must not end an authorization.
                let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
                Command::Fail { owner, pause: pause.max(asked) }
            }
            Answer::Unknown => Command::Unsure { owner, pause },
        };
        self.state = State::Reporting { read, answer };
        Step::Ask(command)
    }

    fn reported(&mut self, read: Read<T>, answer: Answer<T>, reply: Reply, now: Timestamp) -> Step<T> {
        match (reply, answer) {
            (Reply::Written { .. }, Answer::Tokens(tokens)) => Step::Done(Outcome::Tokens(tokens)),
            (Reply::Written { .. }, _) => Step::Done(Outcome::Failed { held: self.held(read, now) }),
            (other, _) => self.settle(&other),
        }
    }

    /// What was read, if it can be made do with.
    fn held(&self, read: Read<T>, now: Timestamp) -> Option<T> {
        let counts = self.terms.replacing != Some(read.generation);
        (counts && !read.tokens.expires_within(Duration::ZERO, now)).then_some(read.tokens)
    }

    /// The row is not what it was: nobody's turn is lost, look again.
    fn settle(&mut self, reply: &Reply) -> Step<T> {
        match reply {
            Reply::NeedsReauth(reason) => Step::Done(Outcome::NeedsReauth(*reason)),
            Reply::Revoked => Step::Done(Outcome::Revoked),
            Reply::Absent => Step::Done(Outcome::Absent),
            _ => self.look_again(),
        }
    }
}
