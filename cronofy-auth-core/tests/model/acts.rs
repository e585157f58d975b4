//! What the callers of a session do, and what comes of it.

use core::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::token::{Refresh, TokenSet};
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Endpoint as _, Error, Fault};
use http::header::RETRY_AFTER;

use super::tokens::Tokens;

/// One thing that a caller does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Asks what to do.
    Turn,
    /// Reports what came of one of the turns that are out.
    Report(usize, Outcome),
    /// Gives one of them back unused.
    Abandon(usize),
    /// Lets time pass, in milliseconds.
    Wait(u32),
    /// The API turned down the tokens that are held.
    Rejected,
    /// The API turned down the tokens of the very beginning.
    OldRejected,
    /// The user connects again.
    Reconnect,
}

/// What came of a turn. Of a save, only whether it is one of the first two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    /// Both tokens replaced, the new one good for so many seconds.
    Replaced(u16),
    /// A new access token alone.
    Kept(u16),
    /// The grant is dead.
    Dead,
    /// Over the rate limit, and to be left alone for so many seconds.
    Busy(u8),
    /// No answer.
    NoAnswer,
    /// An answer that is none.
    Nonsense,
    /// Somebody else's tokens.
    SomebodyElses,
}

impl Outcome {
    pub(crate) fn is_good(self) -> bool {
        matches!(self, Self::Replaced(_) | Self::Kept(_))
    }

    /// Whether trying again may help.
    pub(crate) fn is_transient(self) -> bool {
        !self.is_good() && !matches!(self, Self::Dead)
    }

    /// How long the server asks to be left alone.
    pub(crate) fn asked(self) -> Duration {
        match self {
            Self::Busy(seconds) => Duration::from_secs(seconds.into()),
            _ => Duration::ZERO,
        }
    }

    /// The tokens that a refresh of `held` should bring, by their number.
    pub(crate) fn tokens(self, number: u32, held: Tokens, now: Timestamp) -> Option<Tokens> {
        match self {
            Self::Replaced(lifetime) => Some(Tokens::new(number, Some(number), now, lifetime)),
            Self::Kept(lifetime) => Some(Tokens::new(number, held.refresh, now, lifetime)),
            _ => None,
        }
    }

    /// What the refresh makes of the answer that says so.
    pub(crate) fn heard_by(
        self,
        refresh: &mut Refresh,
        number: u32,
        now: Timestamp,
    ) -> Result<TokenSet, Error> {
        let mut response = http::Response::new(Bytes::new());
        let (status, body) = match self {
            Self::Replaced(lifetime) => (
                200,
                format!(
                    r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","expires_in":{lifetime}}}"#
                ),
            ),
            Self::Kept(lifetime) => {
                (200, format!(r#"{{"access_token":"access-{number}","expires_in":{lifetime}}}"#))
            }
            Self::Dead => (400, r#"{"error":"invalid_grant"}"#.to_owned()),
            Self::Busy(seconds) => {
                response.headers_mut().insert(RETRY_AFTER, u16::from(seconds).into());
                (429, String::new())
            }
            Self::NoAnswer => return Err(Error::NoAnswer(Fault::Unknown)),
            Self::Nonsense => (200, "<html>".to_owned()),
            Self::SomebodyElses => (200, r#"{"access_token":"theirs","sub":"acc_2"}"#.to_owned()),
        };
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        *response.body_mut() = Bytes::from(body);
        refresh.read(response, now)
    }
}
