//! What a scenario file says, and what the control calls take and give: the same words in TOML and in JSON.

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::settings::Settings;
use crate::state;
use crate::world::{Address, Coordinates, Provider};

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct File {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) world: Base,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) settings: Settings,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) applications: Vec<Application>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) organizations: Vec<Organization>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) users: Vec<User>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rooms: Vec<Room>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organizational_unit: Option<Unit>,
}

/// What the file comes on top of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Base {
    /// The world that is there, which at the start is the built-in one.
    #[default]
    Extend,
    /// Nothing.
    Replace,
}

/// An OAuth client. Not `Debug`: it can hold secrets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Application {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) client_secrets: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) verified: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) redirect_uris: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) features: Features,
}

/// Each is on unless it is said to be off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Features {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) business_connect: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) free_busy: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) no_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explicit_linking: Option<bool>,
}

/// A Google Workspace or Office 365 customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    pub(crate) domain: String,
    pub(crate) name: String,
    pub(crate) provider: Provider,
    /// The address of a user.
    pub(crate) administrator: String,
    /// `cronofy-service@` the domain, unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) service_account: Option<String>,
}

/// A calendar login of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) name: String,
    /// That of the organization with the address' domain, unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<Provider>,
    #[serde(default = "utc")]
    pub(crate) tzid: String,
    /// The address of another user, whose account this login belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    /// Addresses of those whose calendars are shared with this login.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reaches: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) calendars: Vec<Calendar>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<Event>,
}

/// A room or a piece of equipment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Room {
    pub(crate) email: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<Provider>,
    #[serde(default = "utc")]
    pub(crate) tzid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capacity: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) building: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) floor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) coordinates: Option<Coordinates>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<Event>,
}

/// A calendar beside the two that every login has: the one with its name, and public holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calendar {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) readonly: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) color: Option<String>,
}

/// The Cronofy Organizational Unit: there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Unit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) members: Vec<Member>,
    /// Addresses of rooms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
}

/// A member of the Organizational Unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    /// The address of a user.
    pub(crate) email: String,
    #[serde(default = "ordinary")]
    pub(crate) roles: Vec<Role>,
    /// Whether they have a public scheduling page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) public_page: bool,
}

/// What a member may do (docs: organizational units; `owner` and both developers see the application).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Member,
    Developer,
    DeveloperAdmin,
    Owner,
}

impl Features {
    pub(crate) fn apply(self, features: &mut state::Features) {
        for (place, said) in [
            (&mut features.business_connect, self.business_connect),
            (&mut features.free_busy, self.free_busy),
            (&mut features.no_access, self.no_access),
            (&mut features.explicit_linking, self.explicit_linking),
        ] {
            *place = said.unwrap_or(*place);
        }
    }
}

impl Role {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Developer => "developer",
            Self::DeveloperAdmin => "developer_admin",
            Self::Owner => "owner",
        }
    }
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) fn utc() -> String {
    "Etc/UTC".to_owned()
}

fn ordinary() -> Vec<Role> {
    vec![Role::Member]
}

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
