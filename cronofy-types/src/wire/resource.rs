//! `GET /v1/resources` (`developers/api/enterprise-connect/list-resources`).

use serde::{Deserialize, Serialize};

use super::extra::Extra;
use crate::EmailAddress;

/// The rooms and equipment that a service account can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resources {
    /// The resources.
    pub resources: Vec<Resource>,
}

/// A room or a piece of equipment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resource {
    /// What a delegated authorization is asked for with.
    pub email: EmailAddress,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many people it holds, where known and asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// Where it is, where known and asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<ResourceLocation>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Where a resource is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResourceLocation {
    /// The building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building_name: Option<String>,
    /// The floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_name: Option<String>,
    /// The part of the floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_section: Option<String>,
    /// `address`, `coordinates` and whatever else comes.
    #[serde(flatten)]
    pub extra: Extra,
}
