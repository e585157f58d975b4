//! What is known about a grant besides its tokens: how it came about, and how far it is.

use cronofy_types::{Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::{FormError, Version, bytes, read, write};
use crate::decide::Owner;
use crate::decide::grant::{Phase, Reason};
use crate::{Grant, Origin};

/// A grant without its name, its generation and its tokens, which are columns of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantState {
    /// How it came about.
    pub origin: Origin,
    /// What is known about the tokens.
    pub phase: Phase,
    /// How many attempts to refresh have failed in a row.
    pub failures: u32,
    /// Nobody refreshes before this, unless a user asks.
    pub not_before: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Form {
    version: Version,
    origin: StoredOrigin,
    phase: StoredPhase,
    failures: u32,
    not_before: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOrigin {
    Account,
    ServiceAccount,
    Delegated(Sub),
    Business(Sub),
    Organization,
    ApplicationCalendar,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPhase {
    Active,
    Refreshing {
        #[serde(with = "bytes")]
        owner: [u8; 16],
        until: Timestamp,
        unsure: bool,
    },
    Uncertain,
    NeedsReauth(StoredReason),
    Revoked,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredReason {
    Refused,
    LostRotation,
    NoRefreshToken,
    ServiceAccountRevoked,
}

/// The state of a grant in its stored form.
pub fn write_state(grant: &Grant) -> Result<String, FormError> {
    let form = Form {
        version: Version,
        origin: match grant.origin.clone() {
            Origin::Account => StoredOrigin::Account,
            Origin::ServiceAccount => StoredOrigin::ServiceAccount,
            Origin::Delegated { through } => StoredOrigin::Delegated(through),
            Origin::Business { through } => StoredOrigin::Business(through),
            Origin::Organization => StoredOrigin::Organization,
            Origin::ApplicationCalendar => StoredOrigin::ApplicationCalendar,
        },
        phase: match grant.phase {
            Phase::Active => StoredPhase::Active,
            Phase::Refreshing { owner, until, unsure } => {
                StoredPhase::Refreshing { owner: owner.0, until, unsure }
            }
            Phase::Uncertain => StoredPhase::Uncertain,
            Phase::NeedsReauth(reason) => StoredPhase::NeedsReauth(match reason {
                Reason::Refused => StoredReason::Refused,
                Reason::LostRotation => StoredReason::LostRotation,
                Reason::NoRefreshToken => StoredReason::NoRefreshToken,
                Reason::ServiceAccountRevoked => StoredReason::ServiceAccountRevoked,
            }),
            Phase::Revoked => StoredPhase::Revoked,
        },
        failures: grant.failures,
        not_before: grant.not_before,
    };
    String::from_utf8(write(&form)?.to_vec()).map_err(|_| FormError::Unwritable)
}

/// The state of a grant out of its stored form.
pub fn read_state(json: &[u8]) -> Result<GrantState, FormError> {
    let form: Form = read(json)?;
    Ok(GrantState {
        origin: match form.origin {
            StoredOrigin::Account => Origin::Account,
            StoredOrigin::ServiceAccount => Origin::ServiceAccount,
            StoredOrigin::Delegated(through) => Origin::Delegated { through },
            StoredOrigin::Business(through) => Origin::Business { through },
            StoredOrigin::Organization => Origin::Organization,
            StoredOrigin::ApplicationCalendar => Origin::ApplicationCalendar,
        },
        phase: match form.phase {
            StoredPhase::Active => Phase::Active,
            StoredPhase::Refreshing { owner, until, unsure } => {
                Phase::Refreshing { owner: Owner(owner), until, unsure }
            }
            StoredPhase::Uncertain => Phase::Uncertain,
            StoredPhase::NeedsReauth(reason) => Phase::NeedsReauth(match reason {
                StoredReason::Refused => Reason::Refused,
                StoredReason::LostRotation => Reason::LostRotation,
                StoredReason::NoRefreshToken => Reason::NoRefreshToken,
                StoredReason::ServiceAccountRevoked => Reason::ServiceAccountRevoked,
            }),
            StoredPhase::Revoked => Phase::Revoked,
        },
        failures: form.failures,
        not_before: form.not_before,
    })
}
