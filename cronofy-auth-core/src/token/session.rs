//! Who refreshes, and when: one at a time, in one process.
//!
//! ```text
//!            turn: expired, or nearly
//!   Held ------------------------------> Refreshing
//!    ^ ^                                  |   |   |
//!    | |   refreshed: transient failure   |   |   |  refreshed: invalid_grant
//!    | +----------------------------------+   |   +-----------------------------> Dead
//!    |                                        | refreshed: new tokens              |
//!    |        saved: yes                      v              reconnect             |
//!    +------------------------------------- Unsaved <------------------------------+
//!                                             ^ |
//!                                   saved: no | v turn
//!                                            Saving
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

/// After a refresh, or after one that failed, nobody tries again for this long; it doubles with every failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause after failures, unless the server asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The longest pause that the server is granted: a slip in a `Retry-After` must not end an authorization.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// Tokens that came this recently are not refreshed because an API call rejected them: another reason than
/// their age is at work, and they would be refreshed for every call.
const NEW: Duration = Duration::from_secs(30);

/// A ticket that nobody has reported on for this long is lost, and its work is given out again. Longer than any
/// call, with all its tries, takes.
const LOST: Duration = Duration::from_secs(5 * 60);

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
    /// The held access token is dead before its time: the server said so, or there is a newer authorization.
    rejected: bool,
    /// How many refreshes or saves have failed in a row.
    failures: u32,
    /// Nothing is tried before this.
    not_before: Timestamp,
}

