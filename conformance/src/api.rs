//! Kinds `events`, `free_busy`, `event_time` and `date`: calls after authorization.

use cronofy_api::Tzid;
use cronofy_api::events::{Event, ReadEvents};
use cronofy_api::free_busy::{FreeBusyTime, ReadFreeBusy};
use cronofy_api::time::{Date, EventTime, Moment};
use cronofy_auth_core::{Flow as _, Input, Paged, RetryPolicy, Step};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Instead};
use crate::exchange::failed;
use crate::given::{Bearer, NOW, Response};
use crate::webhook::Text;

#[derive(Deserialize)]
pub(crate) struct Listing {
    #[serde(flatten)]
    bearer: Bearer,
    pages: Vec<Response>,
}

pub(crate) fn events(input: Listing) -> Result<Answer, Instead> {
    let user = input.bearer.user()?;
    listed(ReadEvents::new(user, Tzid::utc()), input.pages, "uids", |event: Event| json!(event.event_uid))
}

pub(crate) fn free_busy(input: Listing) -> Result<Answer, Instead> {
    let user = input.bearer.user()?;
    listed(ReadFreeBusy::new(user, Tzid::utc()), input.pages, "items", |time: FreeBusyTime| {
        json!({
            "calendar_id": time.calendar_id,
            "start": time.start,
            "end": time.end,
            "free_busy_status": time.free_busy_status,
        })
    })
}

/// Page after page, as the two loops of the library walk them, until there is none or one is refused.
fn listed<E: Paged>(
    first: E,
    pages: Vec<Response>,
    name: &str,
    written: impl Fn(E::Item) -> Value,
) -> Result<Answer, Instead> {
    let mut items = Vec::new();
    let (mut sent, mut refused) = (0, false);
    let mut next = Some(first);
    let mut pages = pages.into_iter();
    while let Some(endpoint) = next.take() {
        let mut call = endpoint.clone().call().with_policy(RetryPolicy::NEVER);
        match call.step(Input::Start, NOW) {
            Ok(Step::Send(_)) => sent += 1,
            Ok(step) => return Err(Instead::Refused(format!("the flow began with {step:?}"))),
            Err(error) => return Err(Instead::refused(&error)),
        }
        let Some(response) = pages.next() else {
            return Err(Instead::Unsupported(format!("there is no answer to request {sent}")));
        };
        let page = match call.step(Input::Response(response.received()?), NOW) {
            Ok(Step::Done(page)) => page,
            Ok(step) => return Err(Instead::Rejected(format!("the flow went on with {step:?}"))),
            Err(error) => return Ok(listing(failed(&error), name, items, sent, refused)),
        };
        match page.next_page() {
            Ok(page) => next = page.cloned().map(|page| endpoint.at(page)),
            Err(_) => refused = true,
        }
        items.extend(page.items.into_iter().map(&written));
    }
    Ok(listing(Answer::default(), name, items, sent, refused))
}

fn listing(answer: Answer, name: &str, items: Vec<Value>, sent: u32, refused: bool) -> Answer {
    answer.with(name, items).with("requests_sent", sent).with("refused_next_page", refused)
}

#[derive(Deserialize)]
pub(crate) struct Json {
    json: Value,
}

pub(crate) fn event_time(input: Json) -> Result<Answer, Instead> {
    let EventTime { moment, tzid } =
        serde_json::from_value(input.json).map_err(|error| Instead::rejected(&error))?;
    let name = match moment {
        Moment::Date(_) => "date",
        Moment::DateTime(_) => "time",
    };
    Ok(Answer::of(name, moment.to_string()).with("tzid", json!(tzid)))
}

pub(crate) fn date(input: &Text) -> Answer {
    Answer::of("valid", input.text.parse::<Date>().is_ok())
}
