//! `GET /v1/real_time_scheduling/{real_time_scheduling_id}` and `GET /v1/real_time_scheduling?token=`

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;

use super::document;
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

pub(crate) const BY_ID: Operation = Operation {
    name: "GET /v1/real_time_scheduling/{real_time_scheduling_id}",
    rules: &[
        documented(
            "`real_time_scheduling` has `real_time_scheduling_id`, `url`, `event` and `status`",
            "api/scheduling/real-time-scheduling/status",
        ),
        documented(
            "`status` is `open`, `completed` or `disabled`",
            "api/scheduling/real-time-scheduling/status",
        ),
        documented(
            "Once it is completed, `event` has `start` and `end`",
            "api/scheduling/real-time-scheduling/status",
        ),
        guessed("They are Times in UTC, and the rest of `event` is what was sent", "the page shows neither"),
        guessed("An unknown page is 404", "as everything that an authorization does not see"),
    ],
};

pub(crate) const BY_TOKEN: Operation = Operation {
    name: "GET /v1/real_time_scheduling",
    rules: &[
        documented(
            "`token` is the last part of the page's `url`; the answer is that of the call with its identifier",
            "api/scheduling/real-time-scheduling/status",
        ),
        guessed("Without `token` it is 422", "there is no list of pages"),
    ],
};

pub(crate) async fn by_id(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let link = state.scheduling_link_of(&client_id, &id).ok_or_else(unknown)?;
    Ok(answer(StatusCode::OK, &document(&app, link)))
}

pub(crate) async fn by_token(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let query = call.query();
    let Some(token) = query.get("token").filter(|token| !token.is_empty()) else {
        return Err(FieldErrors::of("token", "errors.required", "required").into_refusal());
    };
    let link = state.scheduling_link(token).filter(|link| link.wish.client_id == client_id);
    Ok(answer(StatusCode::OK, &document(&app, link.ok_or_else(unknown)?)))
}

pub(super) fn unknown() -> Refusal {
    Refusal::not_found("the application has no such page")
}
