//! The promise of a session, as a small model beside the real one.
//!
//! Several callers ask for tokens, report what came of their turn late, wrongly or never, and time passes. At any
//! moment at most one of them holds a ticket that counts; nobody is handed tokens that were not saved; and
//! nothing is lost but by the server's word that the grant is dead.

use core::time::Duration;
use std::sync::Arc;

use bytes::Bytes;
use cronofy_auth_core::token::{Reconnect, Refresh, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::types::{AccessToken, RefreshToken, Sub, Timestamp};
use cronofy_auth_core::{Endpoint as _, Error, Fault};

use super::every_flow::app;

/// One thing that a caller does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Asks what to do.
    Turn,
    /// Reports what came of one of the turns that are out.
    Report(usize, Outcome),
    /// Gives one of them back unused.
    Abandon(usize),
    /// Lets time pass, in seconds.
    Wait(u32),
    /// The API turned the tokens down that were handed out last.
    Rejected,
    /// The API turned tokens down that are long replaced.
    OldRejected,
    /// The user connects again.
    Reconnect,
}

/// What came of a turn. Of a save, only whether it is one of the first two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    /// Both tokens replaced, the new one good for so many seconds.
    Replaced(u16),
    /// A new access token alone.
    Kept(u16),
    /// The grant is dead.
    Dead,
    /// Over the rate limit.
    Busy,
    /// No answer.
    NoAnswer,
    /// An answer that is none.
    Nonsense,
    /// Somebody else's tokens.
    SomebodyElses,
}

/// Plays these acts and panics where the session does other than it promises.
pub(crate) fn play(refreshable: bool, acts: impl IntoIterator<Item = Act>) {
    let now = Timestamp::from_unix_seconds(1_930_385_700);
    let held = Held::new(0, refreshable.then_some(0), now, 3600);
    let session = Session::new(app(), held.token_set(now));
    let old = Arc::clone(session.tokens());
    let mut model = Model {
        session,
        held,
        phase: Phase::Resting,
        jobs: Vec::new(),
        made: 0,
        rejected: false,
        quiet_until: now,
        old,
        now,
    };
    for act in acts {
        model.act(act);
        assert_eq!(model.session.tokens().access_token.expose(), model.held.access());
        assert!(model.jobs.iter().filter(|job| job.counts).count() <= 1);
    }
}

struct Model {
    session: Session,
    held: Held,
    phase: Phase,
    jobs: Vec<Job>,
    /// How many token sets there have been.
    made: u32,
    rejected: bool,
    quiet_until: Timestamp,
    /// The tokens of the very beginning.
    old: Arc<TokenSet>,
    now: Timestamp,
}

/// Tokens by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    access: u32,
    refresh: Option<u32>,
    expires_at: Timestamp,
    /// How long before that they may be replaced.
    early: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Resting,
    Refreshing,
    Unsaved(Held),
    Saving(Held),
    Dead,
}

/// A turn that is out.
struct Job {
    ticket: Ticket,
    /// `None`: a save.
    refresh: Option<Box<Refresh>>,
    /// Whether its report still means something.
    counts: bool,
}

impl Held {
    fn new(access: u32, refresh: Option<u32>, now: Timestamp, lifetime: u16) -> Self {
        let lifetime = Duration::from_secs(lifetime.into());
        let early = Duration::from_secs(60).min(lifetime / 5);
        Self { access, refresh, expires_at: now.saturating_add(lifetime), early }
    }

    fn access(&self) -> String {
        format!("access-{}", self.access)
    }

    fn refresh(&self) -> Option<String> {
        self.refresh.map(|number| format!("refresh-{number}"))
    }

    fn token_set(&self, now: Timestamp) -> TokenSet {
        let mut tokens = TokenSet::new(AccessToken::new(self.access()).unwrap(), now, self.expires_at);
        tokens.refresh_token = self.refresh().map(|token| RefreshToken::new(token).unwrap());
        tokens.identity.sub = Some(Sub::new("acc_1").unwrap());
        tokens
    }

    fn is(&self, tokens: &TokenSet) -> bool {
        tokens.access_token.expose() == self.access()
            && tokens.refresh_token.as_ref().map(RefreshToken::expose) == self.refresh().as_deref()
            && tokens.expires_at == self.expires_at
            && tokens.subject() == Some("acc_1")
    }
}

impl Model {
    fn act(&mut self, act: Act) {
        match act {
            Act::Turn => self.turn(),
            Act::Report(which, outcome) => {
                if let Some(job) = self.job(which) {
                    self.report(job, outcome);
                }
            }
            Act::Abandon(which) => {
                if let Some(job) = self.job(which) {
                    self.session.abandon(job.ticket);
                    match self.phase {
                        Phase::Refreshing if job.counts => self.phase = Phase::Resting,
                        Phase::Saving(held) if job.counts => self.phase = Phase::Unsaved(held),
                        _ => {}
                    }
                }
            }
            Act::Wait(seconds) => {
                self.now = self.now.saturating_add(Duration::from_secs(seconds.into()));
            }
            Act::Rejected => {
                let tokens = Arc::clone(self.session.tokens());
                self.session.rejected(&tokens);
                (self.rejected, self.quiet_until) = (true, self.now);
            }
            Act::OldRejected => {
                self.session.rejected(&self.old);
                if Arc::ptr_eq(&self.old, self.session.tokens()) {
                    (self.rejected, self.quiet_until) = (true, self.now);
                }
            }
            Act::Reconnect => {
                self.made += 1;
                self.held = Held::new(self.made, Some(self.made), self.now, 3600);
                self.session.reconnected(self.held.token_set(self.now));
                self.settle(Phase::Resting);
                self.jobs.iter_mut().for_each(|job| job.counts = false);
            }
        }
    }

