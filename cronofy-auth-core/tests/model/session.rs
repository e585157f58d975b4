//! The promise of a session, as a small model beside the real one.
//!
//! Several callers ask for tokens, report what came of their turn late, wrongly or never, and time passes. At any
//! moment at most one of them holds a ticket that counts; nobody is handed tokens that were not saved; nobody
//! waits for nobody; and nothing is lost but by the server's word that the grant is dead, or by a report that
//! comes after its ticket was taken for lost.
//!
//! Where the session is free to choose a moment, the model knows the earliest and the latest it may be.

use core::time::Duration;
use std::sync::Arc;

use cronofy_auth_core::Endpoint as _;
use cronofy_auth_core::token::{Reconnect, Refresh, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::types::Timestamp;

use super::acts::{Act, Outcome};
use super::every_flow::app;
use super::tokens::Tokens;

/// A ticket is lost when it is this old.
const LOST: Duration = Duration::from_secs(5 * 60);
/// Tokens are new until they are this old.
const NEW: Duration = Duration::from_secs(30);
/// The shortest and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// The shortest and the longest time before their end that tokens are replaced, if they live long enough.
const EARLY: (Duration, Duration) = (Duration::from_secs(45), Duration::from_secs(75));

/// Plays these acts and panics where the session does other than it promises.
pub(crate) fn play(refreshable: bool, acts: impl IntoIterator<Item = Act>) {
    let now = Timestamp::from_unix_seconds(1_930_385_700).saturating_add(Duration::from_millis(500));
    let held = Tokens::new(0, refreshable.then_some(0), now, 3600);
    let session = Session::new(app(), held.set());
    let mut model = Model {
        old: Arc::clone(session.tokens()),
        session,
        held,
        phase: Phase::Resting,
        jobs: Vec::new(),
        made: 0,
        rejected: false,
        pause: (now, now),
        now,
    };
    for act in acts {
        model.act(act);
        model.holds();
    }
    model.comes_to_an_end();
}

struct Model {
    session: Session,
    held: Tokens,
    phase: Phase,
    jobs: Vec<Job>,
    /// How many token sets there have been.
    made: u32,
    rejected: bool,
    /// The earliest and the latest moment at which something is tried again.
    pause: (Timestamp, Timestamp),
    old: Arc<TokenSet>,
    now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Resting,
    Refreshing { since: Timestamp },
    Unsaved(Tokens),
    Saving { tokens: Tokens, since: Timestamp, newer: Option<Tokens> },
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

impl Model {
    /// What is so after every act.
    fn holds(&self) {
        assert!(self.held.is(self.session.tokens()));
        assert_eq!(self.session.usable(self.now).is_some(), self.is_usable());
        let working = matches!(self.phase, Phase::Refreshing { .. } | Phase::Saving { .. });
        assert_eq!(self.jobs.iter().filter(|job| job.counts).count(), usize::from(working));
    }

    /// From now on everything goes well, except that nobody reports on what was given out before: soon there are
    /// tokens that work, unless the authorization is dead.
    fn comes_to_an_end(&mut self) {
        for _ in 0..8 {
            self.turn();
            self.holds();
            match self.phase {
                Phase::Dead => return,
                Phase::Resting if self.is_usable() => return,
                Phase::Refreshing { since } | Phase::Saving { since, .. } if since == self.now => {
                    let counts = self.jobs.iter().position(|job| job.counts).unwrap();
                    let job = self.jobs.swap_remove(counts);
                    self.report(job, Outcome::Replaced(3600));
                }
                Phase::Refreshing { since } | Phase::Saving { since, .. } => {
                    self.now = since.saturating_add(LOST);
                }
                Phase::Resting | Phase::Unsaved(_) => self.now = self.now.max(self.pause.1),
            }
            self.holds();
        }
        panic!("stuck: {:?}", self.phase);
    }

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
                    self.session.abandon(job.ticket, self.now);
                    if job.counts {
                        self.give_out_again();
                        self.failed(Duration::ZERO);
                    }
                }
            }
            Act::Wait(milliseconds) => {
                self.now = self.now.saturating_add(Duration::from_millis(milliseconds.into()));
            }
            Act::Rejected => self.reject(&Arc::clone(self.session.tokens())),
            Act::OldRejected => self.reject(&Arc::clone(&self.old)),
            Act::Reconnect => self.reconnect(),
        }
    }

    fn job(&mut self, which: usize) -> Option<Job> {
        let count = self.jobs.len();
        (count > 0).then(|| self.jobs.swap_remove(which % count))
    }

    fn turn(&mut self) {
        self.lose();
        let usable = self.is_usable();
        let somebody_is_at_it = self.jobs.iter().any(|job| job.counts);
        let (may_try, has_to_try) = (self.now >= self.pause.0, self.now >= self.pause.1);
        match (self.session.turn(self.now), self.phase) {
            (Turn::Use(tokens), Phase::Resting | Phase::Unsaved(_)) => {
                assert!(usable && self.held.is(&tokens));
                let rests = self.phase == Phase::Resting;
                let nothing_to_do =
                    rests && (!self.held.ends_within(EARLY.0, self.now) || self.held.refresh.is_none());
                assert!(nothing_to_do || !has_to_try, "overdue");
            }
            (Turn::Later(instant), Phase::Resting | Phase::Unsaved(_)) => {
                assert!(!usable && !has_to_try);
                assert!(self.pause.0 <= instant && instant <= self.pause.1 && instant > self.now);
            }
            (Turn::Use(tokens), Phase::Refreshing { .. } | Phase::Saving { .. }) => {
                assert!(usable && self.held.is(&tokens));
            }
            (Turn::Wait, Phase::Refreshing { .. } | Phase::Saving { .. }) => {
                assert!(!usable && somebody_is_at_it);
            }
            (Turn::Refresh(ticket, refresh), Phase::Resting) => {
                assert!(!somebody_is_at_it && may_try);
                assert!(!usable || self.held.ends_within(EARLY.1, self.now), "without need");
                assert_eq!(Some(token_of(&refresh)), self.held.refresh_token());
                self.phase = Phase::Refreshing { since: self.now };
                self.jobs.push(Job { ticket, refresh: Some(refresh), counts: true });
            }
            (Turn::Save(ticket, set), Phase::Unsaved(tokens)) => {
                assert!(!somebody_is_at_it && may_try && tokens.is(&set));
                self.phase = Phase::Saving { tokens, since: self.now, newer: None };
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

    /// What nobody has reported on for long is given out again, and what they report later counts for nothing.
    fn lose(&mut self) {
        if let Phase::Refreshing { since } | Phase::Saving { since, .. } = self.phase
            && self.now.saturating_since(since) >= LOST
        {
            self.give_out_again();
            self.jobs.iter_mut().for_each(|job| job.counts = false);
        }
    }

    fn give_out_again(&mut self) {
        self.phase = match self.phase {
            Phase::Refreshing { .. } => Phase::Resting,
            Phase::Saving { tokens, newer, .. } => Phase::Unsaved(newer.unwrap_or(tokens)),
            phase => phase,
        };
    }

    fn report(&mut self, job: Job, outcome: Outcome) {
        match job.refresh {
            None => {
                self.session.saved(job.ticket, outcome.is_good(), self.now);
                if job.counts {
                    self.saved(outcome.is_good());
                }
            }
            Some(mut refresh) => {
                self.made += 1;
                let result = outcome.heard_by(&mut refresh, self.made, self.now);
                let told = self.session.refreshed(job.ticket, result, self.now);
                assert_eq!(told.is_err(), job.counts && outcome.is_transient());
                if job.counts {
                    self.refreshed(outcome);
                }
            }
        }
    }

    fn refreshed(&mut self, outcome: Outcome) {
        if let Some(new) = outcome.tokens(self.made, self.held, self.now) {
            self.phase = Phase::Unsaved(new);
            self.pause = (self.now, self.now);
        } else if outcome.is_transient() {
            self.phase = Phase::Resting;
            self.failed(outcome.asked());
        } else {
            self.phase = Phase::Dead;
        }
    }

    fn saved(&mut self, safe: bool) {
        let Phase::Saving { tokens, newer, .. } = self.phase else { panic!("saved while {:?}", self.phase) };
        match newer {
            Some(newer) => self.phase = Phase::Unsaved(newer),
            None if safe => {
                (self.phase, self.held, self.rejected) = (Phase::Resting, tokens, false);
                let until = self.now.saturating_add(PAUSES.0);
                self.pause = (until, until);
            }
            None => {
                self.phase = Phase::Unsaved(tokens);
                self.failed(Duration::ZERO);
            }
        }
    }

    fn failed(&mut self, asked: Duration) {
        let (shortest, longest) = PAUSES;
        self.pause =
            (self.now.saturating_add(shortest.max(asked)), self.now.saturating_add(longest.max(asked)));
    }

    fn reject(&mut self, tokens: &TokenSet) {
        let old_enough = self.now.saturating_since(self.held.received_at) >= NEW;
        let expected = self.held.is(tokens) && old_enough;
        assert_eq!(self.session.rejected(tokens, self.now), expected);
        self.rejected |= expected;
    }

    fn reconnect(&mut self) {
        self.made += 1;
        let new = Tokens::new(self.made, Some(self.made), self.now, 3600);
        self.session.reconnect(new.set());
        self.rejected = true;
        self.pause = (self.now, self.now);
        if let Phase::Saving { newer, .. } = &mut self.phase {
            *newer = Some(new);
        } else {
            self.phase = Phase::Unsaved(new);
            self.jobs.iter_mut().for_each(|job| job.counts = false);
        }
    }

    fn is_usable(&self) -> bool {
        !self.rejected && !self.held.ends_within(Duration::ZERO, self.now)
    }
}

fn token_of(refresh: &Refresh) -> String {
    let request = refresh.request().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body().as_bytes()).unwrap();
    body["refresh_token"].as_str().unwrap().to_owned()
}
