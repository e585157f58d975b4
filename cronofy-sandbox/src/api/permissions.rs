//! `POST /v1/permissions`
//!
//! Asks for more than the events that the application writes itself (elevated permissions).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::reach;
use crate::app::App;
use crate::auth::{self, Subject};
use crate::calendars::CalendarKey;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::scope;
use crate::state::{GrantKey, Kind, PermissionsRequest, State, flaw};
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/permissions",
    rules: &[
        observed(
            "`permissions` is a list of `calendar_id` and `permission_level`",
            "cronofy-ruby 0.41, node cronofy 3.8.4, pycronofy 2.0.7",
        ),
        observed("`permission_level` is `unrestricted` or `sandbox`", "cronofy-ruby 0.41, in its tests"),
        observed("The answer is 202", "cronofy-ruby 0.41, in its tests"),
        observed(
            "`permissions_request.url` is where a person is sent to decide",
            "cronofy-ruby 0.41, pycronofy 2.0.7",
        ),
        observed(
            "`permissions_request.accepted` is true where access came through a service account",
            "cronofy-ruby 0.41, Cronofy .NET 1.12",
        ),
        observed("People need a `redirect_uri`", "node cronofy 3.8.4"),
        guessed("It must be one that codes could be sent to", "it is the same kind of redirect"),
        guessed("An unknown calendar is `errors.not_recognized`", "it is a field like any other"),
        documented(
            "The service account needs `service_account/accounts/unrestricted_access`, for rooms \
             `service_account/resources/unrestricted_access`",
            "api/enterprise-connect/request-authorization",
        ),
        guessed(
            "Where the service account lacks that scope, the answer is 403",
            "403 means elsewhere that a scope is missing, and nobody is there to be asked",
        ),
        guessed("An application calendar accepts at once", "nobody stands behind it who could decide"),
        guessed(
            "For members of an Organizational Unit it is 403",
            "they decide about a unit's scheduling only",
        ),
    ],
};

/// Calendars of one request (sandbox choice).
const MOST_CALENDARS: usize = 100;

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let now = app.clock.now();
    let subject = auth::user(&call, &app, &state, now)?;
    if subject.impersonated {
        return Err(Refusal::forbidden("a unit cannot raise permissions in its members' calendars"));
    }
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let wanted = wanted(&app, &state, &subject, &body, &mut errors);
    let at_once = decides_nobody(&state, &subject)?;
    let redirect_uri = if at_once { None } else { redirect_uri(&state, &subject, &body, &mut errors) };
    errors.into_result()?;
    let Some(redirect_uri) = redirect_uri else {
        for (key, unrestricted) in &wanted {
            state.calendars.set_unrestricted(&subject.key.client_id, key, *unrestricted);
        }
        return Ok(accepted(&json!({ "accepted": true })));
    };
    let request = PermissionsRequest { key: subject.key.clone(), wanted, redirect_uri };
    let id = state.ask_for_permissions(&app.ids, now, request);
    Ok(accepted(&json!({ "url": format!("{}/permissions/{id}", app.base_url) })))
}

fn accepted(request: &Value) -> Response {
    answer(StatusCode::ACCEPTED, &json!({ "permissions_request": request }))
}

/// Whether there is no person to ask: an administrator decided, or there is none. 403 where the administrator did
/// not let anybody have it.
fn decides_nobody(state: &State, subject: &Subject) -> Result<bool, Refusal> {
    if matches!(subject.kind, Kind::ApplicationCalendar { .. }) {
        return Ok(true);
    }
    let Some(service) = state.authorization(&subject.key).and_then(|found| found.through.clone()) else {
        return Ok(false);
    };
    let mut logins = subject.profiles.iter().filter_map(|profile| state.world.login(&profile.login));
    let needed = if logins.any(|login| login.room.is_some()) {
        scope::UNRESTRICTED_RESOURCES
    } else {
        scope::UNRESTRICTED_ACCOUNTS
    };
    let key = GrantKey { client_id: subject.key.client_id.clone(), sub: service };
    if state.authorization(&key).is_some_and(|found| scope::holds(&found.scope, needed)) {
        return Ok(true);
    }
    Err(Refusal::forbidden(format!("the service account lacks the scope {needed}")))
}

fn wanted(
    app: &App,
    state: &State,
    subject: &Subject,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Vec<(CalendarKey, bool)> {
    let given = body.objects("permissions", MOST_CALENDARS, errors).unwrap_or_default();
    if body.get("permissions").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        errors.unspecified("permissions");
    }
    let calendars = reach::all(app, state, subject);
    let mut wanted = Vec::new();
    for permission in given {
        let unrestricted = match permission.required_text("permission_level", errors) {
            Some("unrestricted") => Some(true),
            Some("sandbox") => Some(false),
            Some(_) => {
                let what = "must be unrestricted or sandbox";
                errors.push(&permission.path("permission_level"), "errors.not_recognized", what);
                None
            }
            None => None,
        };
        let Some(id) = permission.required_text("calendar_id", errors) else { continue };
        match calendars.iter().find(|reached| reached.calendar.id == id) {
            Some(reached) => wanted.extend(unrestricted.map(|on| (reached.calendar.key.clone(), on))),
            None => errors.push(&permission.path("calendar_id"), "errors.not_recognized", "not recognized"),
        }
    }
    wanted
}

fn redirect_uri(
    state: &State,
    subject: &Subject,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Option<String> {
    let uri = body.required_text("redirect_uri", errors)?;
    if let Some(flaw) = flaw(uri) {
        errors.invalid("redirect_uri", flaw);
        return None;
    }
    if !state.applications.get(&subject.key.client_id).is_some_and(|application| application.accepts(uri)) {
        errors.push("redirect_uri", "errors.not_recognized", "not registered for the application");
        return None;
    }
    Some(uri.to_owned())
}
