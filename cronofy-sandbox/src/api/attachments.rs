//! `POST /v1/attachments`
//!
//! A file that events can refer to.

use std::fmt::Write as _;

use axum::extract::State as Extract;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use md5::{Digest as _, Md5};
use serde_json::json;

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, guessed, observed};
use crate::state::TooManyAttachments;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/attachments",
    rules: &[
        observed("The credential is the client secret", "Cronofy .NET 1.12"),
        observed(
            "`attachment` has `file_name`, `content_type` and `base64_content`",
            "Cronofy .NET 1.12, in its tests",
        ),
        observed(
            "The answer is 200 with `attachment_id`, `file_name`, `content_type` and `md5`, in hexadecimal digits",
            "Cronofy .NET 1.12, in its tests",
        ),
        guessed("All three are required", "a file is not much without one of them"),
        guessed("What is in a file is looked at and not kept", "no call gives it back"),
        guessed("`subscriptions` beside the file are ignored", "no page says what can be subscribed to"),
        guessed("An application has at most 1000 files; one more is 422", "memory has to be bounded"),
    ],
};

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let Some(file) = body.object("attachment", &mut errors) else {
        if errors.is_empty() {
            errors.unspecified("attachment");
        }
        return Err(errors.into_refusal());
    };
    let file_name = file.required_text("file_name", &mut errors);
    let content_type = file.required_text("content_type", &mut errors);
    let content = file.required_text("base64_content", &mut errors).and_then(|text| {
        let content = STANDARD.decode(text).ok();
        if content.is_none() {
            errors.invalid(&file.path("base64_content"), "must be base64");
        }
        content
    });
    let (Some(file_name), Some(content_type), Some(content)) = (file_name, content_type, content) else {
        return Err(errors.into_refusal());
    };
    let id = state.attach(&app.ids, &client_id).map_err(|TooManyAttachments| {
        let what = "an application has at most 1000 files";
        Refusal::fields(FieldErrors::of("base", "errors.too_many", what), what)
    })?;
    let mut md5 = String::new();
    for byte in Md5::digest(&content) {
        // Writing to a `String` cannot fail.
        let _ = write!(md5, "{byte:02x}");
    }
    let made =
        json!({ "attachment_id": id, "file_name": file_name, "content_type": content_type, "md5": md5 });
    Ok(answer(StatusCode::OK, &json!({ "attachment": made })))
}
