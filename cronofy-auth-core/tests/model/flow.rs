//! The promise of a flow: whatever it is fed, it is finished, or it waits for exactly what it said.
//!
//! ```text
//!  waits for:         Start          Answer                          Wake           Nothing
//!  Start              Send           NotAskedFor                     NotAskedFor    Finished
//!  Response, Fault    NotAskedFor    Done, Sleep, an error, or the   NotAskedFor    Finished
//!                                    Send of the next page
//!  Woke               NotAskedFor    NotAskedFor                     Send           Finished
//! ```
//!
//! Every error leaves it with nothing to wait for.

use core::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Error, Fault, Flow, Input, Misuse, RetryPolicy, Step};
use http::header::{AUTHORIZATION, RETRY_AFTER};

/// One thing that happens to a flow.
#[derive(Debug)]
pub(crate) enum Happening {
    /// Its request is answered, once it has sent one.
    Answer(http::Response<Bytes>),
    /// Its request goes unanswered, once it has sent one.
    Fault(Fault),
    /// Its driver feeds it this, whether it had asked for it or not.
    Fed(Input),
}

/// What is said of a flow beforehand.
pub(crate) struct Promise {
    pub(crate) repeatable: bool,
    /// Whether an answer may lead to another request.
    pub(crate) pages: bool,
    pub(crate) policy: RetryPolicy,
}

/// Plays the script, then drives the flow to its end, and panics where it breaks its promise.
pub(crate) fn play<F: Flow>(flow: F, promise: Promise, script: impl IntoIterator<Item = Happening>) {
    let now = Timestamp::from_unix_seconds(1_930_385_700);
    let mut player = Player { flow, promise, waits: Waits::Start, tried: 0, first: None, now };
    for happening in script {
        match happening {
            Happening::Answer(response) => player.answer(Input::Response(response)),
            Happening::Fault(fault) => player.answer(Input::Fault(fault)),
            Happening::Fed(input) => player.feed(input),
        }
    }
    player.end();
}

struct Player<F> {
    flow: F,
    promise: Promise,
    waits: Waits,
    /// How often the request that waits for its answer was sent.
    tried: u32,
    /// What was sent the first time.
    first: Option<Sent>,
    now: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    Start,
    Answer,
    Wake,
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    method: http::Method,
    uri: http::Uri,
    bearer: Option<Vec<u8>>,
    body: Vec<u8>,
}

/// What the flow hears in answer to a request.
#[derive(Debug)]
enum Heard {
    Response { status: u16, asks_for_a_wait: bool },
    Fault(Fault),
}

impl Heard {
    fn of(input: &Input) -> Option<Self> {
        match input {
            Input::Start | Input::Woke => None,
            Input::Response(response) => Some(Self::Response {
                status: response.status().as_u16(),
                asks_for_a_wait: response.headers().contains_key(RETRY_AFTER),
            }),
            Input::Fault(fault) => Some(Self::Fault(*fault)),
        }
    }

    fn is_success(&self) -> bool {
        matches!(self, Self::Response { status: 200..=299, .. })
    }
}

impl<F: Flow> Player<F> {
    /// Feeds an answer, after whatever has to happen before there can be one.
    fn answer(&mut self, input: Input) {
        self.until_sent();
        self.feed(input);
    }

    fn until_sent(&mut self) {
        match self.waits {
            Waits::Start => self.feed(Input::Start),
            Waits::Wake => self.feed(Input::Woke),
            Waits::Answer | Waits::Nothing => {}
        }
    }

    /// Gives the flow what it asks for until it asks for nothing, and then everything once more.
    fn end(&mut self) {
        for _ in 0..=self.promise.policy.tries {
            self.answer(Input::Fault(Fault::Unknown));
        }
        assert_eq!(self.waits, Waits::Nothing, "stuck");
        let response = http::Response::new(Bytes::new());
        for input in [Input::Start, Input::Response(response), Input::Fault(Fault::NotSent), Input::Woke] {
            self.feed(input);
        }
    }

