//! Writing the authorize URL: one buffer of the right size, and nothing else.

use cronofy_types::{LinkToken, ProviderName, RedirectUri, Scopes, State};
use percent_encoding::utf8_percent_encode;

use crate::App;
use crate::request::RESERVED;

/// What an authorize URL can hold, whatever the mode; each mode's own type decides what it may.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) redirect_uri: RedirectUri,
    pub(super) scope: Scopes,
    pub(super) delegated_scope: Option<Scopes>,
    pub(super) provider_name: Option<ProviderName>,
    pub(super) avoid_linking: bool,
    pub(super) link_token: Option<LinkToken>,
    pub(super) locale: Option<String>,
    pub(super) more: Vec<(String, String)>,
}

/// Parameters that have a method of their own, or must never be in a URL.
pub(super) const OURS: [&str; 11] = [
    "response_type",
    "client_id",
    "client_secret",
    "redirect_uri",
    "scope",
    "delegated_scope",
    "state",
    "provider_name",
    "avoid_linking",
    "link_token",
    "locale",
];

impl Parameters {
    pub(super) fn new(redirect_uri: RedirectUri, scope: Scopes) -> Self {
        Self {
            redirect_uri,
            scope,
            delegated_scope: None,
            provider_name: None,
            avoid_linking: false,
            link_token: None,
            locale: None,
            more: Vec::new(),
        }
    }

    pub(super) fn url(&self, app: &App, path: &str, state: &State) -> String {
        let mut url = Url(String::with_capacity(self.room(app, path, state)));
        url.0.push_str(app.data_center().app_origin());
        url.0.push_str(path);
        url.0.push_str("?response_type=code");
        url.push("client_id", app.client_id().as_str());
        url.push("redirect_uri", self.redirect_uri.as_str());
        url.push_scopes("scope", &self.scope);
        if let Some(scope) = &self.delegated_scope {
            url.push_scopes("delegated_scope", scope);
        }
        url.push("state", state.as_str());
        if let Some(provider) = &self.provider_name {
            url.push("provider_name", provider.as_str());
        }
        if self.avoid_linking {
            url.push("avoid_linking", "true");
        }
        if let Some(token) = &self.link_token {
            url.push("link_token", token.expose());
        }
        if let Some(locale) = &self.locale {
            url.push("locale", locale);
        }
        for (name, value) in &self.more {
            url.0.push('&');
            url.push_encoded(name);
            url.0.push('=');
            url.push_encoded(value);
        }
        url.0
    }

    /// An estimate from above for what is common: identifiers and scopes encode to little more than
    /// themselves, URLs by about a third. What needs more makes the buffer grow.
    fn room(&self, app: &App, path: &str, state: &State) -> usize {
        let scopes = |scopes: &Scopes| scopes.iter().map(|scope| scope.as_str().len() + 7).sum::<usize>();
        let more = self.more.iter().map(|(name, value)| name.len() + 2 * value.len() + 2).sum::<usize>();
        let optional = self.delegated_scope.as_ref().map_or(0, |scope| 17 + scopes(scope))
            + self.provider_name.as_ref().map_or(0, |name| 15 + name.as_str().len())
            + self.link_token.as_ref().map_or(0, |token| 12 + token.expose().len())
            + self.locale.as_ref().map_or(0, |locale| 8 + locale.len());
        // The names of the fixed parameters with their separators, and `avoid_linking=true`, take 80 bytes.
        app.data_center().app_origin().len()
            + path.len()
            + app.client_id().as_str().len()
            + self.redirect_uri.as_str().len() * 3 / 2
            + scopes(&self.scope)
            + state.as_str().len() * 3 / 2
            + optional
            + more
            + 96
    }
}

struct Url(String);

impl Url {
    /// The names are ours, and none of them needs encoding.
    fn push(&mut self, name: &str, value: &str) {
        self.push_name(name);
        self.push_encoded(value);
    }

    fn push_name(&mut self, name: &str) {
        self.0.push('&');
        self.0.push_str(name);
        self.0.push('=');
    }

    fn push_scopes(&mut self, name: &str, scopes: &Scopes) {
        self.push_name(name);
        for (index, scope) in scopes.iter().enumerate() {
            if index > 0 {
                self.0.push_str("%20");
            }
            self.push_encoded(scope.as_str());
        }
    }

    fn push_encoded(&mut self, text: &str) {
        self.0.extend(utf8_percent_encode(text, RESERVED));
    }
}
