//! What a call keeps of its credential, whichever it was built with.

use cronofy_auth_core::{Credential, Error, Outgoing, Place};
use cronofy_types::{AccessToken, ClientSecret, DataCenter, Sub};

/// Who calls. Each call has one, and writes its requests with it.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(super) data_center: DataCenter,
    pub(super) bearer: Bearer,
    pub(super) impersonate: Option<Sub>,
}

#[derive(Debug, Clone)]
pub(super) enum Bearer {
    Token(AccessToken),
    ApiKey(ClientSecret),
}

impl Bearer {
    fn expose(&self) -> &str {
        match self {
            Self::Token(token) => token.expose(),
            Self::ApiKey(secret) => secret.expose(),
        }
    }
}

impl Caller {
    pub(super) fn with_token(data_center: DataCenter, token: AccessToken) -> Self {
        Self { data_center, bearer: Bearer::Token(token), impersonate: None }
    }

    pub(super) fn with_key(data_center: DataCenter, key: ClientSecret) -> Self {
        Self { data_center, bearer: Bearer::ApiKey(key), impersonate: None }
    }

    /// `GET` of a path.
    pub(crate) fn get(&self, path: &str) -> Outgoing<'_> {
        self.sign(Outgoing::get(&self.data_center, path))
    }

    /// `POST` to a path.
    pub(crate) fn post(&self, path: &str) -> Outgoing<'_> {
        self.sign(Outgoing::post(&self.data_center, path))
    }

    /// `DELETE` of a path.
    pub(crate) fn delete(&self, path: &str) -> Outgoing<'_> {
        self.sign(Outgoing::delete(&self.data_center, path))
    }

    /// `GET` of whatever page it is the turn of.
    pub(crate) fn page<'a>(
        &'a self,
        place: &Place,
        first: impl FnOnce() -> Outgoing<'a>,
    ) -> Result<Outgoing<'a>, Error> {
        place.outgoing(&self.data_center, first).map(|outgoing| self.sign(outgoing))
    }

    /// Whether it is the same credential for the same account.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        // Both are the application's own: nobody learns anything from how long it takes.
        self.bearer.expose() == other.bearer.expose()
            && (&self.data_center, &self.impersonate) == (&other.data_center, &other.impersonate)
    }

    /// Where it lives.
    pub(crate) fn data_center(&self) -> &DataCenter {
        &self.data_center
    }

    fn sign<'a>(&'a self, outgoing: Outgoing<'a>) -> Outgoing<'a> {
        let credential = match &self.bearer {
            Bearer::Token(token) => Credential::Token(token),
            Bearer::ApiKey(secret) => Credential::ApiKey(secret),
        };
        outgoing.bearer(credential).impersonate(self.impersonate.as_ref())
    }
}
