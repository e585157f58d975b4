//! Any sequence of inputs leaves each flow finished or waiting, and any interleaving of callers leaves a session
//! with one of them at work at most. What exactly is promised stands in `model`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod model;

use core::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::{Fault, Input, RetryPolicy};
use http::HeaderValue;
use http::header::RETRY_AFTER;
use proptest::collection::vec;
use proptest::prelude::*;

use model::acts::{Act, Outcome};
use model::every_flow::{BODIES, FLOWS, Script};
use model::flow::Happening;
use model::session;

fn response() -> impl Strategy<Value = http::Response<Bytes>> {
    let status = prop_oneof![
        4 => Just(200),
        4 => prop::sample::select(vec![429, 500, 502, 503, 504]),
        2 => prop::sample::select(vec![202, 204, 302, 400, 401, 403, 404, 422, 423, 501]),
        1 => 100u16..1000,
    ];
    let body = prop_oneof![
        4 => prop::sample::select(&BODIES).prop_map(|body| body.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..64),
    ];
    let retry_after = prop_oneof![
        4 => Just(None),
        3 => prop::sample::select(vec!["0", "1", "10", "11", "soon", "Sun, 06 Nov 1994 08:49:37 GMT"])
            .prop_map(|text| Some(HeaderValue::from_static(text))),
        1 => "[ -~]{0,12}".prop_map(|text| HeaderValue::from_str(&text).ok()),
    ];
    (status, body, retry_after).prop_map(|(status, body, retry_after)| {
        let mut response = http::Response::new(Bytes::from(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        if let Some(retry_after) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, retry_after);
        }
        response
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![Just(Fault::NotSent), Just(Fault::Unknown)]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        8 => response().prop_map(Happening::Answer),
        3 => fault().prop_map(Happening::Fault),
        1 => prop_oneof![
            Just(()).prop_map(|()| Input::Start),
            Just(()).prop_map(|()| Input::Woke),
            response().prop_map(Input::Response),
            fault().prop_map(Input::Fault),
        ]
        .prop_map(Happening::Fed),
    ]
}

fn policy() -> impl Strategy<Value = RetryPolicy> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    (0u32..6, millis(2_000), millis(20_000)).prop_map(|(tries, first_wait, longest_wait)| {
        let mut policy = RetryPolicy::default();
        (policy.tries, policy.first_wait, policy.longest_wait) = (tries, first_wait, longest_wait);
        policy
    })
}

fn act() -> impl Strategy<Value = Act> {
    let lifetime = || prop_oneof![Just(0), 1u16..200, Just(3600)];
    let outcome = prop_oneof![
        4 => lifetime().prop_map(Outcome::Replaced),
        2 => lifetime().prop_map(Outcome::Kept),
        1 => Just(Outcome::Dead),
        1 => prop::sample::select(vec![0, 1, 40, 250]).prop_map(Outcome::Busy),
        1 => Just(Outcome::NoAnswer),
        1 => Just(Outcome::Nonsense),
        1 => Just(Outcome::SomebodyElses),
    ];
    prop_oneof![
        8 => Just(Act::Turn),
        5 => (any::<usize>(), outcome).prop_map(|(which, outcome)| Act::Report(which, outcome)),
        1 => any::<usize>().prop_map(Act::Abandon),
        4 => prop_oneof![
            3 => 0u32..90_000,
            2 => 3_000_000u32..4_000_000,
            1 => 290_000u32..310_000,
        ]
        .prop_map(Act::Wait),
        1 => Just(Act::Rejected),
        1 => Just(Act::OldRejected),
        1 => Just(Act::Reconnect),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_flow_is_finished_or_waiting(
        number in 0..FLOWS,
        policy in policy(),
        happenings in vec(happening(), 0..12),
    ) {
        Script { number, policy, happenings }.play();
    }

    #[test]
    fn a_session_has_one_caller_at_work_and_loses_nothing(
        refreshable in prop::bool::weighted(0.9),
        acts in vec(act(), 0..60),
    ) {
        session::play(refreshable, acts);
    }
}
