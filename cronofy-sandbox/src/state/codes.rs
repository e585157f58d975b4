//! Authorization codes: single use, bound to an application and to the URI they were sent to, short-lived.

use std::collections::BTreeSet;
use std::time::SystemTime;

use super::{Grant, GrantKey, State};
use crate::clock::after;
use crate::ids::Ids;

/// How a code reached the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeSource {
    /// By a browser redirect: redeemed with `redirect_uri`.
    Redirect,
    /// By a callback: redeemed with `callback_url`, or with `redirect_uri`, which is all that most SDKs can send.
    Callback,
}

#[derive(Clone)]
pub(super) struct Code {
    key: GrantKey,
    /// Until it is redeemed.
    grant: Option<Grant>,
    source: CodeSource,
    uri: String,
    expires_at: SystemTime,
}

impl Code {
    pub(super) fn key(&self) -> &GrantKey {
        &self.key
    }
}

/// Used ones among them, to tell a replay from a mistake: those are remembered until they would have expired.
pub(super) const MOST: usize = 100_000;

/// Why a code was not redeemed. All of them are `invalid_grant` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefusal {
    Unknown,
    OtherClient,
    Used,
    Expired,
    OtherUri(CodeSource),
}

impl CodeRefusal {
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Unknown => "no such code",
            Self::OtherClient => "the code was issued to another client_id",
            Self::Used => "the code was used before",
            Self::Expired => "the code expired",
            Self::OtherUri(CodeSource::Redirect) => "redirect_uri is not the one that the code was sent to",
            Self::OtherUri(CodeSource::Callback) => "callback_url is not the one that the code was sent to",
        }
    }
}

impl State {
    /// Issues a code for `grant`, to be sent to `uri`.
    pub(crate) fn issue_code(
        &mut self,
        ids: &Ids,
        now: SystemTime,
        grant: Grant,
        source: CodeSource,
        uri: &str,
    ) -> String {
        let text = ids.code();
        let expires_at = after(now, self.policy.code_lifetime);
        let key = grant.key.clone();
        let code = Code { key, grant: Some(grant), source, uri: uri.to_owned(), expires_at };
        self.codes.add(text.clone(), code, |code| code.expires_at <= now);
        text
    }

    /// How `code` travelled, if it is known.
    pub(crate) fn code_source(&self, code: &str) -> Option<CodeSource> {
        self.codes.get(code).map(|code| code.source)
    }

    /// Redeems a code. A wrong client or URI does not spend it; a replay ends the authorization if that was asked
    /// for.
    pub(crate) fn redeem(
        &mut self,
        now: SystemTime,
        client_id: &str,
        code: &str,
        uri: &str,
    ) -> Result<Grant, CodeRefusal> {
        let Some(found) = self.codes.get_mut(code) else { return Err(CodeRefusal::Unknown) };
        if found.key.client_id != client_id {
            return Err(CodeRefusal::OtherClient);
        }
        if found.grant.is_none() {
            let key = found.key.clone();
            if self.policy.revoke_on_replay {
                self.revoke(&key);
            }
            return Err(CodeRefusal::Used);
        }
        if found.expires_at <= now {
            return Err(CodeRefusal::Expired);
        }
        if found.uri != uri {
            return Err(CodeRefusal::OtherUri(found.source));
        }
        found.grant.take().ok_or(CodeRefusal::Used)
    }

    /// Codes of an ended authorization, and those delegated through an ended service account.
    pub(super) fn drop_codes_of(&mut self, ended: &BTreeSet<GrantKey>) {
        self.codes.retain(|Code { key, grant, .. }| {
            let service = grant.as_ref().and_then(|grant| grant.through.clone());
            let through = service.map(|sub| GrantKey { client_id: key.client_id.clone(), sub });
            !ended.contains(key) && through.is_none_or(|service| !ended.contains(&service))
        });
    }
}
