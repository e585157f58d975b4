//! Flows and sessions, played with whatever script the bytes make.

use core::time::Duration;

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use cronofy_auth_core::{Fault, Input, RetryPolicy};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::model::acts::{Act, Outcome};
use crate::model::every_flow::{BODIES, FLOWS, Script};
use crate::model::flow::Happening;
use crate::model::session;

/// So that one run stays short.
const LONGEST_SCRIPT: usize = 64;

const STATUSES: [u16; 16] = [200, 200, 200, 202, 204, 302, 400, 401, 403, 422, 429, 429, 500, 502, 503, 504];

const RETRY_AFTERS: [&str; 6] = ["0", "1", "10", "11", "soon", "Sun, 06 Nov 1994 08:49:37 GMT"];

/// One of the flows, a policy, and what happens to it; see `model::flow` for what it promises.
pub fn flows(data: &[u8]) {
    if let Ok(script) = script(&mut Unstructured::new(data)) {
        script.play();
    }
}

/// What the callers of a session do; see `model::session` for what it promises them.
pub fn session(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let refreshable = bytes.ratio(9, 10).unwrap_or(true);
    if let Ok(acts) = many(&mut bytes, act) {
        session::play(refreshable, acts);
    }
}

fn script(bytes: &mut Unstructured<'_>) -> Result<Script> {
    let number = bytes.int_in_range(0..=FLOWS - 1)?;
    let mut policy = RetryPolicy::default();
    policy.tries = bytes.int_in_range(0..=5)?;
    policy.first_wait = Duration::from_millis(bytes.int_in_range(0..=2_000)?);
    policy.longest_wait = Duration::from_millis(bytes.int_in_range(0..=20_000)?);
    Ok(Script { number, policy, happenings: many(bytes, happening)? })
}

fn many<T>(bytes: &mut Unstructured<'_>, one: impl Fn(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while !bytes.is_empty() && all.len() < LONGEST_SCRIPT {
        all.push(one(bytes)?);
    }
    Ok(all)
}

fn happening(bytes: &mut Unstructured<'_>) -> Result<Happening> {
    Ok(match bytes.int_in_range(0..=9)? {
        0..=5 => Happening::Answer(response(bytes)?),
        6 | 7 => Happening::Fault(fault(bytes)?),
        8 => Happening::Fed(bytes.choose_iter([Input::Start, Input::Woke])?),
        _ if bytes.arbitrary()? => Happening::Fed(Input::Response(response(bytes)?)),
        _ => Happening::Fed(Input::Fault(fault(bytes)?)),
    })
}

fn fault(bytes: &mut Unstructured<'_>) -> Result<Fault> {
    Ok(if bytes.arbitrary()? { Fault::NotSent } else { Fault::Unknown })
}

fn response(bytes: &mut Unstructured<'_>) -> Result<http::Response<Bytes>> {
    let usual = bytes.ratio(7, 8)?;
    let status = if usual { *bytes.choose(&STATUSES)? } else { bytes.int_in_range(100..=999)? };
    let body = if bytes.ratio(7, 8)? {
        Bytes::from_static(bytes.choose(&BODIES)?.as_bytes())
    } else {
        Bytes::from(bytes.arbitrary::<Vec<u8>>()?)
    };
    let retry_after = match bytes.int_in_range(0..=3)? {
        0 | 1 => None,
        2 => Some(HeaderValue::from_static(bytes.choose(&RETRY_AFTERS)?)),
        _ => HeaderValue::from_bytes(bytes.arbitrary()?).ok(),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    if let Some(retry_after) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, retry_after);
    }
    Ok(response)
}

fn act(bytes: &mut Unstructured<'_>) -> Result<Act> {
    Ok(match bytes.int_in_range(0..=15)? {
        0..=6 => Act::Turn,
        7..=10 => Act::Report(which(bytes)?, outcome(bytes)?),
        11 => Act::Abandon(which(bytes)?),
        12 => Act::Wait(bytes.int_in_range(0..=90_000)?),
        13 => Act::Wait(1_000 * bytes.choose_iter([290, 310, 3_000, 3_500, 3_600])?),
        14 => bytes.choose_iter([Act::Rejected, Act::OldRejected])?,
        _ => Act::Reconnect,
    })
}

fn which(bytes: &mut Unstructured<'_>) -> Result<usize> {
    bytes.arbitrary::<u8>().map(usize::from)
}

fn outcome(bytes: &mut Unstructured<'_>) -> Result<Outcome> {
    Ok(match bytes.int_in_range(0..=10)? {
        0..=3 => Outcome::Replaced(lifetime(bytes)?),
        4 | 5 => Outcome::Kept(lifetime(bytes)?),
        6 => Outcome::Dead,
        7 => Outcome::Busy(bytes.arbitrary()?),
        8 => Outcome::NoAnswer,
        9 => Outcome::Nonsense,
        _ => Outcome::SomebodyElses,
    })
}

fn lifetime(bytes: &mut Unstructured<'_>) -> Result<u16> {
    if bytes.arbitrary()? { Ok(3_600) } else { bytes.int_in_range(0..=200) }
}
