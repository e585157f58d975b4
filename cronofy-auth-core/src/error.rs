//! What can go wrong, by whose fault it is.

use core::fmt;
use core::time::Duration;

use cronofy_types::{FieldErrors, OAuthError, OAuthErrorCode, ParseError, Shown};
use http::StatusCode;

use crate::Fault;
use crate::delegate::NotDelegated;

/// Why a flow failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered, and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server answered, and broke its contract.
    #[error(transparent)]
    BadAnswer(#[from] BadAnswer),
    /// Nobody answered.
    #[error("{0}")]
    NoAnswer(Fault),
    /// The request was not sent: it cannot be written as HTTP, or does not keep to what Cronofy documents.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// The flow was driven wrongly.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

impl Error {
    /// What the server said, where it refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::BadAnswer(_) | Self::NoAnswer(_) | Self::Unsendable(_) | Self::Misuse(_) => None,
        }
    }

    /// Whether the same request may succeed later. It says nothing of whether it may be sent twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.is_retryable(),
            Self::NoAnswer(_) => true,
            Self::BadAnswer(_) | Self::Unsendable(_) | Self::Misuse(_) => false,
        }
    }

    /// Whether the grant is dead, so that only the user can bring access back.
    pub fn needs_reconnect(&self) -> bool {
        self.refusal().is_some_and(Refusal::needs_reconnect)
    }
}

/// The server refused: what it said, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The OAuth error of the token endpoint (RFC 6749 section 5.2).
    pub oauth: Option<OAuthError>,
    /// Of a 422: what is wrong with which parameter. Empty where the body does not say.
    pub fields: FieldErrors,
    /// How long the server asks to be left alone, from `Retry-After`.
    pub retry_after: Option<Duration>,
}

/// What a refusal amounts to (`developers/api/error-codes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The code or refresh token is dead; the user has to connect again. On a code exchange it may also be that the
    /// redirect URI or callback URL is not the very one that the code came by: look at that first.
    InvalidGrant,
    /// The client id or secret is wrong, whatever the status: 400 and 401 are both in use.
    InvalidClient,
    /// The application may not do that.
    UnauthorizedClient,
    /// The grant type is unknown.
    UnsupportedGrantType,
    /// A scope is unknown or too much.
    InvalidScope,
    /// 400 without an OAuth error.
    BadRequest,
    /// 401: the token is unknown or expired; refresh it and ask again.
    Unauthorized,
    /// 402: the plan lacks the feature.
    PaymentRequired,
    /// 403: the scope is not enough; the user has to authorize a larger one.
    Forbidden,
    /// 404.
    NotFound,
    /// 410: it was there, and is gone for good.
    Gone,
    /// 422, or the OAuth error `invalid_request`: parameters are wrong.
    InvalidRequest,
    /// 423: the provider no longer accepts Cronofy's credentials; the user has to relink the profile. Where to is in
    /// no refusal: [`Userinfo::relink_url`](cronofy_types::Userinfo::relink_url) has it.
    AccountLocked,
    /// 429: over 50 requests a second or 500 a minute.
    RateLimited,
    /// 500, and other statuses above it.
    ServerError,
    /// 502.
    BadGateway,
    /// 503.
    ServiceUnavailable,
    /// 504.
    GatewayTimeout,
    /// Anything else, redirects among it: credentials never follow one.
    Other,
}

impl Refusal {
    /// What it amounts to.
    pub fn kind(&self) -> RefusalKind {
        let oauth = self.oauth.as_ref().map(|oauth| &oauth.error);
        match (self.status.as_u16(), oauth) {
            (400 | 401, Some(OAuthErrorCode::InvalidClient)) => RefusalKind::InvalidClient,
            (400 | 401, Some(OAuthErrorCode::InvalidGrant)) => RefusalKind::InvalidGrant,
            (400, Some(OAuthErrorCode::UnauthorizedClient)) => RefusalKind::UnauthorizedClient,
            (400, Some(OAuthErrorCode::UnsupportedGrantType)) => RefusalKind::UnsupportedGrantType,
            (400, Some(OAuthErrorCode::InvalidScope)) => RefusalKind::InvalidScope,
            (400, Some(OAuthErrorCode::InvalidRequest)) | (422, _) => RefusalKind::InvalidRequest,
            (400, None) => RefusalKind::BadRequest,
            (401, _) => RefusalKind::Unauthorized,
            (402, _) => RefusalKind::PaymentRequired,
            (403, _) => RefusalKind::Forbidden,
            (404, _) => RefusalKind::NotFound,
            (410, _) => RefusalKind::Gone,
            (423, _) => RefusalKind::AccountLocked,
            (429, _) => RefusalKind::RateLimited,
            (502, _) => RefusalKind::BadGateway,
            (503, _) => RefusalKind::ServiceUnavailable,
            (504, _) => RefusalKind::GatewayTimeout,
            (500.., _) => RefusalKind::ServerError,
            _ => RefusalKind::Other,
        }
    }

