//! The bodies of the fuzz targets: each takes any bytes, hands them to everything that could read them, and
//! panics where a promise is broken. The targets and the tests of the workspace call them.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzz target says something"
)]

mod answers;
mod availability;
mod batch;
mod events;
mod flows;
// What flows and sessions promise is written down once, beside the core's own tests of it.
#[path = "../../cronofy-auth-core/tests/model/mod.rs"]
mod model;
mod redirect;
mod scenario;
mod script;
mod stored;
mod timestamp;
mod urls;
mod webhook;

pub use answers::{error_response, field_errors, retry_after, token_response, userinfo};
pub use availability::availability;
pub use batch::batch_answer;
pub use events::{events_page, next_page};
pub use flows::{flows, session};
pub use redirect::redirect;
pub use scenario::sandbox_scenario;
pub use stored::stored;
pub use timestamp::timestamp;
pub use urls::redirect_uri;
pub use webhook::{webhook_body, webhook_header};

/// A target, for whoever replays its corpus.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is its folder's too.
    pub name: &'static str,
    /// Its body.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 18] = [
    Target { name: "redirect", run: redirect },
    Target { name: "token_response", run: token_response },
    Target { name: "error_response", run: error_response },
    Target { name: "field_errors", run: field_errors },
    Target { name: "batch_answer", run: batch_answer },
    Target { name: "webhook_header", run: webhook_header },
    Target { name: "webhook_body", run: webhook_body },
    Target { name: "retry_after", run: retry_after },
    Target { name: "redirect_uri", run: redirect_uri },
    Target { name: "timestamp", run: timestamp },
    Target { name: "userinfo", run: userinfo },
    Target { name: "events_page", run: events_page },
    Target { name: "next_page", run: next_page },
    Target { name: "availability", run: availability },
    Target { name: "stored", run: stored },
    Target { name: "flows", run: flows },
    Target { name: "session", run: session },
    Target { name: "sandbox_scenario", run: sandbox_scenario },
];

/// When everything in here happens.
const NOW: cronofy_auth_core::types::Timestamp =
    cronofy_auth_core::types::Timestamp::from_unix_seconds(1_930_385_700);

/// Whether a text may be put into a terminal or a log line.
fn is_clean(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
