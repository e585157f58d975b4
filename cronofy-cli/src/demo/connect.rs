//! The first leg of every flow: a person is sent to Cronofy's page, decides, and comes back.

use std::fmt;

use cronofy_auth_core::authorize::{Authorization, PendingAuthorization, Resumed};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{Redirect, Userinfo};

use super::driver::Driver;
use super::failure::{Failure, holds};
use super::narrate::Actor;
use super::stage::Stage;

/// A person in front of the browser, and what the person will do on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor {
    pub(super) email: &'static str,
    pub(super) decision: Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Allow,
    /// Allows free/busy times only, where the page offers the choice.
    AllowFreeBusy,
    Deny,
}

impl Visitor {
    pub(super) fn allowing(email: &'static str) -> Self {
        Self { email, decision: Decision::Allow }
    }

    pub(super) fn allowing_free_busy(email: &'static str) -> Self {
        Self { email, decision: Decision::AllowFreeBusy }
    }

    pub(super) fn denying(email: &'static str) -> Self {
        Self { email, decision: Decision::Deny }
    }

    fn form(&self) -> Vec<(&'static str, &'static str)> {
        match self.decision {
            Decision::Allow => vec![("account", self.email), ("decision", "allow")],
            Decision::AllowFreeBusy => {
                vec![("account", self.email), ("access", "free_busy"), ("decision", "allow")]
            }
            Decision::Deny => vec![("decision", "deny")],
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "Allow",
            Self::AllowFreeBusy => "Allow, free/busy only",
            Self::Deny => "Deny",
        })
    }
}

impl<D: Driver> Stage<'_, D> {
    /// Sends the person to the page, and goes on with what the browser brings back.
    pub(super) fn visit(&mut self, asked: Authorization, visitor: Visitor) -> Result<Resumed, Failure> {
        self.witness.value(&asked);
        let Authorization { url, pending, .. } = asked;
        self.shelf.keep(pending.state(), &pending)?;
        self.app_does(format!("sends {} to Cronofy, asking for {}", visitor.email, pending.scope()));
        if let Some(delegated) = pending.delegated_scope() {
            self.app_does(format!("and, on calendars of others, for {delegated}"));
        }
        let location = self.decide(&url, visitor)?;
        let redirect = Redirect::from_url(&location)?;
        self.witness.value(&redirect);
        let state = redirect.state().ok_or_else(|| Failure::new("the redirect brought no state"))?;
        let pending: PendingAuthorization = self.shelf.take(&state)?;
        self.witness.value(&pending);
        let resumed = pending.resume(&redirect, &self.app, self.now())?;
        self.witness.value(&resumed);
        Ok(resumed)
    }

    /// The same where the person agrees: ends with tokens.
    pub(super) fn connect(&mut self, asked: Authorization, visitor: Visitor) -> Result<TokenSet, Failure> {
        let wanted = asked.pending.scope().clone();
        let Resumed::Granted(exchange) = self.visit(asked, visitor)? else {
            return Err(Failure::new("the person agreed, and the redirect says otherwise"));
        };
        self.app_does(
            "looks the pending value up by its state, reads it back from JSON, and redeems the code",
        );
        let tokens = self.call(exchange)?;
        self.fact(format!("code redeemed: {}", told(&tokens)));
        holds(tokens.scope == wanted, "what was asked for was granted")?;
        Ok(tokens)
    }

    /// What happens in the browser, up to where it is sent back.
    fn decide(&mut self, url: &str, visitor: Visitor) -> Result<String, Failure> {
        let path: http::Uri = url.parse()?;
        self.script.asked(Actor::Browser, "GET", path.path());
        let page = self.browser.open(url)?;
        self.script.answered(page.status);
        self.fact(format!("\"{}\"", page.heading()));
        if page.status != 200 {
            return Err(Failure::new(format!("no consent page came, but status {}", page.status)));
        }
        let offered = page.html.contains(&format!("value=\"{}\"", visitor.email));
        holds(offered, &format!("the page offers the account {}", visitor.email))?;

        self.script.asked(Actor::Browser, "POST", path.path());
        let answer = self.browser.submit(url, &visitor.form())?;
        self.script.answered(answer.status);
        let location = answer.location.ok_or_else(|| Failure::new("the form sent the browser nowhere"))?;
        let (back, query) = location.split_once('?').unwrap_or((&location, ""));
        let names: Vec<_> = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name).collect();
        let host = back.split('/').nth(2).unwrap_or(back);
        self.fact(format!("{}: back to {host} with {}", visitor.decision, names.join(" and ")));
        Ok(location)
    }
}

/// The facts of a token answer, none of which is a secret.
fn told(tokens: &TokenSet) -> String {
    let lifetime = tokens.expires_at.saturating_since(tokens.received_at).as_secs();
    format!("tokens of {} for {lifetime} s", kind_of(tokens.subject()))
}

/// Who a token stands for.
pub(super) fn introduced(userinfo: &Userinfo) -> String {
    let who = userinfo.email.as_ref().map_or("nobody", |email| email.as_str());
    let mut profiles: Vec<&str> =
        userinfo.data.profiles.iter().map(|profile| profile.provider_name.as_str()).collect();
    profiles.sort_unstable();
    let plural = if profiles.len() == 1 { "profile" } else { "profiles" };
    format!("{who}, {} {plural}: {}", profiles.len(), profiles.join(", "))
}

/// The prefix tells what kind of subject it is; the rest differs from run to run.
pub(super) fn kind_of(subject: Option<&str>) -> String {
    let prefix = subject.and_then(|subject| subject.split_once('_')).map(|(prefix, _)| prefix);
    prefix.map_or_else(|| "somebody unnamed".to_owned(), |prefix| format!("{prefix}_…"))
}