    /// Whether the same request may succeed later: 429, and 500, 502, 503 and 504.
    pub fn is_retryable(&self) -> bool {
        matches!(self.status.as_u16(), 429 | 500 | 502..=504)
    }

    /// Whether the grant is dead, so that only the user can bring access back.
    pub fn needs_reconnect(&self) -> bool {
        self.kind() == RefusalKind::InvalidGrant
    }

    /// Whether the server says of itself that it did not act on the request, so that sending it again can
    /// do no harm: over the rate limit, or unavailable and asking to come back.
    pub fn was_not_acted_on(&self) -> bool {
        match self.kind() {
            RefusalKind::RateLimited => true,
            RefusalKind::ServiceUnavailable => self.retry_after.is_some(),
            _ => false,
        }
    }
}

/// The most parameters that a message names. The refusal itself has all of them.
const SHOWN_FIELDS: usize = 8;

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused with status {}", self.status.as_u16())?;
        if let Some(oauth) = &self.oauth {
            write!(f, " and error {}", Shown(oauth.error.as_str()))?;
            if let Some(description) = &oauth.description {
                write!(f, " ({})", Shown(description))?;
            }
        }
        for (index, (field, faults)) in self.fields.iter().take(SHOWN_FIELDS).enumerate() {
            let key = faults.first().map_or("", |fault| fault.key.as_str());
            let before = if index == 0 { ":" } else { "," };
            write!(f, "{before} {} {}", Shown(field), Shown(key))?;
        }
        if let Some(delay) = self.retry_after {
            write!(f, ", and asks to be left alone for {} s", delay.as_secs())?;
        }
        Ok(())
    }
}

impl core::error::Error for Refusal {}

/// An answer that is not what the documentation promises.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadAnswer {
    /// The status of the answer.
    pub status: StatusCode,
    /// Its content type as far as it is one, cut to 64 bytes.
    pub content_type: Option<Box<str>>,
    /// What is wrong with it.
    pub reason: BadAnswerReason,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadAnswerReason {
    /// The body is not what it should be.
    #[error(transparent)]
    Body(#[from] ParseError),
    /// A refresh answered with somebody else's identity.
    #[error("the refreshed tokens belong to another subject")]
    IdentityChanged,
    /// The next page is on another server, where the token must not go.
    #[error("the next page is not on the server that was asked")]
    ForeignPage,
    /// There is no end to the pages.
    #[error("the pages do not end")]
    EndlessPages,
}

impl fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer with status {} and ", self.status.as_u16())?;
        match &self.content_type {
            Some(content_type) => write!(f, "content type {content_type} cannot be used"),
            None => f.write_str("no content type cannot be used"),
        }
    }
}

impl core::error::Error for BadAnswer {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.reason)
    }
}

