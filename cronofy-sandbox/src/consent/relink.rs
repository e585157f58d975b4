//! `GET /relink/{provider_name}`
//!
//! Where `profile_relink_url` sends a person whose login does not work any more.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::StatusCode;

use super::html::{escape, page};
use super::page::{error, protect};
use crate::app::App;
use crate::ledger::{Operation, guessed, observed};
use crate::wire::Call;

pub(crate) const RELINK: Operation = Operation {
    name: "GET /relink/{provider_name}",
    rules: &[
        observed(
            "`email` names the login that is to be connected again",
            "Cronofy .NET, tests of `GetUserInfo`",
        ),
        guessed(
            "Whoever opens the page has connected again, for every application",
            "there is no provider to sign in at; clients only send people there",
        ),
    ],
};

pub(crate) async fn relink(
    Extract(app): Extract<App>,
    Path(provider_name): Path<String>,
    call: Call,
) -> Response {
    let query = call.query();
    let email = query.get("email").unwrap_or_default();
    if !app.state().relink(&provider_name, email) {
        return error(StatusCode::NOT_FOUND, "Nobody has connected a calendar with this address.");
    }
    let body = format!("<p>{} is connected again. You can close this page.</p>\n", escape(email));
    let mut response = page(StatusCode::OK, "Connected again", &body);
    protect(&mut response);
    response
}
