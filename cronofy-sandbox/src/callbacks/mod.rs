//! Callbacks: really sent, signed like Cronofy's, and only to where they may go.
//!
//! The first attempt comes soon after the request, whatever the sandbox's clock shows; all others come by that clock.
//! So a test that moves the clock by an hour sees every attempt of that hour at once.

mod book;
mod callback;
mod courier;
mod fault;
pub(crate) mod notify;
mod place;
mod post;
mod record;
mod rules;
mod signature;
mod words;

pub use callback::{Callback, CallbackAttempt, UndeliveredCallback};
pub use fault::{CallbackFault, CallbackFaultOn, PlacedCallbackFault};
pub(crate) use fault::{CallbackFaults, ENDLESS, Effect};
pub(crate) use notify::Notification;
pub(crate) use place::Places;
pub(crate) use post::MARK;
pub(crate) use rules::{NOTIFICATIONS, RULES};
pub use words::{CallbackKind, CallbackState, UnknownWord};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::app::App;
use crate::clock::{Setting, after};
use crate::state::{ChannelKey, State};
use book::Book;
use courier::Courier;
use record::{Record, schedule};

/// What is to be sent, and to whom.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) kind: CallbackKind,
    /// The application: its secrets sign.
    pub(crate) client_id: String,
    pub(crate) url: String,
    pub(crate) body: Value,
    /// The channel that a notification goes through.
    pub(crate) channel: Option<ChannelKey>,
}

/// When callbacks are sent, and where they may go.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Between the answer to a request and its callback.
    pub(crate) delay: Duration,
    /// Pauses before further attempts at the outcome of delegated access.
    pub(crate) retries: Vec<Duration>,
    /// Pauses before further attempts at a notification.
    pub(crate) notification_retries: Vec<Duration>,
    /// How long one attempt may take.
    pub(crate) patience: Duration,
    pub(crate) places: Places,
}

/// What became of all callbacks, and what it takes to send one.
#[derive(Debug)]
pub(crate) struct Callbacks {
    settings: Settings,
    book: Mutex<Book>,
    /// Changes with the book.
    stirred: watch::Sender<()>,
    slots: Arc<Semaphore>,
    /// Changes when everything under way is to be left, and goes with the sandbox.
    running: watch::Sender<()>,
    runtime: Handle,
}

/// Connections at once; further attempts wait for a slot. With all of the server's, it is within what a process may
/// have open.
const SIMULTANEOUS: usize = 128;

/// Sends a callback soon, unless it may not go there or a fault befalls it. Gives its identifier.
pub(crate) fn send(app: &App, state: &mut State, letter: Letter) -> String {
    let callbacks = &app.callbacks;
    let now = app.clock.now();
    let refused = callbacks.settings.places.admit(&letter.url).err();
    let effect = if refused.is_none() { state.callback_faults.strike(letter.kind) } else { None };
    let first = match effect {
        Some(Effect::Delay { delay_seconds }) => after(now, Duration::from_secs(delay_seconds)),
        _ => now,
    };
    let record = |letter| {
        let due = schedule(first, callbacks.settings.pauses(&letter));
        Record::new(letter, now, due).struck_by(effect)
    };
    let mut book = callbacks.book();
    let (number, id) = book.enter(&app.ids, record(letter.clone()));
    let mut departing = vec![number];
    match (refused, effect) {
        (Some(why), _) => book.close(number, CallbackState::NotSent, Some(why.to_owned())),
        (None, Some(Effect::Never)) => {
            book.close(number, CallbackState::Withheld, Some("a fault withheld it".to_owned()));
        }
        (None, Some(Effect::Duplicate)) => {
            departing.push(book.enter(&app.ids, record(letter).copy_of(&id)).0);
        }
        (None, _) => {}
    }
    departing.retain(|number| book.next(*number).is_some());
    drop(book);
    for number in departing {
        callbacks.dispatch(app, number);
    }
    callbacks.stir();
    id
}

impl Callbacks {
    /// `runtime` is where callbacks are sent from.
    pub(crate) fn new(settings: Settings, runtime: Handle) -> Self {
        Self {
            settings,
            book: Mutex::default(),
            stirred: watch::Sender::new(()),
            slots: Arc::new(Semaphore::new(SIMULTANEOUS)),
            running: watch::Sender::new(()),
            runtime,
        }
    }

