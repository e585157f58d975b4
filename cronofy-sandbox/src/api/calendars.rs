//! `GET /v1/calendars`
//!
//! Every calendar of an account.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::auth;
use crate::calendars::Seen;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::wire::{Call, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/calendars",
    rules: &[
        documented(
            "Every calendar of every profile, with `sub` beside the list, not in pages",
            "api/calendars/list-calendars",
        ),
        documented(
            "A calendar has the documented ids, names and flags, and those of its profile",
            "api/calendars/list-calendars",
        ),
        documented("`permission_level` is `sandbox` or `unrestricted`", "api/calendars/list-calendars"),
        observed("The calendar of an application is `unrestricted`", "Cronofy .NET 1.12"),
        guessed(
            "The calendar that Cronofy hosts for a person in Free/Busy mode is `unrestricted`",
            "all that is in it comes from the application",
        ),
        guessed(
            "A Free/Busy profile shows its primary calendar alone, which is read-only",
            "the guide has the application write to the other profile",
        ),
        guessed(
            "`calendar_integrated_conferencing_available` and `calendar_attachments_available` are true for \
             writable calendars of a provider",
            "it is so with most providers",
        ),
        guessed(
            "No scope is needed",
            "pycronofy 2.0.7 asks for `list_calendars`, but cronofy-ruby 0.41 knows of no 403 here",
        ),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let calendars: Vec<ListedBody<'_>> = subject
        .profiles
        .iter()
        .flat_map(|profile| {
            let seen = state.calendars.seen(&subject.key.client_id, profile, &app.ids);
            seen.into_iter().map(|calendar| ListedBody::of(calendar, profile))
        })
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "sub": subject.key.sub, "calendars": calendars })))
}

/// A calendar with what is known of its profile.
#[derive(Serialize)]
pub(super) struct ListedBody<'a> {
    #[serde(flatten)]
    calendar: CalendarBody,
    provider_name: &'a str,
    profile_id: &'a str,
    profile_name: &'a str,
}

impl<'a> ListedBody<'a> {
    pub(super) fn of(calendar: Seen, profile: &'a Profile) -> Self {
        Self {
            calendar: calendar.into(),
            provider_name: profile.provider_name,
            profile_id: &profile.id,
            profile_name: &profile.name,
        }
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "as documented")]
pub(super) struct CalendarBody {
    calendar_id: String,
    calendar_name: String,
    calendar_readonly: bool,
    calendar_deleted: bool,
    calendar_primary: bool,
    calendar_integrated_conferencing_available: bool,
    calendar_attachments_available: bool,
    permission_level: &'static str,
}

impl From<Seen> for CalendarBody {
    fn from(calendar: Seen) -> Self {
        Self {
            calendar_integrated_conferencing_available: !calendar.hosted && !calendar.readonly,
            calendar_attachments_available: !calendar.hosted && !calendar.readonly,
            permission_level: if calendar.unrestricted { "unrestricted" } else { "sandbox" },
            calendar_id: calendar.id,
            calendar_name: calendar.name,
            calendar_readonly: calendar.readonly,
            calendar_deleted: calendar.deleted,
            calendar_primary: calendar.primary,
        }
    }
}
