//! Reading requests and writing answers, in code of the sandbox's own.

pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod errors;
mod members;

pub(crate) use body::Fields;
pub(crate) use call::Call;
pub(crate) use errors::{FieldErrors, Refusal};
pub(crate) use members::Members;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// A JSON answer with the content type of the documentation.
pub(crate) fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    // Everything that is answered has string keys and no custom serializer: writing it cannot fail.
    let mut bytes = Vec::with_capacity(USUAL);
    let _ = serde_json::to_writer(&mut bytes, body);
    let mut response = Response::new(bytes.into());
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Room for most answers, in bytes.
const USUAL: usize = 1024;

/// An answer without a body, such as `202 Accepted` of delegated access.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

/// What every answer of the token endpoint says.
pub(crate) fn never_cache(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}
