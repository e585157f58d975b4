//! From what came back to an outcome: what one worker does with a redirect or a callback, as a state machine without
//! I/O. It may come any number of times, to any number of processes.
//!
//! ```text
//!   Take -> Won -> Resume -> a code: Send -> tokens: Finish ------> Done
//!                         -> a refusal: Fail --------------------> Done
//!                         -> not ours after all: Release --------> Done
//!        -> Busy: Sleep, and take again
//!        -> redeemed before -------------------------------------> Done, with what came of it then
//! ```

use core::time::Duration;

use crate::decide::Owner;
use crate::decide::pending::{CodeHash, Command, Reply};

/// What to do next. `P` is the pending value, `O` an outcome, `T` tokens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step<P, O, T> {
    /// Have the store decide this, and come back with [`Input::Reply`].
    Ask(Command<P, O>),
    /// Match what came with what was waited for, and come back with [`Input::Resumed`].
    Resume(P),
    /// Redeem the code, unless the lease has run out by the machine's own monotonic clock, and come back with
    /// [`Input::Answer`].
    Send,
    /// Keep these and the outcome in one transaction, and come back with [`Input::Reply`].
    Keep(T),
    /// Wait that long, and come back with [`Input::Woke`].
    Sleep(Duration),
    /// Finished.
    Done(Ended<O>),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Input<P, O, T> {
    /// The store decided.
    Reply(Reply<P, O>),
    /// What came fits what was waited for, or it does not.
    Resumed(Resumed<O>),
    /// The server answered, or did not.
    Answer(Answer<O, T>),
    /// The sleep is over.
    Woke,
}

/// What matching came to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resumed<O> {
    /// There is a code.
    Code,
    /// It is a refusal.
    Refused(O),
    /// It does not belong here: whatever is waited for may still come.
    NotMatched,
}

/// What redeeming came to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer<O, T> {
    /// Tokens, and the outcome that they make.
    Tokens(T, O),
    /// The server will never redeem this code.
    Dead(O),
    /// Certainly nothing happened at the server.
    Failed,
    /// The server may have redeemed it, and no answer came.
    Unknown,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ended<O> {
    /// This came of it, now or when it came before.
    Outcome(O),
    /// Nothing of that name waits, or it waited too long.
    Absent,
    /// What came does not belong to what waits.
    NotMatched,
    /// It could not be redeemed now, and can be when it comes again.
    Failed,
    /// Whether it was redeemed is unknown. When it comes again, once the lease has run out, it is tried again.
    Unknown,
}

/// One worker.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Redeem<O> {
    owner: Owner,
    code: CodeHash,
    lease: Duration,
    state: State<O>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum State<O> {
    Taking,
    Resuming,
    Sending,
    /// What to say once the report is taken.
    Reporting(Ended<O>),
    Sleeping,
    Over,
}

/// Whoever waits for another worker looks again this often.
const LOOK: Duration = Duration::from_millis(100);

impl<O: Clone> Redeem<O> {
    /// A worker, and its first step. `owner` comes from a secure random source and is used once; `code` names the
    /// code, or whatever else tells one answer from another.
    pub fn start<P, T>(owner: Owner, code: CodeHash, lease: Duration) -> (Self, Step<P, O, T>) {
        let mut machine = Self { owner, code, lease, state: State::Over };
        let step = machine.take();
        (machine, step)
    }

    /// Takes what happened and says what to do next.
    pub fn step<P, T>(&mut self, input: Input<P, O, T>) -> Step<P, O, T> {
        let state = core::mem::replace(&mut self.state, State::Over);
        match (state, input) {
            (State::Taking, Input::Reply(Reply::Won(pending))) => {
                self.state = State::Resuming;
                Step::Resume(pending)
            }
            (State::Taking, Input::Reply(Reply::Busy { remaining })) => {
                self.state = State::Sleeping;
                Step::Sleep(remaining.min(LOOK))
            }
            (State::Resuming, Input::Resumed(resumed)) => self.resumed(resumed),
            (State::Sending, Input::Answer(answer)) => self.answered(answer),
            (_, Input::Reply(Reply::Done(outcome))) => Step::Done(Ended::Outcome(outcome)),
            (_, Input::Reply(Reply::Absent)) => Step::Done(Ended::Absent),
            (State::Reporting(ended), Input::Reply(Reply::Written)) => Step::Done(ended),
            // Somebody else has taken it over, and has the last word; and where a driver answers another question
            // than was asked, taking again is always safe.
            _ => self.take(),
        }
    }

    fn take<P, T>(&mut self) -> Step<P, O, T> {
        self.state = State::Taking;
        Step::Ask(Command::Take { code: self.code, owner: self.owner, lease: self.lease })
    }

    fn resumed<P, T>(&mut self, resumed: Resumed<O>) -> Step<P, O, T> {
        match resumed {
            Resumed::Code => {
                self.state = State::Sending;
                Step::Send
            }
            Resumed::Refused(outcome) => self.fail(outcome),
            Resumed::NotMatched => self.release(Ended::NotMatched),
        }
    }

    fn answered<P, T>(&mut self, answer: Answer<O, T>) -> Step<P, O, T> {
        match answer {
            Answer::Tokens(tokens, outcome) => {
                self.state = State::Reporting(Ended::Outcome(outcome));
                Step::Keep(tokens)
            }
            Answer::Dead(outcome) => self.fail(outcome),
            Answer::Failed => self.release(Ended::Failed),
            // The row stays as it is until the lease has run out: the answer may be on its way to somebody.
            Answer::Unknown => Step::Done(Ended::Unknown),
        }
    }

    fn fail<P, T>(&mut self, outcome: O) -> Step<P, O, T> {
        self.state = State::Reporting(Ended::Outcome(outcome.clone()));
        Step::Ask(Command::Fail { owner: self.owner, outcome })
    }

    fn release<P, T>(&mut self, ended: Ended<O>) -> Step<P, O, T> {
        self.state = State::Reporting(ended);
        Step::Ask(Command::Release { owner: self.owner })
    }
}
