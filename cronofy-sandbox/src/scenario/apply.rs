//! What a scenario does to a world.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::flaw::{Flaw, Step, flaw};
use super::form::{Application, File, Organization, Unit};
use crate::app::App;
use crate::ids::Ids;
use crate::policy::AutoConsent;
use crate::state::{self, State};
use crate::world::{self, Login};

/// What a world stands on.
pub(crate) struct Ground<'a> {
    pub(crate) ids: &'a Ids,
    /// The day that events count from.
    pub(crate) today: Date,
    /// When events were written.
    pub(crate) written: Timestamp,
    pub(crate) base_url: &'a str,
}

impl<'a> Ground<'a> {
    /// What was there before the sandbox started was written a week before that.
    pub(crate) fn at_start(ids: &'a Ids, now: SystemTime, base_url: &'a str) -> Self {
        let today = date(now);
        let week_ago = today.saturating_sub(7.days()).to_zoned(TimeZone::UTC);
        let written = week_ago.map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
        Self { ids, today, written, base_url }
    }

    /// What comes while it runs is written now.
    pub(crate) fn now(app: &'a App) -> Self {
        let now = app.clock.now();
        let written = Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { ids: &app.ids, today: date(now), written, base_url: &app.base_url }
    }
}

/// The day in UTC.
fn date(now: SystemTime) -> Date {
    Timestamp::try_from(now).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC).date()
}

impl State {
    /// What becomes of the state with all of `file` in it.
    pub(crate) fn with(&self, file: &File, ground: &Ground<'_>) -> Result<Self, Flaw> {
        let mut state = self.clone();
        file.settings.apply(&mut state.policy);
        for (index, application) in file.applications.iter().enumerate() {
            state.add_application(application, ground.ids, index)?;
        }
        for (index, organization) in file.organizations.iter().enumerate() {
            state.add_organization(organization, ground.ids, index)?;
        }
        for (index, user) in file.users.iter().enumerate() {
            state.add_user(user, ground, index)?;
        }
        for (index, room) in file.rooms.iter().enumerate() {
            state.add_room(room, ground, index)?;
        }
        // Everybody is there now.
        for (index, organization) in file.organizations.iter().enumerate() {
            state.is_user(
                &organization.administrator,
                vec!["organizations".into(), index.into(), "administrator".into()],
            )?;
        }
        for (index, user) in file.users.iter().enumerate() {
            for (number, email) in user.reaches.iter().enumerate() {
                if state.world.login(email).is_none() {
                    return Err(flaw!(["users", index, "reaches", number], "nobody has the address {email}"));
                }
            }
        }
        if let Some(unit) = &file.organizational_unit {
            state.extend_unit(unit, ground)?;
        }
        // Whoever was chosen before can be gone by now, which is no flaw of this file.
        if let Some(AutoConsent::Email(email)) = &file.settings.auto_consent {
            state.is_user(email, vec!["settings".into(), "auto_consent".into()])?;
        }
        Ok(state)
    }

    /// An address is that of a person.
    pub(crate) fn is_user(&self, email: &str, path: Vec<Step>) -> Result<&Arc<Login>, Flaw> {
        match self.world.login(email) {
            Some(login) if login.room.is_none() => Ok(login),
            Some(_) => Err(Flaw::new(path, format!("{email} is a room"))),
            None => Err(Flaw::new(path, format!("nobody in the sandbox has the address {email}"))),
        }
    }

    fn add_application(&mut self, application: &Application, ids: &Ids, index: usize) -> Result<(), Flaw> {
        let number = self.applications.len();
        // The first one is called the same whatever comes after it.
        let name = |what: &str| if number == 0 { what.to_owned() } else { format!("{what}\0{number}") };
        let client_id = application.client_id.clone();
        let client_id = client_id.unwrap_or_else(|| ids.named("", &name("client_id"), 32));
        let mut secrets = application.client_secrets.clone();
        if secrets.is_empty() {
            secrets.push(ids.named("CRN_", &name("client_secret"), 38));
        }
        if self.applications.contains_key(&client_id) {
            return Err(flaw!(["applications", index, "client_id"], "`{client_id}` is there already"));
        }
        // A secret is a credential by itself, so it says which application it is.
        if self.applications.values().any(|other| secrets.iter().any(|secret| other.knows_secret(secret))) {
            return Err(flaw!(
                ["applications", index, "client_secrets"],
                "another application has this secret"
            ));
        }
        let mut features = state::Features::default();
        application.features.apply(&mut features);
        if number == 0 {
            self.main_application.clone_from(&client_id);
        }
        let application = state::Application {
            client_id: client_id.clone(),
            secrets,
            name: application.name.clone(),
            verified: application.verified,
            redirect_uris: application.redirect_uris.clone(),
            features,
        };
        self.applications.insert(client_id, application);
        Ok(())
    }

    fn add_organization(&mut self, organization: &Organization, ids: &Ids, index: usize) -> Result<(), Flaw> {
        let Organization { domain, name, provider, administrator, service_account } = organization;
        if self.world.organizations.iter().any(|other| other.domain.eq_ignore_ascii_case(domain)) {
            return Err(flaw!(["organizations", index, "domain"], "`{domain}` is there already"));
        }
        let service_account = service_account.clone().unwrap_or_else(|| format!("cronofy-service@{domain}"));
        self.world.add_organization(world::Organization {
            name: name.clone(),
            domain: domain.clone(),
            provider: *provider,
            administrator: administrator.clone(),
            service_account_id: ids.record("ser_", domain),
            service_account_email: service_account,
        });
        Ok(())
    }

    pub(crate) fn extend_unit(&mut self, unit: &Unit, ground: &Ground<'_>) -> Result<(), Flaw> {
        let name = unit.name.as_deref().unwrap_or(&self.world.unit.name).to_owned();
        if !self.world.unit.name.is_empty() && name != self.world.unit.name {
            let there = &self.world.unit.name;
            return Err(flaw!(["organizational_unit", "name"], "there is one, and it is called `{there}`"));
        }
        self.world.unit.sub = ground.ids.record("org_", &name);
        self.world.unit.name = name;
        for (index, member) in unit.members.iter().enumerate() {
            let path = vec!["organizational_unit".into(), "members".into(), index.into(), "email".into()];
            let login = Arc::clone(self.is_user(&member.email, path.clone())?);
            if self.world.unit.members.iter().any(|other| other.email == login.email) {
                return Err(Flaw::new(path, format!("{} is a member already", login.email)));
            }
            let page = || ground.ids.named("", &format!("page\0{}", login.email), 8);
            self.world.unit.members.push(world::Member {
                sub: login.account_id.clone(),
                email: login.email.clone(),
                roles: member.roles.iter().map(|role| role.word().to_owned()).collect(),
                public_url: member.public_page.then(|| format!("{}/pls/{}", ground.base_url, page())),
            });
        }
        for (index, email) in unit.resources.iter().enumerate() {
            let Some(room) = self.world.login(email).filter(|login| login.room.is_some()).cloned() else {
                return Err(flaw!(["organizational_unit", "resources", index], "{email} is no room"));
            };
            if self.world.unit.resources.iter().any(|other| other.email == room.email) {
                return Err(flaw!(["organizational_unit", "resources", index], "{email} is one already"));
            }
            self.world.unit.resources.push(world::UnitResource {
                sub: ground.ids.record("res_", &room.email),
                email: room.email.clone(),
                name: room.name.clone(),
            });
        }
        Ok(())
    }
}
