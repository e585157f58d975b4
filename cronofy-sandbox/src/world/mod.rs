//! The people, rooms and organizations that exist before anybody authorizes anything.
//!
//! `orchard.toml` is the world of a sandbox that was told nothing else: everybody in it is invented, and every
//! domain ends in `.example` (RFC 2606).

mod logins;
mod profile;

pub(crate) use logins::Logins;
pub(crate) use profile::{AccessMode, Profile, View};

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::ids::Ids;

/// Everybody and everything that there is besides calendars. Clones are cheap: they are taken for snapshots.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) logins: Logins,
    pub(crate) organizations: Vec<Arc<Organization>>,
    pub(crate) unit: Unit,
}

/// One calendar login: a person at one provider, or a room's mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) provider: Provider,
    /// The account that this login belongs to until it is linked into another one.
    pub(crate) account_id: String,
    /// IANA name.
    pub(crate) tzid: String,
    /// Set for the mailboxes of an organization.
    pub(crate) domain: Option<String>,
    /// Set for rooms.
    pub(crate) room: Option<Room>,
    /// Whose calendars this login can reach.
    pub(crate) reaches: Vec<String>,
}

/// What is known about a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    pub(crate) capacity: Option<u32>,
    pub(crate) building: Option<String>,
    pub(crate) floor: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) address: Option<Address>,
    pub(crate) coordinates: Option<Coordinates>,
}

/// Where a building stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Address {
    pub(crate) lines: Vec<String>,
    pub(crate) locality: String,
    pub(crate) region: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// In degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coordinates {
    pub(crate) lat: f64,
    pub(crate) long: f64,
}

/// A Google Workspace or Office 365 customer.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) provider: Provider,
    pub(crate) administrator: String,
    pub(crate) service_account_id: String,
    pub(crate) service_account_email: String,
}

/// A Cronofy Organizational Unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unit {
    /// The prefix of a unit's identifier is documented nowhere: `org_` is invented.
    pub(crate) sub: String,
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    pub(crate) resources: Vec<UnitResource>,
}

/// A member of an Organizational Unit.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) sub: String,
    pub(crate) email: String,
    pub(crate) roles: Vec<String>,
    pub(crate) public_url: Option<String>,
}

/// A resource of an Organizational Unit.
#[derive(Clone, Debug)]
pub(crate) struct UnitResource {
    pub(crate) sub: String,
    pub(crate) email: String,
    pub(crate) name: String,
}

/// Where a calendar is hosted; written as the hosting service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Provider {
    #[serde(rename = "gsuite")]
    GoogleWorkspace,
    #[serde(rename = "google")]
    Google,
    #[serde(rename = "office365")]
    Office365,
    #[serde(rename = "outlook_com")]
    OutlookCom,
    #[serde(rename = "icloud")]
    ICloud,
    /// Nobody's login is there.
    #[serde(skip)]
    Cronofy,
}

impl Provider {
    /// The technology (docs: api/identity/profile).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GoogleWorkspace | Self::Google => "google",
            Self::Office365 => "exchange",
            Self::OutlookCom => "live_connect",
            Self::ICloud => "apple",
            Self::Cronofy => "cronofy",
        }
    }

    /// The hosting service (docs: api/identity/profile).
    pub(crate) fn service(self) -> &'static str {
        match self {
            Self::GoogleWorkspace => "gsuite",
            Self::Google => "google",
            Self::Office365 => "office365",
            Self::OutlookCom => "outlook_com",
            Self::ICloud => "icloud",
            Self::Cronofy => "cronofy",
        }
    }

    /// Both names of a profile with reduced access: Google and Office 365 have it (docs: free/busy access).
    pub(crate) fn free_busy(self) -> Option<&'static str> {
        match self {
            Self::GoogleWorkspace | Self::Google => Some("google_free_busy"),
            Self::Office365 => Some("ms_graph_free_busy"),
            Self::OutlookCom | Self::ICloud | Self::Cronofy => None,
        }
    }

    /// For people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::GoogleWorkspace => "Google Workspace",
            Self::Google => "Google",
            Self::Office365 => "Office 365",
            Self::OutlookCom => "Outlook.com",
            Self::ICloud => "iCloud",
            Self::Cronofy => "Cronofy",
        }
    }
}

impl Login {
    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::get(&self.tzid).unwrap_or(TimeZone::UTC)
    }
}

impl World {
    /// The login with this address. Addresses differ by more than letter case.
    pub(crate) fn login(&self, email: &str) -> Option<&Arc<Login>> {
        self.logins.find(email)
    }

    /// The login that gives an account its name, address and time zone.
    pub(crate) fn owner(&self, account_id: &str) -> Option<&Arc<Login>> {
        self.logins.of(account_id).next()
    }

    /// The profiles of an account's logins with full access, as those of a unit's members are.
    pub(crate) fn profiles_of(&self, account_id: &str, ids: &Ids) -> Vec<Profile> {
        self.logins.of(account_id).flat_map(|login| Profile::of(login, AccessMode::ReadWrite, ids)).collect()
    }

    /// Adds an organization, to which everybody with an address in its domain belongs from now on.
    pub(crate) fn add_organization(&mut self, organization: Organization) {
        let domain = organization.domain.clone();
        self.organizations.push(Arc::new(organization));
        let inside = |login: &Login| {
            login.email.rsplit('@').next().is_some_and(|other| other.eq_ignore_ascii_case(&domain))
        };
        self.logins
            .change(|login| inside(login).then(|| Login { domain: Some(domain.clone()), ..login.clone() }));
    }

    /// The organization that an address belongs to.
    pub(crate) fn organization_of(&self, email: &str) -> Option<&Arc<Organization>> {
        let (_, domain) = email.rsplit_once('@')?;
        self.organizations.iter().find(|organization| organization.domain.eq_ignore_ascii_case(domain))
    }

    /// The organization with this service account.
    pub(crate) fn organization(&self, service_account_id: &str) -> Option<&Arc<Organization>> {
        self.organizations.iter().find(|organization| organization.service_account_id == service_account_id)
    }
}

impl Unit {
    pub(crate) fn member(&self, sub: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.sub == sub)
    }
}
