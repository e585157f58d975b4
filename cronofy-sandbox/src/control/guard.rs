//! Who may speak to `/_sandbox/`: programs on this machine, and pages that it serves itself.
//!
//! Whoever can, gets at everything in the sandbox. So no page that a developer happens to visit may: neither by a
//! name that leads to this machine, nor by a form, nor by a script.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::uri::Authority;
use http::{Method, header};

use crate::app::App;
use crate::callbacks::MARK as CALLBACK_MARK;
use crate::wire::{Call, Refusal};

pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Result<Response, Refusal> {
    if let Some(call) = request.extensions().get::<Call>()
        && let Some(why) = objection(call, request.method(), &app.allowed_hosts)
    {
        return Err(Refusal::forbidden(why));
    }
    Ok(next.run(request).await)
}

/// Why the call is none for `/_sandbox/`, if it is not.
fn objection(call: &Call, method: &Method, allowed: &[String]) -> Option<&'static str> {
    let Some(host) = call.header("host").and_then(|host| host.parse::<Authority>().ok()) else {
        return Some("a request for /_sandbox/ names the sandbox in one Host header");
    };
    // A name of somebody else's can lead here: their pages would be of the same origin as this.
    if !is_here(host.host(), allowed) {
        return Some(
            "the Host is neither a loopback address, nor localhost, nor one that the sandbox was told of",
        );
    }
    if call.has("sec-fetch-site") && !matches!(call.header("sec-fetch-site"), Some("same-origin" | "none")) {
        return Some("a page of another site may not use /_sandbox/");
    }
    // Whoever asks for a callback names the URL, and has no say here.
    if call.has(CALLBACK_MARK) {
        return Some("a callback of a sandbox may not use /_sandbox/");
    }
    if call.has("origin") {
        let origin = call.header("origin").unwrap_or_default();
        if origin.strip_prefix("http://") != Some(host.as_str()) {
            return Some("a page of another origin may not use /_sandbox/");
        }
    }
    // A form, and a script that was not let in, can send some other types only.
    let typed = ["application/json", "application/toml"];
    let is_typed = typed.iter().any(|kind| call.essence().eq_ignore_ascii_case(kind));
    let has_body = call.length() > 0 || call.has(header::CONTENT_TYPE.as_str());
    if !matches!(*method, Method::GET | Method::HEAD) && has_body && !is_typed {
        return Some("a body for /_sandbox/ needs Content-Type: application/json (or application/toml)");
    }
    None
}

/// No name is looked up: what it leads to now it may not lead to in a moment.
fn is_here(host: &str, allowed: &[String]) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    literal.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        || host.eq_ignore_ascii_case("localhost")
        || allowed.iter().any(|name| name.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_only_names_that_cannot_lead_elsewhere_are_here() {
        let allowed = ["sandbox".to_owned()];
        for host in ["127.0.0.1", "127.9.9.9", "[::1]", "localhost", "LocalHost", "sandbox"] {
            assert!(is_here(host, &allowed), "{host}");
        }
        for host in
            ["a.example", "localhost.a.example", "192.0.2.1", "0.0.0.0", "[::]", "2130706433", "sandbox."]
        {
            assert!(!is_here(host, &allowed), "{host}");
        }
    }
}
