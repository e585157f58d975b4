//! What happened in a flow, line by line, and how it is printed.

use std::io::{self, Write};

use crate::paint::Paint;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    /// The application that wants access.
    App,
    /// A person's browser, played by the demo.
    Browser,
    /// This library, over one of its transports.
    Library,
    /// Cronofy, played by the sandbox.
    Cronofy,
    /// Somebody who is none of these.
    Stranger,
}

impl Actor {
    fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Browser => "browser",
            Self::Library => "library",
            Self::Cronofy => "cronofy",
            Self::Stranger => "stranger",
        }
    }
}

/// What happened, in order. Two scripts are equal if the same was said, sent and answered; nothing in them
/// differs from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script(Vec<Line>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    actor: Actor,
    exchange: Option<Exchange>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Exchange {
    request: String,
    status: Option<u16>,
}

impl Script {
    /// Somebody did something without HTTP.
    pub(super) fn said(&mut self, actor: Actor, text: impl Into<String>) {
        self.0.push(Line { actor, exchange: None, text: text.into() });
    }

    /// A request went out.
    pub(super) fn asked(&mut self, actor: Actor, method: &str, path: &str) {
        let exchange = Exchange { request: format!("{method} {}", without_ids(path)), status: None };
        self.0.push(Line { actor, exchange: Some(exchange), text: String::new() });
    }

    /// The latest request was answered.
    pub(super) fn answered(&mut self, status: u16) {
        if let Some(Line { exchange: Some(exchange), .. }) = self.0.last_mut() {
            exchange.status = Some(status);
        }
    }

    /// What the latest line came to.
    pub(super) fn fact(&mut self, text: impl Into<String>) {
        if let Some(line) = self.0.last_mut() {
            line.text = text.into();
        }
    }

    /// How many requests the library made.
    pub(super) fn requests(&self) -> u64 {
        self.requests_of(Actor::Library)
    }

    /// How many requests this one made.
    pub(super) fn requests_of(&self, actor: Actor) -> u64 {
        let requests = self.0.iter().filter(|line| line.actor == actor && line.exchange.is_some());
        requests.map(|_| 1).sum()
    }

    pub(super) fn print(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let exchanges = || self.0.iter().filter_map(|line| line.exchange.as_ref());
        let width = exchanges().map(|exchange| exchange.request.chars().count()).max().unwrap_or(0);
        for Line { actor, exchange, text } in &self.0 {
            write!(out, "  {}  ", paint.dim(&format!("{:<8}", actor.as_str())))?;
            match exchange {
                None => writeln!(out, "{text}")?,
                Some(Exchange { request, status }) => {
                    let status = status.map_or_else(|| "---".to_owned(), |status| status.to_string());
                    let line = format!("{request:<width$}  {status}  {text}");
                    writeln!(out, "{}", line.trim_end())?;
                }
            }
        }
        Ok(())
    }
}

/// The path with its identifiers left out: they differ from run to run, and some of them open something.
fn without_ids(path: &str) -> String {
    let mut shown = Vec::new();
    let mut before = "";
    for segment in path.split('/') {
        shown.push(match before {
            "calendars" | "profiles" | "pages" => "…",
            _ => segment,
        });
        before = segment;
    }
    shown.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_in_paths_are_left_out() {
        assert_eq!(without_ids("/v1/profiles/pro_1/revoke"), "/v1/profiles/…/revoke");
        assert_eq!(without_ids("/v1/calendars/cal_1/events"), "/v1/calendars/…/events");
        assert_eq!(without_ids("/v1/userinfo"), "/v1/userinfo");
    }

    #[test]
    fn lines_are_aligned_within_a_script() {
        let mut script = Script::default();
        script.said(Actor::App, "begins");
        script.asked(Actor::Library, "POST", "/oauth/token");
        script.answered(200);
        script.fact("tokens");
        script.asked(Actor::Library, "GET", "/v1/userinfo");
        let mut printed = Vec::new();
        script.print(&mut printed, Paint::Plain).unwrap();
        assert_eq!(
            String::from_utf8(printed).unwrap(),
            "  app       begins\n  \
               library   POST /oauth/token  200  tokens\n  \
               library   GET /v1/userinfo   ---\n"
        );
        assert_eq!((script.requests(), script.requests_of(Actor::Browser)), (2, 0));
    }
}
