//! A calendar that a call names: whether the account has it, and whether it can be written to.

use http::StatusCode;
use serde_json::Value;

use crate::app::App;
use crate::auth::Subject;
use crate::calendars::Seen;
use crate::state::State;
use crate::wire::{FieldErrors, Members, Refusal};
use crate::world::Profile;

/// A calendar and the profile that it belongs to.
pub(super) struct Reached {
    pub(super) profile: Profile,
    pub(super) calendar: Seen,
}

/// Every calendar of the account, deleted ones too.
pub(super) fn all(app: &App, state: &State, subject: &Subject) -> Vec<Reached> {
    let of = |profile: &Profile| {
        let seen = state.calendars.seen(&subject.key.client_id, profile, &app.ids);
        seen.into_iter().map(|calendar| Reached { profile: profile.clone(), calendar }).collect::<Vec<_>>()
    };
    subject.profiles.iter().flat_map(of).collect()
}

/// The calendar with this identifier; 404 where the account has no such one, or has it no more.
pub(super) fn one(app: &App, state: &State, subject: &Subject, id: &str) -> Result<Reached, Refusal> {
    let found = all(app, state, subject).into_iter().find(|reached| reached.calendar.id == id);
    found
        .filter(|reached| !reached.calendar.deleted)
        .ok_or_else(|| Refusal::not_found("the account has no such calendar, or it was deleted"))
}

/// The calendar with this identifier, if it can be written to: 403 where it is read-only, 423 where the provider
/// does not let Cronofy in any more.
pub(super) fn writable(app: &App, state: &State, subject: &Subject, id: &str) -> Result<Reached, Refusal> {
    let reached = one(app, state, subject, id)?;
    if reached.calendar.readonly {
        return Err(Refusal::forbidden("the calendar is read-only"));
    }
    connected(&reached.profile)?;
    Ok(reached)
}

/// 423 where the provider does not let Cronofy in any more.
pub(super) fn connected(profile: &Profile) -> Result<(), Refusal> {
    if profile.connected {
        return Ok(());
    }
    let why = "the profile is disconnected: its person must connect it again before it can be written to";
    Err(Refusal::empty(StatusCode::LOCKED, why))
}

/// More calendars than any account here has.
const MOST_CALENDARS: usize = 1000;

/// The calendars that a member names: at least one if it is there, and each of them one that the account has.
pub(super) fn named(
    app: &App,
    state: &State,
    subject: &Subject,
    body: &Members<'_>,
    member: &str,
    errors: &mut FieldErrors,
) -> Vec<String> {
    let listed = body.list(member, MOST_CALENDARS, errors);
    if listed.is_some_and(<[Value]>::is_empty) {
        errors.invalid(&body.path(member), "must name at least one calendar");
    }
    let known = all(app, state, subject);
    let mut named = Vec::new();
    for value in listed.unwrap_or_default() {
        let Some(reached) = known.iter().find(|reached| *value == reached.calendar.id.as_str()) else {
            errors.push(&body.path(member), "errors.not_recognized", "not calendars of this account");
            break;
        };
        named.push(reached.calendar.id.clone());
    }
    named
}
