//! What both kinds of delegated access share: the fields of a request, and the callback that tells the outcome.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::callbacks::{self, CallbackKind, Letter};
use crate::state::{CodeSource, Grant, State, flaw};
use crate::wire::{FieldErrors, Fields};

/// One address to reach.
pub(super) struct Entry {
    pub(super) email: String,
    pub(super) callback_url: String,
    pub(super) scope: String,
    pub(super) state: Option<String>,
}

impl Entry {
    /// Reads one entry; what is wrong goes to `errors`, under names that begin with `path`.
    pub(super) fn read(object: &Map<String, Value>, path: &str, errors: &mut FieldErrors) -> Self {
        let fields = Fields::from_object(object);
        let mut required = |name: &str| match fields.get(name) {
            // The scope is a string and only that: a list is not `required`, but it is not a scope either.
            None => {
                errors.required(&format!("{path}{name}"));
                String::new()
            }
            Some(value) => value.to_owned(),
        };
        let (email, callback_url, scope) = (required("email"), required("callback_url"), required("scope"));
        if !callback_url.is_empty() && flaw(&callback_url).is_some() {
            errors.push(
                &format!("{path}callback_url"),
                "errors.invalid_format",
                "must be an HTTP or HTTPS URL",
            );
        }
        Self { email, callback_url, scope, state: fields.get("state").map(str::to_owned) }
    }
}

/// Why access was not delegated.
#[derive(Clone, Copy)]
pub(super) enum Failure {
    /// Nobody has this address there.
    UnknownAddress,
    /// More was asked for than `delegated_scope` allows.
    Scope,
    /// The primary account cannot reach this calendar.
    NotAccessible,
}

impl Failure {
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::UnknownAddress => (
                "access_denied",
                "errors.account_not_found",
                "no account with this email address in the domain",
            ),
            Self::Scope => (
                "unable_to_grant_scope",
                "errors.scope_not_delegated",
                "the scope is not within the granted delegated_scope",
            ),
            Self::NotAccessible => (
                "access_denied",
                "errors.calendar_not_accessible",
                "the calendar is not accessible from the primary account",
            ),
        }
    }
}

/// Sends the outcome to the entry's callback URL.
pub(super) fn report(
    app: &App,
    state: &mut State,
    kind: CallbackKind,
    client_id: &str,
    entry: &Entry,
    outcome: Result<Grant, Failure>,
) {
    let mut authorization = match outcome {
        Ok(grant) => {
            let now = app.clock.now();
            let code = state.issue_code(&app.ids, now, grant, CodeSource::Callback, &entry.callback_url);
            json!({ "code": code })
        }
        Err(failure) => {
            let (error, key, description) = failure.words();
            json!({ "error": error, "error_key": key, "error_description": description })
        }
    };
    if let Some(state) = &entry.state {
        authorization["state"] = json!(state);
    }
    let letter = Letter {
        kind,
        client_id: client_id.to_owned(),
        url: entry.callback_url.clone(),
        body: json!({ "authorization": authorization }),
        channel: None,
    };
    callbacks::send(app, state, letter);
}
