//! `GET /v1/userinfo`
//!
//! Who a token speaks for.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::calendars::CalendarBody;
use super::profiles::ProfileBody;
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
    let caller = Caller::of(&call, &state, now)?;
    if let Caller::Token(key) = &caller
        && let Some(found) = state.authorization(key).filter(|found| found.kind == Kind::ServiceAccount)
    {
        return Ok(answer(StatusCode::OK, &service_account(&state, key, found)));
    }
    let subject = auth::user_of(caller, &call, &app, &state)?;
    Ok(answer(StatusCode::OK, &account(&app, &state, &subject)))
}

#[derive(Serialize)]
#[serde(tag = "cronofy.type", rename_all = "snake_case")]
pub(super) enum Userinfo<'a> {
    Account {
        sub: &'a str,
        email: Option<&'a str>,
        name: Option<&'a str>,
        zoneinfo: &'a str,
        #[serde(rename = "cronofy.data")]
        data: AccountData<'a>,
    },
    ApplicationCalendar {
        sub: &'a str,
        application_calendar_id: &'a str,
        #[serde(rename = "cronofy.data")]
        data: AccountData<'a>,
    },
    ServiceAccount {
        sub: &'a str,
        email: Option<&'a str>,
        #[serde(rename = "cronofy.data")]
        data: ServiceAccountData<'a>,
    },
}

#[derive(Serialize)]
pub(super) struct AccountData<'a> {
    authorization: Granted<'a>,
    profiles: Vec<ProfileWithCalendars<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_calendar: Option<ApplicationCalendar<'a>>,
}

#[derive(Serialize)]
pub(super) struct ServiceAccountData<'a> {
    authorization: Granted<'a>,
    service_account: Domain<'a>,
}

#[derive(Serialize)]
struct Granted<'a> {
    scope: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegated_scope: Option<&'a str>,
}

#[derive(Serialize)]
struct ProfileWithCalendars<'a> {
    #[serde(flatten)]
    profile: ProfileBody<'a>,
    profile_calendars: Vec<CalendarBody>,
}

#[derive(Serialize)]
struct ApplicationCalendar<'a> {
    application_calendar_id: &'a str,
}

#[derive(Serialize)]
struct Domain<'a> {
    provider_name: Option<&'a str>,
    domain: Option<&'a str>,
}

impl<'a> Granted<'a> {
    fn of(scope: &'a str, delegated_scope: Option<&'a String>) -> Self {
        Self { scope, status: "active", delegated_scope: delegated_scope.map(String::as_str) }
    }
}

fn service_account<'a>(state: &'a State, key: &'a GrantKey, found: &'a Authorization) -> Userinfo<'a> {
    let organization = state.world.organization(&key.sub);
    Userinfo::ServiceAccount {
        sub: &key.sub,
        email: organization.map(|found| found.service_account_email.as_str()),
        data: ServiceAccountData {
            authorization: Granted::of(&found.scope, found.delegated_scope.as_ref()),
            service_account: Domain {
                provider_name: organization.map(|found| found.provider.name()),
                domain: organization.map(|found| found.domain.as_str()),
            },
        },
    }
}

pub(super) fn account<'a>(app: &App, state: &'a State, subject: &'a Subject) -> Userinfo<'a> {
    let profile = |profile: &'a Profile| {
        let seen = state.calendars.seen(&subject.key.client_id, profile, &app.ids);
        let profile_calendars = seen.into_iter().map(CalendarBody::from).collect();
        ProfileWithCalendars { profile: ProfileBody::of(&app.base_url, profile), profile_calendars }
    };
    let mut data = AccountData {
        authorization: Granted::of(&subject.scope, subject.delegated_scope.as_ref()),
        profiles: subject.profiles.iter().map(profile).collect(),
        application_calendar: None,
    };
    let sub = &subject.key.sub;
    if let Kind::ApplicationCalendar { application_calendar_id } = &subject.kind {
        data.application_calendar = Some(ApplicationCalendar { application_calendar_id });
        return Userinfo::ApplicationCalendar { sub, application_calendar_id, data };
    }
    let owner = state.world.owner(sub);
    Userinfo::Account {
        sub,
        email: owner.map(|login| login.email.as_str()),
        name: owner.map(|login| login.name.as_str()),
        zoneinfo: owner.map_or("Etc/UTC", |login| login.tzid.as_str()),
        data,
    }
}
