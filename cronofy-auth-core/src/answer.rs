//! Reading answers: what every endpoint does the same.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use cronofy_types::{FieldErrors, OAuthError, ParseError, Timestamp, from_json};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use serde::de::DeserializeOwned;

use crate::error::{BadAnswer, BadAnswerReason, Error, Refusal};

/// Enough for any content type that means something.
const CONTENT_TYPE_SHOWN: usize = 64;

/// Takes any 2xx and reads its JSON body; `what` names the body in an error.
///
/// # Errors
///
/// [`Error::Refused`] for any other status, redirects included, and [`Error::BadAnswer`] for a body that is
/// not what it should be.
pub fn read_json<T: DeserializeOwned>(
    what: &'static str,
    response: &http::Response<Bytes>,
    now: Timestamp,
) -> Result<T, Error> {
    read_with(response, now, |body| from_json(what, body))
}

/// Takes any 2xx, whatever its body: most calls that are accepted for later answer with none.
///
/// # Errors
///
/// [`Error::Refused`] for any other status.
pub fn read_nothing(response: &http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
    read_with(response, now, |_| Ok(()))
}

/// Takes any 2xx and hands its body to `read`.
///
/// # Errors
///
/// [`Error::Refused`] for any other status, and [`Error::BadAnswer`] for what `read` says.
pub fn read_with<T>(
    response: &http::Response<Bytes>,
    now: Timestamp,
    read: impl FnOnce(&[u8]) -> Result<T, ParseError>,
) -> Result<T, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, now).into());
    }
    read(response.body()).map_err(|reason| bad_answer(response, reason).into())
}

pub(crate) fn bad_answer(response: &http::Response<Bytes>, reason: impl Into<BadAnswerReason>) -> BadAnswer {
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(CONTENT_TYPE_SHOWN).collect::<String>().into_boxed_str());
    BadAnswer { status: response.status(), content_type, reason: reason.into() }
}

fn refusal(response: &http::Response<Bytes>, now: Timestamp) -> Refusal {
    let status = response.status();
    let body = response.body();
    Refusal {
        status,
        oauth: matches!(status.as_u16(), 400 | 401).then(|| OAuthError::from_body(body)).flatten(),
        fields: if status.as_u16() == 422 { FieldErrors::from_body(body) } else { FieldErrors::default() },
        retry_after: response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| retry_after(text, now)),
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3). What is neither is as if it were not there.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are still a very long time.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    date.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from(date).saturating_since(now))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(784_111_770);

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(text, NOW), seconds.map(Duration::from_secs), "{text:?}");
        }
    }

    #[test]
    fn a_bad_answer_names_status_content_type_and_place() {
        let response = http::Response::builder()
            .status(200)
            .header("content-type", "text/html; charset=utf-8")
            .body(Bytes::from_static(b"<html>canary</html>"))
            .unwrap();
        let error = read_json::<u8>("answer", &response, NOW).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer with status 200 and content type text/html; charset=utf-8 cannot be used"
        );
        let source = core::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "answer is not JSON at line 1, column 1");
        assert!(!format!("{error:?}").contains("canary"));
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(status in 200u16..600, body in prop::collection::vec(any::<u8>(), 0..64), after in "\\PC{0,30}") {
            let mut response = http::Response::new(Bytes::from(body));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            if let Ok(after) = http::HeaderValue::from_str(&after) {
                response.headers_mut().insert(RETRY_AFTER, after);
            }
            let read = read_json::<serde_json::Value>("answer", &response, NOW);
            prop_assert!(read.is_err() || (200..300).contains(&status));
        }
    }
}
