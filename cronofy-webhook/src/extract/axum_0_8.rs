//! axum 0.8.

use core::error::Error;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::LengthLimitError;

use super::{Rejection, VerifiedBody, in_time};
use crate::candidates::Candidates;
use crate::{SIGNATURE_HEADER, Verifier};

impl<S> FromRequest<S> for VerifiedBody
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let verifier = Verifier::from_ref(state);
        let lines = request.headers().get_all(SIGNATURE_HEADER);
        let mut candidates = Candidates::new();
        candidates.read(lines.iter().map(HeaderValue::as_bytes))?;
        let limits = verifier.limits;
        let body = in_time(limits.body_timeout, read(request.into_body(), limits.body_limit)).await?;
        verifier.own(body, &candidates)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, self.message()).into_response()
    }
}

/// Holds the limit itself: `DefaultBodyLimit` is the application's, and may be off.
async fn read(body: Body, limit: usize) -> Result<Bytes, Rejection> {
    // A `Content-Length` over the limit is refused before a byte is read.
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Rejection::TooLarge { limit });
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if error.is::<LengthLimitError>() {
                return Rejection::TooLarge { limit };
            }
            cause = error.source();
        }
        Rejection::BrokenOff
    })
}
