//! What a test needs to know of a sandbox: the first line that the binary prints.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::ids::Ids;
use crate::state::State;
use crate::world::{AccessMode, Login, Profile, World};

/// A running sandbox, described. Serialises to one JSON object.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Ready {
    /// Always `true`.
    pub ready: bool,
    /// The name of a tenant; of a sandbox that is none, nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Says that this is not Cronofy.
    pub banner: String,
    /// The base of API URLs, without a slash at the end.
    pub api_url: String,
    /// The base of the authorization pages' URLs: the same as `api_url`.
    pub app_url: String,
    /// The application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Every application, the one above among them.
    pub applications: Vec<ReadyApplication>,
    /// People who can consent.
    pub users: Vec<ReadyUser>,
    /// The first of `service_accounts`. Where a scenario has none, its members are empty.
    pub service_account: ReadyServiceAccount,
    /// The organizations that can be connected by their administrator.
    pub service_accounts: Vec<ReadyServiceAccount>,
    /// Rooms and equipment.
    pub rooms: Vec<ReadyRoom>,
    /// Who can reach whose calendar through Business Connect.
    pub shared_calendars: Vec<ReadyShared>,
    /// The Organizational Unit.
    pub organizational_unit: ReadyUnit,
}

/// An application.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct ReadyApplication {
    /// For people.
    pub name: String,
    /// Its identifier.
    pub client_id: String,
    /// Its first secret.
    pub client_secret: String,
}

impl fmt::Debug for ReadyApplication {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadyApplication").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A person's account.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyUser {
    /// The address to consent with.
    pub email: String,
    /// For people.
    pub name: String,
    /// The account, as long as no other one is linked.
    pub sub: String,
    /// The calendar logins, with full access.
    pub profiles: Vec<ReadyProfile>,
}

/// A calendar login.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyProfile {
    /// Technology, such as `google`.
    pub provider_name: String,
    /// Hosting service, such as `gsuite`.
    pub provider_service: String,
    /// Identifier in the API.
    pub profile_id: String,
    /// The address of the login, which can be consented with too.
    pub profile_name: String,
}

/// An organization's service account.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct ReadyServiceAccount {
    /// The address of the service account itself.
    pub email: String,
    /// The address of the person who consents for the domain.
    pub administrator: String,
    /// The organization's domain.
    pub domain: String,
    /// `ser_` identifier.
    pub sub: String,
    /// Technology, such as `exchange`.
    pub provider_name: String,
    /// People of the domain.
    pub users: Vec<String>,
    /// Rooms of the domain.
    pub rooms: Vec<String>,
}

/// A room or a piece of equipment.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyRoom {
    /// Its mailbox.
    pub email: String,
    /// For people.
    pub name: String,
    /// The organization that it belongs to.
    pub domain: String,
}

/// What one person can reach.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyShared {
    /// The primary account's address.
    pub primary: String,
    /// Addresses that `POST /v1/delegated_authorizations` succeeds for.
    pub reaches: Vec<String>,
}

/// The Organizational Unit.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyUnit {
    /// What revocation takes. Its prefix is invented.
    pub sub: String,
    /// For people.
    pub name: String,
    /// Everybody in it.
    pub members: Vec<ReadyMember>,
}

/// A member of the Organizational Unit.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReadyMember {
    /// Address.
    pub email: String,
    /// What `Cronofy-Impersonate` takes.
    pub sub: String,
    /// `member`, `developer`, `developer_admin`, `owner`.
    pub roles: Vec<String>,
}

impl fmt::Debug for Ready {
    /// Without the client secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("api_url", &self.api_url)
            .field("client_id", &self.client_id)
            .field("client_secret", &"[redacted]")
            .finish_non_exhaustive()
    }
}

pub(crate) fn describe(base_url: &str, tenant: Option<&str>, state: &State, ids: &Ids) -> Ready {
    let world = &state.world;
    let service_accounts = service_accounts(world);
    let application = state.applications.get(&state.main_application);
    let rooms = world.logins.iter().filter(|login| login.room.is_some());
    let sharers = world.logins.iter().filter(|login| !login.reaches.is_empty());
    let members = world.unit.members.iter().map(|member| ReadyMember {
        email: member.email.clone(),
        sub: member.sub.clone(),
        roles: member.roles.clone(),
    });
    Ready {
        ready: true,
        tenant: tenant.map(str::to_owned),
        banner: "not Cronofy".to_owned(),
        api_url: base_url.to_owned(),
        app_url: base_url.to_owned(),
        client_id: state.main_application.clone(),
        client_secret: application.and_then(|found| found.secrets.first().cloned()).unwrap_or_default(),
        applications: state
            .applications
            .values()
            .map(|application| ReadyApplication {
                name: application.name.clone(),
                client_id: application.client_id.clone(),
                client_secret: application.secrets.first().cloned().unwrap_or_default(),
            })
            .collect(),
        users: users(world, ids),
        service_account: service_accounts.first().cloned().unwrap_or_default(),
        service_accounts,
        rooms: rooms
            .map(|login| ReadyRoom {
                email: login.email.clone(),
                name: login.name.clone(),
                domain: login.domain.clone().unwrap_or_default(),
            })
            .collect(),
        shared_calendars: sharers
            .map(|login| ReadyShared { primary: login.email.clone(), reaches: login.reaches.clone() })
            .collect(),
        organizational_unit: ReadyUnit {
            sub: world.unit.sub.clone(),
            name: world.unit.name.clone(),
            members: members.collect(),
        },
    }
}

/// One entry per account: an account's first login names it.
fn users(world: &World, ids: &Ids) -> Vec<ReadyUser> {
    let people = || world.logins.iter().filter(|login| login.room.is_none());
    let profiles = |login: &Arc<Login>| {
        Profile::of(login, AccessMode::ReadWrite, ids).into_iter().map(|profile| ReadyProfile {
            provider_name: profile.provider_name.to_owned(),
            provider_service: profile.provider_service.to_owned(),
            profile_id: profile.id,
            profile_name: profile.name,
        })
    };
    people()
        .filter(|login| world.owner(&login.account_id).is_some_and(|owner| owner.email == login.email))
        .map(|login| ReadyUser {
            email: login.email.clone(),
            name: login.name.clone(),
            sub: login.account_id.clone(),
            profiles: world
                .logins
                .of(&login.account_id)
                .filter(|other| other.room.is_none())
                .flat_map(profiles)
                .collect(),
        })
        .collect()
}

fn service_accounts(world: &World) -> Vec<ReadyServiceAccount> {
    let addresses = |domain: &str, rooms: bool| {
        let inside = world.logins.iter().filter(|login| login.domain.as_deref() == Some(domain));
        inside.filter(|login| login.room.is_some() == rooms).map(|login| login.email.clone()).collect()
    };
    world
        .organizations
        .iter()
        .map(|organization| ReadyServiceAccount {
            email: organization.service_account_email.clone(),
            administrator: organization.administrator.clone(),
            domain: organization.domain.clone(),
            sub: organization.service_account_id.clone(),
            provider_name: organization.provider.name().to_owned(),
            users: addresses(&organization.domain, false),
            rooms: addresses(&organization.domain, true),
        })
        .collect()
}
