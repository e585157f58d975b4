//! A wait, as far as it is.

use cronofy_auth_core::authorize::PendingAuthorization;
use cronofy_auth_core::delegate::PendingDelegation;
use cronofy_types::{ClientId, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FormError, Version, bytes, read, write};
use crate::decide::Owner;
use crate::decide::pending::Phase;
use crate::execute::PendingRow;
use crate::{GrantId, Outcome, Pending};

#[derive(Serialize, Deserialize)]
struct Form {
    version: Version,
    phase: StoredPhase,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPhase {
    Waiting(StoredPending),
    Redeeming {
        pending: StoredPending,
        #[serde(with = "bytes")]
        code: [u8; 32],
        #[serde(with = "bytes")]
        owner: [u8; 16],
        until: Timestamp,
    },
    Done(StoredOutcome),
}

/// The values themselves have forms, and versions, of their own.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPending {
    Authorization(PendingAuthorization),
    Delegation { through: Sub, pending: PendingDelegation },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOutcome {
    Granted { client_id: ClientId, data_center: Box<str>, subject: Sub },
    Failed(Box<str>),
}

/// A wait in its stored form.
pub fn write_pending(row: &PendingRow) -> Result<Zeroizing<Vec<u8>>, FormError> {
    write(&Form {
        version: Version,
        phase: match &row.phase {
            Phase::Waiting(pending) => StoredPhase::Waiting(pending.clone().into()),
            Phase::Redeeming { pending, code, owner, until } => StoredPhase::Redeeming {
                pending: pending.clone().into(),
                code: *code,
                owner: owner.0,
                until: *until,
            },
            Phase::Done(Outcome::Granted(id)) => StoredPhase::Done(StoredOutcome::Granted {
                client_id: id.client_id.clone(),
                data_center: id.data_center().into(),
                subject: id.subject.clone(),
            }),
            Phase::Done(Outcome::Failed(why)) => StoredPhase::Done(StoredOutcome::Failed(why.clone())),
        },
        expires_at: row.expires_at,
    })
}

/// A wait out of its stored form.
pub fn read_pending(json: &[u8]) -> Result<PendingRow, FormError> {
    let form: Form = read(json)?;
    Ok(PendingRow {
        phase: match form.phase {
            StoredPhase::Waiting(pending) => Phase::Waiting(pending.into()),
            StoredPhase::Redeeming { pending, code, owner, until } => {
                Phase::Redeeming { pending: pending.into(), code, owner: Owner(owner), until }
            }
            StoredPhase::Done(StoredOutcome::Granted { client_id, data_center, subject }) => {
                Phase::Done(Outcome::Granted(GrantId::from_parts(client_id, data_center, subject)))
            }
            StoredPhase::Done(StoredOutcome::Failed(why)) => Phase::Done(Outcome::Failed(why)),
        },
        expires_at: form.expires_at,
    })
}

impl From<Pending> for StoredPending {
    fn from(pending: Pending) -> Self {
        match pending {
            Pending::Authorization(pending) => Self::Authorization(pending),
            Pending::Delegation { through, pending } => Self::Delegation { through, pending },
        }
    }
}

impl From<StoredPending> for Pending {
    fn from(pending: StoredPending) -> Self {
        match pending {
            StoredPending::Authorization(pending) => Self::Authorization(pending),
            StoredPending::Delegation { through, pending } => Self::Delegation { through, pending },
        }
    }
}