    fn feed(&mut self, input: Input) {
        let asked_for = matches!(
            (self.waits, &input),
            (Waits::Start, Input::Start)
                | (Waits::Answer, Input::Response(_) | Input::Fault(_))
                | (Waits::Wake, Input::Woke)
        );
        let heard = Heard::of(&input);
        let before = core::mem::replace(&mut self.waits, Waits::Nothing);
        self.now = self.now.saturating_add(Duration::from_millis(1_234));
        match (self.flow.step(input, self.now), heard) {
            (Err(Error::Misuse(Misuse::Finished)), _) => assert_eq!(before, Waits::Nothing),
            (Err(Error::Misuse(Misuse::NotAskedFor)), _) => assert!(before != Waits::Nothing && !asked_for),
            (result, _) if !asked_for => panic!("took what it had not asked for: {result:?}"),
            (Ok(Step::Send(request)), None) => self.sent(&request),
            (Ok(Step::Send(request)), Some(heard)) => {
                assert!(self.promise.pages && heard.is_success(), "sent at once");
                (self.tried, self.first) = (0, None);
                self.sent(&request);
            }
            (Ok(Step::Sleep(wait)), Some(heard)) => self.slept(wait, &heard),
            (Ok(Step::Done(_)), Some(heard)) => assert!(heard.is_success(), "done with {heard:?}"),
            (Err(error), Some(heard)) => self.failed(&error, &heard),
            (result, None) => panic!("instead of a request: {result:?}"),
        }
    }

    fn sent(&mut self, request: &http::Request<Body>) {
        self.waits = Waits::Answer;
        self.tried += 1;
        assert!(self.tried <= self.promise.policy.tries.max(1), "sent {} times", self.tried);
        // Credentials are on the way, and there is one place for them.
        assert_eq!(request.uri().scheme_str(), Some("https"));
        assert!(request.uri().host().is_some_and(|host| host.eq_ignore_ascii_case("api.cronofy.com")));
        let sent = Sent {
            method: request.method().clone(),
            uri: request.uri().clone(),
            bearer: request.headers().get(AUTHORIZATION).map(|value| value.as_bytes().to_vec()),
            body: request.body().as_bytes().to_vec(),
        };
        assert_eq!(self.first.get_or_insert_with(|| sent.clone()), &sent, "another request");
    }

    fn slept(&mut self, wait: Duration, heard: &Heard) {
        self.waits = Waits::Wake;
        // As long as it has patience for, and a bit of chance on top of what the server asked.
        let longest = self.promise.policy.longest_wait + self.promise.policy.first_wait / 2;
        assert!(wait <= longest, "sleeps for {wait:?}");
        assert!(self.may_go_on(heard), "will send again after {heard:?}");
    }

    fn failed(&self, error: &Error, heard: &Heard) {
        let asked = match (error, heard) {
            (Error::NoAnswer(fault), Heard::Fault(heard)) => {
                assert_eq!(fault, heard);
                None
            }
            (Error::BadAnswer(bad), Heard::Response { status, .. }) => {
                assert_eq!(bad.status.as_u16(), *status);
                assert!(heard.is_success());
                return;
            }
            (Error::Refused(refusal), Heard::Response { status, .. }) => {
                assert_eq!(refusal.status.as_u16(), *status);
                assert!(!heard.is_success());
                refusal.retry_after
            }
            (error, heard) => panic!("{error:?} after {heard:?}"),
        };
        // A header that says nothing asks for nothing.
        let heard = match heard {
            Heard::Response { status, .. } => {
                Heard::Response { status: *status, asks_for_a_wait: asked.is_some() }
            }
            Heard::Fault(fault) => Heard::Fault(*fault),
        };
        let patient = asked.is_none_or(|wait| wait <= self.promise.policy.longest_wait);
        assert!(!(patient && self.may_go_on(&heard)), "gave up after {heard:?}");
    }

    /// Whether another try is left, and does no harm.
    fn may_go_on(&self, heard: &Heard) -> bool {
        let harmless = match heard {
            Heard::Fault(Fault::NotSent)
            | Heard::Response { status: 429, .. }
            | Heard::Response { status: 503, asks_for_a_wait: true } => true,
            Heard::Response { status: 500 | 502..=504, .. } | Heard::Fault(Fault::Unknown) => {
                self.promise.repeatable
            }
            Heard::Response { .. } => false,
        };
        harmless && self.tried < self.promise.policy.tries
    }
}
