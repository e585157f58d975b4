//! Requests and answers as parts of one request and one answer.

use std::vec;

use bytes::Bytes;
use cronofy_auth_core::{Body, Error, Unsendable, read_with};
use cronofy_types::{ParseError, Timestamp};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::Value;

use crate::credential::Caller;

/// What is sent.
#[derive(Debug, Default)]
pub struct PartsOut<'a> {
    pub(super) caller: Option<&'a Caller>,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
pub(super) struct Part {
    method: String,
    relative_url: String,
    #[serde(skip_serializing_if = "Value::is_null")]
    data: Value,
}

impl<'a> PartsOut<'a> {
    pub(super) fn push(&mut self, caller: &'a Caller, request: &http::Request<Body>) -> Result<(), Error> {
        if !self.caller.get_or_insert(caller).is_same_as(caller) {
            return Err(Unsendable::OtherCredential.into());
        }
        let body = request.body().as_bytes();
        let data = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(body) };
        self.parts.push(Part {
            method: request.method().as_str().to_owned(),
            relative_url: request.uri().path().to_owned(),
            data: data.map_err(|_| Unsendable::Body)?,
        });
        Ok(())
    }
}

/// What comes back, part by part.
#[derive(Debug)]
pub struct PartsIn {
    parts: vec::IntoIter<Value>,
    now: Timestamp,
    /// An entry was left without an answer.
    is_short: bool,
}

impl PartsIn {
    pub(super) fn new(parts: Vec<Value>, now: Timestamp) -> Self {
        Self { parts: parts.into_iter(), now, is_short: false }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The answer to the entry whose turn it is, as if it had come by itself.
    pub(super) fn next(&mut self) -> Result<http::Response<Bytes>, Error> {
        let part = self.parts.next();
        self.is_short |= part.is_none();
        match part.and_then(response) {
            Some(response) => Ok(response),
            // The batch as a whole went well, so what is wrong with it is this.
            None => read_with(&http::Response::new(Bytes::new()), self.now, |_| {
                Err(ParseError::member("answer to a batch entry", "status"))
            }),
        }
    }

    /// Whether there were as many answers as entries.
    pub(super) fn is_even(&self) -> bool {
        !self.is_short && self.parts.len() == 0
    }
}

/// `None` without a status.
fn response(mut part: Value) -> Option<http::Response<Bytes>> {
    let status = u16::try_from(part.get("status")?.as_u64()?).ok()?;
    let body = match part.get_mut("data").map(Value::take).unwrap_or_default() {
        Value::Null => Bytes::new(),
        // It is documented to be no text, and still it is what would have come by itself.
        Value::String(text) => text.into(),
        data => data.to_string().into(),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    for (name, value) in part.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value) {
            response.headers_mut().insert(name, value);
        }
    }
    Some(response)
}
