//! A request, completed before it is sent.

use cronofy_auth_core::Body;
use http::header::{HeaderValue, USER_AGENT};

/// Adds who asks, where the request does not say so already.
pub(crate) fn complete(request: &mut http::Request<Body>, user_agent: &HeaderValue) {
    request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
}
