//! `POST /v1/real_time_scheduling`

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::{document, url, wish};
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{State, TooManyLinks};
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/real_time_scheduling",
    rules: &[
        documented("The credential is the client secret", "api/scheduling/real-time-scheduling"),
        observed(
            "`client_id` and `client_secret` in the body are a credential, too, whatever `Authorization` says",
            "cronofy-ruby 0.41, Cronofy .NET 1.12 and cronofy-php 1.7 send them",
        ),
        documented(
            "`oauth.redirect_uri`, `event` with `tzid`, and `availability` are required",
            "api/scheduling/real-time-scheduling",
        ),
        documented("`event.attendees` are not supported", "api/scheduling/real-time-scheduling"),
        guessed("Attendees are 422", "an event without its guests would be a wrong one"),
        guessed("`start` and `end` of `event` are ignored", "they are what is to be picked"),
        documented(
            "`availability` is the body of an availability query",
            "api/scheduling/real-time-scheduling",
        ),
        guessed(
            "What an availability query is refused for is refused here, below `availability`",
            "the page would have nothing to show",
        ),
        guessed(
            "A target calendar that the application cannot write to is `errors.not_recognized`",
            "the page would promise what cannot be kept",
        ),
        observed("`minimum_notice` is a Duration", "pycronofy 2.0.7 and cronofy-php 1.7"),
        observed("`formatting.hour_format` is `h` or `H`", "Cronofy .NET 1.12 and cronofy-php 1.7"),
        observed("`event_creation` is `default` or `single`", "pycronofy 2.0.7 and cronofy-php 1.7"),
        guessed(
            "`single` is refused with 422",
            "there is no invitation here that would be one event for all",
        ),
        documented(
            "The answer is 200 with `real_time_scheduling_id`, which begins with `sch_`, and `url`",
            "api/scheduling/real-time-scheduling",
        ),
        observed(
            "`status` and `event` are in the answer, too, and `url` once more beside them",
            "the tests of Cronofy .NET 1.12",
        ),
        guessed("An application has at most 200 pages; one more is 422", "memory has to be bounded"),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let object = call.object()?;
    let client_id = application(&app, &state, &call, &object)?;
    let mut errors = FieldErrors::default();
    let wish = wish::read(&app, &state, &client_id, &Members::of(&object), &mut errors);
    let (Some(wish), true) = (wish, errors.is_empty()) else { return Err(errors.into_refusal()) };
    let link = state.make_scheduling_link(&app.ids, wish).map_err(|TooManyLinks| {
        let what = "an application has at most 200 pages";
        Refusal::fields(FieldErrors::of("base", "errors.too_many", what), what)
    })?;
    let mut body = document(&app, link);
    body["url"] = url(&app, link).into();
    Ok(answer(StatusCode::OK, &body))
}

fn application(app: &App, state: &State, call: &Call, body: &Map<String, Value>) -> Result<String, Refusal> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (Some(client_id), Some(secret)) = (text("client_id"), text("client_secret")) else {
        return auth::application(call, state, app.clock.now());
    };
    let application = state.applications.get(client_id).filter(|found| found.knows_secret(secret));
    let application = application.map(|found| found.client_id.clone());
    application.ok_or_else(|| Refusal::unauthorized("unknown client_id or client_secret"))
}
