//! `GET /v1/organizational_unit_members` (`developers/api-alpha/organizational-unit-members`).

use serde::{Deserialize, Serialize};

use super::extra::Extra;
use super::lenient::{null_is_default, unusable_is_absent};
use super::pages::Pages;
use crate::open_enum::{open_enum, open_enum_from_any_text};
use crate::{EmailAddress, Sub};

/// One page of the members of an organizational unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MembersPage {
    /// The members on this page.
    #[serde(rename = "organizational_unit_members")]
    pub members: Vec<Member>,
    /// Where this page stands among the others.
    #[serde(default, deserialize_with = "null_is_default")]
    pub pages: Pages,
}

/// A person of an organizational unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// Whom to impersonate to act for this person.
    pub sub: Sub,
    /// The primary address: what a person is found by.
    #[serde(default, deserialize_with = "unusable_is_absent", skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The roles in the unit.
    #[serde(default, deserialize_with = "null_is_default")]
    pub roles: Vec<Role>,
    /// Whether and where the scheduler is open to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<Scheduler>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// What a member may do in the unit.
    pub enum Role {
        /// Belongs to it.
        Member = "member",
        /// Works on its applications.
        Developer = "developer",
        /// Administers its applications.
        DeveloperAdmin = "developer_admin",
        /// Owns it.
        Owner = "owner",
    }
}
open_enum_from_any_text!(Role);

/// A member's scheduler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scheduler {
    /// Whether it is on.
    #[serde(default, deserialize_with = "null_is_default")]
    pub enabled: bool,
    /// Its public page, if there is one.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}
