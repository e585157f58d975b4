//! `GET /v1/accessible_calendars` (`developers/api-alpha/business-connect/accessible-calendars`).

use serde::{Deserialize, Serialize};

use super::extra::Extra;
use super::lenient::null_is_default;
use crate::EmailAddress;
use crate::open_enum::{open_enum, open_enum_from_any_text};

/// Calendars that should be reachable through a profile. A hint and no complete list: Google gives rooms and
/// "My Calendars", Exchange and Office 365 only the resources of a configured room list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessibleCalendars {
    /// The calendars.
    pub accessible_calendars: Vec<AccessibleCalendar>,
}

/// One calendar of a colleague or a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessibleCalendar {
    /// What is known of whose it is.
    #[serde(default, deserialize_with = "null_is_default")]
    pub calendar_type: CalendarType,
    /// What a delegated authorization is asked for with.
    pub email: EmailAddress,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// Whose calendar it is, as far as Cronofy is certain.
    pub enum CalendarType {
        /// A room or a piece of equipment.
        Resource = "resource",
        /// Not certain. The service says so itself: this is no unknown value.
        Uncertain = "unknown",
    }
}
open_enum_from_any_text!(CalendarType);

impl Default for CalendarType {
    /// Where the answer does not say, nobody is certain.
    fn default() -> Self {
        Self::Uncertain
    }
}
