//! `POST /v1/element_tokens`
//!
//! A token for a UI element, which runs in a browser (docs: ui-elements/authentication).

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use url::{Origin, Url};

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed};
use crate::state::GrantKey;
use crate::wire::{Call, FieldErrors, Members, Refusal, json as answer};

const PAGE: &str = "ui-elements/authentication";

pub(crate) const OPERATION: Operation = Operation {
    name: "POST /v1/element_tokens",
    rules: &[
        documented("The credential is the client secret", PAGE),
        documented("`permissions` and `origin` are required, `subs` and `bookable_event_ids` are not", PAGE),
        documented(
            "`permissions` are `agenda`, `account_management`, `availability` and `managed_availability`",
            PAGE,
        ),
        documented("`origin` is no URL of a page", PAGE),
        documented(
            "The answer is 200 with `permissions`, `origin`, `token` and `expires_in`, which is 64800",
            PAGE,
        ),
        guessed(
            "Any `version`, and none, is taken",
            "there is one, and no page says what another would mean",
        ),
        guessed("At least one permission is needed", "an element could do nothing"),
        guessed(
            "`subs` are accounts that the application is authorized for, `bookable_event_ids` events of its own; \
             anything else is 422 with `errors.not_recognized`",
            "a token for the account of somebody else would be a hole",
        ),
        guessed(
            "The token opens nothing here",
            "the elements are scripts of Cronofy's that talk to hosts of Cronofy's",
        ),
    ],
};

const PERMISSIONS: [&str; 4] = ["agenda", "account_management", "availability", "managed_availability"];
/// Seconds.
const LIFETIME: u32 = 64_800;
const MOST: usize = 100;

pub(crate) async fn handle(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let object = call.object()?;
    let body = Members::of(&object);
    let mut errors = FieldErrors::default();
    let permissions = body.list("permissions", MOST, &mut errors).unwrap_or_default();
    if permissions.is_empty() && errors.is_empty() {
        errors.unspecified("permissions");
    }
    known(permissions, "permissions", &mut errors, |word| PERMISSIONS.contains(&word));
    let subs = body.list("subs", MOST, &mut errors).unwrap_or_default();
    known(subs, "subs", &mut errors, |sub| {
        let key = GrantKey { client_id: client_id.clone(), sub: sub.to_owned() };
        state.authorization(&key).is_some()
    });
    let events = body.list("bookable_event_ids", MOST, &mut errors).unwrap_or_default();
    known(events, "bookable_event_ids", &mut errors, |id| state.bookable_event(&client_id, id).is_some());
    let origin = body.required_text("origin", &mut errors).unwrap_or_default();
    if !origin.is_empty() && !is_origin(origin) {
        errors.invalid("origin", "must be an origin, such as https://app.example");
    }
    errors.into_result()?;
    let token = json!({
        "permissions": permissions,
        "origin": origin,
        "token": app.ids.token(),
        "expires_in": LIFETIME,
    });
    Ok(answer(StatusCode::OK, &json!({ "element_token": token })))
}

fn known(list: &[Value], name: &str, errors: &mut FieldErrors, mut is_known: impl FnMut(&str) -> bool) {
    for (index, value) in list.iter().enumerate() {
        if !value.as_str().is_some_and(&mut is_known) {
            errors.push(&format!("{name}[{index}]"), "errors.not_recognized", "not recognized");
        }
    }
}

/// Scheme, host and port (RFC 6454, section 6.2), with or without a slash after them.
fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    bare && url.username().is_empty() && url.password().is_none() && matches!(url.origin(), Origin::Tuple(..))
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn origins() {
        for good in
            ["http://localhost", "http://localhost:3000", "https://app.example", "https://app.example/"]
        {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["", "app.example", "https://app.example/page", "https://app.example?x", "data:text/plain,x"]
        {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
