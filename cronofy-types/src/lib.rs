#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod data_center;
mod id;
mod invalid;
mod open_enum;
mod provider;
mod scope;
mod secret;
mod shown;
mod timestamp;
mod url_text;
mod verified;

#[cfg(feature = "wire")]
mod wire;

/// What the crates of this workspace share, and nobody else should use: it may change with any version.
#[doc(hidden)]
pub mod internal {
    pub use crate::id::ID_LIMIT;
    pub use crate::invalid::check_text;
    pub use crate::timestamp::is_date;
    #[cfg(feature = "wire")]
    pub use crate::wire::lenient::{Text, null_is_default};
}

pub use data_center::{CustomBase, DataCenter};
pub use id::{
    AccountId, ApplicationCalendarId, CalendarId, ChannelId, ClientId, EmailAddress, ProfileId,
    ServiceAccountId, State, Sub,
};
pub use invalid::{InvalidValue, Problem};
pub use open_enum::UnknownValue;
pub use provider::{ProviderName, ProviderService};
pub use scope::{DelegatedScope, Scope, Scopes};
pub use secret::{AccessToken, AuthorizationCode, ClientSecret, ElementToken, LinkToken, RefreshToken};
pub use shown::Shown;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use url_text::{CallbackUrl, RedirectUri};
pub use verified::Verified;

#[cfg(feature = "wire")]
pub use wire::{
    accessible_calendar::{AccessibleCalendar, AccessibleCalendars, CalendarType},
    channel::{Channel, Filters},
    delegation_callback::{DelegationCallback, DelegationFailure, DelegationOutcome},
    error_body::{FieldError, FieldErrors, OAuthError, OAuthErrorCode},
    extra::Extra,
    linking_profile::LinkingProfile,
    member::{Member, MembersPage, Role, Scheduler},
    notification_kind::NotificationKind,
    pages::Pages,
    parse::{ParseError, ParseProblem, from_json},
    redirect::{Denial, Redirect, RedirectError, RedirectOutcome},
    resource::{Resource, ResourceLocation, Resources},
    token_response::TokenResponse,
    userinfo::{
        Authorization, ConferencingProfile, CronofyData, PermissionLevel, Profile, ProfileCalendar,
        ServiceAccount, SubjectKind, Userinfo,
    },
};