/// Why a request was not sent: it cannot be written as HTTP, which the types of this workspace keep from happening and
/// a call of your own may bring about, or it does not keep to what Cronofy documents.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unsendable {
    /// Its URL is none, or is over 64 KiB.
    #[error("the URL of the request is none")]
    Url(#[source] http::uri::InvalidUri),
    /// A value cannot stand in a header.
    #[error("a value of the request cannot stand in a header")]
    Header(#[source] http::header::InvalidHeaderValue),
    /// Its body cannot be written as JSON.
    #[error("the body of the request cannot be written as JSON")]
    Body,
    /// A part of its path is `.` or `..`, which whatever stands in between would read as another path.
    #[error("a part of the request's path is made of dots alone")]
    Dots,
    /// It is a page of another server than the one whose credentials go with it.
    #[error("the page is on another server than the credentials are for")]
    ForeignPage,
    /// It is made of several calls, and one of them goes by another credential than the others.
    #[error("it goes by another credential than those before it")]
    OtherCredential,
    /// It is made of several calls, and one of them cannot be sent.
    #[error("entry {entry}: {reason}")]
    Part {
        /// Its place, from zero.
        entry: usize,
        /// Why not.
        reason: Box<Unsendable>,
    },
    /// It asks for what cannot succeed.
    #[error(transparent)]
    NotDelegated(#[from] NotDelegated),
    /// A parameter is outside of what Cronofy documents.
    #[error(transparent)]
    Limit(#[from] Limit),
}

/// A parameter outside of what Cronofy documents. It would come back as a 422.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The parameter, as it is called on the wire.
    pub parameter: &'static str,
    /// What was not kept.
    pub rule: Rule,
}

/// What a parameter has to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// At most so many characters.
    Characters {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// At most so many items.
    Items {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// At least one item, or any text.
    NotEmpty,
    /// A number no smaller and no larger.
    Between {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// No fraction of a second other than zero.
    WholeSeconds,
    /// A color such as `#49BED8`.
    Color,
    /// ASCII characters alone.
    Ascii,
    /// Letters, digits, underscores and hyphens alone.
    Name,
    /// Not together with another parameter.
    NotWith(&'static str),
}

impl Limit {
    /// Holds text to a number of characters.
    ///
    /// # Errors
    ///
    /// Where there are more.
    pub fn characters(parameter: &'static str, text: &str, most: usize) -> Result<(), Self> {
        // Bytes are at least as many as characters, and counting them costs nothing.
        if text.len() <= most {
            return Ok(());
        }
        match text.chars().count() {
            count if count <= most => Ok(()),
            count => Err(Self { parameter, rule: Rule::Characters { count, most } }),
        }
    }

    /// Holds a list to a number of items.
    ///
    /// # Errors
    ///
    /// Where there are more.
    pub fn items<T>(parameter: &'static str, items: &[T], most: usize) -> Result<(), Self> {
        match items.len() {
            count if count <= most => Ok(()),
            count => Err(Self { parameter, rule: Rule::Items { count, most } }),
        }
    }

    /// Asks a list for at least one item.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn not_empty<T>(parameter: &'static str, items: &[T]) -> Result<(), Self> {
        if items.is_empty() { Err(Self { parameter, rule: Rule::NotEmpty }) } else { Ok(()) }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.parameter)?;
        match self.rule {
            Rule::Characters { count, most } => {
                write!(f, "is {count} characters long, and may be no longer than {most}")
            }
            Rule::Items { count, most } => write!(f, "has {count} items, and may have no more than {most}"),
            Rule::NotEmpty => f.write_str("is empty"),
            Rule::Between { least, most } => write!(f, "is not between {least} and {most}"),
            Rule::WholeSeconds => f.write_str("has a fraction of a second, which is refused"),
            Rule::Color => f.write_str("is no color such as #49BED8"),
            Rule::Ascii => f.write_str("has characters that are not ASCII"),
            Rule::Name => f.write_str("has other characters than letters, digits, _ and -"),
            Rule::NotWith(other) => write!(f, "cannot be together with {other}"),
        }
    }
}

impl core::error::Error for Limit {}

impl From<Limit> for Error {
    fn from(limit: Limit) -> Self {
        Unsendable::Limit(limit).into()
    }
}

/// A flow was driven wrongly. It comes from the order of calls, never from data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// It was finished already.
    #[error("the flow is finished and takes no more input")]
    Finished,
    /// It had asked for something else.
    #[error("the flow was given an input that it had not asked for")]
    NotAskedFor,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal {
            status: StatusCode::from_u16(status).unwrap(),
            oauth: OAuthError::from_body(body.as_bytes()),
            fields: FieldErrors::from_body(body.as_bytes()),
            retry_after: None,
        }
    }

    #[test]
    fn messages() {
        let said = |status, body| refusal(status, body).to_string();
        assert_eq!(
            said(400, r#"{"error":"invalid_grant","error_description":"code\nused"}"#),
            "the server refused with status 400 and error invalid_grant (code\\nused)"
        );
        assert_eq!(
            said(400, r#"{"error":"invalid_grant"}"#),
            "the server refused with status 400 and error invalid_grant"
        );
        assert_eq!(
            said(422, r#"{"errors":{"email":[{"key":"errors.required"}],"scope":[]}}"#),
            "the server refused with status 422: email errors.required, scope "
        );
        assert_eq!(
            said(400, "{\"error\":\"\\u001b[31m\"}"),
            "the server refused with status 400 and error \\u{1b}[31m"
        );
        let limited = Refusal { retry_after: Some(Duration::from_secs(7)), ..refusal(429, "") };
        assert_eq!(
            limited.to_string(),
            "the server refused with status 429, and asks to be left alone for 7 s"
        );
    }

    #[test]
    fn kinds() {
        for (status, body, kind) in [
            (400, r#"{"error":"invalid_grant"}"#, RefusalKind::InvalidGrant),
            (400, r#"{"error":"invalid_client"}"#, RefusalKind::InvalidClient),
            (401, r#"{"error":"invalid_client"}"#, RefusalKind::InvalidClient),
            (400, r#"{"error":"invalid_request"}"#, RefusalKind::InvalidRequest),
            (400, r#"{"error":"brand_new"}"#, RefusalKind::Other),
            (400, r#"{"permissions":"not_recognized"}"#, RefusalKind::BadRequest),
            (401, r#"{"error":"invalid_grant"}"#, RefusalKind::InvalidGrant),
            (401, r#"{"error":"invalid_token"}"#, RefusalKind::Unauthorized),
            (403, "", RefusalKind::Forbidden),
            (410, "", RefusalKind::Gone),
            (302, "", RefusalKind::Other),
            (418, "", RefusalKind::Other),
            (422, "Not JSON", RefusalKind::InvalidRequest),
            (423, "", RefusalKind::AccountLocked),
            (500, "", RefusalKind::ServerError),
            (501, "", RefusalKind::ServerError),
            (503, "", RefusalKind::ServiceUnavailable),
        ] {
            assert_eq!(refusal(status, body).kind(), kind, "{status} {body}");
        }
        assert!(refusal(400, r#"{"error":"invalid_grant"}"#).needs_reconnect());
        assert!(!refusal(400, r#"{"error":"invalid_client"}"#).needs_reconnect());
        assert!(refusal(503, "").is_retryable() && !refusal(501, "").is_retryable());
    }
}
