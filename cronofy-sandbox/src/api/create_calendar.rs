//! `POST /v1/calendars`
//!
//! One more calendar for an account (docs: api/calendars/create-calendar).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::calendars::ListedBody;
use super::{events, reach};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::calendars::{Calendar, Full, Owner, Seen};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::State;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};
use crate::world::{Profile, View};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/calendars",
    rules: &[
        documented(
            "It needs `create_calendar`, by name or in another scope",
            "api/calendars/create-calendar",
        ),
        documented("`profile_id` and `name` are required", "api/calendars/create-calendar"),
        documented("`color` is hexadecimal, as in `#49BED8`", "api/calendars/create-calendar"),
        documented("The answer is 200 with the `calendar`", "api/calendars/create-calendar"),
        guessed(
            "The calendar is shown as `GET /v1/calendars` shows it",
            "one form is easier to read than two",
        ),
        guessed("It is `unrestricted`", "integrators report that calendars made through the API are"),
        observed(
            "A second calendar of the same name is `errors.duplicate_calendar_name`, where the provider forbids it",
            "pycronofy 2.0.7",
        ),
        guessed(
            "Office 365 and Outlook.com forbid it, others do not",
            "their calendars are folders, whose names differ",
        ),
        observed("423 where the profile is disconnected", "cronofy-ruby 0.41, `AccountLockedError`"),
        guessed("An unknown `profile_id` is `errors.not_recognized`", "it is a field like any other"),
        guessed("A Free/Busy profile is 403", "there is nothing in it that the application could write"),
        guessed("An account has at most 100 calendars for each profile", "memory has to be bounded"),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    subject.needs("create_calendar")?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let profile_id = body.required_text("profile_id", &mut errors);
    let name = body.required_text("name", &mut errors);
    let color = events::color(&body, &mut errors);
    let (Some(profile_id), Some(name), true) = (profile_id, name, errors.is_empty()) else {
        return Err(errors.into_refusal());
    };
    let profile = profile(&subject, profile_id)?;
    refuse_duplicate(&app, &state, &subject, profile, name)?;
    let owner = Owner::of(&subject.key.client_id, profile);
    let made = state.calendars.make(owner, Calendar { color, ..Calendar::named(name) });
    let key = made.map_err(|Full| {
        let errors = FieldErrors::of("base", "errors.too_many", "at most 100 calendars");
        Refusal::fields(errors, "the profile has as many calendars as the sandbox keeps")
    })?;
    state.calendars.set_unrestricted(&subject.key.client_id, &key, true);
    let seen = seen(&app, &state, &subject, profile);
    let made = seen.into_iter().find(|calendar| calendar.key == key);
    let calendar = made.map(|made| ListedBody::of(made, profile));
    Ok(answer(StatusCode::OK, &json!({ "calendar": calendar })))
}

/// The profile to make a calendar in.
fn profile<'a>(subject: &'a Subject, id: &str) -> Result<&'a Profile, Refusal> {
    let Some(profile) = subject.profiles.iter().find(|profile| profile.id == id) else {
        let errors = FieldErrors::of("profile_id", "errors.not_recognized", "not recognized");
        return Err(Refusal::fields(errors, "the account has no such profile"));
    };
    if profile.view == View::FreeBusy {
        return Err(Refusal::forbidden("a profile with free/busy access cannot be written to"));
    }
    reach::connected(profile)?;
    Ok(profile)
}

fn refuse_duplicate(
    app: &App,
    state: &State,
    subject: &Subject,
    profile: &Profile,
    name: &str,
) -> Result<(), Refusal> {
    let forbidden = ["exchange", "live_connect"].contains(&profile.provider_name);
    let same = |calendar: &Seen| !calendar.deleted && calendar.name.eq_ignore_ascii_case(name);
    if !forbidden || !seen(app, state, subject, profile).iter().any(same) {
        return Ok(());
    }
    let what = "A calendar with this name already exists and the provider does not allow duplicates";
    Err(Refusal::fields(FieldErrors::of("name", "errors.duplicate_calendar_name", what), what))
}

fn seen(app: &App, state: &State, subject: &Subject, profile: &Profile) -> Vec<Seen> {
    state.calendars.seen(&subject.key.client_id, profile, &app.ids)
}