    fn job(&mut self, which: usize) -> Option<Job> {
        let count = self.jobs.len();
        (count > 0).then(|| self.jobs.swap_remove(which % count))
    }

    fn turn(&mut self) {
        let usable = !self.rejected && self.now < self.held.expires_at;
        let due = self.now.saturating_add(self.held.early) >= self.held.expires_at;
        let somebody_is_at_it = self.jobs.iter().any(|job| job.counts);
        match (self.session.turn(self.now), self.phase) {
            (Turn::Use(tokens), Phase::Resting) => {
                assert!(usable && self.held.is(&tokens));
                assert!(!due || self.now < self.quiet_until || self.held.refresh.is_none(), "overdue");
            }
            (Turn::Use(tokens), Phase::Refreshing | Phase::Saving(_)) => {
                assert!(usable && self.held.is(&tokens));
            }
            (Turn::Wait, Phase::Refreshing | Phase::Saving(_)) => assert!(!usable && somebody_is_at_it),
            (Turn::Refresh(ticket, refresh), Phase::Resting) => {
                assert!(!somebody_is_at_it);
                assert!(!usable || (due && self.now >= self.quiet_until), "without need");
                assert_eq!(Some(token_of(&refresh)), self.held.refresh());
                self.phase = Phase::Refreshing;
                self.jobs.push(Job { ticket, refresh: Some(refresh), counts: true });
            }
            (Turn::Save(ticket, tokens), Phase::Unsaved(held)) => {
                assert!(!somebody_is_at_it && held.is(&tokens));
                self.phase = Phase::Saving(held);
                self.jobs.push(Job { ticket, refresh: None, counts: true });
            }
            (Turn::Reconnect(Reconnect::NoRefreshToken), Phase::Resting) => {
                assert!(!usable && self.held.refresh.is_none());
                self.phase = Phase::Dead;
            }
            (Turn::Reconnect(_), Phase::Dead) => {}
            (turn, phase) => panic!("{turn:?} while {phase:?}"),
        }
    }

    fn report(&mut self, job: Job, outcome: Outcome) {
        let Job { ticket, refresh, counts } = job;
        let good = matches!(outcome, Outcome::Replaced(_) | Outcome::Kept(_));
        let Some(mut refresh) = refresh else {
            self.session.saved(ticket, good);
            match self.phase {
                Phase::Saving(held) if counts && good => {
                    self.held = held;
                    self.settle(Phase::Resting);
                }
                Phase::Saving(held) if counts => self.phase = Phase::Unsaved(held),
                _ => {}
            }
            return;
        };
        self.made += 1;
        let (result, held) = self.heard(&mut refresh, outcome);
        let told = self.session.refreshed(ticket, result, self.now);
        let transient = !good && !matches!(outcome, Outcome::Dead);
        assert_eq!(told.is_err(), counts && transient);
        if counts {
            self.phase = match held {
                Some(held) => Phase::Unsaved(held),
                None if transient => Phase::Resting,
                None => Phase::Dead,
            };
            if transient {
                self.quiet_until = self.now.saturating_add(Duration::from_secs(30));
            }
        }
    }

    /// What the refresh makes of an answer, and what should have come of it.
    fn heard(&self, refresh: &mut Refresh, outcome: Outcome) -> (Result<TokenSet, Error>, Option<Held>) {
        let new = self.made;
        let (status, body, held) = match outcome {
            Outcome::Replaced(lifetime) => (
                200,
                format!(
                    r#"{{"access_token":"access-{new}","refresh_token":"refresh-{new}","expires_in":{lifetime}}}"#
                ),
                Some(Held::new(new, Some(new), self.now, lifetime)),
            ),
            Outcome::Kept(lifetime) => (
                200,
                format!(r#"{{"access_token":"access-{new}","expires_in":{lifetime}}}"#),
                Some(Held::new(new, self.held.refresh, self.now, lifetime)),
            ),
            Outcome::Dead => (400, r#"{"error":"invalid_grant"}"#.to_owned(), None),
            Outcome::Busy => (429, String::new(), None),
            Outcome::NoAnswer => return (Err(Error::NoAnswer(Fault::Unknown)), None),
            Outcome::Nonsense => (200, "<html>".to_owned(), None),
            Outcome::SomebodyElses => (200, r#"{"access_token":"theirs","sub":"acc_2"}"#.to_owned(), None),
        };
        let mut response = http::Response::new(Bytes::from(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        (refresh.read(response, self.now), held)
    }

    /// New tokens are saved: what was said of the old ones is of no account.
    fn settle(&mut self, phase: Phase) {
        self.phase = phase;
        self.rejected = false;
        self.quiet_until = self.now;
    }
}

fn token_of(refresh: &Refresh) -> String {
    let request = refresh.request().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body().as_bytes()).unwrap();
    body["refresh_token"].as_str().unwrap().to_owned()
}
