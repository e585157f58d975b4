//! One flight for each grant in this process: whoever comes while it is under way boards it, where it goes far enough.
//!
//! It carries on when everybody has left it, and while it has tokens that the store does not take nobody is let on.

use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use cronofy_auth_core::token::{Revoke, TokenSet};
use cronofy_auth_core::{Endpoint as _, drive};
use cronofy_types::{Sub, Timestamp};

use super::cache::Cached;
use super::{Background, Change, TokenError, TokenManager};
use crate::GrantId;
use crate::decide::grant::Reply;
use crate::drive::{Failure, Obtained, Unsaved, Wanted, obtain};
use crate::obtain::Outcome;
use crate::store::{StoreError, Told};

pub(super) type Landed = Result<Arc<TokenSet>, TokenError>;

/// After a failure this process does not ask the store again for as long, though the store may say more: a user may
/// have connected again through another process.
const PAUSE: Duration = Duration::from_secs(1);

/// Pauses that are over are swept out when there are more than this.
const MANY: usize = 1024;

#[derive(Default)]
pub(super) struct Flights {
    flying: HashMap<Sub, Flight>,
    paused: HashMap<Sub, (Timestamp, TokenError)>,
}

struct Flight {
    wanted: Wanted,
    passengers: Vec<oneshot::Sender<Landed>>,
    /// Set while it has tokens that the store does not take.
    unsaved: Option<Arc<StoreError>>,
}

impl Flight {
    /// Whether what this brings is what they want.
    fn covers(&self, wanted: &Wanted) -> bool {
        self.wanted.min_remaining >= wanted.min_remaining
            && (self.wanted.urgent || !wanted.urgent)
            && (wanted.replacing.is_none() || wanted.replacing == self.wanted.replacing)
    }
}

/// What comes of wanting to board.
pub(super) enum Boarding {
    /// There is no need to.
    Use(Arc<TokenSet>),
    /// Nobody is let on now.
    Refused(TokenError),
    /// What it brings is yours where it is `shared`; else ask again once it has landed.
    Aboard { landing: oneshot::AsyncReceiver<Landed>, shared: bool },
}

impl<T: Background> TokenManager<T> {
    pub(super) fn board(&self, id: &GrantId, wanted: Wanted) -> Boarding {
        let now = self.0.transport.now();
        let mut flights = self.flights();
        if let Some(flight) = flights.flying.get_mut(&id.subject) {
            if let Some(error) = &flight.unsaved {
                return Boarding::Refused(TokenError::Unsaved(Arc::clone(error)));
            }
            let (sender, landing) = oneshot::async_channel();
            flight.passengers.push(sender);
            return Boarding::Aboard { landing, shared: flight.covers(&wanted) };
        }
        // One may have landed since the caller looked.
        if let Some(tokens) = self.fresh(&id.subject, &wanted, now) {
            return Boarding::Use(tokens);
        }
        match flights.pause(&id.subject, now) {
            Some(error) if !wanted.urgent => return Boarding::Refused(error),
            _ => {}
        }
        let (sender, landing) = oneshot::async_channel();
        self.take_off(flights, id, wanted, vec![sender]);
        Boarding::Aboard { landing, shared: true }
    }

    /// Refreshes tokens that still work for a while, if nobody is at it.
    pub(super) fn refresh_early(&self, id: &GrantId, tokens: &TokenSet) {
        let now = self.0.transport.now();
        let mut flights = self.flights();
        if !flights.flying.contains_key(&id.subject) && flights.pause(&id.subject, now).is_none() {
            let wanted = Wanted { min_remaining: tokens.early(), ..Wanted::default() };
            self.take_off(flights, id, wanted, Vec::new());
        }
    }

    fn take_off(
        &self,
        mut flights: MutexGuard<'_, Flights>,
        id: &GrantId,
        wanted: Wanted,
        passengers: Vec<oneshot::Sender<Landed>>,
    ) {
        flights.flying.insert(id.subject.clone(), Flight { wanted, passengers, unsaved: None });
        drop(flights);
        let landing = Landing { manager: self.clone(), id: id.clone(), over: false };
        self.spawn(landing.fly(wanted));
    }

    pub(super) fn flights(&self) -> MutexGuard<'_, Flights> {
        self.0.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, id: &GrantId, generation: u64, tokens: Arc<TokenSet>) {
        let seen = self.0.transport.now();
        self.0.cache.put(&id.subject, Cached { generation, tokens: Some(tokens), seen });
    }

    /// Remembers that it has ended, and tells it unless that was known.
    pub(super) fn remember_end(&self, id: &GrantId, generation: u64, change: &Change) {
        let seen = self.0.transport.now();
        if self.0.cache.put(&id.subject, Cached { generation, tokens: None, seen }) {
            self.0.subscribers.tell(change);
        }
    }
}

