//! Which logins belong to one account: the linking cookie and explicit link tokens.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, SystemTime};

use super::issued::Issued;
use super::{GrantKey, State};
use crate::clock::after;
use crate::ids::Ids;
use crate::world::Login;

#[derive(Clone, Default)]
pub(super) struct Links {
    /// (application, login) to the account that it was joined into.
    joined: HashMap<(String, String), String>,
    /// Cookie to the account of that browser.
    browsers: HashMap<String, GrantKey>,
    tokens: Issued<LinkToken, MOST_LINK_TOKENS>,
}

#[derive(Clone)]
struct LinkToken {
    key: GrantKey,
    expires_at: SystemTime,
}

const LINK_TOKEN_LIFETIME: Duration = Duration::from_secs(5 * 60);
const MOST_LINK_TOKENS: usize = 10_000;
/// A browser that comes back after this many others starts afresh.
const MOST_BROWSERS: usize = 10_000;

impl Links {
    /// Whether it is a link token or a linking cookie.
    pub(super) fn knows(&self, secret: &str) -> bool {
        self.tokens.contains(secret) || self.browsers.contains_key(secret)
    }

    /// Puts `login` into the account of `key`, and gives the account that it was in before, if it was in one.
    pub(super) fn join(&mut self, key: &GrantKey, login: &str) -> Option<String> {
        self.joined.insert((key.client_id.clone(), login.to_owned()), key.sub.clone())
    }

    /// Forgets a login that is gone.
    pub(super) fn forget(&mut self, login: &str) {
        self.joined.retain(|(_, other), _| other != login);
    }
}

impl State {
    /// A token that joins the next login into the account of `key`.
    pub(crate) fn issue_link_token(&mut self, ids: &Ids, now: SystemTime, key: &GrantKey) -> String {
        let text = ids.token();
        let token = LinkToken { key: key.clone(), expires_at: after(now, LINK_TOKEN_LIFETIME) };
        self.links.tokens.add(text.clone(), token, |token| token.expires_at <= now);
        text
    }

    /// The account that a link token joins into, if it is one of this application's and still lives.
    pub(crate) fn link_token(&self, now: SystemTime, client_id: &str, token: &str) -> Option<&str> {
        let token = self.links.tokens.get(token)?;
        (token.key.client_id == client_id && token.expires_at > now).then_some(token.key.sub.as_str())
    }

    /// Spends a link token: it works once.
    pub(crate) fn spend_link_token(&mut self, token: &str) {
        self.links.tokens.remove(token);
    }

    /// Link tokens of an ended authorization end with it.
    pub(super) fn drop_link_tokens_of(&mut self, ended: &BTreeSet<GrantKey>) {
        self.links.tokens.retain(|token| !ended.contains(&token.key));
    }

    /// The account of `login` at an application: where it was joined, or its own.
    pub(crate) fn account_of(&self, client_id: &str, login: &Login) -> String {
        let joined = self.links.joined.get(&(client_id.to_owned(), login.email.clone()));
        joined.unwrap_or(&login.account_id).clone()
    }

    /// The account that the cookie joins `login` into: none if it is connected by itself already.
    pub(crate) fn account_by_cookie(&self, client_id: &str, cookie: &str, login: &Login) -> Option<String> {
        let browser = self.links.browsers.get(cookie).filter(|browser| browser.client_id == client_id)?;
        let own = GrantKey { client_id: client_id.to_owned(), sub: self.account_of(client_id, login) };
        let connected = self.authorization(&own).is_some_and(|authorization| {
            authorization.profiles.iter().any(|profile| profile.login == login.email)
        });
        (!connected).then(|| browser.sub.clone())
    }

    /// Remembers the account of a browser, and gives the cookie's value. The first account stays.
    pub(crate) fn remember_browser(&mut self, ids: &Ids, cookie: Option<&str>, key: &GrantKey) -> String {
        if let Some(cookie) = cookie
            && self.links.browsers.get(cookie).is_some_and(|known| known.client_id == key.client_id)
        {
            return cookie.to_owned();
        }
        if self.links.browsers.len() >= MOST_BROWSERS {
            self.links.browsers.clear();
        }
        let cookie = ids.next("browser", 32);
        self.links.browsers.insert(cookie.clone(), key.clone());
        cookie
    }
}
