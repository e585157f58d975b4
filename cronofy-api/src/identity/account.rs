//! `GET /v1/account`.
//!
//! An account in short (`developers/api/identity/account`); userinfo says more. An application calendar's token is
//! answered with a 403.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{AccountId, EmailAddress, Scopes, Sub, Timestamp};

use crate::Tzid;
use crate::credential::{Caller, ForAccountOrServiceAccount};
use crate::object::object;

/// Asks about an account.
#[derive(Debug, Clone)]
pub struct ReadAccount(Caller);

impl ReadAccount {
    /// Asks about a person's account, or a service account.
    pub fn new(who: impl ForAccountOrServiceAccount) -> Self {
        Self(who.into_caller())
    }
}

object! {
    /// The answer about an account.
    pub struct AccountAnswer {
        /// The account.
        account: Account,
        /// Its subject, which is the same as its id.
        sub: Option<Sub> = text,
    }
}

object! {
    /// An account in short.
    pub struct Account {
        /// Its id.
        account_id: AccountId,
        /// The primary address. A service account may have a bare user name.
        email: Option<EmailAddress> = text,
        /// The name, which may be blank.
        name: Option<String> = text,
        /// What was granted.
        scope: Option<Scopes> = text,
        /// The zone that its owner's times are in.
        default_tzid: Option<Tzid> = text,
    }
}

impl Endpoint for ReadAccount {
    type Output = AccountAnswer;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.get("/v1/account").build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<AccountAnswer, Error> {
        read_json("account", &response, now)
    }
}
