//! The token source: one refresh for everybody, saved before it is used, and never lost.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{AccessToken, ClientId, ClientSecret, DataCenter, RefreshToken, Timestamp};
use cronofy_auth_core::{App, Body, Fault, RefusalKind, Transport, TransportError};
use cronofy_transport_hyper::{TokenError, TokenSource};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

/// A server that answers a request each time it is let, with the next of its answers.
#[derive(Clone)]
struct Scripted(Arc<Script>);

struct Script {
    requests: AtomicUsize,
    answers: Mutex<Vec<Option<(u16, String)>>>,
    /// One permit for each answer.
    gate: Semaphore,
    /// How many seconds it is later than in the beginning.
    later: AtomicU64,
}

impl Scripted {
    /// A status and a body, or nothing at all.
    fn answering<const N: usize>(answers: [Option<(u16, &str)>; N]) -> Self {
        let mut answers: Vec<_> = answers
            .into_iter()
            .map(|answer| answer.map(|(status, body)| (status, body.to_owned())))
            .collect();
        answers.reverse();
        Self(Arc::new(Script {
            requests: AtomicUsize::new(0),
            answers: Mutex::new(answers),
            gate: Semaphore::new(0),
            later: AtomicU64::new(0),
        }))
    }

    /// Lets that many requests be answered.
    fn let_pass(&self, answers: usize) {
        self.0.gate.add_permits(answers);
    }

    /// Time goes by.
    fn wait(&self, seconds: u64) {
        self.0.later.fetch_add(seconds, Ordering::SeqCst);
    }

