//! Answers that the core has no reader for.

use bytes::Bytes;
use cronofy_auth_core::{Error, read_with};
use cronofy_types::{ParseError, Timestamp, Userinfo, from_json};
use serde::Deserialize;

/// The answer to a write: nothing, or userinfo where that was asked for.
pub(crate) fn read_userinfo(
    what: &'static str,
    response: &http::Response<Bytes>,
    now: Timestamp,
) -> Result<Option<Userinfo>, Error> {
    #[derive(Deserialize)]
    struct ResponseBody {
        #[serde(default)]
        userinfo: Option<Userinfo>,
    }

    read_with(response, now, |body| -> Result<_, ParseError> {
        if body.trim_ascii().is_empty() {
            return Ok(None);
        }
        from_json::<ResponseBody>(what, body).map(|body| body.userinfo)
    })
}
