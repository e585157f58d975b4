//! The outcome of a delegated authorization, as Cronofy posts it to a callback URL
//! (`developers/api/enterprise-connect/delegated-access`, `developers/api-alpha/business-connect`).

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::parse::{ParseError, from_json};
use crate::{AuthorizationCode, Shown, State, Verified};

const WHAT: &str = "delegation callback";

/// What became of one request for a colleague's, a user's or a resource's calendar.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DelegationCallback {
    /// What was sent with the request. Nothing else in the body tells which mailbox this is about.
    pub state: Option<State>,
    /// Granted or failed.
    pub outcome: DelegationOutcome,
}

/// Granted or failed.
#[derive(Debug, Clone)]
pub enum DelegationOutcome {
    /// A code, to be redeemed with the callback URL in place of a redirect URI.
    Granted(AuthorizationCode),
    /// No access.
    Failed(DelegationFailure),
}

/// Why there is no access. Cronofy publishes no list of these values, so all of them are text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DelegationFailure {
    /// A code in the manner of OAuth, such as `unable_to_grant_scope`.
    pub error: String,
    /// A finer one.
    pub error_key: Option<String>,
    /// Text for people.
    pub error_description: Option<String>,
}

impl core::fmt::Display for DelegationFailure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the delegated authorization failed: {}", Shown(&self.error))?;
        for more in [&self.error_key, &self.error_description].into_iter().flatten() {
            write!(f, ", {}", Shown(more))?;
        }
        Ok(())
    }
}

impl DelegationCallback {
    /// Reads a body that was verified.
    ///
    /// # Errors
    ///
    /// Refuses what is not JSON, has neither a code nor an error or both, or repeats a member.
    pub fn parse(body: &Verified<'_>) -> Result<Self, ParseError> {
        let Body { authorization, .. } = from_json(WHAT, body.bytes())?;
        let present = |text: Option<String>| text.filter(|text| !text.is_empty());
        let outcome = match (present(authorization.code), present(authorization.error)) {
            (Some(code), None) => AuthorizationCode::new(code)
                .map(DelegationOutcome::Granted)
                .map_err(|_| ParseError::member(WHAT, "code"))?,
            (None, Some(error)) => DelegationOutcome::Failed(DelegationFailure {
                error,
                error_key: present(authorization.error_key),
                error_description: present(authorization.error_description),
            }),
            (Some(_), Some(_)) => return Err(ParseError::member(WHAT, "error")),
            (None, None) => return Err(ParseError::member(WHAT, "code")),
        };
        let state = present(authorization.state)
            .map(State::new)
            .transpose()
            .map_err(|_| ParseError::member(WHAT, "state"))?;
        Ok(Self { state, outcome })
    }
}

#[derive(Deserialize)]
struct Body {
    authorization: Authorization,
    /// That there may be more makes it an object: serde would read an array as well.
    #[serde(flatten)]
    _more: IgnoredAny,
}

#[derive(Deserialize)]
struct Authorization {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_key: Option<String>,
    error_description: Option<String>,
    #[serde(flatten)]
    _more: IgnoredAny,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<DelegationCallback, ParseError> {
        DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes()))
    }

    #[test]
    fn the_documented_body() {
        let callback =
            parse(r#"{"authorization":{"code":"c0d3","state":"row-77","new":[1]},"new":1}"#).unwrap();
        assert_eq!(callback.state.unwrap().as_str(), "row-77");
        let DelegationOutcome::Granted(code) = callback.outcome else { panic!("not granted") };
        assert_eq!(code.expose(), "c0d3");
    }

    #[test]
    fn a_failure_keeps_all_it_says() {
        let callback = parse(
            r#"{"authorization":{"error":"a","error_key":"b","error_description":"c","state":"s","code":null}}"#,
        )
        .unwrap();
        let DelegationOutcome::Failed(failure) = callback.outcome else { panic!("not failed") };
        assert_eq!(failure.to_string(), "the delegated authorization failed: a, b, c");
        assert_eq!(
            (failure.error_key.as_deref(), failure.error_description.as_deref()),
            (Some("b"), Some("c"))
        );
    }

    #[test]
    fn an_empty_member_is_an_absent_one() {
        let failed = parse(r#"{"authorization":{"error":"e","code":"","state":""}}"#).unwrap();
        assert!(matches!(failed.outcome, DelegationOutcome::Failed(_)) && failed.state.is_none());
        let granted = parse(r#"{"authorization":{"error":"","code":"c"}}"#).unwrap();
        assert!(matches!(granted.outcome, DelegationOutcome::Granted(_)));
    }

    #[test]
    fn what_is_refused_is_named() {
        for (body, why) in [
            ("{}", "delegation callback has an unexpected shape at line 1, column 2"),
            (r#"{"authorization":{}}"#, "delegation callback has a missing or unusable `code`"),
            (r#"{"authorization":{"error":""}}"#, "delegation callback has a missing or unusable `code`"),
            (
                r#"{"authorization":{"code":"c","error":"e"}}"#,
                "delegation callback has a missing or unusable `error`",
            ),
            (
                r#"{"authorization":{"code":"c","state":"\n"}}"#,
                "delegation callback has a missing or unusable `state`",
            ),
            (
                r#"{"authorization":{"code":"c1","code":"c2"}}"#,
                "delegation callback has an unexpected shape at line 1, column 36",
            ),
            (r#"{"authorization":{"code":""}}"#, "delegation callback has a missing or unusable `code`"),
            (
                r#"[{"code":"c","state":"s"}]"#,
                "delegation callback has an unexpected shape at line 1, column 0",
            ),
            (
                r#"{"authorization":["c","s",null,null,null]}"#,
                "delegation callback has an unexpected shape at line 1, column 17",
            ),
        ] {
            assert_eq!(parse(body).unwrap_err().to_string(), why, "{body}");
        }
    }
}
