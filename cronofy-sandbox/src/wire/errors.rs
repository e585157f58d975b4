//! Refusals. Each carries a reason for people in `Cronofy-Sandbox-Why`, and a body only where one is known.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::ledger::{self, Absent, Rule, documented, guessed, observed};

pub(crate) const RULES: &[Rule] = &[
    documented(
        "401: the credential is not recognised; 403: it is, and does not reach far enough; 404: this \
             authorization sees no such thing",
        "api/error-codes",
    ),
    guessed(
        "401 carries `WWW-Authenticate: Bearer error=\"invalid_token\"`",
        "RFC 6750, section 3, asks for a challenge; Cronofy's is shown nowhere",
    ),
    guessed("401, 403 and 404 have no body", "no page shows one, so a client must not need one"),
    documented("422 maps each field to a list of `key` and `description`", "api/error-codes"),
    documented("A missing field is `errors.required`, described as `required`", "api/error-codes"),
    guessed(
        "The keys `errors.invalid_format`, `errors.not_recognized`, `errors.not_supported`, \
             `errors.invalid_time_pair` and `errors.tzid_unrecognized`",
        "an independent service that imitates this API uses these words",
    ),
    guessed(
        "A 422 names all fields that are wrong, up to a hundred, those inside others by their path: \
             `contact.email`, `redirect_uris[0]`",
        "the map has room for all of them, and one level only; nobody reads further",
    ),
    guessed(
        "A body that is no JSON object is 422 on `base`",
        "an independent service that imitates this API does so",
    ),
    documented("400 means an OAuth error: `{\"error\": \"invalid_grant\"}`", "api/error-codes"),
    observed(
        "The body of a 400 holds `error` and nothing else",
        "node cronofy 3.8.4 and Cronofy .NET 1.12, in their tests",
    ),
    guessed(
        "Another method below `/oauth/` is 405 with `Allow`",
        "RFC 9110, section 15.5.6, for methods that a path does not take",
    ),
];

/// Why the sandbox refused: for the person who reads it, never part of Cronofy's protocol, never with a secret.
pub(crate) const WHY: HeaderName = HeaderName::from_static("cronofy-sandbox-why");

/// An answer other than what was asked for.
pub(crate) struct Refusal {
    status: StatusCode,
    why: String,
    body: Body,
}

enum Body {
    Empty,
    Challenge,
    Json(Value),
    /// Token errors must not be cached either (RFC 6749, section 5.2).
    OAuth(&'static str),
}

impl Refusal {
    /// A status without a body.
    pub(crate) fn empty(status: StatusCode, why: impl Into<String>) -> Self {
        Self { status, why: why.into(), body: Body::Empty }
    }

    /// 401, with a challenge.
    pub(crate) fn unauthorized(why: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, why: why.into(), body: Body::Challenge }
    }

