//! `POST /v1/channels`, `GET /v1/channels` and `DELETE /v1/channels/{channel_id}`
//!
//! Where an application hears that something changed for an account.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::reach;
use crate::app::App;
use crate::auth::{self, Subject};
use crate::callbacks::{Notification, notify};
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{Channel, ChannelKey, Filters, Opening, State, flaw};
use crate::wire::{Call, FieldErrors, Members, Refusal, empty, json as answer};

pub(crate) const CREATE: Operation = Operation {
    name: "POST /v1/channels",
    rules: &[
        documented(
            "`callback_url` is required, an `http` or `https` URL",
            "api/push-notifications/create-channel",
        ),
        documented(
            "`filters.calendar_ids` names at least one calendar; without it, all are meant",
            "api/push-notifications/create-channel",
        ),
        documented(
            "`filters.only_managed` leaves events that the application does not manage out",
            "api/push-notifications/create-channel",
        ),
        documented(
            "The answer is 200 with `channel_id`, `callback_url` and those `filters` that are not the default",
            "api/push-notifications/create-channel",
        ),
        guessed(
            "`only_managed` `false` is never shown in `filters`",
            "the words of the page leave out what is the default, though its example shows it",
        ),
        documented(
            "An identical request gets the channel that is there",
            "api/push-notifications/create-channel",
        ),
        guessed(
            "Requests whose filters let the same through are identical; no second verification is sent",
            "the channel that is there does what is asked for",
        ),
        documented("An account has at most 128 channels", "api/push-notifications/create-channel"),
        guessed(
            "One more is 422, with `base` and `errors.too_many`",
            "a list that is too long is answered like this elsewhere",
        ),
        guessed(
            "A calendar that the account has not is 422, with `filters.calendar_ids` and `errors.not_recognized`",
            "it is the key of other identifiers that are not the account's",
        ),
        documented("A `verification` notification is sent to a new channel", "api/push-notifications"),
        guessed("No scope is needed", "no page of the calls names one that is"),
    ],
};

pub(crate) const LIST: Operation = Operation {
    name: "GET /v1/channels",
    rules: &[
        documented(
            "Every open channel of the account is listed, unpaged",
            "api/push-notifications/list-channels",
        ),
        guessed(
            "They are listed in the order in which they were opened",
            "the oldest first is what people expect of a list",
        ),
    ],
};

pub(crate) const CLOSE: Operation = Operation {
    name: "DELETE /v1/channels/{channel_id}",
    rules: &[
        documented("The channel is closed; the answer is 202, empty", "api/push-notifications/close-channel"),
        observed("An unknown channel is 404", "cronofy-ruby 0.41"),
        guessed(
            "A channel of another account or application, or one that was closed, is unknown",
            "what an authorization does not see is 404 elsewhere",
        ),
        guessed("What waits to be sent through it is not sent any more", "there is nobody left to hear it"),
    ],
};

pub(crate) async fn create(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let callback_url = body.required_text("callback_url", &mut errors).unwrap_or_default();
    if !callback_url.is_empty() && flaw(callback_url).is_some() {
        errors.invalid("callback_url", "must be an HTTP or HTTPS URL");
    }
    let filters = filters(&app, &state, &subject, &body, &mut errors);
    errors.into_result()?;
    let channel = match state.open_channel(&app.ids, &subject.key, callback_url, filters) {
        Opening::New(channel) => {
            notify::notify(&app, &mut state, &subject.key, &channel, Notification::Verification);
            channel
        }
        Opening::Same(channel) => channel,
        Opening::TooMany => {
            let errors = FieldErrors::of("base", "errors.too_many", "an account has at most 128 channels");
            return Err(Refusal::fields(errors, "the account has 128 channels already"));
        }
    };
    Ok(answer(StatusCode::OK, &json!({ "channel": channel.body() })))
}

pub(crate) async fn list(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    let channels: Vec<Value> = state.channels_of(&subject.key).iter().map(Channel::body).collect();
    Ok(answer(StatusCode::OK, &json!({ "channels": channels })))
}

pub(crate) async fn close(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let subject = auth::user(&call, &app, &state, app.clock.now())?;
    if state.close_channel(&ChannelKey { owner: subject.key, id }) {
        return Ok(empty(StatusCode::ACCEPTED));
    }
    Err(Refusal::not_found("the account has no such channel, or it was closed"))
}

fn filters(
    app: &App,
    state: &State,
    subject: &Subject,
    body: &Members<'_>,
    errors: &mut FieldErrors,
) -> Filters {
    let Some(filters) = body.object("filters", errors) else { return Filters::default() };
    let only_managed = filters.flag("only_managed", errors).unwrap_or(false);
    let calendar_ids = reach::named(app, state, subject, &filters, "calendar_ids", errors);
    Filters { calendar_ids, only_managed }
}
