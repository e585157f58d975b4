//! `/_sandbox/`: the sandbox about itself, and what tests do to it. Nothing of this is part of Cronofy.
//!
//! One resource, one file, with its routes.

mod health;

use axum::Router;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    health::routes()
}
