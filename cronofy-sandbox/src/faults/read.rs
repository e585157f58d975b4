//! A fault from the body of a request, member by member.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use super::invalid::{CONFLICT, INVALID, InvalidFault, REQUIRED};
use super::{At, ENDLESS, Effect, Fault, FaultOn};

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
        if !self.flaws.is_about(name) {
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
