//! Who refreshes, and when: one at a time, in one process.
//!
//! ```text
//!            turn: expired, or nearly
//!   Held ------------------------------> Refreshing
//!    ^ ^                                  |   |   |
//!    | |   refreshed: transient failure   |   |   |  refreshed: invalid_grant
//!    | +----------------------------------+   |   +-----------------------------> Dead
//!    |                                        | refreshed: new tokens
//!    |        saved: yes                      v
//!    +------------------------------------- Unsaved <--> Saving
//!                                               saved: no
//! ```
//!
//! New tokens are handed out only once they are saved: used before that, and lost in a crash, a replaced
//! refresh token would take the whole authorization with it.

use core::fmt;
use core::mem;
use core::time::Duration;
use std::sync::Arc;

use cronofy_types::Timestamp;

use super::refresh::Refresh;
use super::set::TokenSet;
use crate::{App, Error, Refusal};

/// Refresh this long before the access token dies, but never more than a fifth of its lifetime before.
const EARLY: Duration = Duration::from_secs(60);

/// While the access token still works, a failed refresh is not tried again for this long.
const COOL_DOWN: Duration = Duration::from_secs(30);

/// The tokens of one authorization, shared by everyone in a process who needs them.
///
/// Put it behind a lock; [`turn`](Self::turn) never blocks and never does I/O. Both transports have a token
/// source made of it, which is what most applications want.
pub struct Session {
    app: App,
    tokens: Arc<TokenSet>,
    state: State,
    /// The latest ticket given out. An older one reports to nobody.
    latest: u64,
    /// The server turned the held access token down before its time.
    rejected: bool,
    /// No refresh before this, while the held access token still works.
    not_before: Timestamp,
}

enum State {
    Held,
    Refreshing,
    Unsaved(Arc<TokenSet>),
    Saving(Arc<TokenSet>),
    Dead(Reconnect),
}

/// What the caller who asked is to do.
#[derive(Debug)]
pub enum Turn {
    /// Use these.
    Use(Arc<TokenSet>),
    /// Drive this, and report by [`Session::refreshed`].
    Refresh(Ticket, Box<Refresh>),
    /// Write these to where tokens are kept, and report by [`Session::saved`].
    Save(Ticket, Arc<TokenSet>),
    /// Somebody else is at it: ask again once they have reported.
    Wait,
    /// The authorization is dead; only the user can bring it back.
    Reconnect(Reconnect),
}

/// Why only the user can bring the authorization back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reconnect {
    /// The server says that the refresh token is dead.
    #[error("the authorization has ended, and the user has to connect again")]
    Refused(#[source] Refusal),
    /// The access token has expired, and no refresh token was ever given.
    #[error("the access token has expired, and there is no refresh token")]
    NoRefreshToken,
}

/// Entitles its holder to report what came of a turn, once.
#[derive(Debug)]
#[must_use = "unless it is reported, everybody waits; `Session::abandon` gives it back"]
pub struct Ticket(u64);

impl Ticket {
    fn is(self, latest: u64) -> bool {
        self.0 == latest
    }
}

impl Session {
    /// Shares these tokens, which are saved already.
    pub fn new(app: App, tokens: TokenSet) -> Self {
        Self {
            app,
            tokens: Arc::new(tokens),
            state: State::Held,
            latest: 0,
            rejected: false,
            not_before: Timestamp::UNIX_EPOCH,
        }
    }