    /// 403: recognized, but not enough.
    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self::empty(StatusCode::FORBIDDEN, why)
    }

    pub(crate) fn not_found(why: impl Into<String>) -> Self {
        Self::empty(StatusCode::NOT_FOUND, why)
    }

    /// 422 with the map of fields.
    pub(crate) fn fields(errors: FieldErrors, why: impl Into<String>) -> Self {
        let body = Body::Json(json!({ "errors": Value::Object(errors.0) }));
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, why: why.into(), body }
    }

    /// 400 of the token and revocation endpoints, the only ones that answer 400.
    pub(crate) fn oauth(error: &'static str, why: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, why: why.into(), body: Body::OAuth(error) }
    }

    /// Status and body, where it is an entry of a batch.
    pub(crate) fn into_entry(self) -> (StatusCode, Option<Value>) {
        match self.body {
            Body::Json(body) => (self.status, Some(body)),
            Body::OAuth(error) => (self.status, Some(json!({ "error": error }))),
            Body::Empty | Body::Challenge => (self.status, None),
        }
    }

    /// 404 for what Cronofy has and the sandbox does not, and for what neither has.
    pub(crate) fn not_served(method: &str, path: &str) -> Self {
        let why = match ledger::absent_call(method, path) {
            Some(Absent { name, why }) => {
                format!("the sandbox does not serve {name}: {why}; see FIDELITY.md")
            }
            None if path.starts_with("/_sandbox") => {
                format!("there is no control call {method} {path}; GET /_sandbox/ lists them")
            }
            None => {
                format!("no call of Cronofy is known as {method} {path}; FIDELITY.md lists what is served")
            }
        };
        let body = Body::Json(json!({ "error": "not_served", "error_description": why }));
        Self { status: StatusCode::NOT_FOUND, why, body }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Body::Empty => super::empty(self.status),
            Body::Challenge => {
                let mut response = super::empty(self.status);
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                response
            }
            Body::Json(body) => super::json(self.status, &body),
            Body::OAuth(error) => {
                let mut response = super::json(self.status, &json!({ "error": error }));
                super::never_cache(&mut response);
                response
            }
        };
        response.headers_mut().insert(WHY, why_value(&self.why));
        response
    }
}

/// `why` as a header: printable ASCII, bounded. Parts of a request can be in it.
pub(crate) fn why_value(why: &str) -> HeaderValue {
    let text: String =
        why.chars().take(300).map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect();
    // Printable ASCII is a header value.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("unprintable"))
}

/// How many fields are told of, and how many errors of one: a body of wrong numbers would else be answered with
/// many times its size.
const MOST: usize = 100;

/// What is wrong with which field: the body of a 422.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Map<String, Value>);

impl FieldErrors {
    pub(crate) fn of(field: &str, key: &str, description: &str) -> Self {
        let mut errors = Self::default();
        errors.push(field, key, description);
        errors
    }

    pub(crate) fn push(&mut self, field: &str, key: &str, description: &str) {
        if self.0.len() >= MOST && !self.0.contains_key(field) {
            return;
        }
        let error = json!({ "key": key, "description": description });
        match self.0.entry(field).or_insert_with(|| json!([])) {
            Value::Array(errors) if errors.len() >= MOST => {}
            Value::Array(errors) => errors.push(error),
            other => *other = json!([error]),
        }
    }

    pub(crate) fn extend(&mut self, others: Self) {
        let room = MOST.saturating_sub(self.0.len());
        self.0.extend(others.0.into_iter().take(room));
    }

    /// The same, of an object that is the member `outer` of another.
    pub(crate) fn inside(self, outer: &str) -> Self {
        Self(self.0.into_iter().map(|(field, errors)| (format!("{outer}.{field}"), errors)).collect())
    }

    /// The documented answer to a missing field.
    pub(crate) fn required(&mut self, field: &str) {
        self.push(field, "errors.required", "required");
    }

    /// What calls about events answer to a missing field (docs: batch).
    pub(crate) fn unspecified(&mut self, field: &str) {
        self.push(field, "errors.required", &format!("{field} must be specified"));
    }

    /// A value that is not what the field takes.
    pub(crate) fn invalid(&mut self, field: &str, what: &str) {
        self.push(field, "errors.invalid_format", what);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` if nothing is wrong, else the 422 that names every field.
    pub(crate) fn into_result(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_refusal()) }
    }

    /// The 422 that names every field.
    pub(crate) fn into_refusal(self) -> Refusal {
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let why = format!("invalid or missing: {}", names.join(", "));
        Refusal::fields(self, why)
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let described = |error: &Value| error["description"].as_str().map(str::to_owned);
        let told = self.0.iter().map(|(field, errors)| {
            let descriptions: Vec<_> =
                errors.as_array().into_iter().flatten().filter_map(described).collect();
            format!("{field}: {}", descriptions.join(", "))
        });
        f.write_str(&told.collect::<Vec<_>>().join("; "))
    }
}
