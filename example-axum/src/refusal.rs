//! What a browser is told where it did not work. The reasons are for the log: they name what failed, and no secret.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
pub(crate) enum Refusal {
    /// The browser brings no state: it was not sent away from here.
    NotBegunHere,
    /// The person said no, or Cronofy did.
    NotConnected(Box<str>),
    /// Something failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::NotBegunHere => (StatusCode::BAD_REQUEST, "Please begin at /connect.").into_response(),
            Self::NotConnected(why) => {
                (StatusCode::FORBIDDEN, format!("Not connected: {why}")).into_response()
            }
            Self::Failed(error) => {
                eprintln!("{error}");
                (StatusCode::BAD_GATEWAY, "That did not work. Please try again.").into_response()
            }
        }
    }
}
