//! `/v1/bookable_events`
//!
//! Events that others register for (docs: scheduling/bookable-events).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::time;
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{BookableEvent, TooManyBookable};
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

const CREATE_PAGE: &str = "api/scheduling/bookable-events/create";
const READ_PAGE: &str = "api/scheduling/bookable-events/read";
const UPSERT_PAGE: &str = "api/scheduling/bookable-events/registrations/upsert";
const DELETE_PAGE: &str = "api/scheduling/bookable-events/registrations/delete";

pub(crate) const CREATE: Operation = Operation {
    name: "POST /v1/bookable_events",
    rules: &[
        documented("The credential is the client secret", CREATE_PAGE),
        documented(
            "`bookable_event_id`, `start`, `end`, `status` and `registration.capacity` are required",
            CREATE_PAGE,
        ),
        documented(
            "`bookable_event_id` has letters, digits, underscores and hyphens alone; `start` and `end` are Times; \
             `status` is `confirmed` or `cancelled`; `capacity` is from 1 to 256",
            CREATE_PAGE,
        ),
        documented("The answer is 200 with the event", CREATE_PAGE),
        guessed(
            "A name that is there already changes the event, and its registrations stay",
            "an event could not become `cancelled` in another way",
        ),
        guessed("The end is after the start", "as of every other event"),
        guessed("An application has at most 1000 of them", "memory has to be bounded"),
    ],
};

pub(crate) const READ: Operation = Operation {
    name: "GET /v1/bookable_events/{bookable_event_id}",
    rules: &[
        documented(
            "`registration` has `capacity`, `registered_count`, `total_count` and `registrations`, each with \
             `registration_id`, `status` and `metadata`",
            READ_PAGE,
        ),
        documented("`registered_count` leaves out those that were declined or removed", READ_PAGE),
        guessed("All registrations come at once, without `pages`", "no page shows what is on the next page"),
        guessed("An unknown event is 404", "as everything that an authorization does not see"),
    ],
};

pub(crate) const UPSERT: Operation = Operation {
    name: "POST /v1/bookable_events/{bookable_event_id}/registrations",
    rules: &[
        documented(
            "`registration_id`, of letters, digits, underscores and hyphens, and `status` are required",
            UPSERT_PAGE,
        ),
        documented("`status` is `pending`, `accepted`, `tentative`, `declined` or `removed`", UPSERT_PAGE),
        documented("A `registration_id` creates a registration once, and then changes it", UPSERT_PAGE),
        observed("`metadata` has at most 10 pairs", "node cronofy 3.8.4, in its README"),
        documented("The answer is 200 with the event", UPSERT_PAGE),
        guessed("The values of `metadata` are Strings", "those of the example are"),
        guessed(
            "Without `metadata`, what was said before stays",
            "a status could not be changed alone otherwise",
        ),
        guessed(
            "A registration beyond the capacity is 422 on `status` with `errors.too_many`",
            "a capacity would mean nothing otherwise",
        ),
        guessed("An event has at most 1000, the removed ones among them", "memory has to be bounded"),
    ],
};

pub(crate) const DELETE: Operation = Operation {
    name: "DELETE /v1/bookable_events/{bookable_event_id}/registrations/{registration_id}",
    rules: &[
        documented("The registration becomes `removed`, and its `metadata` null", DELETE_PAGE),
        documented("The answer is 200 with the event", DELETE_PAGE),
        guessed("An unknown registration is 404", "as everything that an authorization does not see"),
    ],
};

const STATUSES: [&str; 2] = ["confirmed", "cancelled"];
const REGISTRATION_STATUSES: [&str; 5] = ["pending", "accepted", "tentative", "declined", "removed"];
const LARGEST: u64 = 256;
const MOST_PAIRS: usize = 10;

pub(crate) async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let id = name(&body, "bookable_event_id", &mut errors);
    let (start, end) = (moment(&body, "start", &mut errors), moment(&body, "end", &mut errors));
    let status = word(&body, &STATUSES, &mut errors);
    let capacity = capacity(&body, &mut errors);
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        errors.push("end", "errors.invalid_time_pair", "end must be after start");
    }
    let (Some(id), Some(start), Some(end), Some(status), Some(capacity), true) =
        (id, start, end, status, capacity, errors.is_empty())
    else {
        return Err(errors.into_refusal());
    };
    let event = BookableEvent { start, end, status, capacity, registrations: Vec::new() };
    let made = state.put_bookable_event(&client_id, id, event);
    let made =
        made.map_err(|TooManyBookable| too_many("base", "an application has at most 1000 bookable events"))?;
    Ok(answer(StatusCode::OK, &row(id, made)))
}

