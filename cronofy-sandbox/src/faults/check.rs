//! Whether a fault makes sense, however it was made.

use std::time::Duration;

use http::{HeaderName, HeaderValue, header};

use super::invalid::{CONFLICT, INVALID, InvalidFault, REQUIRED};
use super::{At, EVERYTHING, Effect, Fault, FaultOn};
use crate::routes;

/// Nobody waits longer than this for a test.
const LONGEST_DELAY: Duration = Duration::from_secs(600);
const LARGEST_BODY: usize = 64 * 1024;

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
        if let Some(stray) = self.stray {
            flaws.push(stray, CONFLICT, format!("the effect {effect} has none"));
        }
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
