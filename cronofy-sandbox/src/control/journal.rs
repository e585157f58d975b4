//! `GET` and `DELETE /_sandbox/journal`, `POST /_sandbox/journal/verify`
//!
//! What was asked of the sandbox, and whether it is what a test expects.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::{Value, json};

use super::{members, parameters};
use crate::app::App;
use crate::journal::{Checked, Filter};
use crate::wire::{Call, FieldErrors, Refusal, empty, json as answer};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/journal", get(list).delete(clear))
        .route("/_sandbox/journal/verify", post(verify))
}

/// How many entries are answered where nobody says.
const LIMIT: usize = 100;

async fn list(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let filter = filter(&call, &["limit"])?;
    let query = call.query();
    let limit = query.get("limit").map(str::parse::<usize>).transpose().map_err(|_| {
        let error = FieldErrors::of("limit", "errors.invalid_format", "must be a whole number, not negative");
        Refusal::fields(error, "limit is no number")
    })?;
    let mut entries = app.journal.entries();
    entries.retain(|entry| filter.lets(entry));
    let latest = entries.len().saturating_sub(limit.unwrap_or(LIMIT));
    let entries: Vec<_> = entries[latest..].iter().map(|entry| &**entry).collect();
    Ok(answer(StatusCode::OK, &json!({ "entries": entries, "served": app.journal.served() })))
}

async fn clear(State(app): State<App>) -> Response {
    app.journal.clear();
    empty(StatusCode::NO_CONTENT)
}

/// How much can be expected at once. Each is held to every entry, and its answer lists those that match.
const MOST_EXPECTED: usize = 100;

async fn verify(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut body = members(&call, &["expect"])?;
    let mut errors = FieldErrors::default();
    let mut expected = Vec::new();
    match body.remove("expect") {
        Some(Value::Array(expect)) if expect.len() > MOST_EXPECTED => {
            let most = format!("must be at most {MOST_EXPECTED}");
            errors.push("expect", "errors.too_many", &most);
        }
        Some(Value::Array(expect)) if !expect.is_empty() => {
            for (index, one) in expect.into_iter().enumerate() {
                let place = format!("expect[{index}]");
                match one {
                    Value::Object(one) => match Checked::read(one) {
                        Ok(one) => expected.push(one),
                        Err(flaws) => errors.extend(flaws.inside(&place)),
                    },
                    _ => errors.push(&place, "errors.invalid_format", "must be an object"),
                }
            }
        }
        None => errors.required("expect"),
        Some(_) => errors.push("expect", "errors.invalid_format", "must be a list with at least one object"),
    }
    errors.into_result()?;
    let journal = app.journal.entries();
    let results: Vec<_> = expected.iter().map(|one| one.judge(&journal)).collect();
    let ok = results.iter().all(|result| result.ok);
    Ok(answer(StatusCode::OK, &json!({ "ok": ok, "results": results })))
}

/// The filter of a query, in which `more` may be, too.
pub(super) fn filter(call: &Call, more: &[&str]) -> Result<Filter, Refusal> {
    parameters(call, &[&Filter::PARAMETERS[..], more].concat())?;
    Filter::read(&call.query()).map_err(|errors| {
        let why = errors.to_string();
        Refusal::fields(errors, why)
    })
}
