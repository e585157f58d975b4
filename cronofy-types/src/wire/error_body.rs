//! Bodies of refusals: the OAuth one of the token endpoint, and the field errors of a 422.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::open_enum::{open_enum, open_enum_from_any_text};

open_enum! {
    /// An error code of OAuth 2.0 (RFC 6749 sections 4.1.2.1 and 5.2).
    pub enum OAuthErrorCode {
        /// A parameter is missing, repeated or wrong.
        InvalidRequest = "invalid_request",
        /// The client id or secret is wrong.
        InvalidClient = "invalid_client",
        /// The code or refresh token is unknown, used, expired or bound to another URL: the grant is dead.
        InvalidGrant = "invalid_grant",
        /// This client may not do that.
        UnauthorizedClient = "unauthorized_client",
        /// The server knows no such grant type.
        UnsupportedGrantType = "unsupported_grant_type",
        /// A scope is unknown or more than may be asked for.
        InvalidScope = "invalid_scope",
        /// The user, or the server for him, said no.
        AccessDenied = "access_denied",
        /// The server knows no such response type.
        UnsupportedResponseType = "unsupported_response_type",
        /// The server failed.
        ServerError = "server_error",
        /// The server is busy or being maintained.
        TemporarilyUnavailable = "temporarily_unavailable",
    }
}
open_enum_from_any_text!(OAuthErrorCode);

/// The error body of the token endpoint (RFC 6749 section 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OAuthError {
    /// The code.
    pub error: OAuthErrorCode,
    /// Text for a developer. Comes from the network: escape it wherever it is shown.
    pub description: Option<String>,
}

impl OAuthError {
    /// Reads the body, if it is one.
    pub fn from_body(body: &[u8]) -> Option<Self> {
        /// Not a `Value`, which would take the last of two codes for the one.
        #[derive(serde::Deserialize)]
        struct Body {
            error: String,
            error_description: Option<Value>,
            /// That there may be more makes it an object: serde would read an array as well.
            #[serde(flatten)]
            _more: serde::de::IgnoredAny,
        }

        let Body { error, error_description, .. } = serde_json::from_slice(body).ok()?;
        if error.is_empty() {
            return None;
        }
        let description = match error_description {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        Some(Self { error: OAuthErrorCode::from(error.as_str()), description })
    }
}

/// What is wrong with the parameters of a request, by the name of the parameter
/// (`developers/api/error-codes`, status 422).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldErrors(BTreeMap<String, Vec<FieldError>>);

/// One fault of one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// For programs, such as `errors.required`. Empty where Cronofy gives none.
    pub key: String,
    /// For people.
    pub description: Option<String>,
}

impl FieldErrors {
    /// Reads the body as far as it has the documented form. What is no such body is no field error.
    pub fn from_body(body: &[u8]) -> Self {
        let Ok(Value::Object(mut body)) = serde_json::from_slice(body) else { return Self::default() };
        let Some(Value::Object(fields)) = body.remove("errors") else { return Self::default() };
        Self(fields.into_iter().map(|(name, faults)| (name, faults_of(faults))).collect())
    }

    /// The faults of one parameter.
    pub fn of(&self, field: &str) -> &[FieldError] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Every parameter with its faults, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[FieldError])> {
        self.0.iter().map(|(name, faults)| (name.as_str(), faults.as_slice()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn faults_of(faults: Value) -> Vec<FieldError> {
    let faults = match faults {
        Value::Array(faults) => faults,
        single => vec![single],
    };
    faults.into_iter().filter_map(fault).collect()
}

fn fault(fault: Value) -> Option<FieldError> {
    match fault {
        Value::Object(mut members) => {
            let mut text = |name| match members.remove(name) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            Some(FieldError { key: text("key").unwrap_or_default(), description: text("description") })
        }
        Value::String(text) => Some(FieldError { key: String::new(), description: Some(text) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_bodies() {
        let error =
            OAuthError::from_body(br#"{"error":"invalid_grant","error_description":"code used"}"#).unwrap();
        assert_eq!(error.error, OAuthErrorCode::InvalidGrant);
        assert_eq!(error.description.as_deref(), Some("code used"));

        // `developers/api/error-codes`
        let body = br#"{"errors":{"event_id":[{"key":"errors.required","description":"required"}]}}"#;
        let errors = FieldErrors::from_body(body);
        assert_eq!(errors.of("event_id")[0].key, "errors.required");
        assert_eq!(errors.of("event_id")[0].description.as_deref(), Some("required"));
        assert!(errors.of("start").is_empty());
    }

    #[test]
    fn other_bodies_are_no_errors_of_these_kinds() {
        for body in [
            &b""[..],
            b"Not JSON",
            b"[]",
            b"{\"error\":7}",
            b"{\"error\":\"\"}",
            b"{\"error\":\"a\",\"error\":\"b\"}",
            b"{\"permissions\":\"x\"}",
        ] {
            assert_eq!(OAuthError::from_body(body), None);
        }
        for body in [&b""[..], b"Not JSON", b"[]", b"{\"errors\":[]}", b"{\"errors\":{}}", b"\xFF"] {
            assert!(FieldErrors::from_body(body).is_empty());
        }
        let odd =
            FieldErrors::from_body(br#"{"errors":{"a":"wrong","b":[{"key":"errors.new"},3],"c":null}}"#);
        assert_eq!(odd.of("a")[0].description.as_deref(), Some("wrong"));
        assert_eq!((odd.of("b").len(), odd.of("b")[0].key.as_str()), (1, "errors.new"));
        assert_eq!(odd.iter().count(), 3);
    }
}
