//! What a scenario cannot say, whatever world it comes to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::event::Event;
use super::flaw::{Flaw, Step, flaw};
use super::form::{Application, File};
use crate::state;

/// Any day will do to see whether an event has a time.
const SOME_DAY: Date = Date::constant(2031, 1, 1);
/// The domains in which nobody can have an address (RFC 2606, RFC 6761).
const RESERVED: [&str; 4] = ["example", "test", "invalid", "localhost"];
const RESERVED_NAMES: [&str; 3] = ["example.com", "example.net", "example.org"];

impl File {
    pub(crate) fn check(&self) -> Result<(), Flaw> {
        self.settings.check()?;
        let mut clients = BTreeSet::new();
        for (index, application) in self.applications.iter().enumerate() {
            application.check(&["applications".into(), index.into()])?;
            if let Some(client_id) = &application.client_id
                && !clients.insert(client_id)
            {
                return Err(flaw!(["applications", index, "client_id"], "`{client_id}` stands here twice"));
            }
        }
        let mut domains = BTreeSet::new();
        for (index, organization) in self.organizations.iter().enumerate() {
            if !is_domain(&organization.domain) {
                return Err(flaw!(
                    ["organizations", index, "domain"],
                    "`{}` is no domain",
                    organization.domain
                ));
            }
            if !domains.insert(organization.domain.to_ascii_lowercase()) {
                return Err(flaw!(
                    ["organizations", index, "domain"],
                    "`{}` stands here twice",
                    organization.domain
                ));
            }
        }
        self.check_logins()
    }

    fn check_logins(&self) -> Result<(), Flaw> {
        let users = self.users.iter().enumerate().map(|(index, user)| {
            let calendars = user.calendars.iter().map(|calendar| calendar.name.as_str()).collect();
            (["users".into(), index.into()], &user.email, &user.tzid, &user.events, calendars)
        });
        let rooms = self.rooms.iter().enumerate().map(|(index, room)| {
            (["rooms".into(), index.into()], &room.email, &room.tzid, &room.events, Vec::new())
        });
        let mut addresses = BTreeSet::new();
        for (path, email, tzid, events, calendars) in users.chain(rooms) {
            let at = |key: &'static str| path.into_iter().chain([Step::from(key)]).collect::<Vec<Step>>();
            if !is_address(email) {
                return Err(Flaw::new(at("email"), format!("`{email}` is no address")));
            }
            if !addresses.insert(email.to_ascii_lowercase()) {
                return Err(Flaw::new(at("email"), format!("`{email}` stands here twice")));
            }
            if TimeZone::get(tzid).is_err() {
                return Err(Flaw::new(at("tzid"), format!("`{tzid}` is no IANA time zone")));
            }
            let mut names = BTreeSet::new();
            if let Some(twice) = calendars.iter().find(|name| !names.insert(**name)) {
                return Err(Flaw::new(at("calendars"), format!("two calendars are called `{twice}`")));
            }
            for (index, event) in events.iter().enumerate() {
                let mut path = at("events");
                path.push(index.into());
                event.check(tzid, &path)?;
            }
        }
        Ok(())
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let users = self.users.iter().map(|user| &user.email);
        let foreign =
            users.chain(self.rooms.iter().map(|room| &room.email)).filter(|email| !is_reserved(email));
        let warn = |email: &String| {
            format!(
                "{email} could be somebody's: addresses that end in .example or .test never are (RFC 2606)"
            )
        };
        foreign.map(warn).collect()
    }
}

impl Application {
    pub(crate) fn check(&self, path: &[Step]) -> Result<(), Flaw> {
        let at = |key: &'static str| path.iter().copied().chain([Step::from(key)]).collect::<Vec<Step>>();
        if self.client_id.as_ref().is_some_and(|client_id| !is_token(client_id)) {
            return Err(Flaw::new(at("client_id"), "it is 1 to 200 printable ASCII characters".to_owned()));
        }
        for (index, secret) in self.client_secrets.iter().enumerate() {
            if let Some(what) = Self::secret_flaw(secret) {
                let path = at("client_secrets").into_iter().chain([index.into()]).collect();
                return Err(Flaw::new(path, what.to_owned()));
            }
        }
        Self::check_uris(&self.redirect_uris, path)
    }

    /// Why `secret` cannot be a client secret here, if it cannot.
    pub(crate) fn secret_flaw(secret: &str) -> Option<&'static str> {
        if secret.starts_with("CRN_") {
            return Some(
                "it begins like a secret of Cronofy's, and such a one belongs neither in a file nor in a sandbox: \
                 leave it out, and one is made up",
            );
        }
        (!is_token(secret)).then_some("it is 1 to 200 printable ASCII characters")
    }

    pub(crate) fn check_uris(redirect_uris: &[String], path: &[Step]) -> Result<(), Flaw> {
        for (index, uri) in redirect_uris.iter().enumerate() {
            if let Some(what) = state::flaw(uri) {
                let path = path.iter().copied().chain(["redirect_uris".into(), index.into()]).collect();
                return Err(Flaw::new(path, what.to_owned()));
            }
        }
        Ok(())
    }
}

impl Event {
    pub(crate) fn check(&self, tzid: &str, path: &[Step]) -> Result<(), Flaw> {
        let wrong = |(key, what): (&'static str, String)| {
            Flaw::new(path.iter().copied().chain([Step::from(key)]).collect(), what)
        };
        self.occurrences(tzid, SOME_DAY).map(drop).map_err(wrong)
    }
}

/// What goes through headers and queries as it is.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Not all that RFC 5321 has, and nothing that it has not.
fn is_address(email: &str) -> bool {
    let Some((name, domain)) = email.rsplit_once('@') else { return false };
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>(),:;@[\\]".contains(&byte);
    !name.is_empty() && email.len() <= 254 && name.bytes().all(is_plain) && is_domain(domain)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.len() <= 253 && domain.split('.').all(is_label)
}

fn is_reserved(email: &str) -> bool {
    let domain = email.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or_default();
    let below = |name: &str| domain == name || domain.ends_with(&format!(".{name}"));
    RESERVED.contains(&top) || RESERVED_NAMES.iter().any(|name| below(name))
}
