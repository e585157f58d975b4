//! `GET /_sandbox/journal/stream`
//!
//! The journal as it is written, as server-sent events (HTML, section 9.2).

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use futures_util::stream::unfold;
use http::{HeaderValue, header};
use tokio::time::timeout;

use super::journal::filter;
use crate::app::App;
use crate::journal::{Filter, JournalEntry, Watch};
use crate::wire::{Call, Refusal};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/journal/stream", get(stream))
}

/// After so long without an entry a comment is sent: what stands between would take silence for the end.
const SILENCE: Duration = Duration::from_secs(15);

/// What comes from now on; with `since`, or the `Last-Event-ID` of a browser that comes back, what came after that
/// entry, too.
async fn stream(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut filter = filter(&call, &[])?;
    let last = call.header("last-event-id").and_then(|last| last.parse().ok());
    let since = last.or(filter.since.take());
    let watch = match since {
        Some(since) => app.journal.watch().after(since),
        None => app.journal.watch(),
    };
    // The first comment says that it works, before anything happens.
    let events = unfold((watch, filter, true), |(mut watch, filter, first)| async move {
        let text = if first { ": journal\n\n".to_owned() } else { next(&mut watch, &filter).await? };
        Some((Ok::<_, Infallible>(Bytes::from(text)), (watch, filter, false)))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The next event or, after a while, a comment. `None` at the end.
async fn next(watch: &mut Watch, filter: &Filter) -> Option<String> {
    let next = async {
        loop {
            let entry = watch.next().await?;
            if filter.lets(&entry) {
                return Some(event(&entry));
            }
        }
    };
    timeout(SILENCE, next).await.unwrap_or_else(|_| Some(": still here\n\n".to_owned()))
}

/// JSON is one line.
fn event(entry: &JournalEntry) -> String {
    // It has string keys and no custom serializer: writing it cannot fail.
    let data = serde_json::to_string(entry).unwrap_or_default();
    format!("id: {}\nevent: request\ndata: {data}\n\n", entry.sequence)
}
