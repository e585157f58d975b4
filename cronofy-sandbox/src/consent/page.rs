//! The consent page and the error page: plain forms, no script.

use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::choices::Choice;
use super::html::{STYLE, escape, page};
use super::providers::navigation;
use super::request::{AuthorizationRequest, Mode};
use crate::app::App;
use crate::wire::{Call, errors};
use crate::world::AccessMode;

/// The page on which a person allows or denies. `problem` says what was wrong with the form before.
pub(super) fn consent(
    app: &App,
    call: &Call,
    request: &AuthorizationRequest,
    choices: &[Choice],
    problem: Option<&str>,
) -> Response {
    let introduction = introduction(app, request);
    let alert = problem.map(alert).unwrap_or_default();
    let action = escape(&format!("{}?{}", call.path(), call.raw_query()));
    let navigation = navigation(app, call, request);
    let (accounts, access) = (accounts(request, choices), access_modes(request, choices));
    let allow = if choices.is_empty() {
        ""
    } else {
        "<button class=\"allow\" type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>\n"
    };
    let body = format!(
        "{introduction}{alert}{navigation}<form method=\"post\" action=\"{action}\">\n{accounts}{access}\
         <div class=\"actions\">\n{allow}\
         <button type=\"submit\" name=\"decision\" value=\"deny\" formnovalidate>Deny</button>\n\
         <button type=\"submit\" name=\"decision\" value=\"close\" formnovalidate>Close</button>\n</div>\n</form>\n"
    );
    let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let mut response = page(status, title(request), &body);
    if let Some(problem) = problem {
        response.headers_mut().insert(errors::WHY, errors::why_value(problem));
    }
    protect(&mut response);
    response
}

/// The person went away without an answer, as people who close the window do.
pub(super) fn closed() -> Response {
    let body = "<p>Nothing was decided. The application hears nothing of it, and can ask again.</p>\n";
    let mut response = page(StatusCode::OK, "You closed this request", body);
    protect(&mut response);
    response
}

/// Where a redirect is forbidden (RFC 6749, section 4.1.2.1). Cronofy's own page is not documented.
pub(super) fn error(status: StatusCode, why: &str) -> Response {
    let body = format!(
        "{}<p>You were not sent back, because it is not safe to say where \
         to. Go back to the application and tell its developers.</p>\n",
        alert(why)
    );
    let mut response = page(status, "This request cannot be answered", &body);
    response.headers_mut().insert(errors::WHY, errors::why_value(why));
    protect(&mut response);
    response
}

/// What every answer of the authorization endpoints says: keep nothing, frame nothing, run nothing, tell nobody
/// where you came from.
///
/// No `form-action`: browsers apply it to the redirect that follows the form, too, and that goes elsewhere.
pub(super) fn protect(response: &mut Response) {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'");
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed: [(HeaderName, &str); 5] = [
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn title(request: &AuthorizationRequest) -> &'static str {
    match request.mode {
        Mode::Individual => "Connect your calendar",
        Mode::Business { .. } => "Connect your calendar and those shared with you",
        Mode::Enterprise { .. } => "Connect your organization's calendars",
        Mode::Organization => "Connect your Cronofy organization",
    }
}

fn introduction(app: &App, request: &AuthorizationRequest) -> String {
    let name = escape(&request.application_name);
    let scope = escape(&request.scope);
    let warning = if request.verified {
        String::new()
    } else {
        format!("<p class=\"warning\">{name} is not verified. Go on only if you know who runs it.</p>\n")
    };
    let more = match &request.mode {
        Mode::Individual => String::new(),
        Mode::Business { delegated_scope } => {
            format!(
                ", and for <code>{}</code> on calendars that are shared with you",
                escape(delegated_scope)
            )
        }
        Mode::Enterprise { delegated_scope } => {
            let most = escape(delegated_scope);
            format!(", and for at most <code>{most}</code> on the calendars of users and rooms")
        }
        Mode::Organization => {
            format!(" in the name of {} and its members", escape(&app.state().world.unit.name))
        }
    };
    format!("{warning}<p><strong>{name}</strong> asks for <code>{scope}</code>{more}.</p>\n")
}

/// `text` is text; screen readers say it at once.
fn alert(text: &str) -> String {
    format!("<p class=\"problem\" role=\"alert\">{}</p>\n", escape(text))
}

fn accounts(request: &AuthorizationRequest, choices: &[Choice]) -> String {
    let legend = match request.mode {
        Mode::Individual | Mode::Business { .. } => "Account",
        Mode::Enterprise { .. } => "Organization",
        Mode::Organization => "Sign in as",
    };
    if choices.is_empty() {
        return "<p class=\"problem\" role=\"alert\">No account of the sandbox fits this request.</p>\n"
            .to_owned();
    }
    let options: Vec<String> = choices
        .iter()
        .map(|Choice { email, name, detail, .. }| {
            let note = format!("<small>{}, {}</small>", escape(email), escape(detail));
            (email.as_str(), format!("{}{note}", escape(name)))
        })
        .enumerate()
        .map(|(index, (email, label))| radio("account", email, &label, index == 0))
        .collect();
    format!("<fieldset>\n<legend>{legend}</legend>\n{}</fieldset>\n", options.concat())
}

/// Only where there is something to choose, the mode that was asked for first.
fn access_modes(request: &AuthorizationRequest, choices: &[Choice]) -> String {
    let mut modes: Vec<AccessMode> = Vec::new();
    for mode in choices.iter().flat_map(|choice| choice.modes(request)) {
        if !modes.contains(&mode) {
            modes.push(mode);
        }
    }
    if modes.is_empty() {
        return String::new();
    }
    let options: Vec<String> = modes
        .iter()
        .enumerate()
        .map(|(index, mode)| {
            let label = match mode {
                AccessMode::ReadWrite => "Read and write<small>The application sees your events.</small>",
                AccessMode::FreeBusy => {
                    "Free/busy only<small>The application sees when you are busy, nothing else. Google and Office \
                     365.</small>"
                }
                AccessMode::NoAccess => "No access<small>The application writes to a calendar of its own.</small>",
            };
            radio("access", mode.word(), label, index == 0)
        })
        .collect();
    format!("<fieldset>\n<legend>Access</legend>\n{}</fieldset>\n", options.concat())
}

/// `label` is HTML.
fn radio(name: &str, value: &str, label: &str, checked: bool) -> String {
    let checked = if checked { " checked" } else { "" };
    let value = escape(value);
    format!(
        "<label><input type=\"radio\" name=\"{name}\" value=\"{value}\" required{checked}><span>{label}</span></label>\n"
    )
}