impl Flights {
    fn pause(&mut self, subject: &Sub, now: Timestamp) -> Option<TokenError> {
        match self.paused.get(subject) {
            Some((until, error)) if now < *until => Some(error.clone()),
            Some(_) => {
                self.paused.remove(subject);
                None
            }
            None => None,
        }
    }

    /// Something else is known by now, such as that somebody has connected.
    pub(super) fn end_pause(&mut self, subject: &Sub) {
        self.paused.remove(subject);
    }
}

/// The right to land, given up even where the flight panics or is dropped with its runtime.
struct Landing<T: Background> {
    manager: TokenManager<T>,
    id: GrantId,
    over: bool,
}

impl<T: Background> Landing<T> {
    async fn fly(mut self, wanted: Wanted) {
        let shared = Arc::clone(&self.manager.0);
        let work = (shared.owners.next(), shared.lease);
        match obtain(&*shared.store, &shared.transport, &shared.app, &self.id, work, wanted).await {
            Ok(mut obtained) => {
                let orphan = obtained.orphan.take();
                let pause = obtained.pause;
                let landed = self.take_in(obtained);
                self.land(&landed, pause);
                if let Some(orphan) = orphan {
                    // Revoking what is revoked is no error, and there is nobody to tell of another.
                    let revoke = Revoke::access_token(shared.app.clone(), orphan.access_token.clone());
                    let _ = drive(&shared.transport, revoke.call()).await;
                }
            }
            Err(Failure::Store(error)) => self.land(&Err(error.into()), None),
            Err(Failure::Unsaved(unsaved)) => self.save(unsaved).await,
        }
    }

    /// What everybody is told, and what is remembered.
    fn take_in(&self, obtained: Obtained) -> Landed {
        let Obtained { outcome, generation, refreshed, error, .. } = obtained;
        let (manager, id) = (&self.manager, &self.id);
        match outcome {
            Outcome::Tokens(tokens) => {
                manager.remember(id, generation, Arc::clone(&tokens));
                if refreshed {
                    manager.0.subscribers.tell(&Change::Refreshed(id.clone()));
                }
                Ok(tokens)
            }
            Outcome::Failed { held } => {
                if let Some(held) = held {
                    manager.remember(id, generation, held);
                }
                Err(error.map_or(TokenError::Paused, TokenError::Refresh))
            }
            Outcome::NeedsReauth(reason) => {
                manager.remember_end(id, generation, &Change::NeedsReconnect(id.clone(), reason));
                Err(TokenError::NeedsReconnect(reason))
            }
            Outcome::Revoked => {
                manager.remember_end(id, generation, &Change::Revoked(id.clone()));
                Err(TokenError::Revoked)
            }
            Outcome::Absent => Err(TokenError::Absent),
        }
    }

    fn land(&mut self, landed: &Landed, pause: Option<Duration>) {
        self.over = true;
        let now = self.manager.0.transport.now();
        let mut flights = self.manager.flights();
        let passengers = flights.flying.remove(&self.id.subject).map(|flight| flight.passengers);
        if let (Err(error), Some(pause)) = (landed, pause) {
            if flights.paused.len() > MANY {
                flights.paused.retain(|_, (until, _)| now < *until);
            }
            let until = now.saturating_add(pause.min(PAUSE));
            flights.paused.insert(self.id.subject.clone(), (until, error.clone()));
        } else {
            // What failed before says nothing any more.
            flights.end_pause(&self.id.subject);
        }
        drop(flights);
        tell(passengers.unwrap_or_default(), landed);
    }

    /// Everybody is told that there is something wrong, and the flight goes on until the store has the tokens.
    async fn save(self, unsaved: Unsaved) {
        let shared = &*self.manager.0;
        let error = Arc::clone(unsaved.error());
        let passengers = self.manager.flights().flying.get_mut(&self.id.subject).map(|flight| {
            flight.unsaved = Some(Arc::clone(&error));
            core::mem::take(&mut flight.passengers)
        });
        tell(passengers.unwrap_or_default(), &Err(TokenError::Unsaved(error)));
        shared.subscribers.tell(&Change::Unsaved(self.id.clone()));
        if let Ok(told) = unsaved.save(&*shared.store, &shared.transport).await {
            // Whoever asks next reads them, too, if this does not.
            let _ = self.manager.look(&self.id).await;
            if matches!(told, Told::Decided(Reply::Written { .. })) {
                shared.subscribers.tell(&Change::Refreshed(self.id.clone()));
            }
        }
    }
}

fn tell(passengers: Vec<oneshot::Sender<Landed>>, landed: &Landed) {
    for passenger in passengers {
        // They may have gone away.
        let _ = passenger.send(landed.clone());
    }
}

impl<T: Background> Drop for Landing<T> {
    fn drop(&mut self) {
        if !self.over {
            // Passengers who are still aboard find out by it.
            self.manager.flights().flying.remove(&self.id.subject);
        }
    }
}
