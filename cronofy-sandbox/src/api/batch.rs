//! `POST /v1/batch`
//!
//! Several writes in one call (docs: batch). Each goes through the same code as the call that it stands for.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::available_periods;
use super::events::{self, Written};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::faults::{Asked, At, Effect};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/batch",
    rules: &[
        documented("`batch` has at most 50 entries of `method`, `relative_url` and `data`", "api/batch"),
        documented("The answer is 207, with one result for each entry in their order", "api/batch"),
        documented("Events are written and deleted, by `event_id` or `event_uid`", "api/batch"),
        documented(
            "Available periods are written and deleted, one or all",
            "api/batch; api/scheduling/available-periods/bulk-delete",
        ),
        observed("A result has `status`, and `data` where there is a body", "cronofy-php 1.7"),
        documented("Entries fail and succeed by themselves", "api/batch"),
        guessed("They are applied in their order", "later entries can depend on earlier ones"),
        guessed(
            "What is not allowed in a batch is an entry with 422 on `relative_url`",
            "the others can be applied nevertheless",
        ),
        guessed("More than 50 entries are 422 on `batch`", "it is a field like any other"),
        guessed("No entries are 207 with no results", "nothing was asked for, and nothing failed"),
    ],
};

/// docs: batch.
const MOST_ENTRIES: usize = 50;

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    if body.get("batch").is_none() {
        errors.unspecified("batch");
    }
    let entries = body.list("batch", MOST_ENTRIES, &mut errors).unwrap_or_default();
    errors.into_result()?;
    let results: Vec<Value> = entries.iter().map(|entry| result(&app, &mut state, &subject, entry)).collect();
    Ok(answer(StatusCode::MULTI_STATUS, &json!({ "batch": results })))
}

fn result(app: &App, state: &mut State, subject: &Subject, entry: &Value) -> Value {
    if let Some(spoiled) = spoiled(app, state, subject, entry) {
        return spoiled;
    }
    let (status, data) = match apply(app, state, subject, entry) {
        Ok(written) => (StatusCode::ACCEPTED, written),
        Err(refusal) => refusal.into_entry(),
    };
    match data {
        None => json!({ "status": status.as_u16() }),
        Some(data) => json!({ "status": status.as_u16(), "data": data }),
    }
}

/// What a fault makes of an entry, if one hits it that is about the call that the entry stands for.
fn spoiled(app: &App, state: &mut State, subject: &Subject, entry: &Value) -> Option<Value> {
    let text = |name| entry.get(name).and_then(Value::as_str);
    let method = text("method")?.to_ascii_uppercase();
    let operation = format!("{method} {}", served_as(&path(text("relative_url")?)));
    let asked = Asked {
        operation: &operation,
        grant_type: None,
        client_id: Some(&subject.key.client_id),
        sub: Some(&subject.key.sub),
    };
    let hit = state.faults.hit_entry(&app.ids, asked)?;
    if hit.at == At::After {
        // What it did stays done; that it went well, or did not, nobody hears of.
        let _ = apply(app, state, subject, entry);
    }
    let Effect::Status { status, headers, body } = hit.effect else { return None };
    let mut result = json!({ "status": status });
    if !headers.is_empty() {
        result["headers"] = json!(headers);
    }
    if !body.is_null() {
        result["data"] = body;
    }
    Some(result)
}

/// A path as operations are named.
fn served_as(path: &[String]) -> String {
    match &path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["v1", "calendars", _, rest @ ..] => format!("/v1/calendars/{{calendar_id}}/{}", rest.join("/")),
        parts => format!("/{}", parts.join("/")),
    }
}

fn apply(app: &App, state: &mut State, subject: &Subject, entry: &Value) -> Result<Written, Refusal> {
    let Some(entry) = entry.as_object() else {
        let errors = FieldErrors::of("base", "errors.invalid_format", "must be an Object");
        return Err(errors.into_refusal());
    };
    let mut errors = FieldErrors::default();
    let members = Members::of(entry);
    let method = members.required_text("method", &mut errors);
    let url = members.required_text("relative_url", &mut errors);
    let empty = Map::new();
    let data = match members.get("data") {
        None => &empty,
        Some(Value::Object(data)) => data,
        Some(_) => {
            errors.invalid("data", "must be an Object");
            &empty
        }
    };
    let (Some(method), Some(url), true) = (method, url, errors.is_empty()) else {
        return Err(errors.into_refusal());
    };
    match (
        method.to_ascii_uppercase().as_str(),
        &path(url).iter().map(|part| &**part).collect::<Vec<_>>()[..],
    ) {
        ("POST", ["v1", "calendars", id, "events"]) => events::upsert::apply(app, state, subject, id, data),
        ("DELETE", ["v1", "calendars", id, "events"]) => events::delete::apply(app, state, subject, id, data),
        ("POST", ["v1", "available_periods"]) => available_periods::apply_upsert(state, subject, data),
        ("DELETE", ["v1", "available_periods"]) => available_periods::apply_delete(state, subject, data),
        _ => {
            let what = "not allowed in a batch";
            Err(FieldErrors::of("relative_url", "errors.not_supported", what).into_refusal())
        }
    }
}

/// The parts of a path with a leading slash, decoded. A query is left out: nothing that is allowed has one.
fn path(url: &str) -> Vec<String> {
    let path = url.split('?').next().unwrap_or_default();
    let parts = path.strip_prefix('/').unwrap_or_default().split('/');
    parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}
