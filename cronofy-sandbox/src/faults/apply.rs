//! What a fault does to an answer.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use serde_json::Value;

use super::{Effect, Hit};
use crate::ids::Ids;
use crate::server::Ending;
use crate::wire;

impl Hit {
    /// What is answered instead of `own`, the operation's answer, if it came to one.
    pub(crate) async fn answer(&self, ids: &Ids, own: Option<Response>) -> Response {
        let own = own.unwrap_or_default();
        match &self.effect {
            Effect::Status { status, headers, body } => {
                let mut response = plain(*status, body);
                for (name, value) in headers {
                    // Both were tried when the fault was placed.
                    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
                    {
                        response.headers_mut().insert(name, value);
                    }
                }
                response
            }
            Effect::Delay => own,
            Effect::Reset => ending(Ending::Reset),
            Effect::Close => ending(Ending::Close),
            Effect::Hang => ending(Ending::Hang),
            Effect::Truncate => truncated(own).await,
            Effect::Garbage => {
                let (mut parts, body) = own.into_parts();
                let garbage = ids.bytes(&self.id, self.number, whole(body).await.len());
                let json = HeaderValue::from_static("application/json; charset=utf-8");
                parts.headers.insert(header::CONTENT_TYPE, json);
                Response::from_parts(parts, Body::from(garbage))
            }
            Effect::ContentType { content_type } => {
                let mut own = own;
                if let Ok(content_type) = HeaderValue::from_str(content_type) {
                    own.headers_mut().insert(header::CONTENT_TYPE, content_type);
                }
                own
            }
        }
    }
}

fn plain(status: u16, body: &Value) -> Response {
    // It was tried when the fault was placed.
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Value::Null => wire::empty(status),
        Value::String(text) => {
            let mut response = wire::empty(status);
            *response.body_mut() = Body::from(text.clone());
            let kind = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        json => wire::json(status, json),
    }
}

fn ending(ending: Ending) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(ending);
    response
}

/// Half of the body under the length of all of it. Where there is no body to halve, the connection just ends.
async fn truncated(own: Response) -> Response {
    let (mut parts, body) = own.into_parts();
    let body = whole(body).await;
    if body.is_empty() {
        return ending(Ending::Close);
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half = Half { first: Some(body.slice(..body.len() / 2)), flushed: false };
    Response::from_parts(parts, Body::new(half))
}

/// The bodies of this sandbox are in memory: reading one cannot fail.
async fn whole(body: Body) -> Bytes {
    body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

/// A body that fails after its first part.
struct Half {
    first: Option<Bytes>,
    flushed: bool,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if !self.flushed {
            // hyper drops what it holds when a body fails. While it waits for one, it sends.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(BrokenOff)))
    }
}

#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is cut off on purpose")
    }
}

impl Error for BrokenOff {}
