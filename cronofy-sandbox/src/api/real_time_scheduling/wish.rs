//! What is asked of a page, read member by member.

use serde_json::{Map, Value};

use crate::api::{availability, events, reach, time};
use crate::app::App;
use crate::auth;
use crate::state::{SchedulingWish, State, TargetCalendar, flaw};
use crate::wire::{FieldErrors, Members};

/// More calendars than a meeting has.
const MOST_TARGETS: usize = 50;
/// The largest query that is kept, in bytes of JSON.
const LARGEST_QUERY: usize = 64 * 1024;

/// `None`, or anything, where `errors` says what is wrong.
pub(super) fn read(
    app: &App,
    state: &State,
    client_id: &str,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Option<SchedulingWish> {
    let oauth = required(body, "oauth", errors);
    let redirect_uri = oauth.as_ref().and_then(|oauth| address(oauth, "redirect_uri", true, errors));
    let redirects = body.object("redirect_urls", errors);
    let mut redirect =
        |name: &str| redirects.as_ref().and_then(|redirects| address(redirects, name, false, errors));
    let (completed_url, no_times_suitable_url) =
        (redirect("completed_url"), redirect("no_times_suitable_url"));
    let event = event(body, errors);
    let availability = query(app, state, client_id, body, errors);
    let targets = targets(app, state, client_id, body, errors);
    creation(body, errors);
    Some(SchedulingWish {
        client_id: client_id.to_owned(),
        event: event?,
        availability: availability?,
        targets,
        minimum_notice: notice(body, errors),
        twelve_hours: twelve_hours(body, errors),
        completed_url: completed_url.or(redirect_uri)?,
        no_times_suitable_url,
        state: oauth?.text("state", errors).map(str::to_owned),
    })
}

fn required<'a>(body: &Members<'a>, name: &str, errors: &mut FieldErrors) -> Option<Members<'a>> {
    if body.get(name).is_none() {
        errors.required(&body.path(name));
    }
    body.object(name, errors)
}

fn address(within: &Members<'_>, name: &str, needed: bool, errors: &mut FieldErrors) -> Option<String> {
    let url = if needed { within.required_text(name, errors) } else { within.text(name, errors) }?;
    if let Some(flaw) = flaw(url) {
        errors.invalid(&within.path(name), flaw);
        return None;
    }
    Some(url.to_owned())
}

fn event(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Map<String, Value>> {
    let object = required(body, "event", errors)?;
    for name in ["event_id", "tzid"] {
        object.required_text(name, errors);
    }
    if object.get("attendees").is_some() {
        errors.push(&object.path("attendees"), "errors.not_supported", "not supported");
    }
    let mut event = body.get("event")?.as_object()?.clone();
    event.retain(|name, _| !["start", "end", "event_uid", "include_userinfo"].contains(&name.as_str()));
    errors.extend(events::flaws(&event).inside("event"));
    Some(event)
}

fn query(
    app: &App,
    state: &State,
    client_id: &str,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Option<Map<String, Value>> {
    required(body, "availability", errors)?;
    let query = body.get("availability")?.as_object()?.clone();
    if serde_json::to_vec(&query).is_ok_and(|bytes| bytes.len() > LARGEST_QUERY) {
        errors.push("availability", "errors.too_long", "a query must be at most 64 KiB of JSON");
        return None;
    }
    if let Err(flaws) = availability::offers(app, state, client_id, &query) {
        errors.extend(flaws.inside("availability"));
    }
    Some(query)
}

fn targets(
    app: &App,
    state: &State,
    client_id: &str,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Vec<TargetCalendar> {
    let mut targets = Vec::new();
    for target in body.objects("target_calendars", MOST_TARGETS, errors).unwrap_or_default() {
        let (sub, calendar_id) =
            (target.required_text("sub", errors), target.required_text("calendar_id", errors));
        let (Some(sub), Some(calendar_id)) = (sub, calendar_id) else { continue };
        let Some(subject) = auth::account(state, client_id, sub) else {
            errors.push(&target.path("sub"), "errors.not_recognized", "not known to this application");
            continue;
        };
        let writable = reach::writable(app, state, &subject, calendar_id).is_ok();
        if !writable || subject.needs("create_event").is_err() {
            errors.push(&target.path("calendar_id"), "errors.not_recognized", "not to be written to");
            continue;
        }
        targets.push(TargetCalendar { sub: sub.to_owned(), calendar_id: calendar_id.to_owned() });
    }
    targets
}

fn creation(body: &Members<'_>, errors: &mut FieldErrors) {
    match body.text("event_creation", errors) {
        None | Some("default") => {}
        Some("single") => errors.push("event_creation", "errors.not_supported", "not here"),
        Some(_) => errors.push("event_creation", "errors.not_recognized", "must be default or single"),
    }
}

fn notice(body: &Members<'_>, errors: &mut FieldErrors) -> i64 {
    let minutes = body.get("minimum_notice").map(time::minutes_or_none);
    if minutes == Some(None) {
        errors.invalid("minimum_notice", "must be a Duration");
    }
    minutes.flatten().unwrap_or_default()
}

fn twelve_hours(body: &Members<'_>, errors: &mut FieldErrors) -> bool {
    let Some(formatting) = body.object("formatting", errors) else { return false };
    match formatting.text("hour_format", errors) {
        Some("h") => true,
        None | Some("H") => false,
        Some(_) => {
            errors.push("formatting.hour_format", "errors.not_recognized", "must be h or H");
            false
        }
    }
}
