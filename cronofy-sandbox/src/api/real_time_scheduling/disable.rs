//! `POST /v1/real_time_scheduling/{real_time_scheduling_id}/disable`

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;

use super::document;
use super::read::unknown;
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::state::LinkStatus;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/real_time_scheduling/{real_time_scheduling_id}/disable",
    rules: &[
        documented(
            "`display_message`, of at most 500 characters, is required; the page shows it from then on",
            "api/scheduling/real-time-scheduling/disable",
        ),
        documented(
            "Only a page that is not completed can be disabled",
            "api/scheduling/real-time-scheduling/disable",
        ),
        guessed("One that is completed is 422 on `base`", "no field of the request is wrong"),
        guessed(
            "One that is disabled gets another message",
            "a repeated call must not fail for having worked",
        ),
        documented(
            "The answer is 200 and the same as that about its status",
            "api/scheduling/real-time-scheduling/disable",
        ),
    ],
};

/// docs: scheduling/real-time-scheduling/disable.
const LONGEST_MESSAGE: usize = 500;

pub(crate) async fn handle(
    Extract(app): Extract<App>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let link = state.scheduling_link_of(&client_id, &id).ok_or_else(unknown)?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    body.required_text("display_message", &mut errors);
    let message = body.bounded_text("display_message", LONGEST_MESSAGE, &mut errors);
    if matches!(link.status, LinkStatus::Completed { .. }) {
        errors.push("base", "errors.not_supported", "a time was picked");
    }
    errors.into_result()?;
    link.status = LinkStatus::Disabled { message: message.unwrap_or_default().to_owned() };
    Ok(answer(StatusCode::OK, &document(&app, link)))
}