    /// Sends a callback again: a new one with the same body, signed anew, that no fault befalls. `None` if there is
    /// none with this identifier, or none any more.
    pub(crate) fn resend(&self, app: &App, id: &str) -> Option<Callback> {
        let now = app.clock.now();
        let mut book = self.book();
        let letter = book.letter(id)?.clone();
        let refused = self.settings.places.admit(&letter.url).err();
        let due = schedule(now, self.settings.pauses(&letter));
        let (number, copy) = book.enter(&app.ids, Record::new(letter, now, due).copy_of(id));
        if let Some(why) = refused {
            book.close(number, CallbackState::NotSent, Some(why.to_owned()));
        } else {
            self.dispatch(app, number);
        }
        let copy = book.callback(&copy);
        drop(book);
        self.stir();
        copy
    }

    /// Oldest first: all that are under way, and the latest of those that are over.
    pub(crate) fn list(&self) -> Vec<Callback> {
        self.book().callbacks()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Callback> {
        self.book().callback(id)
    }

    /// Whether a channel has yet to be told of a change for the first time.
    fn owes_change(&self, channel: &str) -> bool {
        self.book().owes_change(channel)
    }

    /// Leaves everything that is under way and forgets what is over.
    pub(crate) fn forget(&self) {
        self.running.send_replace(());
        self.book().forget();
        self.stir();
    }

    /// The same, for a sandbox that is put back to some moment.
    pub(crate) fn restart(&self) {
        self.running.send_replace(());
        self.book().restart();
        self.stir();
    }

    /// How many callbacks were answered 2xx.
    pub(crate) fn delivered(&self) -> u64 {
        self.book().delivered()
    }

    pub(crate) fn undelivered(&self) -> Vec<UndeliveredCallback> {
        self.book().undelivered()
    }

    /// Waits until no callback is in flight, due, or due before `patience` ends if nobody moves the clock. `false` if
    /// that took longer.
    pub(crate) async fn settled(app: App, patience: Duration) -> bool {
        let mut stirred = app.callbacks.stirred.subscribe();
        let began = Instant::now();
        let horizon = || {
            let runs = !matches!(app.clock.setting(), Setting::Frozen(_));
            let left = if runs { patience.saturating_sub(began.elapsed()) } else { Duration::ZERO };
            after(app.clock.now(), left)
        };
        let settled = async {
            while app.callbacks.book().is_busy(horizon()) {
                // The sender is the sandbox's, which `app` keeps alive.
                let _ = stirred.changed().await;
            }
        };
        timeout(patience, settled).await.is_ok()
    }

    /// The same for a thread without a runtime.
    pub(crate) fn wait_until_settled(app: &App, patience: Duration) -> bool {
        let (done, answer) = mpsc::sync_channel(1);
        let settled = Self::settled(app.clone(), patience);
        app.callbacks.runtime.spawn(async move { done.send(settled.await) });
        // No answer comes from a runtime that has ended: nothing settles there any more.
        answer.recv().unwrap_or(false)
    }

    fn dispatch(&self, app: &App, number: u64) {
        let courier = Courier {
            sandbox: app.downgrade(),
            number,
            time: app.clock.waiter(),
            delay: self.settings.delay,
            patience: self.settings.patience,
            slots: Arc::clone(&self.slots),
        };
        let mut stopped = self.running.subscribe();
        self.runtime.spawn(async move {
            tokio::select! {
                () = courier.deliver() => {}
                _ = stopped.changed() => {}
            }
        });
    }

    /// Locked after the state, where both are needed.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stir(&self) {
        self.stirred.send_replace(());
    }
}

impl Default for Settings {
    /// Cronofy tells nothing of retries of the outcome of delegated access; a notification it repeats for 24 hours.
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self {
            delay: Duration::from_millis(10),
            retries: [100, 300, 900].map(Duration::from_millis).to_vec(),
            notification_retries: [1, 4, 10, 15, 30, 60, 120, 240, 480, 480].map(minutes).to_vec(),
            patience: Duration::from_secs(5),
            places: Places::default(),
        }
    }
}

impl Settings {
    fn pauses(&self, letter: &Letter) -> &[Duration] {
        if letter.channel.is_some() { &self.notification_retries } else { &self.retries }
    }
}
