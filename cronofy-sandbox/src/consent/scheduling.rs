//! `GET` and `POST /rts/{token}`
//!
//! Where somebody picks a time for an event (docs: scheduling/real-time-scheduling).

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::html::{escape, page};
use super::{page as pages, redirect, sent_from_elsewhere};
use crate::api::real_time_scheduling::{NotPicked, offers, pick};
use crate::app::App;
use crate::state::{LinkStatus, SchedulingLink, State};
use crate::wire::{Call, errors};

pub(crate) async fn show_scheduling(Extract(app): Extract<App>, Path(token): Path<String>) -> Response {
    let state = app.state();
    let Some(link) = state.scheduling_link(&token) else { return nowhere() };
    match &link.status {
        LinkStatus::Open => shown(&app, &state, link),
        LinkStatus::Completed { .. } => told(StatusCode::OK, "A time was picked", "It is taken care of."),
        LinkStatus::Disabled { message } => told(StatusCode::OK, "No time can be picked", message),
    }
}

pub(crate) async fn submit_scheduling(
    Extract(app): Extract<App>,
    Path(token): Path<String>,
    call: Call,
) -> Response {
    if sent_from_elsewhere(&call) {
        return pages::error(StatusCode::FORBIDDEN, "This form was sent from another site.");
    }
    let mut state = app.state();
    let Some(wish) = state.scheduling_link(&token).map(|link| link.wish.clone()) else { return nowhere() };
    let fields = call.fields().ok();
    let Some(start) = fields.as_ref().and_then(|form| form.get("start")) else {
        return pages::error(StatusCode::BAD_REQUEST, "The form says no time.");
    };
    if start == NONE {
        return match &wish.no_times_suitable_url {
            Some(url) => redirect::with_token(url, &token, wish.state.as_deref()),
            None => told(StatusCode::OK, "No time suits", "Nothing was picked. You can come back."),
        };
    }
    let Ok(start) = start.parse::<Timestamp>() else {
        return pages::error(StatusCode::BAD_REQUEST, "The form says no time.");
    };
    match pick(&app, &mut state, &token, start) {
        Ok(()) => redirect::with_token(&wish.completed_url, &token, wish.state.as_deref()),
        Err(NotPicked::Closed) => not_picked("No time can be picked on this page any more."),
        Err(NotPicked::Taken) => {
            not_picked("This time is not free, or is no more. Go back and pick another.")
        }
        Err(NotPicked::Unwritable) => not_picked("A calendar that was to take the event does not take it."),
    }
}

/// The field `start` where no time suits.
const NONE: &str = "none";

fn nowhere() -> Response {
    pages::error(StatusCode::NOT_FOUND, "There is no such page.")
}

/// `text` keeps its lines.
fn told(status: StatusCode, title: &str, text: &str) -> Response {
    let text = escape(text).replace('\n', "<br>\n");
    let mut response = page(status, title, &format!("<p>{text}</p>\n"));
    pages::protect(&mut response);
    response
}

fn not_picked(why: &str) -> Response {
    let mut response = told(StatusCode::CONFLICT, "No time was picked", why);
    response.headers_mut().insert(errors::WHY, errors::why_value(why));
    response
}

fn shown(app: &App, state: &State, link: &SchedulingLink) -> Response {
    let text = |name: &str| link.wish.event.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let zone = TimeZone::get(text("tzid")).unwrap_or(TimeZone::UTC);
    let hours = if link.wish.twelve_hours { "%A, %-d %B %Y, %-I:%M %p" } else { "%A, %-d %B %Y, %H:%M" };
    let button = |(start, _): &(Timestamp, Timestamp)| {
        let shown = start.to_zoned(zone.clone()).strftime(hours).to_string();
        format!("<button type=\"submit\" name=\"start\" value=\"{start}\">{shown}</button>\n")
    };
    let times: String = offers(app, state, link).iter().map(button).collect();
    let times = if times.is_empty() { "<p>There is no time that is free.</p>\n".to_owned() } else { times };
    let body = format!(
        "<p><strong>{}</strong></p>\n<p>Times are those of {}.</p>\n<form method=\"post\" action=\"/rts/{}\">\n\
         <div class=\"actions\">\n{times}\
         <button type=\"submit\" name=\"start\" value=\"{NONE}\">None of these</button>\n</div>\n</form>\n",
        escape(text("summary")),
        escape(text("tzid")),
        escape(&link.token)
    );
    let mut response = page(StatusCode::OK, "Pick a time", &body);
    pages::protect(&mut response);
    response
}
