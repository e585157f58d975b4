//! What is told about a callback: to the control API, to Rust, to the dashboard.

use std::time::SystemTime;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::place::shown;
use super::{CallbackKind, CallbackState};
use crate::clock::written;

/// A callback, and what became of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Callback {
    /// The sandbox's own name for it: `cbk_` and 24 hexadecimal digits.
    pub id: String,
    /// What it is about.
    pub kind: CallbackKind,
    /// The application that it is for.
    pub client_id: String,
    /// Where it goes, without the query: secrets are embedded there (docs: push-notifications/authentication).
    pub url: String,
    /// What it says. An authorization code in it is masked, and the URL of a channel or of a
    /// smart invite has no query here either.
    pub body: Value,
    /// How far it came.
    pub state: CallbackState,
    /// Why it failed, was withheld or was not sent.
    pub reason: Option<String>,
    /// The effect of a [`CallbackFault`](crate::CallbackFault) on it, such as `forged`.
    pub fault: Option<&'static str>,
    /// The callback that this one repeats: because it was sent again, or duplicated by a fault.
    pub copy_of: Option<String>,
    /// When it came to be, on the sandbox's clock.
    #[serde(serialize_with = "time")]
    pub created_at: SystemTime,
    /// When it is tried next, on the sandbox's clock. `None` once it is over, and while a fault holds it back.
    #[serde(serialize_with = "optional_time")]
    pub next_attempt_at: Option<SystemTime>,
    /// Every attempt that is over, oldest first.
    pub attempts: Vec<CallbackAttempt>,
}

/// One attempt to deliver a callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallbackAttempt {
    /// When it ended, on the sandbox's clock.
    #[serde(serialize_with = "time")]
    pub at: SystemTime,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// A callback that its receiver did not get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UndeliveredCallback {
    /// Where it should have gone, without the query: secrets are embedded there (docs:
    /// push-notifications/authentication).
    pub url: String,
    /// Why it did not arrive.
    pub reason: String,
    /// How often delivery was tried: 0 for a URL that the sandbox does not send to.
    pub attempts: u32,
}

impl CallbackAttempt {
    pub(super) fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// What became of an attempt that did not succeed.
    pub(super) fn reason(&self) -> String {
        match (self.status, &self.error) {
            (Some(status), _) => format!("answered {status}"),
            (None, error) => error.clone().unwrap_or_default(),
        }
    }
}

/// `body` as it may be shown.
pub(super) fn masked(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(code) = body.pointer_mut("/authorization/code") {
        *code = Value::from("[masked]");
    }
    for place in ["/channel/callback_url", "/smart_invite/callback_url"] {
        if let Some(Value::String(url)) = body.pointer_mut(place) {
            *url = shown(url);
        }
    }
    body
}

fn time<S: Serializer>(moment: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written(*moment))
}

#[expect(clippy::ref_option, reason = "serde hands a field over like this")]
fn optional_time<S: Serializer>(moment: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(written).serialize(serializer)
}