enum State {
    Held,
    Refreshing { since: Timestamp },
    Unsaved(Arc<TokenSet>),
    Saving { tokens: Arc<TokenSet>, since: Timestamp, newer: Option<Arc<TokenSet>> },
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
    /// It has just failed, or the server has asked to be left alone: nothing is tried before then.
    Later(Timestamp),
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
#[must_use = "until it is reported everybody waits; `Session::abandon` gives it back"]
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
            failures: 0,
            not_before: Timestamp::UNIX_EPOCH,
        }
    }

    /// What whoever needs a token now is to do.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        self.give_out_again_what_is_lost(now);
        let usable = self.usable(now);
        let paused = now < self.not_before;
        match mem::replace(&mut self.state, State::Held) {
            State::Held => match usable {
                Some(tokens) if paused || !self.is_nearly_over(now) => Turn::Use(tokens),
                None if paused => Turn::Later(self.not_before),
                usable => match (Refresh::new(self.app.clone(), &self.tokens), usable) {
                    (Some(refresh), _) => {
                        self.state = State::Refreshing { since: now };
                        Turn::Refresh(self.ticket(), Box::new(refresh))
                    }
                    (None, Some(tokens)) => Turn::Use(tokens),
                    (None, None) => self.die(Reconnect::NoRefreshToken),
                },
            },
            State::Unsaved(tokens) if paused => {
                self.state = State::Unsaved(tokens);
                usable.map_or(Turn::Later(self.not_before), Turn::Use)
            }
            State::Unsaved(tokens) => {
                self.state = State::Saving { tokens: Arc::clone(&tokens), since: now, newer: None };
                Turn::Save(self.ticket(), tokens)
            }
            working @ (State::Refreshing { .. } | State::Saving { .. }) => {
                self.state = working;
                usable.map_or(Turn::Wait, Turn::Use)
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
        if !ticket.is(self.latest) || !matches!(self.state, State::Refreshing { .. }) {
            // Somebody connected again meanwhile; what came back belongs to the tokens before.
            return Ok(());
        }
        match result {
            Ok(tokens) => {
                self.state = State::Unsaved(Arc::new(tokens));
                self.not_before = now;
                Ok(())
            }
            Err(Error::Refused(refusal)) if refusal.needs_reconnect() => {
                self.state = State::Dead(Reconnect::Refused(refusal));
                Ok(())
            }
            Err(error) => {
                self.state = State::Held;
                self.pause(now, error.refusal().and_then(|refusal| refusal.retry_after));
                Err(error)
            }
        }
    }

    /// Reports what came of a [`Turn::Save`]: whether the tokens are safe. If not, they are saved again after a
    /// pause. Whoever waits may ask again.
    pub fn saved(&mut self, ticket: Ticket, safe: bool, now: Timestamp) {
        if !ticket.is(self.latest) {
            return;
        }
        self.state = match mem::replace(&mut self.state, State::Held) {
            State::Saving { newer: Some(newer), .. } => State::Unsaved(newer),
            State::Saving { tokens, .. } if safe => {
                self.tokens = tokens;
                self.rejected = false;
                self.failures = 0;
                self.not_before = now.saturating_add(PAUSE);
                State::Held
            }
            State::Saving { tokens, .. } => {
                self.pause(now, None);
                State::Unsaved(tokens)
            }
            other => other,
        };
    }

    /// Gives a ticket back without an outcome, for example because the work behind it panicked. It counts as a
    /// failure.
    pub fn abandon(&mut self, ticket: Ticket, now: Timestamp) {
        if ticket.is(self.latest) {
            self.give_out_again();
            self.pause(now, None);
        }
    }

    /// Reports that the API answered 401 to these tokens, and says whether the next turn refreshes them: not
    /// if somebody has already, and not if they are new.
    pub fn rejected(&mut self, tokens: &TokenSet, now: Timestamp) -> bool {
        let held = tokens.access_token.expose() == self.tokens.access_token.expose();
        if !held || now.saturating_since(self.tokens.received_at) < NEW {
            return false;
        }
        self.rejected = true;
        true
    }

    /// Takes the tokens of a new authorization, which are not saved yet: the next turn is to save them, after a
    /// save that is under way. What an older refresh may still report is ignored.
    pub fn reconnect(&mut self, tokens: TokenSet) {
        let tokens = Arc::new(tokens);
        self.rejected = true;
        self.failures = 0;
        self.not_before = Timestamp::UNIX_EPOCH;
        self.state = match mem::replace(&mut self.state, State::Held) {
            // Two saves at once could end in either order.
            State::Saving { tokens: older, since, .. } => {
                State::Saving { tokens: older, since, newer: Some(tokens) }
            }
            State::Held | State::Refreshing { .. } | State::Unsaved(_) | State::Dead(_) => {
                self.latest += 1;
                State::Unsaved(tokens)
            }
        };
    }

    /// The held tokens, if their access token works, as far as anybody knows. What to make do with after a
    /// failure.
    pub fn usable(&self, now: Timestamp) -> Option<Arc<TokenSet>> {
        let usable = !self.rejected && !self.tokens.expires_within(Duration::ZERO, now);
        usable.then(|| Arc::clone(&self.tokens))
    }

    /// The tokens that are held now, fresh or not.
    pub fn tokens(&self) -> &Arc<TokenSet> {
        &self.tokens
    }

    fn is_nearly_over(&self, now: Timestamp) -> bool {
        self.tokens.expires_within(self.tokens.early(), now)
    }

    fn pause(&mut self, now: Timestamp, asked: Option<Duration>) {
        let doubled = PAUSE.saturating_mul(1 << self.failures.min(16)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
        self.not_before = now.saturating_add(doubled.max(asked));
    }

    fn give_out_again_what_is_lost(&mut self, now: Timestamp) {
        let (State::Refreshing { since } | State::Saving { since, .. }) = self.state else { return };
        if now.saturating_since(since) >= LOST {
            self.latest += 1;
            self.give_out_again();
        }
    }

    fn give_out_again(&mut self) {
        self.state = match mem::replace(&mut self.state, State::Held) {
            State::Refreshing { .. } => State::Held,
            State::Saving { tokens, newer, .. } => State::Unsaved(newer.unwrap_or(tokens)),
            other => other,
        };
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
            State::Refreshing { .. } => "refreshing",
            State::Unsaved(_) => "unsaved",
            State::Saving { .. } => "saving",
            State::Dead(_) => "dead",
        };
        f.debug_struct("Session")
            .field("state", &state)
            .field("expires_at", &self.tokens.expires_at)
            .finish_non_exhaustive()
    }
}
