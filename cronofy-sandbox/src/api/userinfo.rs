//! `GET /v1/userinfo`
//!
//! Who a token speaks for.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::calendars::calendar_body;
use super::profiles::profile_body;
use crate::app::App;
use crate::auth::{self, Caller, Subject};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{Authorization, GrantKey, Kind, State};
use crate::wire::{Call, Refusal, json as answer};
use crate::world::Profile;

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/userinfo",
    rules: &[
        documented(
            "A person has `sub`, `email`, `name`, `zoneinfo` and, with the dot in their names, \
             `cronofy.type` and `cronofy.data`",
            "api/identity/userinfo",
        ),
        documented(
            "`cronofy.data` has `authorization` with `scope` and `status`, and `profiles`, each with \
             `profile_calendars`",
            "api/identity/userinfo",
        ),
        documented("`status` is `active`", "api/identity/userinfo"),
        observed(
            "A service account has the type `service_account`, `cronofy.data.service_account` and its \
             `delegated_scope`",
            "Cronofy .NET 1.12; cronofy-ruby 0.41 knows an older form with flat names",
        ),
        guessed(
            "`delegated_scope` is told for a Business Connect primary account too",
            "as it is for service accounts",
        ),
        observed(
            "An application calendar has the type `application_calendar` and `application_calendar_id`, \
             twice, and no person's fields",
            "Cronofy .NET 1.12",
        ),
        documented(
            "With an Organizational Unit's credential it is about the impersonated member",
            "Organization Connect guide",
        ),
        guessed(
            "That member's `scope` is `organizational_unit_scheduler`, the access to the profiles is full",
            "it is the only scope there is to tell, and schedulers book meetings",
        ),
        guessed("No scope is needed", "no page or client names one"),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let now = app.clock.now();
    let body = match service_account(&call, &state, &app)? {
        Some((key, authorization)) => service_account_body(&state, &key, &authorization),
        None => account_body(&app, &state, &auth::user(&call, &app, &state, now)?),
    };
    Ok(answer(StatusCode::OK, &body))
}

fn service_account(
    call: &Call,
    state: &State,
    app: &App,
) -> Result<Option<(GrantKey, Authorization)>, Refusal> {
    let Caller::Token(key) = Caller::of(call, state, app.clock.now())? else { return Ok(None) };
    let authorization = state.authorization(&key).filter(|found| found.kind == Kind::ServiceAccount).cloned();
    Ok(authorization.map(|authorization| (key, authorization)))
}

fn service_account_body(state: &State, key: &GrantKey, authorization: &Authorization) -> Value {
    let organization = state.world.organization(&key.sub);
    json!({
        "sub": key.sub,
        "email": organization.map(|found| &found.service_account_email),
        "cronofy.type": "service_account",
        "cronofy.data": {
            "service_account": {
                "provider_name": organization.map(|found| found.provider.name()),
                "domain": organization.map(|found| &found.domain),
            },
            "authorization": {
                "scope": authorization.scope,
                "status": "active",
                "delegated_scope": authorization.delegated_scope,
            },
        },
    })
}

pub(super) fn account_body(app: &App, state: &State, subject: &Subject) -> Value {
    let profile = |profile: &Profile| {
        let seen = state.calendars.seen(&subject.key.client_id, profile, &app.ids);
        let calendars: Vec<Value> = seen.iter().map(calendar_body).collect();
        let mut body = profile_body(&app.base_url, profile);
        body["profile_calendars"] = json!(calendars);
        body
    };
    let mut data = json!({
        "authorization": { "scope": subject.scope, "status": "active" },
        "profiles": subject.profiles.iter().map(profile).collect::<Vec<Value>>(),
    });
    if let Some(delegated_scope) = &subject.delegated_scope {
        data["authorization"]["delegated_scope"] = json!(delegated_scope);
    }
    if let Kind::ApplicationCalendar { application_calendar_id } = &subject.kind {
        data["application_calendar"] = json!({ "application_calendar_id": application_calendar_id });
        return json!({
            "sub": subject.key.sub,
            "application_calendar_id": application_calendar_id,
            "cronofy.type": "application_calendar",
            "cronofy.data": data,
        });
    }
    let owner = state.world.owner(&subject.key.sub);
    json!({
        "sub": subject.key.sub,
        "email": owner.map(|login| &login.email),
        "name": owner.map(|login| &login.name),
        "zoneinfo": owner.map_or("Etc/UTC", |login| login.tzid.as_str()),
        "cronofy.type": "account",
        "cronofy.data": data,
    })
}
