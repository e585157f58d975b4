//! What the tests of the flows share: an application, an hour, requests as text.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(dead_code, reason = "each test file uses its part of this")]

use bytes::Bytes;
use cronofy_auth_core::types::{AccessToken, ClientId, ClientSecret, DataCenter, State, Timestamp};
use cronofy_auth_core::{App, Body, Flow, Input, Step};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

pub(crate) fn app() -> App {
    App::new(ClientId::new("client-id").unwrap(), ClientSecret::new("CRN_secret").unwrap(), DataCenter::Us)
}

pub(crate) fn token() -> AccessToken {
    AccessToken::new("access-1").unwrap()
}

pub(crate) fn state() -> State {
    State::new("st-1").unwrap()
}

/// Every byte of a request that matters: method, URL, headers by name, body.
pub(crate) fn written(request: &http::Request<Body>) -> String {
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = core::str::from_utf8(request.body().as_bytes()).unwrap();
    format!("{} {}\n{}\n{body}", request.method(), request.uri(), headers.concat())
}

pub(crate) fn answer(status: u16, body: &str) -> Input {
    answer_with(status, &[("content-type", "application/json; charset=utf-8")], body)
}

pub(crate) fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Input {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Input::Response(response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

#[track_caller]
pub(crate) fn sent<F: Flow>(flow: &mut F, input: Input) -> String {
    match flow.step(input, NOW) {
        Ok(Step::Send(request)) => written(&request),
        Ok(other) => panic!("wanted a request, got {other:?}"),
        Err(error) => panic!("wanted a request, got {error:?}"),
    }
}

#[track_caller]
pub(crate) fn done<F: Flow>(flow: &mut F, input: Input) -> F::Output {
    match flow.step(input, NOW) {
        Ok(Step::Done(output)) => output,
        Ok(other) => panic!("wanted the end, got {other:?}"),
        Err(error) => panic!("wanted the end, got {error:?}"),
    }
}

#[track_caller]
pub(crate) fn failed<F: Flow>(flow: &mut F, input: Input) -> cronofy_auth_core::Error {
    match flow.step(input, NOW) {
        Ok(other) => panic!("wanted an error, got {other:?}"),
        Err(error) => error,
    }
}
