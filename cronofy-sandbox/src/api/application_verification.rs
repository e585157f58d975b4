//! `POST /v1/application_verification`
//!
//! Registers redirect URIs: from here on codes go to registered ones only.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::state::flaw;
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/application_verification",
    rules: &[
        documented("The credential is the client secret", "admin-api/verify-application"),
        documented(
            "`redirect_uris` and `contact.email` are required, `contact.display_name` is not",
            "admin-api/verify-application",
        ),
        documented(
            "`redirect_uris` have HTTP or HTTPS; repeated calls add to them",
            "admin-api/verify-application",
        ),
        documented("The answer is 202 and `{}`", "admin-api/verify-application"),
        guessed("The application is verified at once", "nobody is there to do it, and a test would wait"),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let body = call.object()?;
    let mut errors = FieldErrors::default();
    let uris = redirect_uris(body.get("redirect_uris"), &mut errors);
    let contact = body.get("contact").and_then(|contact| contact.get("email")).and_then(Value::as_str);
    if contact.is_none_or(str::is_empty) {
        errors.required("contact.email");
    }
    errors.into_result()?;
    if let Some(application) = state.applications.get_mut(&client_id) {
        for uri in uris {
            if !application.redirect_uris.contains(&uri) {
                application.redirect_uris.push(uri);
            }
        }
        application.verified = true;
    }
    Ok(answer(StatusCode::ACCEPTED, &json!({})))
}

/// A wildcard label is allowed in the host, so it is read as an ordinary one here.
fn redirect_uris(given: Option<&Value>, errors: &mut FieldErrors) -> Vec<String> {
    let Some(Value::Array(items)) = given else {
        errors.required("redirect_uris");
        return Vec::new();
    };
    if items.is_empty() {
        errors.required("redirect_uris");
    }
    let mut uris = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item.as_str() {
            Some(uri) if flaw(&uri.replacen("://*.", "://any.", 1)).is_none() => uris.push(uri.to_owned()),
            _ => errors.push(
                &format!("redirect_uris[{index}]"),
                "errors.invalid_format",
                "must be an HTTP or HTTPS URI",
            ),
        }
    }
    uris
}
