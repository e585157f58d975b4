//! A line of the journal while its request is under way.

use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::caller::Caller;
use crate::app::App;
use crate::clock::written;
use crate::faults::Hit;
use crate::journal::{JournalEntry, JournalFault, Mask};
use crate::ledger::Operation;
use crate::server::Ending;
use crate::state::State;
use crate::wire::{Call, errors};

/// It is written when the answer is known and, if the client goes away before that, when it does.
pub(super) struct Record {
    app: App,
    began: Instant,
    /// Until it is written.
    entry: Option<JournalEntry>,
}

/// Headers that tell something and hold no secret, unless somebody puts one there: those are masked, too.
const SHOWN: [&str; 5] = ["accept", "content-type", "cronofy-impersonate", "origin", "user-agent"];

impl Record {
    pub(super) fn begin(app: &App, request: &Request, operation: Option<&'static Operation>) -> Self {
        let entry = JournalEntry {
            time: written(app.clock.now()),
            method: request.method().as_str().to_owned(),
            operation: operation.map(|operation| operation.name),
            // What is not read yet is not masked yet.
            path: operation.map_or("/", |operation| operation.path()).to_owned(),
            ..JournalEntry::default()
        };
        Self { app: app.clone(), began: Instant::now(), entry: Some(entry) }
    }

    /// Notes what was asked, as far as it may be shown.
    pub(super) fn asked(&mut self, call: &Call, body: Option<Value>, caller: &Caller, state: &State) {
        let Some(entry) = &mut self.entry else { return };
        let mut mask = Mask::new(state);
        entry.path = mask.text(call.path());
        entry.client_id.clone_from(&caller.client_id);
        entry.sub = caller.sub.as_deref().map(|sub| mask.text(sub));
        for name in SHOWN {
            if let Some(value) = call.header(name) {
                entry.headers.insert(name, mask.text(value));
            }
        }
        if call.header("authorization").is_some() {
            let kind = if call.bearer().is_some() { "Bearer [masked]" } else { "[masked]" };
            entry.headers.insert("authorization", kind.to_owned());
        }
        entry.query = mask.members(call.query_object());
        entry.body = body.map(|body| mask.value(body)).unwrap_or_default();
        entry.body_bytes = call.length();
        entry.cut = mask.has_cut();
    }

    pub(super) fn hit(&mut self, hit: &Hit) {
        if let Some(entry) = &mut self.entry {
            let effect = hit.effect.word();
            entry.fault = Some(JournalFault { id: hit.id.clone(), effect, own_status: None });
        }
    }

    /// Notes what the operation itself came to.
    pub(super) fn came_to(&mut self, status: StatusCode) {
        if let Some(fault) = self.entry.as_mut().and_then(|entry| entry.fault.as_mut()) {
            fault.own_status = Some(status.as_u16());
        }
    }

    /// Writes it down.
    pub(super) fn finish(mut self, mut response: Response) -> Response {
        let is_sent = response.extensions().get::<Ending>().is_none();
        let why = response.headers_mut().get_mut(errors::WHY).map(|why| {
            // Parts of a request can be in it: its path, for one. Clients log it as well.
            let masked = Mask::new(&self.app.state()).text(why.to_str().unwrap_or_default());
            *why = errors::why_value(&masked);
            masked
        });
        self.write(is_sent.then(|| response.status().as_u16()), why);
        response
    }

    fn write(&mut self, status: Option<u16>, why: Option<String>) {
        if let Some(mut entry) = self.entry.take() {
            entry.status = status;
            entry.why = why;
            entry.duration_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.app.journal.record(entry);
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.entry.is_some() {
            self.write(None, Some("the client went away before there was an answer".to_owned()));
        }
    }
}