    /// What whoever needs a token now is to do.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        let usable = !self.rejected && !self.tokens.expires_within(Duration::ZERO, now);
        match mem::replace(&mut self.state, State::Held) {
            State::Held if usable && (!self.is_nearly_over(now) || now < self.not_before) => {
                Turn::Use(Arc::clone(&self.tokens))
            }
            State::Held => match Refresh::new(self.app.clone(), &self.tokens) {
                Some(refresh) => {
                    self.state = State::Refreshing;
                    Turn::Refresh(self.ticket(), Box::new(refresh))
                }
                None if usable => Turn::Use(Arc::clone(&self.tokens)),
                None => self.die(Reconnect::NoRefreshToken),
            },
            State::Refreshing => {
                self.state = State::Refreshing;
                if usable { Turn::Use(Arc::clone(&self.tokens)) } else { Turn::Wait }
            }
            State::Unsaved(tokens) => {
                self.state = State::Saving(Arc::clone(&tokens));
                Turn::Save(self.ticket(), tokens)
            }
            State::Saving(tokens) => {
                self.state = State::Saving(tokens);
                if usable { Turn::Use(Arc::clone(&self.tokens)) } else { Turn::Wait }
            }
            State::Dead(reason) => self.die(reason),
        }
    }

    /// Reports what came of a [`Turn::Refresh`]. Whoever waits may ask again.
    ///
    /// # Errors
    ///
    /// Gives the error back, except where it means that the authorization is dead: that is the next
    /// [`turn`](Self::turn)'s answer to everybody. Nothing is thrown away for any other error.
    pub fn refreshed(
        &mut self,
        ticket: Ticket,
        result: Result<TokenSet, Error>,
        now: Timestamp,
    ) -> Result<(), Error> {
        if !ticket.is(self.latest) || !matches!(self.state, State::Refreshing) {
            // Somebody connected again meanwhile; what came back belongs to the tokens before.
            return Ok(());
        }
        match result {
            Ok(tokens) => {
                self.state = State::Unsaved(Arc::new(tokens));
                Ok(())
            }
            Err(Error::Refused(refusal)) if refusal.needs_reconnect() => {
                self.state = State::Dead(Reconnect::Refused(refusal));
                Ok(())
            }
            Err(error) => {
                self.state = State::Held;
                self.not_before = now.saturating_add(COOL_DOWN);
                Err(error)
            }
        }
    }

    /// Reports what came of a [`Turn::Save`]: whether the tokens are safe. If not, the next turn saves them
    /// again. Whoever waits may ask again.
    pub fn saved(&mut self, ticket: Ticket, safe: bool) {
        if !ticket.is(self.latest) {
            return;
        }
        self.state = match mem::replace(&mut self.state, State::Held) {
            State::Saving(tokens) if safe => {
                self.tokens = tokens;
                self.rejected = false;
                self.not_before = Timestamp::UNIX_EPOCH;
                State::Held
            }
            State::Saving(tokens) => State::Unsaved(tokens),
            other => other,
        };
    }

    /// Gives a ticket back unused, for example because the work behind it panicked.
    pub fn abandon(&mut self, ticket: Ticket) {
        if !ticket.is(self.latest) {
            return;
        }
        self.state = match mem::replace(&mut self.state, State::Held) {
            State::Refreshing => State::Held,
            State::Saving(tokens) => State::Unsaved(tokens),
            other => other,
        };
    }

    /// Reports that the API answered 401 to these tokens. The next turn refreshes, unless somebody has
    /// already.
    pub fn rejected(&mut self, tokens: &Arc<TokenSet>) {
        if Arc::ptr_eq(tokens, &self.tokens) {
            self.rejected = true;
            self.not_before = Timestamp::UNIX_EPOCH;
        }
    }

    /// Takes the tokens of a new authorization, which are saved already. What an older refresh may still
    /// report is ignored.
    pub fn reconnected(&mut self, tokens: TokenSet) {
        let latest = self.latest + 1;
        *self = Self { latest, ..Self::new(self.app.clone(), tokens) };
    }

    /// The tokens that are held now, fresh or not.
    pub fn tokens(&self) -> &Arc<TokenSet> {
        &self.tokens
    }

    fn is_nearly_over(&self, now: Timestamp) -> bool {
        let lifetime = self.tokens.expires_at.saturating_since(self.tokens.received_at);
        self.tokens.expires_within(EARLY.min(lifetime / 5), now)
    }

    fn ticket(&mut self) -> Ticket {
        self.latest += 1;
        Ticket(self.latest)
    }

    fn die(&mut self, reason: Reconnect) -> Turn {
        self.state = State::Dead(reason.clone());
        Turn::Reconnect(reason)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Held => "held",
            State::Refreshing => "refreshing",
            State::Unsaved(_) => "unsaved",
            State::Saving(_) => "saving",
            State::Dead(_) => "dead",
        };
        f.debug_struct("Session")
            .field("state", &state)
            .field("expires_at", &self.tokens.expires_at)
            .finish_non_exhaustive()
    }
}