    fn requests(&self) -> usize {
        self.0.requests.load(Ordering::SeqCst)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no answer is scripted")]
struct Silence;

impl TransportError for Silence {
    fn fault(&self) -> Fault {
        Fault::Unknown
    }
}

impl Transport for Scripted {
    type Error = Silence;

    async fn send(&self, _: http::Request<Body>) -> Result<http::Response<Bytes>, Silence> {
        self.0.requests.fetch_add(1, Ordering::SeqCst);
        self.0.gate.acquire().await.unwrap().forget();
        let (status, body) = self.0.answers.lock().unwrap().pop().flatten().ok_or(Silence)?;
        Ok(http::Response::builder().status(status).body(body.into()).unwrap())
    }

    async fn sleep(&self, duration: Duration) {
        panic!("a refresh is not repeated, and sleeps for nothing, not for {duration:?}");
    }

    fn now(&self) -> Timestamp {
        NOW.saturating_add(Duration::from_secs(self.0.later.load(Ordering::SeqCst)))
    }
}

const FRESH: (u16, &str) = (200, r#"{"access_token":"new","expires_in":3600,"refresh_token":"next"}"#);
const DEAD: (u16, &str) = (400, r#"{"error":"invalid_grant"}"#);

fn app() -> App {
    App::new(ClientId::new("id").unwrap(), ClientSecret::new("secret").unwrap(), DataCenter::Us)
}

/// Tokens of an hour that end in so many seconds.
fn tokens(seconds: i64) -> TokenSet {
    let expires = Timestamp::from_unix_seconds(NOW.unix_seconds() + seconds);
    let received = Timestamp::from_unix_seconds(expires.unix_seconds() - 3600);
    let mut tokens = TokenSet::new(AccessToken::new("old").unwrap(), received, expires);
    tokens.refresh_token = Some(RefreshToken::new("spent").unwrap());
    tokens
}

async fn saved(_: Arc<TokenSet>) -> Result<(), Infallible> {
    Ok(())
}

fn expired<const N: usize>(answers: [Option<(u16, &str)>; N]) -> (Scripted, TokenSource<Scripted>) {
    let server = Scripted::answering(answers);
    (server.clone(), TokenSource::new(server, app(), tokens(0), saved))
}

/// Lets every task run until it waits for somebody.
async fn settle() {
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn ten_thousand_callers_one_request_one_save() {
    let server = Scripted::answering([Some(FRESH)]);
    let saves = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&saves);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        counted.fetch_add(1, Ordering::SeqCst);
        saved(tokens)
    });
    let mut callers = JoinSet::new();
    for _ in 0..10_000 {
        let source = source.clone();
        callers.spawn(async move { source.tokens().await.unwrap().access_token.expose().to_owned() });
    }
    settle().await;
    server.let_pass(1);
    let all = callers.join_all().await;
    assert_eq!(all.len(), 10_000);
    assert!(all.iter().all(|token| token == "new"));
    assert_eq!((server.requests(), saves.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn nobody_sees_tokens_that_are_not_saved() {
    let server = Scripted::answering([Some(FRESH)]);
    server.let_pass(1);
    let full = Arc::new(AtomicUsize::new(2));
    let left = Arc::clone(&full);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        assert_eq!(tokens.refresh_token.as_ref().unwrap().expose(), "next");
        let full = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        async move { if full { Err(io::Error::other("disk full")) } else { Ok(()) } }
    });
    for _ in 0..2 {
        let error = source.tokens().await.unwrap_err();
        assert!(matches!(error, TokenError::Save(_)), "{error:?}");
        assert_eq!(error.to_string(), "the refreshed tokens could not be saved");
        let error = source.tokens().await.unwrap_err();
        assert!(matches!(error, TokenError::Later { .. }), "a store that fails is not hammered");
        server.wait(2);
    }
    // The third save succeeds, of the tokens of the one refresh.
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_caller_who_gives_up_stops_nothing() {
    let (server, source) = expired([Some(FRESH)]);
    let caller = tokio::spawn({
        let source = source.clone();
        async move { source.tokens().await.map(drop) }
    });
    settle().await;
    assert_eq!(server.requests(), 1);
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    server.let_pass(1);
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_failure_is_everybodys_who_waited_and_nobodys_after() {
    let (server, source) = expired([Some((500, "")), None, Some(FRESH)]);
    for answer in 1..=2 {
        let mut callers = JoinSet::new();
        for _ in 0..100 {
            let source = source.clone();
            callers.spawn(async move { source.tokens().await.unwrap_err() });
        }
        settle().await;
        server.let_pass(1);
        for error in callers.join_all().await {
            match &error {
                TokenError::Refresh(error) => {
                    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::ServerError);
                }
                TokenError::NoAnswer(cause) => assert_eq!(cause.to_string(), "no answer is scripted"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(server.requests(), answer);
        server.wait(2);
    }
    server.let_pass(1);
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
}

#[tokio::test]
async fn tokens_that_still_work_outlive_a_failure() {
    let server = Scripted::answering([Some((503, ""))]);
    server.let_pass(1);
    let source = TokenSource::new(server.clone(), app(), tokens(30), saved);
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "old");
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "old");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_dead_authorization_is_everybodys() {
    let (server, source) = expired([Some(DEAD)]);
    server.let_pass(1);
    for _ in 0..2 {
        let error = source.tokens().await.unwrap_err();
        assert!(matches!(error, TokenError::Reconnect(_)), "{error:?}");
    }
    assert_eq!(server.requests(), 1);
    source.reconnect(tokens(3000));
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "old");
}

#[tokio::test]
async fn tokens_that_are_born_dead_cost_one_request() {
    let (server, source) = expired([Some((200, r#"{"access_token":"a","expires_in":0}"#)); 2]);
    server.let_pass(2);
    for requests in 1..=2 {
        let error = source.tokens().await.unwrap_err();
        assert!(matches!(error, TokenError::Later { .. }), "{error:?}");
        assert_eq!(server.requests(), requests);
        server.wait(1);
    }
}

#[tokio::test]
async fn a_newer_authorization_is_saved_last_and_wakes_those_who_wait() {
    let server = Scripted::answering([Some(FRESH)]);
    let (kept, gate) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
    let source = TokenSource::new(server.clone(), app(), tokens(0), {
        let (kept, gate) = (Arc::clone(&kept), Arc::clone(&gate));
        move |tokens: Arc<TokenSet>| {
            let (kept, gate) = (Arc::clone(&kept), Arc::clone(&gate));
            async move {
                gate.acquire().await.unwrap().forget();
                kept.lock().unwrap().push(tokens.access_token.expose().to_owned());
                Ok::<(), Infallible>(())
            }
        }
    });
    let mut callers = JoinSet::new();
    let ask = |callers: &mut JoinSet<String>| {
        let source = source.clone();
        callers.spawn(async move { source.tokens().await.unwrap().access_token.expose().to_owned() });
    };
    server.let_pass(1);
    ask(&mut callers);
    settle().await;
    // The refreshed tokens are being saved, and the user connects again.
    source.reconnect(tokens(3000));
    ask(&mut callers);
    settle().await;
    gate.add_permits(2);
    let all = callers.join_all().await;
    assert_eq!(all, ["old", "old"], "the name of the new authorization's token");
    assert_eq!(*kept.lock().unwrap(), ["new", "old"]);
}

#[tokio::test]
async fn connecting_again_does_not_wait_for_an_older_refresh() {
    let (server, source) = expired([Some(FRESH)]);
    let waiting = tokio::spawn({
        let source = source.clone();
        async move { source.tokens().await.unwrap().access_token.expose().to_owned() }
    });
    settle().await;
    source.reconnect(tokens(3000));
    assert_eq!(waiting.await.unwrap(), "old", "though nothing was answered");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn tokens_that_the_api_turned_down_are_refreshed() {
    let server = Scripted::answering([Some(FRESH)]);
    server.let_pass(1);
    let source = TokenSource::new(server.clone(), app(), tokens(3000), saved);
    let old = source.tokens().await.unwrap();
    assert_eq!((old.access_token.expose(), server.requests()), ("old", 0));
    assert!(source.rejected(&old));
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
    // Whoever is late with the news changes nothing.
    assert!(!source.rejected(&old));
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_save_that_panics_leaves_nobody_waiting() {
    let server = Scripted::answering([Some(FRESH)]);
    server.let_pass(1);
    let calls = AtomicUsize::new(0);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        assert!(calls.fetch_add(1, Ordering::SeqCst) > 0, "the first save panics, as part of this test");
        saved(tokens)
    });
    let error = source.tokens().await.unwrap_err();
    assert!(matches!(error, TokenError::Interrupted), "{error:?}");
    server.wait(1);
    assert_eq!(source.tokens().await.unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let (server, source) = expired([Some((400, r#"{"error":"brand_new"}"#))]);
    server.let_pass(1);
    let error = source.tokens().await.unwrap_err();
    let printed = format!("{source:?} {error:?}");
    for secret in ["secret", "spent", "\"old"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
