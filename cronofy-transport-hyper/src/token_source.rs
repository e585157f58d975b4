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
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cronofy_auth_core::token::{Reconnect, Refresh, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::{App, DriveError, Endpoint, Error, Transport, drive};
use tokio::sync::watch;

use crate::HyperTransport;

type Cause = Arc<dyn StdError + Send + Sync>;
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

/// Why there are no tokens.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The authorization is dead; only the user can bring it back.
    #[error(transparent)]
    Reconnect(#[from] Reconnect),
    /// The server refused, or broke its contract. The authorization may well be alive.
    #[error("the tokens could not be refreshed")]
    Refresh(#[source] Arc<Error>),
    /// Nobody answered.
    #[error("the tokens could not be refreshed: no answer came")]
    NoAnswer(#[source] Cause),
    /// New tokens are there, and could not be saved. Asking again saves them again.
    #[error("the refreshed tokens could not be saved")]
    Save(#[source] Cause),
    /// Whoever refreshed has panicked, or the runtime has ended.
    #[error("the refresh was interrupted")]
    Interrupted,
}

struct Shared<T> {
    transport: T,
    save: Box<dyn Fn(Arc<TokenSet>) -> Saved + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    session: Session,
    /// Of the latest attempt: what came of it. Before the first there is nothing that anybody waits for.
    report: watch::Receiver<Option<Report>>,
}

type Report = Result<(), TokenError>;

/// What a turn leaves to be done.
enum Work {
    Refresh(Box<Refresh>),
    Save(Arc<TokenSet>),
}

impl<T: Transport + Send + Sync + 'static> TokenSource<T> {
    /// Shares these tokens, which are saved already. `save` writes new ones to where they are kept, in one
    /// atomic write, and is done when they would survive a crash.
    pub fn new<S, F, E>(transport: T, app: App, tokens: TokenSet, save: S) -> Self
    where
        S: Fn(Arc<TokenSet>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: StdError + Send + Sync + 'static,
    {
        let save = move |tokens| -> Saved {
            let saved = save(tokens);
            Box::pin(async move { saved.await.map_err(|error| Arc::new(error) as Cause) })
        };
        let state = State { session: Session::new(app, tokens), report: watch::channel(None).1 };
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
            let reported = match report.wait_for(Option::is_some).await {
                Ok(report) => report.clone().unwrap_or(Err(TokenError::Interrupted)),
                Err(_) => Err(TokenError::Interrupted),
            };
            if let Err(error) = reported {
                return self.make_do(error);
            }
        }
    }

    /// Reports that the API answered 401 to these tokens. The next who asks has them refreshed, unless
    /// somebody has already.
    pub fn rejected(&self, tokens: &Arc<TokenSet>) {
        self.0.lock().session.rejected(tokens);
    }

    /// Takes the tokens of a new authorization, which are saved already.
    pub fn reconnected(&self, tokens: TokenSet) {
        self.0.lock().session.reconnected(tokens);
    }

    /// The tokens, or the report to wait for.
    fn turn(&self) -> Result<Result<Arc<TokenSet>, TokenError>, watch::Receiver<Option<Report>>> {
        let now = self.0.transport.now();
        let mut state = self.0.lock();
        let (ticket, work) = match state.session.turn(now) {
            Turn::Use(tokens) => return Ok(Ok(tokens)),
            Turn::Reconnect(reason) => return Ok(Err(reason.into())),
            Turn::Wait => return Err(state.report.clone()),
            Turn::Refresh(ticket, refresh) => (ticket, Work::Refresh(refresh)),
            Turn::Save(ticket, tokens) => (ticket, Work::Save(tokens)),
        };
        let (sender, report) = watch::channel(None);
        state.report = report.clone();
        drop(state);
        let held = Held { shared: Arc::clone(&self.0), ticket: Some(ticket) };
        tokio::spawn(async move {
            let report = held.carry_out(work).await;
            // Everybody may have gone home.
            let _ = sender.send(Some(report));
        });
        Err(report)
    }

    /// After a failure: the tokens that are held, if they still work.
    fn make_do(&self, error: TokenError) -> Result<Arc<TokenSet>, TokenError> {
        let now = self.0.transport.now();
        let mut state = self.0.lock();
        match state.session.turn(now) {
            Turn::Use(tokens) => Ok(tokens),
            Turn::Reconnect(reason) => Err(reason.into()),
            Turn::Wait => Err(error),
            // Whoever asks next may try again; this caller has waited once.
            Turn::Refresh(ticket, _) | Turn::Save(ticket, _) => {
                state.session.abandon(ticket);
                Err(error)
            }
        }
    }
}

impl<T> Shared<T> {
    /// No code of others runs under the lock, so that what a panic leaves behind is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A ticket that is given back even where its work panics, or is dropped with its runtime.
struct Held<T> {
    shared: Arc<Shared<T>>,
    ticket: Option<Ticket>,
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
        if let Some(ticket) = self.ticket.take() {
            self.shared.lock().session.saved(ticket, saved.is_ok());
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
            // Somebody connected again meanwhile; whoever asks next refreshes those tokens.
            Turn::Refresh(ticket, _) => state.session.abandon(ticket),
            Turn::Use(_) | Turn::Wait | Turn::Reconnect(_) => {}
        }
        Ok(None)
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.shared.lock().session.abandon(ticket);
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
