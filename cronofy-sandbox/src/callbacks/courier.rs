//! One callback on its way, from its first attempt to its last.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::fault::Effect;
use super::post::Post;
use super::signature::signature;
use super::{CallbackAttempt, CallbackState};
use crate::app::{App, WeakApp};
use crate::clock::Waiter;

/// It does not keep the sandbox alive: nothing is sent for one that is gone.
pub(super) struct Courier {
    pub(super) sandbox: WeakApp,
    pub(super) number: u64,
    pub(super) time: Waiter,
    /// Before the first attempt, on the machine's clock: the requester gets its answer first even where the
    /// sandbox's clock stands.
    pub(super) delay: Duration,
    pub(super) patience: Duration,
    pub(super) slots: Arc<Semaphore>,
}

impl Courier {
    pub(super) async fn deliver(mut self) {
        sleep(self.delay).await;
        while let Some(due) = self.next() {
            self.time.until(due).await;
            // For one attempt only: a receiver that is down must not hold up others while it is waited for.
            let slot = self.slots.acquire().await;
            let Some(post) = self.begin() else { return };
            let outcome = post.attempt(self.patience).await;
            drop(slot);
            self.end(outcome);
        }
    }

    fn next(&self) -> Option<std::time::SystemTime> {
        self.sandbox.upgrade()?.callbacks.book().next(self.number)
    }

    fn begin(&self) -> Option<Post> {
        let app = self.sandbox.upgrade()?;
        let ready = prepare(&app, self.number);
        match ready? {
            Ok(post) => Some(post),
            Err((state, why)) => {
                app.callbacks.book().close(self.number, state, Some(why.to_owned()));
                app.callbacks.stir();
                None
            }
        }
    }

    fn end(&self, outcome: Result<StatusCode, String>) {
        let Some(app) = self.sandbox.upgrade() else { return };
        let at = app.clock.now();
        let attempt = match outcome {
            Ok(status) => CallbackAttempt { at, status: Some(status.as_u16()), error: None },
            Err(why) => CallbackAttempt { at, status: None, error: Some(why) },
        };
        let ended = app.callbacks.book().end(self.number, attempt);
        if let Some(channel) = ended.closed {
            app.state().close_channel(&channel);
        }
        for number in ended.released {
            app.callbacks.dispatch(&app, number);
        }
        app.callbacks.stir();
    }
}

type Refusal = (CallbackState, &'static str);

/// What goes out in this attempt, signed with the secrets that are active now. `None` if the callback is forgotten.
fn prepare(app: &App, number: u64) -> Option<Result<Post, Refusal>> {
    let state = app.state();
    let mut book = app.callbacks.book();
    let record = book.begin(number)?;
    let letter = &record.letter;
    let target = match app.callbacks.settings.places.admit(&letter.url) {
        Ok(target) => target,
        Err(why) => return Some(Err((CallbackState::NotSent, why))),
    };
    if letter.channel.as_ref().is_some_and(|channel| !state.has_channel(channel)) {
        return Some(Err((CallbackState::Failed, "the channel is closed")));
    }
    let Some(application) = state.applications.get(&letter.client_id) else {
        return Some(Err((CallbackState::Failed, "the application is gone")));
    };
    let body = Bytes::from(letter.body.to_string());
    let (body, signature) = match record.effect {
        Some(Effect::Forged) => {
            let digest = signature(&body, &["a secret of somebody else".to_owned()]);
            (body, Some(digest))
        }
        Some(Effect::Altered) => (altered(&letter.body), Some(signature(&body, &application.secrets))),
        Some(Effect::Unsigned) => (body, None),
        _ => {
            let digests = signature(&body, &application.secrets);
            (body, Some(digests))
        }
    };
    Some(Ok(Post { target, body, signature }))
}

/// The body with a member that nobody signed.
fn altered(body: &Value) -> Bytes {
    let mut body = body.clone();
    if let Value::Object(members) = &mut body {
        members.insert("altered".to_owned(), Value::Bool(true));
    }
    Bytes::from(body.to_string())
}
