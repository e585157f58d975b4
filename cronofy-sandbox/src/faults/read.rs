//! What a fault may say: a body is read, and a fault checked, member by member.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::{HeaderName, HeaderValue, header};
use serde_json::{Map, Value};

use super::{At, ENDLESS, EVERYTHING, Effect, Fault, FaultOn};
use crate::routes;
use crate::wire::{FieldErrors, Refusal};

/// Why a fault cannot be: which members are wrong, and what would be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvalidFault(Vec<Flaw>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Flaw {
    field: String,
    key: &'static str,
    description: String,
}

const KNOWN: &[&str] = &[
    "on",
    "grant_type",
    "client_id",
    "sub",
    "nth",
    "count",
    "probability",
    "at",
    "effect",
    "status",
    "headers",
    "body",
    "content_type",
    "delay_ms",
];
const EFFECTS: &str = "status, delay, reset, close, hang, truncate, garbage or content_type";
/// Nobody waits longer than this for a test.
const LONGEST_DELAY: Duration = Duration::from_secs(600);
const LARGEST_BODY: usize = 64 * 1024;

impl TryFrom<Map<String, Value>> for Fault {
    type Error = InvalidFault;

    fn try_from(body: Map<String, Value>) -> Result<Self, InvalidFault> {
        let mut members = Members { body, flaws: InvalidFault::default() };
        members.refuse_unknown();
        let fault = members.fault();
        members.flaws.into_result()?;
        let Some(fault) = fault else { return Err(InvalidFault::default()) };
        fault.check()?;
        Ok(fault)
    }
}

impl Fault {
    /// Whether it makes sense. A builder can say anything, too.
    pub(super) fn check(&self) -> Result<(), InvalidFault> {
        let mut flaws = InvalidFault::default();
        let FaultOn { on, grant_type, nth, count, probability, .. } = &self.trigger;
        if on != EVERYTHING
            && let Err(unknown) = routes::known(on)
        {
            flaws.push("on", "errors.not_recognized", format!("{unknown}, or * for all"));
        }
        if grant_type.is_some() && on != "POST /oauth/token" {
            flaws.push("grant_type", CONFLICT, "only POST /oauth/token has one");
        }
        for (field, number) in [("nth", nth), ("count", count)] {
            if *number == Some(0) {
                flaws.push(field, INVALID, "calls are counted from 1");
            }
        }
        if probability.is_some_and(|chance| !(chance > 0.0 && chance <= 1.0)) {
            flaws.push("probability", INVALID, "must be more than 0 and at most 1");
        }
        let effect = self.effect.word();
        if self.effect.needs_an_answer() && self.at == At::Before {
            let why = format!("{effect} spoils the operation's own answer, and before it there is none");
            flaws.push("at", CONFLICT, why);
        }
        match (self.delay, &self.effect) {
            (Some(_), Effect::Hang) => flaws.push("delay_ms", CONFLICT, "hang waits for ever already"),
            (Some(Duration::ZERO), _) => flaws.push("delay_ms", INVALID, "must be at least 1"),
            (Some(delay), _) if delay > LONGEST_DELAY => {
                flaws.push("delay_ms", INVALID, "must be at most 600000, which is ten minutes");
            }
            (None, Effect::Delay) => flaws.push("delay_ms", REQUIRED, "says how long"),
            _ => {}
        }
        self.effect.check(&mut flaws);
        flaws.into_result()
    }
}

impl Effect {
    fn check(&self, flaws: &mut InvalidFault) {
        match self {
            Self::Status { status, headers, body } => {
                if !(200..=599).contains(status) {
                    flaws.push("status", INVALID, "must be from 200 to 599");
                }
                if matches!(status, 204 | 205 | 304) && !body.is_null() {
                    flaws.push("body", CONFLICT, format!("an answer of status {status} has none"));
                }
                if body.to_string().len() > LARGEST_BODY {
                    flaws.push("body", INVALID, "must be at most 64 KiB");
                }
                for (name, value) in headers {
                    let field = format!("headers.{name}");
                    match HeaderName::from_bytes(name.as_bytes()) {
                        Err(_) => flaws.push(field, INVALID, "is not the name of a header"),
                        Ok(header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION) => {
                            flaws.push(
                                field,
                                CONFLICT,
                                "is how the answer is framed: truncate and close spoil that",
                            );
                        }
                        Ok(_) if HeaderValue::from_str(value).is_err() => {
                            flaws.push(field, INVALID, "its value is not one of a header");
                        }
                        Ok(_) => {}
                    }
                }
            }
            Self::ContentType { content_type } if HeaderValue::from_str(content_type).is_err() => {
                flaws.push("content_type", INVALID, "is not the value of a header");
            }
            _ => {}
        }
    }
}

/// A body under examination. `null` is as good as absent, except as a count.
struct Members {
    body: Map<String, Value>,
    flaws: InvalidFault,
}

