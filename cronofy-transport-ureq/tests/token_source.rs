//! The token source: one refresh for every thread, saved before it is used, and never lost.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::convert::Infallible;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{AccessToken, ClientId, ClientSecret, DataCenter, RefreshToken, Timestamp};
use cronofy_auth_core::{App, BlockingTransport, Body, Fault, TransportError};
use cronofy_transport_ureq::{TokenError, TokenSource};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

/// A server that answers each request with the next of its answers.
#[derive(Clone)]
struct Scripted(Arc<Script>);

struct Script {
    requests: AtomicUsize,
    answers: Mutex<Vec<Option<(u16, &'static str)>>>,
    /// The first answer waits until everybody is about to ask.
    everybody: Barrier,
    /// How many seconds it is later than in the beginning.
    later: AtomicU64,
}

impl Scripted {
    /// A status and a body, or nothing at all.
    fn answering<const N: usize>(answers: [Option<(u16, &'static str)>; N]) -> Self {
        Self::answering_once_there_are(1, answers)
    }

    fn answering_once_there_are<const N: usize>(
        callers: usize,
        answers: [Option<(u16, &'static str)>; N],
    ) -> Self {
        let answers = Mutex::new(answers.into_iter().rev().collect());
        Self(Arc::new(Script {
            requests: AtomicUsize::new(0),
            answers,
            everybody: Barrier::new(callers),
            later: AtomicU64::new(0),
        }))
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

impl BlockingTransport for Scripted {
    type Error = Silence;

    fn send(&self, _: http::Request<Body>) -> Result<http::Response<Bytes>, Silence> {
        if self.0.requests.fetch_add(1, Ordering::SeqCst) == 0 {
            self.0.everybody.wait();
        }
        let (status, body) = self.0.answers.lock().unwrap().pop().flatten().ok_or(Silence)?;
        Ok(http::Response::builder().status(status).body(body.into()).unwrap())
    }

    fn sleep(&self, duration: Duration) {
        panic!("a refresh is not repeated, and sleeps for nothing, not for {duration:?}");
    }

    fn now(&self) -> Timestamp {
        NOW.saturating_add(Duration::from_secs(self.0.later.load(Ordering::SeqCst)))
    }
}

const FRESH: Option<(u16, &str)> =
    Some((200, r#"{"access_token":"new","expires_in":3600,"refresh_token":"next"}"#));
const DEAD: Option<(u16, &str)> = Some((400, r#"{"error":"invalid_grant"}"#));

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

#[allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value, reason = "the shape of a save")]
fn saved(_: Arc<TokenSet>) -> Result<(), Infallible> {
    Ok(())
}

/// So many threads ask at once, while the first request is under way.
fn all_of(
    callers: usize,
    source: &TokenSource<Scripted>,
    server: &Scripted,
) -> Vec<Result<String, TokenError>> {
    let ask = || source.tokens().map(|tokens| tokens.access_token.expose().to_owned());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..callers)
            .map(|index| {
                scope.spawn(move || {
                    // The last one lets the answer go. Whoever refreshes is the first, in `send`.
                    if index + 1 == callers {
                        server.0.everybody.wait();
                    }
                    ask()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn five_hundred_threads_one_request_one_save() {
    let server = Scripted::answering_once_there_are(2, [FRESH]);
    let saves = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&saves);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        counted.fetch_add(1, Ordering::SeqCst);
        saved(tokens)
    });
    let all = all_of(500, &source, &server);
    assert!(all.into_iter().all(|token| token.unwrap() == "new"));
    assert_eq!((server.requests(), saves.load(Ordering::SeqCst)), (1, 1));
}

#[test]
fn a_failure_leaves_nobody_waiting() {
    // How many wait for the first request depends on the scheduler; those who do not, hear of it.
    let server = Scripted::answering_once_there_are(2, []);
    let source = TokenSource::new(server.clone(), app(), tokens(0), saved);
    for result in all_of(50, &source, &server) {
        let error = result.unwrap_err();
        match error {
            TokenError::NoAnswer(_) => {
                assert_eq!(error.to_string(), "the tokens could not be refreshed: no answer came");
            }
            // Those who come after the failure are told when it is tried again.
            TokenError::Later { until } => assert!(until > NOW),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(server.requests(), 1);
}

#[test]
fn nobody_sees_tokens_that_are_not_saved() {
    let server = Scripted::answering([FRESH]);
    let left = AtomicUsize::new(2);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        assert_eq!(tokens.refresh_token.as_ref().unwrap().expose(), "next");
        let full = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if full { Err(io::Error::other("disk full")) } else { Ok(()) }
    });
    for _ in 0..2 {
        let error = source.tokens().unwrap_err();
        assert!(matches!(error, TokenError::Save(_)), "{error:?}");
        assert_eq!(error.to_string(), "the refreshed tokens could not be saved");
        let error = source.tokens().unwrap_err();
        assert!(matches!(error, TokenError::Later { .. }), "a store that fails is not hammered");
        server.wait(2);
    }
    // The third save succeeds, of the tokens of the one refresh.
    assert_eq!(source.tokens().unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_refusal_is_told_and_not_remembered() {
    let server = Scripted::answering([Some((500, "")), FRESH]);
    let source = TokenSource::new(server.clone(), app(), tokens(0), saved);
    let error = source.tokens().unwrap_err();
    assert!(matches!(error, TokenError::Refresh(_)), "{error:?}");
    server.wait(1);
    assert_eq!(source.tokens().unwrap().access_token.expose(), "new");
}

#[test]
fn tokens_that_still_work_outlive_a_failure() {
    let server = Scripted::answering([Some((503, ""))]);
    let source = TokenSource::new(server.clone(), app(), tokens(30), saved);
    assert_eq!(source.tokens().unwrap().access_token.expose(), "old");
    assert_eq!(source.tokens().unwrap().access_token.expose(), "old");
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_dead_authorization_is_everybodys() {
    let server = Scripted::answering([DEAD]);
    let source = TokenSource::new(server.clone(), app(), tokens(0), saved);
    for _ in 0..2 {
        let error = source.tokens().unwrap_err();
        assert!(matches!(error, TokenError::Reconnect(_)), "{error:?}");
    }
    assert_eq!(server.requests(), 1);
    source.reconnect(tokens(3000));
    assert_eq!(source.tokens().unwrap().access_token.expose(), "old");
}

#[test]
fn tokens_that_are_born_dead_cost_one_request() {
    let server = Scripted::answering([Some((200, r#"{"access_token":"a","expires_in":0}"#)); 2]);
    let source = TokenSource::new(server.clone(), app(), tokens(0), saved);
    for requests in 1..=2 {
        let error = source.tokens().unwrap_err();
        assert!(matches!(error, TokenError::Later { .. }), "{error:?}");
        assert_eq!(server.requests(), requests);
        server.wait(1);
    }
}

#[test]
fn a_newer_authorization_is_saved_last() {
    let server = Scripted::answering([FRESH]);
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (at_the_disk, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let source = TokenSource::new(server, app(), tokens(0), {
        let (kept, at_the_disk, go_on) = (Arc::clone(&kept), Arc::clone(&at_the_disk), Arc::clone(&go_on));
        move |tokens: Arc<TokenSet>| {
            if kept.lock().unwrap().is_empty() {
                at_the_disk.wait();
                go_on.wait();
            }
            kept.lock().unwrap().push(tokens.access_token.expose().to_owned());
            Ok::<(), Infallible>(())
        }
    });
    thread::scope(|scope| {
        let caller = scope.spawn(|| source.tokens().unwrap().access_token.expose().to_owned());
        // The refreshed tokens are being saved, and the user connects again.
        at_the_disk.wait();
        source.reconnect(tokens(3000));
        go_on.wait();
        assert_eq!(caller.join().unwrap(), "old", "the name of the new authorization's token");
    });
    assert_eq!(*kept.lock().unwrap(), ["new", "old"]);
}

#[test]
fn tokens_that_the_api_turned_down_are_refreshed() {
    let server = Scripted::answering([FRESH]);
    let source = TokenSource::new(server.clone(), app(), tokens(3000), saved);
    let old = source.tokens().unwrap();
    assert_eq!((old.access_token.expose(), server.requests()), ("old", 0));
    assert!(source.rejected(&old));
    assert_eq!(source.tokens().unwrap().access_token.expose(), "new");
    // Whoever is late with the news changes nothing.
    assert!(!source.rejected(&old));
    assert_eq!(source.tokens().unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[test]
fn a_save_that_panics_leaves_nobody_waiting() {
    let server = Scripted::answering([FRESH]);
    let calls = AtomicUsize::new(0);
    let source = TokenSource::new(server.clone(), app(), tokens(0), move |tokens| {
        assert!(calls.fetch_add(1, Ordering::SeqCst) > 0, "the first save panics, as part of this test");
        saved(tokens)
    });
    catch_unwind(AssertUnwindSafe(|| source.tokens())).unwrap_err();
    server.wait(1);
    assert_eq!(source.tokens().unwrap().access_token.expose(), "new");
    assert_eq!(server.requests(), 1);
}

#[test]
fn nothing_secret_is_printed() {
    let server = Scripted::answering([Some((400, r#"{"error":"brand_new"}"#))]);
    let source = TokenSource::new(server.clone(), app(), tokens(0), saved);
    let printed = format!("{:?} {source:?}", source.tokens().unwrap_err());
    for secret in ["secret", "spent", "\"old"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
