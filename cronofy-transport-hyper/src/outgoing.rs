//! A request, completed before it is sent.

use bytes::Bytes;
use cronofy_auth_core::Body;
use http::Method;
use http::header::{CONTENT_LENGTH, HeaderValue, USER_AGENT};

/// Adds who asks, where the request does not say so already, and the length that hyper leaves out: a `POST`
/// of nothing has a length as well (RFC 9110 section 8.6).
pub(crate) fn complete(request: &mut http::Request<Body>, user_agent: &HeaderValue) {
    let of_nothing = request.body().as_bytes().is_empty()
        && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let headers = request.headers_mut();
    if of_nothing {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    headers.entry(USER_AGENT).or_insert_with(|| user_agent.clone());
}

/// A whole body in one piece, as hyper wants it; zeroed when hyper is done with it.
pub(crate) struct Whole(Option<Bytes>);

impl Whole {
    pub(crate) fn new(body: Body) -> Self {
        Self(Some(body.into_bytes()).filter(|bytes| !bytes.is_empty()))
    }
}

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(hyper::body::Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
