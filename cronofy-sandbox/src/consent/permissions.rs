//! `GET` and `POST /permissions/{id}`
//!
//! Where a person decides whether an application may touch events that it did not write.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;

use super::html::{escape, page};
use super::{page as pages, redirect, sent_from_elsewhere};
use crate::AutoConsent;
use crate::app::App;
use crate::calendars::CalendarKey;
use crate::state::{PermissionsRequest, State};
use crate::wire::Call;

pub(crate) async fn show_permissions(Extract(app): Extract<App>, Path(id): Path<String>) -> Response {
    let mut state = app.state();
    let Some(request) = state.permissions_request(app.clock.now(), &id).cloned() else { return gone() };
    match automatic(&state, &request) {
        None => shown(&state, &id, &request),
        Some(allow) => decided(&mut state, &id, &request, allow, StatusCode::FOUND),
    }
}

pub(crate) async fn submit_permissions(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Response {
    if sent_from_elsewhere(&call) {
        return pages::error(StatusCode::FORBIDDEN, "This form was sent from another site.");
    }
    let mut state = app.state();
    let Some(request) = state.permissions_request(app.clock.now(), &id).cloned() else { return gone() };
    let allow = match call.fields().ok().as_ref().and_then(|form| form.get("decision")) {
        Some("allow") => true,
        Some("deny") => false,
        _ => return pages::error(StatusCode::BAD_REQUEST, "The form says neither Allow nor Deny."),
    };
    decided(&mut state, &id, &request, allow, StatusCode::SEE_OTHER)
}

fn gone() -> Response {
    pages::error(StatusCode::NOT_FOUND, "This request was decided, or it is too old, or there never was one.")
}

/// What auto-consent says, if it does not leave it to a person.
fn automatic(state: &State, request: &PermissionsRequest) -> Option<bool> {
    match &state.policy.auto_consent {
        AutoConsent::Off => None,
        AutoConsent::Auto => Some(true),
        AutoConsent::Deny => Some(false),
        AutoConsent::Email(email) => {
            let authorization = state.authorization(&request.key);
            let profiles = authorization.into_iter().flat_map(|found| &found.profiles);
            Some(profiles.into_iter().any(|profile| profile.login.eq_ignore_ascii_case(email)))
        }
    }
}

fn decided(
    state: &mut State,
    id: &str,
    request: &PermissionsRequest,
    allow: bool,
    status: StatusCode,
) -> Response {
    state.decide_permissions(id, allow);
    if allow {
        redirect::at(&request.redirect_uri, status)
    } else {
        redirect::failure(&request.redirect_uri, "access_denied", None, "the person denied it", status)
    }
}

fn shown(state: &State, id: &str, request: &PermissionsRequest) -> Response {
    let application = state.applications.get(&request.key.client_id);
    let name = escape(application.map_or("An application", |found| found.name.as_str()));
    let item = |(key, unrestricted): &(CalendarKey, bool)| {
        let calendar = state.calendars.get(key).map(|calendar| calendar.name.as_str()).unwrap_or_default();
        let what = if *unrestricted {
            "every event, to change and to delete"
        } else {
            "only events that it wrote itself"
        };
        format!("<li>{}<small>{what}</small></li>\n", escape(calendar))
    };
    let calendars: String = request.wanted.iter().map(item).collect();
    let body = format!(
        "<p><strong>{name}</strong> asks for more than it may do now.</p>\n<ul>\n{calendars}</ul>\n\
         <form method=\"post\" action=\"/permissions/{}\">\n<div class=\"actions\">\n\
         <button class=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n\
         <button type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n</div>\n</form>\n",
        escape(id)
    );
    let mut response = page(StatusCode::OK, "Let an application change your events", &body);
    pages::protect(&mut response);
    response
}