pub(crate) async fn read(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let event = state.bookable_event(&client_id, &id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, &row(&id, event)))
}

pub(crate) async fn upsert(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let event = state.bookable_event(&client_id, &id).ok_or_else(unknown)?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let registration_id = name(&body, "registration_id", &mut errors);
    let status = word(&body, &REGISTRATION_STATUSES, &mut errors);
    let metadata = metadata(&body, &mut errors);
    let (Some(registration_id), Some(status), true) = (registration_id, status, errors.is_empty()) else {
        return Err(errors.into_refusal());
    };
    if !event.has_room(registration_id, status) {
        return Err(too_many("status", "the event has no place left"));
    }
    let registration = event.registration(registration_id);
    let registration = registration
        .map_err(|TooManyBookable| too_many("base", "an event has at most 1000 registrations"))?;
    registration.status = status;
    registration.metadata = match status {
        "removed" => None,
        _ => metadata.or(registration.metadata.take()),
    };
    Ok(answer(StatusCode::OK, &row(&id, event)))
}

pub(crate) async fn delete(
    Extract(app): Extract<App>,
    Path((id, registration_id)): Path<(String, String)>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let event = state.bookable_event(&client_id, &id).ok_or_else(unknown)?;
    let found = event.registrations.iter_mut().find(|registration| registration.id == registration_id);
    let found = found.ok_or_else(|| Refusal::not_found("the event has no such registration"))?;
    (found.status, found.metadata) = ("removed", None);
    Ok(answer(StatusCode::OK, &row(&id, event)))
}

fn name<'a>(body: &Members<'a>, member: &str, errors: &mut FieldErrors) -> Option<&'a str> {
    let name = body.required_text(member, errors)?;
    if !name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-')) {
        errors.invalid(&body.path(member), "must be of letters, digits, underscores and hyphens");
        return None;
    }
    Some(name)
}

fn moment(body: &Members<'_>, member: &str, errors: &mut FieldErrors) -> Option<jiff::Timestamp> {
    let time = time::time(body.required_text(member, errors)?);
    if time.is_none() {
        errors.invalid(&body.path(member), "must be a Time with whole seconds");
    }
    time
}

fn word(body: &Members<'_>, words: &[&'static str], errors: &mut FieldErrors) -> Option<&'static str> {
    let text = body.required_text("status", errors)?;
    let found = words.iter().find(|word| **word == text).copied();
    if found.is_none() {
        errors.push("status", "errors.not_recognized", &format!("must be one of {}", words.join(", ")));
    }
    found
}

fn capacity(body: &Members<'_>, errors: &mut FieldErrors) -> Option<usize> {
    let registration = body.object("registration", errors);
    let Some(capacity) = registration.as_ref().and_then(|registration| registration.get("capacity")) else {
        errors.unspecified("registration.capacity");
        return None;
    };
    let capacity = capacity.as_u64().filter(|capacity| (1..=LARGEST).contains(capacity));
    if capacity.is_none() {
        errors.invalid("registration.capacity", "must be an Integer from 1 to 256");
    }
    capacity.and_then(|capacity| capacity.try_into().ok())
}

fn metadata(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Map<String, Value>> {
    body.object("metadata", errors)?;
    let pairs = body.get("metadata")?.as_object()?;
    if pairs.len() > MOST_PAIRS {
        errors.push("metadata", "errors.too_many", "must be at most 10");
    }
    for (key, value) in pairs {
        if !value.is_string() {
            errors.invalid(&format!("metadata.{key}"), "must be a String");
        }
    }
    Some(pairs.clone())
}

fn unknown() -> Refusal {
    Refusal::not_found("the application has no such bookable event")
}

fn too_many(field: &str, what: &str) -> Refusal {
    Refusal::fields(FieldErrors::of(field, "errors.too_many", what), what)
}

fn row(id: &str, event: &BookableEvent) -> Value {
    let registrations = event.registrations.iter().map(|registration| {
        json!({
            "registration_id": registration.id,
            "status": registration.status,
            "metadata": registration.metadata,
        })
    });
    json!({
        "bookable_event_id": id,
        "start": time::utc(event.start),
        "end": time::utc(event.end),
        "status": event.status,
        "registration": {
            "capacity": event.capacity,
            "registered_count": event.registered(),
            "total_count": event.registrations.len(),
            "registrations": registrations.collect::<Vec<Value>>(),
        },
    })
}
