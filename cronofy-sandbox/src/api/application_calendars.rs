//! `POST /v1/application_calendars`
//!
//! Opens a calendar that no person stands behind, and answers like the token endpoint.

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::ledger::{Operation, documented, guessed};
use crate::oauth::answer::{Identity, TokenAnswer};
use crate::state::{Grant, GrantKey, Kind};
use crate::wire::{Call, FieldErrors, Fields, Refusal};
use crate::world::{AccessMode, Profile, View};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/application_calendars",
    rules: &[
        documented(
            "`client_id`, `client_secret` and `application_calendar_id` are required, in the body",
            "api/calendars/application-calendars",
        ),
        documented(
            "It opens the calendar, or gives access to it again, and answers as `POST /oauth/token` with \
             `application_calendar_id`, `sub` and `linking_profile` besides",
            "api/calendars/application-calendars",
        ),
        documented(
            "`sub` begins with `apc_`, `scope` is `read_write`, the provider is `cronofy`",
            "api/calendars/application-calendars",
        ),
        guessed("A wrong secret is 401", "an independent service that imitates this API answers so"),
        guessed("`profile_name` is the application's own identifier", "it is the only name there is"),
        guessed(
            "`expires_in` is that of people's tokens",
            "3600 in the documentation, 1800 in a test of node cronofy 3.8.4",
        ),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let body = call.object()?;
    let fields = Fields::from_object(&body);
    let mut state = app.state();
    let mut errors = FieldErrors::default();
    for name in ["client_id", "client_secret", "application_calendar_id"] {
        if fields.get(name).is_none() {
            errors.required(name);
        }
    }
    errors.into_result()?;
    let text = |name| fields.get(name).unwrap_or_default();
    let (client_id, own_id) = (text("client_id"), text("application_calendar_id"));
    let known =
        state.applications.get(client_id).is_some_and(|found| found.knows_secret(text("client_secret")));
    if !known {
        return Err(Refusal::unauthorized("unknown client_id or client_secret"));
    }
    let profile = hosted(&app, client_id, own_id);
    state.calendars.open_hosted(client_id, &profile.login, own_id);
    let sub = app.ids.record("apc_", &format!("{client_id}\0{own_id}"));
    let grant = Grant {
        key: GrantKey { client_id: client_id.to_owned(), sub },
        kind: Kind::ApplicationCalendar { application_calendar_id: own_id.to_owned() },
        scope: "read_write".to_owned(),
        delegated_scope: None,
        access: AccessMode::ReadWrite,
        profiles: vec![profile],
        through: None,
    };
    let (key, identity) = (grant.key.clone(), Identity::of(&grant));
    state.authorize(grant);
    let Some(tokens) = state.issue_tokens(&app.ids, app.clock.now(), &key) else {
        return Err(Refusal::unauthorized("the application calendar was revoked"));
    };
    Ok(TokenAnswer::new(tokens, Some(identity)).into_response())
}

fn hosted(app: &App, client_id: &str, own_id: &str) -> Profile {
    let label = format!("{client_id}\0{own_id}");
    Profile {
        id: app.ids.named("pro_", &label, 16),
        provider_name: "cronofy",
        provider_service: "cronofy",
        name: own_id.to_owned(),
        // No address holds a NUL: this profile belongs to no login.
        login: format!("\0{label}"),
        view: View::Hosted,
        connected: true,
        synced: true,
    }
}
