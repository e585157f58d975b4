//! Pages and their items, over a transport that has its answers ready.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use core::future::{Future, ready};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;
use cronofy_auth_core::discovery::MembersOf;
use cronofy_auth_core::types::{DataCenter, Timestamp};
use cronofy_auth_core::{
    BadAnswerReason, BlockingTransport, Body, DriveError, Endpoint, Error, Fault, Limit, NextPage, Paged,
    Rule, Transport, TransportError, pages, pages_blocking,
};
use support::{NOW, token};

#[derive(Debug, thiserror::Error)]
#[error("no answer is left")]
struct Nobody;

impl TransportError for Nobody {
    fn fault(&self) -> Fault {
        Fault::Unknown
    }
}

/// What is asked, and what is answered to it.
struct Script {
    asked: Mutex<Vec<String>>,
    answers: Mutex<VecDeque<String>>,
}

impl Script {
    fn of(answers: &[&str]) -> Self {
        let answers = answers.iter().map(|&answer| answer.to_owned()).collect();
        Self { asked: Mutex::default(), answers: Mutex::new(answers) }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn exchange(&self, request: &http::Request<Body>) -> Result<http::Response<Bytes>, Nobody> {
        self.asked.lock().unwrap().push(request.uri().to_string());
        let answer = self.answers.lock().unwrap().pop_front().ok_or(Nobody)?;
        Ok(http::Response::new(Bytes::from(answer)))
    }
}

impl BlockingTransport for Script {
    type Error = Nobody;

    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Nobody> {
        self.exchange(&request)
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Timestamp {
        NOW
    }
}

impl Transport for Script {
    type Error = Nobody;

    fn send(
        &self,
        request: http::Request<Body>,
    ) -> impl Future<Output = Result<http::Response<Bytes>, Nobody>> + Send {
        ready(self.exchange(&request))
    }

    fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
        ready(())
    }

    fn now(&self) -> Timestamp {
        NOW
    }
}

fn page(sub: &str, next: &str) -> String {
    format!(r#"{{"organizational_unit_members":[{{"sub":"{sub}"}}],"pages":{{"next_page":{next}}}}}"#)
}

fn members() -> MembersOf {
    MembersOf::new(DataCenter::Us, token())
}

const FIRST: &str = "https://api.cronofy.com/v1/organizational_unit_members";
const SECOND: &str = "https://api.cronofy.com/v1/pages/2";

fn finished<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing to wait for"),
    }
}

#[test]
fn each_page_is_asked_for_when_it_is_wanted() {
    let script = Script::of(&[&page("a", &format!("{SECOND:?}")), &page("b", "\"\"")]);
    let mut items = pages_blocking(&script, members().call()).unwrap().items();
    assert_eq!(script.asked(), [FIRST]);
    assert_eq!(items.next().unwrap().unwrap().sub.as_str(), "a");
    assert_eq!((script.asked().len(), items.cursor().unwrap().as_str()), (1, SECOND));
    assert_eq!(items.next().unwrap().unwrap().sub.as_str(), "b");
    assert!(items.next().is_none() && items.cursor().is_none());
    assert_eq!(script.asked(), [FIRST, SECOND]);
}

#[test]
fn the_same_without_blocking() {
    let script = Script::of(&[&page("a", &format!("{SECOND:?}")), &page("b", "null")]);
    let mut walk = finished(pages(&script, members().call())).unwrap();
    assert_eq!(script.asked(), [FIRST]);
    let mut subs = Vec::new();
    while let Some(page) = finished(walk.next()) {
        subs.extend(page.unwrap().items.into_iter().map(|member| member.sub.as_str().to_owned()));
    }
    assert_eq!(subs, ["a", "b"]);
    assert!(finished(walk.next()).is_none());
}

#[test]
fn what_was_read_counts_and_a_foreign_page_is_never_asked_for() {
    let script = Script::of(&[&page("a", r#""https://evil.example/v1/pages/2""#)]);
    let mut items = pages_blocking(&script, members().call()).unwrap().items();
    assert_eq!(items.next().unwrap().unwrap().sub.as_str(), "a");
    let error = items.next().unwrap().unwrap_err();
    let Some(Error::BadAnswer(bad)) = error.flow() else { panic!("{error:?}") };
    assert_eq!(bad.reason, BadAnswerReason::ForeignPage);
    assert!(items.next().is_none());
    assert_eq!(script.asked(), [FIRST]);
}

#[test]
fn a_page_that_could_not_be_had_is_asked_for_again_later() {
    let script = Script::of(&[&page("a", &format!("{SECOND:?}"))]);
    let mut walk = pages_blocking(&script, members().call()).unwrap();
    walk.next().unwrap().unwrap();
    assert!(matches!(walk.next(), Some(Err(DriveError::NoAnswer { .. }))));
    assert!(walk.next().is_none());
    let kept = NextPage::new(walk.cursor().unwrap().as_str());

    let script = Script::of(&[&page("b", "null")]);
    let items = pages_blocking(&script, members().at(kept).call()).unwrap().items();
    assert_eq!(items.map(|item| item.unwrap().sub.as_str().to_owned()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(script.asked(), [SECOND]);
}

#[test]
fn the_first_page_fails_at_the_call() {
    assert!(pages_blocking(&Script::of(&[]), members().call()).is_err());
    assert!(finished(pages(&Script::of(&[]), members().call())).is_err());
}

#[test]
fn limits_say_what_was_not_kept() {
    assert_eq!(Limit::characters("summary", "ééé", 3), Ok(()));
    assert_eq!(
        Limit::characters("summary", "éééé", 3).unwrap_err().to_string(),
        "summary is 4 characters long, and may be no longer than 3"
    );
    let of = |rule| Limit { parameter: "start", rule }.to_string();
    assert_eq!(of(Rule::WholeSeconds), "start has a fraction of a second, which is refused");
    assert_eq!(
        Limit::items("batch", &[1, 2, 3], 2).unwrap_err().to_string(),
        "batch has 3 items, and may have no more than 2"
    );
}