impl Members {
    fn refuse_unknown(&mut self) {
        for name in self.body.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
            let known = format!("not known here: there are {}", KNOWN.join(", "));
            self.flaws.push(name, "errors.not_recognized", known);
        }
    }

    /// `None` where a member without which there is no fault is missing, which is among the flaws then.
    fn fault(&mut self) -> Option<Fault> {
        let on = self.text("on");
        if on.is_none() {
            self.required("on", "needs an operation such as POST /oauth/token, or * for all");
        }
        let trigger = FaultOn {
            on: on.unwrap_or_default(),
            grant_type: self.text("grant_type"),
            client_id: self.text("client_id"),
            sub: self.text("sub"),
            nth: self.number("nth"),
            count: self.count(),
            probability: self.take("probability", "must be a number", Value::as_f64),
            at: self.take("at", "must be before or after", |at| match at.as_str()? {
                "before" => Some(At::Before),
                "after" => Some(At::After),
                _ => None,
            }),
        };
        let delay = self.number("delay_ms").map(Duration::from_millis);
        let effect = self.effect()?;
        Some(Fault { delay, ..trigger.effect(effect) })
    }

    fn effect(&mut self) -> Option<Effect> {
        let Some(word) = self.text("effect") else {
            self.required("effect", &format!("must be {EFFECTS}"));
            return None;
        };
        let effect = match word.as_str() {
            "status" => {
                let status = self.take("status", "must be a number from 200 to 599", |status| {
                    u16::try_from(status.as_u64()?).ok()
                });
                if status.is_none() {
                    self.required("status", "needs a number from 200 to 599");
                }
                let headers = self.take("headers", "must be an object of strings", headers);
                let body = self.body.remove("body").unwrap_or_default();
                Effect::Status { status: status?, headers: headers.unwrap_or_default(), body }
            }
            "content_type" => {
                let content_type = self.text("content_type");
                if content_type.is_none() {
                    self.required("content_type", "needs a media type such as text/html");
                }
                Effect::ContentType { content_type: content_type? }
            }
            "delay" => Effect::Delay,
            "reset" => Effect::Reset,
            "close" => Effect::Close,
            "hang" => Effect::Hang,
            "truncate" => Effect::Truncate,
            "garbage" => Effect::Garbage,
            _ => {
                self.flaws.push("effect", "errors.not_recognized", format!("must be {EFFECTS}"));
                return None;
            }
        };
        for member in ["status", "headers", "body", "content_type"] {
            if self.body.get(member).is_some_and(|value| !value.is_null()) {
                self.flaws.push(member, CONFLICT, format!("the effect {word} has none"));
            }
        }
        Some(effect)
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, "must be a string", |value| {
            value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
        })
    }

    /// Here, `null` says something: without end.
    fn count(&mut self) -> Option<u64> {
        if self.body.get("count").is_some_and(Value::is_null) { Some(ENDLESS) } else { self.number("count") }
    }

    fn number(&mut self, name: &str) -> Option<u64> {
        self.take(name, "must be a whole number, not negative", Value::as_u64)
    }

    /// Absent, or what `read` makes of it; what it makes nothing of is a flaw.
    fn take<T>(&mut self, name: &str, needed: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.body.remove(name).filter(|value| !value.is_null())?;
        let read = read(&value);
        if read.is_none() {
            self.flaws.push(name, INVALID, needed);
        }
        read
    }

    /// Unless it is known already that the member is there, and wrong.
    fn required(&mut self, name: &str, needed: &str) {
        if !self.flaws.0.iter().any(|flaw| flaw.field == name) {
            self.flaws.push(name, REQUIRED, needed);
        }
    }
}

/// Numbers are welcome too: `Retry-After` is one.
fn headers(value: &Value) -> Option<BTreeMap<String, String>> {
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Number(number) => Some((name.clone(), number.to_string())),
        _ => None,
    };
    value.as_object()?.iter().map(text).collect()
}

const CONFLICT: &str = "errors.conflict";
const INVALID: &str = "errors.invalid_format";
const REQUIRED: &str = "errors.required";

impl InvalidFault {
    pub(crate) fn of(field: &str, key: &'static str, description: &str) -> Self {
        let mut flaws = Self::default();
        flaws.push(field, key, description);
        flaws
    }

    pub(crate) fn push(
        &mut self,
        field: impl Into<String>,
        key: &'static str,
        description: impl Into<String>,
    ) {
        self.0.push(Flaw { field: field.into(), key, description: description.into() });
    }

    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this fault cannot be")?;
        self.0.iter().try_for_each(|flaw| write!(f, "; {}: {}", flaw.field, flaw.description))
    }
}

impl Error for InvalidFault {}

impl From<InvalidFault> for Refusal {
    fn from(invalid: InvalidFault) -> Self {
        let why = invalid.to_string();
        let mut errors = FieldErrors::default();
        for Flaw { field, key, description } in &invalid.0 {
            errors.push(field, key, description);
        }
        Self::fields(errors, why)
    }
}
