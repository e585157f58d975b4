//! Tokens for everybody in a process who needs them, refreshed by one.
//!
//! ```text
//!   tokens() --turn--> Use ------------------------------------------> the tokens
//!               |  +-> Refresh --> a task: refresh, save, report --+
//!               +----> Wait --------------------------------------> wait for the report, ask again
//! ```

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cronofy_auth_core::token::{Refresh, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::{App, DriveError, Endpoint, Error, Transport, drive};
use cronofy_transport_common::{Cause, TokenError};
use tokio::sync::watch;

use crate::HyperTransport;

type Saved = Pin<Box<dyn Future<Output = Result<(), Cause>> + Send>>;

/// The tokens of one authorization, always fresh.
///
/// However many callers there are, one request goes out; the others wait for it, and where it fails they have
/// its error. New tokens are saved before anyone sees them. A caller who gives up waiting stops nothing: the
/// refresh is a task of its own, since a refresh token that is spent and not replaced is an authorization
/// lost. For the same reason a program ends its tokio runtime only when nobody waits any more.
///
/// A clone is cheap and is the same source. It serves one process; several processes with one authorization
/// need a lease around it.
pub struct TokenSource<T = HyperTransport>(Arc<Shared<T>>);

struct Shared<T> {
    transport: T,
    save: Box<dyn Fn(Arc<TokenSet>) -> Saved + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    session: Session,
    /// Where the latest attempt says what came of it. Before the first there is nothing that anybody waits for.
    report: Arc<watch::Sender<Option<Report>>>,
}

type Report = Result<(), TokenError>;

/// What a turn leaves to be done.
enum Work {
    Refresh(Box<Refresh>),
    Save(Arc<TokenSet>),
}

impl<T: Transport + Send + Sync + 'static> TokenSource<T> {
    /// Shares these tokens, which are saved already ([`TokenSet`] shows how). `save` writes new ones to where they are kept, in one
    /// atomic write, and is done when they would survive a crash. It must not ask this source for tokens: they are
    /// what it is to save. Where it fails it is called again, after a pause, for whoever asks then.
    pub fn new<S, F, E>(transport: T, app: App, tokens: TokenSet, save: S) -> Self
    where
        S: Fn(Arc<TokenSet>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let save = move |tokens| -> Saved {
            let saved = save(tokens);
            Box::pin(async move { saved.await.map_err(|error| Cause::from(error.into())) })
        };
        let state = State { session: Session::new(app, tokens), report: Arc::new(watch::Sender::new(None)) };
        Self(Arc::new(Shared { transport, save: Box::new(save), state: Mutex::new(state) }))
    }

    /// Tokens whose access token works, as far as anybody knows.
    ///
    /// # Errors
    ///
    /// Where the held ones do not, and no others could be had.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn tokens(&self) -> Result<Arc<TokenSet>, TokenError> {
        loop {
            let mut report = match self.turn() {
                Ok(tokens) => return tokens,
                Err(report) => report,
            };
            // Whoever comes after the report is not told to wait, so that nobody waits for one that has been.
            let reported = match report.changed().await {
                Ok(()) => report.borrow().clone().unwrap_or(Ok(())),
                Err(_) => Err(TokenError::Interrupted),
            };
            if let Err(error) = reported {
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
        // Whoever waits for the tokens before asks again, and waits anew if an older save is still under way.
        let before = mem::replace(&mut state.report, Arc::new(watch::Sender::new(None)));
        before.send_replace(Some(Ok(())));
    }

    /// The tokens, or the report to wait for.
    fn turn(&self) -> Result<Result<Arc<TokenSet>, TokenError>, watch::Receiver<Option<Report>>> {
        let now = self.0.transport.now();
        let mut state = self.0.lock();
        let (ticket, work) = match state.session.turn(now) {
            Turn::Use(tokens) => return Ok(Ok(tokens)),
            Turn::Reconnect(reason) => return Ok(Err(reason.into())),
            Turn::Later(until) => return Ok(Err(TokenError::Later { until })),
            Turn::Wait => return Err(state.report.subscribe()),
            Turn::Refresh(ticket, refresh) => (ticket, Work::Refresh(refresh)),
            Turn::Save(ticket, tokens) => (ticket, Work::Save(tokens)),
        };
        let (sender, report) = watch::channel(None);
        let sender = Arc::new(sender);
        state.report = Arc::clone(&sender);
        drop(state);
        let shared = Arc::clone(&self.0);
        let held = Held { shared: Arc::clone(&shared), ticket: Some(ticket), report: Arc::clone(&sender) };
        tokio::spawn(async move {
            let report = held.carry_out(work).await;
            sender.send_replace(Some(report));
            // Those who began to wait after somebody connected again ask again, too.
            let latest = Arc::clone(&shared.lock().report);
            if !Arc::ptr_eq(&latest, &sender) {
                latest.send_replace(Some(Ok(())));
            }
        });
        Err(report)
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
}

/// A ticket that is given back even where its work panics, or is dropped with its runtime.
struct Held<T: Transport> {
    shared: Arc<Shared<T>>,
    ticket: Option<Ticket>,
    report: Arc<watch::Sender<Option<Report>>>,
}

impl<T: Transport + Send + Sync + 'static> Held<T> {
    async fn carry_out(mut self, work: Work) -> Report {
        let tokens = match work {
            Work::Save(tokens) => tokens,
            Work::Refresh(refresh) => match self.refresh(*refresh).await? {
                Some(tokens) => tokens,
                None => return Ok(()),
            },
        };
        let saved = (self.shared.save)(tokens).await;
        let now = self.shared.transport.now();
        if let Some(ticket) = self.ticket.take() {
            self.shared.lock().session.saved(ticket, saved.is_ok(), now);
        }
        saved.map_err(TokenError::Save)
    }

    /// New tokens, which are then to be saved; or nothing, where it is the session that has the last word.
    async fn refresh(&mut self, refresh: Refresh) -> Result<Option<Arc<TokenSet>>, TokenError> {
        let refreshed = drive(&self.shared.transport, refresh.call()).await;
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
            return Err(cause.map_or_else(|| TokenError::Refresh(Arc::new(error)), TokenError::NoAnswer));
        }
        match state.session.turn(now) {
            Turn::Save(ticket, tokens) => {
                self.ticket = Some(ticket);
                return Ok(Some(tokens));
            }
            Turn::Refresh(ticket, _) => state.session.abandon(ticket, now),
            // The grant is dead, or somebody has connected again and saves the new tokens.
            Turn::Use(_) | Turn::Wait | Turn::Later(_) | Turn::Reconnect(_) => {}
        }
        Ok(None)
    }
}

impl<T: Transport> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let now = self.shared.transport.now();
            self.shared.lock().session.abandon(ticket, now);
            self.report.send_replace(Some(Err(TokenError::Interrupted)));
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
