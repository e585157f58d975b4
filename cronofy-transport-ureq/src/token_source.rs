//! Tokens for every thread in a process that needs them, refreshed by one.
//!
//! ```text
//!   tokens() --turn--> Use ---------------------------------------------> the tokens
//!               |  +-> Refresh --> refresh, save, report --> wake all --+
//!               +----> Wait --> sleep until woken ----------------------+--> ask again
//! ```

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use cronofy_auth_core::token::{Refresh, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::{App, BlockingTransport, DriveError, Endpoint, Error, drive_blocking};
use cronofy_transport_common::{Cause, TokenError};

use crate::UreqTransport;

/// The tokens of one authorization, always fresh.
///
/// However many threads ask, one of them sends one request; the others wait for it, and where it fails they
/// have its error. New tokens are saved before anyone sees them.
///
/// A clone is cheap and is the same source. It serves one process; several processes with one authorization
/// need a lease around it.
pub struct TokenSource<T = UreqTransport>(Arc<Shared<T>>);

struct Shared<T> {
    transport: T,
    save: Box<dyn Fn(Arc<TokenSet>) -> Result<(), Cause> + Send + Sync>,
    state: Mutex<State>,
    reported: Condvar,
}

struct State {
    session: Session,
    /// How many attempts have ended, and how the last one did.
    attempts: u64,
    report: Report,
}

type Report = Result<(), TokenError>;

impl<T: BlockingTransport> TokenSource<T> {
    /// Shares these tokens, which are saved already ([`TokenSet`] shows how). `save` writes new ones to where they are kept, in one
    /// atomic write, and returns when they would survive a crash. It must not ask this source for tokens: they are
    /// what it is to save. Where it fails it is called again, after a pause, for whoever asks then.
    pub fn new<S, E>(transport: T, app: App, tokens: TokenSet, save: S) -> Self
    where
        S: Fn(Arc<TokenSet>) -> Result<(), E> + Send + Sync + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let save = move |tokens| save(tokens).map_err(|error| Cause::from(error.into()));
        let state = State { session: Session::new(app, tokens), attempts: 0, report: Ok(()) };
        let state = Mutex::new(state);
        Self(Arc::new(Shared { transport, save: Box::new(save), state, reported: Condvar::new() }))
    }

    /// Tokens whose access token works, as far as anybody knows.
    ///
    /// # Errors
    ///
    /// Where the held ones do not, and no others could be had.
    pub fn tokens(&self) -> Result<Arc<TokenSet>, TokenError> {
        loop {
            let now = self.0.transport.now();
            let mut state = self.0.lock();
            let report = match state.session.turn(now) {
                Turn::Use(tokens) => return Ok(tokens),
                Turn::Reconnect(reason) => return Err(reason.into()),
                Turn::Later(until) => return Err(TokenError::Later { until }),
                Turn::Wait => self.0.wait(state),
                Turn::Refresh(ticket, refresh) => {
                    drop(state);
                    self.0.hold(ticket).refresh_and_save(*refresh)
                }
                Turn::Save(ticket, tokens) => {
                    drop(state);
                    self.0.hold(ticket).save(tokens)
                }
            };
            if let Err(error) = report {
                return self.make_do(error);
            }
        }
    }

    /// Reports that the API answered 401 to these tokens, and says whether the next who asks has them refreshed:
    /// not if somebody has already, and not if they came within half a minute, since then it is not their age
    /// that the API minds.
    pub fn rejected(&self, tokens: &TokenSet) -> bool {
        let now = self.0.transport.now();
        self.0.lock().session.rejected(tokens, now)
    }

    /// Takes the tokens of a new authorization. The next who asks has them saved, after a save that is under way,
    /// so that the newest are what is kept.
    pub fn reconnect(&self, tokens: TokenSet) {
        let mut state = self.0.lock();
        state.session.reconnect(tokens);
        // Whoever waits for the tokens before need not.
        let _ = self.0.end(state, Ok(()));
    }

    /// After a failure: the tokens that are held, if they still work.
    fn make_do(&self, error: TokenError) -> Result<Arc<TokenSet>, TokenError> {
        let now = self.0.transport.now();
        self.0.lock().session.usable(now).ok_or(error)
    }
}

impl<T> Shared<T> {
    /// No code of others runs under the lock, so that what a panic leaves behind is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until the attempt that is under way has ended, and says how.
    fn wait(&self, state: MutexGuard<'_, State>) -> Report {
        let attempts = state.attempts;
        let ended = self.reported.wait_while(state, |state| state.attempts == attempts);
        ended.unwrap_or_else(PoisonError::into_inner).report.clone()
    }

    fn hold(&self, ticket: Ticket) -> Held<'_, T>
    where
        T: BlockingTransport,
    {
        Held { shared: self, ticket: Some(ticket) }
    }

    /// Ends an attempt under the lock that its ticket was reported under, so that nobody who comes later
    /// hears of it.
    fn end(&self, mut state: MutexGuard<'_, State>, report: Report) -> Report {
        state.attempts += 1;
        state.report.clone_from(&report);
        drop(state);
        self.reported.notify_all();
        report
    }
}

/// A ticket that is given back even where its work panics.
struct Held<'a, T: BlockingTransport> {
    shared: &'a Shared<T>,
    ticket: Option<Ticket>,
}

impl<T: BlockingTransport> Held<'_, T> {
    fn refresh_and_save(mut self, refresh: Refresh) -> Report {
        let refreshed = drive_blocking(&self.shared.transport, refresh.call());
        let now = self.shared.transport.now();
        let (result, cause) = match refreshed {
            Ok(tokens) => (Ok(tokens), None),
            Err(DriveError::NoAnswer { fault, source }) => {
                (Err(Error::NoAnswer(fault)), Some(Arc::new(source) as Cause))
            }
            Err(error) => (Err(error.into_flow()), None),
        };
        let mut state = self.shared.lock();
        let reported =
            self.ticket.take().map_or(Ok(()), |ticket| state.session.refreshed(ticket, result, now));
        if let Err(error) = reported {
            let error = cause.map_or_else(|| TokenError::Refresh(Arc::new(error)), TokenError::NoAnswer);
            return self.shared.end(state, Err(error));
        }
        match state.session.turn(now) {
            Turn::Save(ticket, tokens) => {
                self.ticket = Some(ticket);
                drop(state);
                return self.save(tokens);
            }
            Turn::Refresh(ticket, _) => state.session.abandon(ticket, now),
            // The grant is dead, or somebody has connected again and saves the new tokens.
            Turn::Use(_) | Turn::Wait | Turn::Later(_) | Turn::Reconnect(_) => {}
        }
        self.shared.end(state, Ok(()))
    }

    fn save(mut self, tokens: Arc<TokenSet>) -> Report {
        let saved = (self.shared.save)(tokens);
        let now = self.shared.transport.now();
        let mut state = self.shared.lock();
        if let Some(ticket) = self.ticket.take() {
            state.session.saved(ticket, saved.is_ok(), now);
        }
        self.shared.end(state, saved.map_err(TokenError::Save))
    }
}

impl<T: BlockingTransport> Drop for Held<'_, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let now = self.shared.transport.now();
            let mut state = self.shared.lock();
            state.session.abandon(ticket, now);
            // This thread is panicking: the report is for the others.
            let _ = self.shared.end(state, Err(TokenError::Interrupted));
        }
    }
}

impl<T> Clone for TokenSource<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for TokenSource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource").field("session", &self.0.lock().session).finish_non_exhaustive()
    }
}
