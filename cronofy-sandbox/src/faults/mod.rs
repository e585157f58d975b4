//! Failures on purpose: what goes wrong, with which calls, and whether the call took effect before it did.

mod apply;
mod check;
mod effect;
mod invalid;
mod read;
mod schedule;

pub(crate) use self::effect::{At, Effect};
pub use self::invalid::InvalidFault;
pub use self::schedule::PlacedFault;
pub(crate) use self::schedule::{Asked, Faults, Hit};

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// Something that goes wrong with a call to Cronofy.
///
/// It says which calls it is about, which of those it hits, whether the call takes effect first, and what the
/// client sees. The same members, as JSON, are the body of `POST /_sandbox/faults`.
///
/// ```
/// use std::time::Duration;
///
/// use cronofy_sandbox::Fault;
///
/// // The second call to the token endpoint is carried out, and its answer is lost.
/// Fault::on("POST /oauth/token").nth(2).after_commit().reset();
///
/// // Every refresh finds the service down, and is told when to come back.
/// Fault::on("POST /oauth/token").grant_type("refresh_token").status(503).header("Retry-After", "2");
///
/// // A tenth of everything is slow, the same tenth in every run with the same seed.
/// Fault::on_everything().probability(0.1).delay(Duration::from_millis(800));
/// ```
///
/// Of several faults that are due for one call the oldest hits it, and the others stay due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Fault {
    #[serde(flatten)]
    trigger: FaultOn,
    at: At,
    #[serde(flatten)]
    effect: Effect,
    #[serde(rename = "delay_ms", serialize_with = "milliseconds", skip_serializing_if = "Option::is_none")]
    delay: Option<Duration>,
    /// What was said that the effect has none of: told when the fault is placed.
    #[serde(skip)]
    stray: Option<&'static str>,
}

/// The calls that a [`Fault`] hits. The methods that name an effect make it one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[must_use = "it is a fault once it has an effect, and happens once `Sandbox::fault` has it"]
pub struct FaultOn {
    on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(serialize_with = "endless_is_null", skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    /// As it is asked for, until the effect decides.
    #[serde(skip)]
    at: Option<At>,
}

impl Fault {
    /// About one operation, by method and path as the documentation writes them:
    /// `POST /v1/calendars/{calendar_id}/events`.
    pub fn on(operation: impl Into<String>) -> FaultOn {
        FaultOn {
            on: operation.into(),
            grant_type: None,
            client_id: None,
            sub: None,
            nth: None,
            count: None,
            probability: None,
            at: None,
        }
    }

    /// About every operation of Cronofy; never about `/_sandbox/`.
    pub fn on_everything() -> FaultOn {
        Self::on(EVERYTHING)
    }

    /// A header of the answer; only where the effect is a status.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        match &mut self.effect {
            Effect::Status { headers, .. } => drop(headers.insert(name.into(), value.into())),
            _ => self.stray = Some("headers"),
        }
        self
    }

    /// The body of the answer: text as it is, anything else as JSON. Only where the effect is a status.
    pub fn body(mut self, text_or_json: impl Into<Value>) -> Self {
        match &mut self.effect {
            Effect::Status { body, .. } => *body = text_or_json.into(),
            _ => self.stray = Some("body"),
        }
        self
    }

    /// Lets the client wait first, in real time and in whole milliseconds.
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = Some(by);
        self
    }
}

impl FaultOn {
    /// Only calls of `POST /oauth/token` with this `grant_type`.
    pub fn grant_type(mut self, grant_type: impl Into<String>) -> Self {
        self.grant_type = Some(grant_type.into());
        self
    }

    /// Only calls of this application.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Only calls about this account.
    pub fn about(mut self, sub: impl Into<String>) -> Self {
        self.sub = Some(sub.into());
        self
    }

    /// The first call to hit, counted from 1. Only that one is hit, unless [`FaultOn::count`] says more.
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// How many calls to hit; `u64::MAX` for every one from the nth on, which JSON writes as `null`. Without it and
    /// without [`FaultOn::nth`] every one is hit.
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// The chance of each call to be hit: more than 0, at most 1. The sandbox's seed decides which ones are.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// The operation never runs: the default of effects that need no answer of its own.
    pub fn before_commit(mut self) -> Self {
        self.at = Some(At::Before);
        self
    }

    /// The operation runs, what it did stays done, and then its answer suffers.
    pub fn after_commit(mut self) -> Self {
        self.at = Some(At::After);
        self
    }

    /// An answer of this status, 200 to 599, in place of the operation's.
    pub fn status(self, status: u16) -> Fault {
        self.effect(Effect::Status { status, headers: BTreeMap::new(), body: Value::Null })
    }

    /// The operation's own answer, late by so much real time.
    pub fn delay(self, by: Duration) -> Fault {
        self.effect(Effect::Delay).delayed(by)
    }

    /// No answer: the connection is reset.
    pub fn reset(self) -> Fault {
        self.effect(Effect::Reset)
    }

    /// No answer: the connection ends in good order.
    pub fn close(self) -> Fault {
        self.effect(Effect::Close)
    }

    /// No answer, until the client goes away or the sandbox stops.
    pub fn hang(self) -> Fault {
        self.effect(Effect::Hang)
    }

    /// The operation's answer with the length of all of its body and only half of it; then the connection ends.
    pub fn truncate(self) -> Fault {
        self.effect(Effect::Truncate)
    }

    /// The operation's answer with random bytes for a body, as many as it had, said to be JSON.
    pub fn garbage(self) -> Fault {
        self.effect(Effect::Garbage)
    }

    /// The operation's answer, said to be of another type.
    pub fn content_type(self, content_type: impl Into<String>) -> Fault {
        self.effect(Effect::ContentType { content_type: content_type.into() })
    }

    fn effect(mut self, effect: Effect) -> Fault {
        let at = self.at.take().unwrap_or(if effect.needs_an_answer() { At::After } else { At::Before });
        Fault { trigger: self, at, effect, delay: None, stray: None }
    }
}

/// For a count without end.
const ENDLESS: u64 = u64::MAX;

/// For every operation.
const EVERYTHING: &str = "*";

#[expect(clippy::ref_option, reason = "serde calls it with the field as it is")]
fn endless_is_null<S: Serializer>(count: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    count.filter(|count| *count != ENDLESS).serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde calls it with the field as it is")]
fn milliseconds<S: Serializer>(delay: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    let milliseconds = delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX));
    milliseconds.serialize(serializer)
}
