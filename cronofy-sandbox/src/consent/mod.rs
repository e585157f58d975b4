//! `GET` and `POST /oauth/authorize`, `GET` and `POST /enterprise_connect/oauth/authorize`
//!
//! Where a person decides. `GET` shows the page, `POST` is its form: the query is the authorization request
//! again, the body says who decides and how.
//!
//! | field | values |
//! |---|---|
//! | `decision` | `allow`, `deny`, `close` |
//! | `account` | the address of one of the accounts on the page |
//! | `access` | `read_write`, `free_busy`, `no_access`; only where the page offers a choice |

mod choices;
mod decide;
mod html;
mod operations;
mod page;
mod permissions;
mod providers;
mod redirect;
mod relink;
mod request;
mod scheduling;

pub(crate) use operations::{
    SHOW_ENTERPRISE, SHOW_PERMISSIONS, SHOW_SCHEDULING, SHOW_USER, SUBMIT_ENTERPRISE, SUBMIT_PERMISSIONS,
    SUBMIT_SCHEDULING, SUBMIT_USER,
};
pub(crate) use permissions::{show_permissions, submit_permissions};
pub(crate) use relink::{RELINK, relink};
pub(crate) use scheduling::{show_scheduling, submit_scheduling};

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;

use self::choices::choices;
use self::decide::{Decision, decide};
use self::request::{AuthorizationRequest, Endpoint, Rejected};
use crate::AutoConsent;
use crate::app::App;
use crate::wire::Call;

pub(crate) async fn show_user(Extract(app): Extract<App>, call: Call) -> Response {
    show(&app, &call, Endpoint::User)
}

pub(crate) async fn show_enterprise(Extract(app): Extract<App>, call: Call) -> Response {
    show(&app, &call, Endpoint::Enterprise)
}

pub(crate) async fn submit_user(Extract(app): Extract<App>, call: Call) -> Response {
    submit(&app, &call, Endpoint::User)
}

pub(crate) async fn submit_enterprise(Extract(app): Extract<App>, call: Call) -> Response {
    submit(&app, &call, Endpoint::Enterprise)
}

fn show(app: &App, call: &Call, endpoint: Endpoint) -> Response {
    let request = match AuthorizationRequest::read(app, &call.query(), endpoint) {
        Ok(request) => request,
        Err(rejected) => return reject(&rejected, StatusCode::FOUND),
    };
    let choices = choices(app, &request);
    let auto_consent = app.state().policy.auto_consent.clone();
    let chosen = match &auto_consent {
        AutoConsent::Off => return page::consent(app, call, &request, &choices, None),
        AutoConsent::Auto => choices.first(),
        AutoConsent::Deny => {
            return reject(&request.rejected("access_denied", "auto-consent: denied"), StatusCode::FOUND);
        }
        AutoConsent::Email(email) => choices.iter().find(|choice| choice.email.eq_ignore_ascii_case(email)),
    };
    let Some(choice) = chosen else {
        let rejected =
            request.rejected("access_denied", "auto-consent: no account of that address fits this request");
        return reject(&rejected, StatusCode::FOUND);
    };
    let decision = Decision { choice, access: choice.modes(&request).first().copied() };
    redirect::success(&decide(app, call, &request, &decision), StatusCode::FOUND)
}

fn submit(app: &App, call: &Call, endpoint: Endpoint) -> Response {
    if sent_from_elsewhere(call) {
        return page::error(StatusCode::FORBIDDEN, "This form was sent from another site.");
    }
    let request = match AuthorizationRequest::read(app, &call.query(), endpoint) {
        Ok(request) => request,
        Err(rejected) => return reject(&rejected, StatusCode::SEE_OTHER),
    };
    let Ok(form) = call.fields() else {
        return page::error(StatusCode::BAD_REQUEST, "The form could not be read.");
    };
    let choices = choices(app, &request);
    let again = |problem| page::consent(app, call, &request, &choices, Some(problem));
    match form.get("decision") {
        Some("deny") => {
            return reject(&request.rejected("access_denied", "Deny was chosen"), StatusCode::SEE_OTHER);
        }
        Some("close") => return page::closed(),
        Some("allow") => {}
        _ => return again("Choose Allow or Deny."),
    }
    let Some(choice) = choices.iter().find(|choice| form.get("account") == Some(choice.email.as_str()))
    else {
        return again("Choose one of the accounts.");
    };
    let modes = choice.modes(&request);
    let access = match form.get("access") {
        None => modes.first().copied(),
        Some(word) => match modes.iter().find(|mode| mode.word() == word) {
            Some(mode) => Some(*mode),
            // Nothing to choose: the field is as good as absent.
            None if modes.is_empty() => None,
            None => return again("Choose an access mode that this account has."),
        },
    };
    let decision = Decision { choice, access };
    redirect::success(&decide(app, call, &request, &decision), StatusCode::SEE_OTHER)
}

/// A page elsewhere could otherwise press Allow, and elsewhere is every other port of this machine too: those are the
/// same site. The header is sent by every current browser; programs send none. `Origin` would not do: our own
/// `Referrer-Policy` makes it `null`.
fn sent_from_elsewhere(call: &Call) -> bool {
    call.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn reject(rejected: &Rejected, status: StatusCode) -> Response {
    match rejected {
        Rejected::Page { why } => page::error(StatusCode::BAD_REQUEST, why),
        Rejected::Redirect { redirect_uri, state, error, why } => {
            redirect::failure(redirect_uri, error, state.as_deref(), why, status)
        }
    }
}
