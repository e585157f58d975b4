//! `GET /_sandbox/fidelity`
//!
//! What `FIDELITY.md` says, for programs.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;

use crate::app::App;
use crate::ledger::Ledger;
use crate::routes::served;
use crate::wire::json as answer;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/_sandbox/fidelity", get(fidelity))
}

async fn fidelity() -> Response {
    answer(StatusCode::OK, &Ledger::of(served().operations))
}
