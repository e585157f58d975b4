//! A mailbox of a roll-out, without what it is found by.

use std::sync::Arc;

use cronofy_types::{DelegationCallback, EmailAddress, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FormError, Version, callback, read, write};
use crate::rollout::{Phase, Reason, Row};

#[derive(Serialize, Deserialize)]
struct Form {
    version: Version,
    address: EmailAddress,
    phase: StoredPhase,
    round: u32,
    attempts: u32,
    company: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPhase {
    Queued {
        due: Timestamp,
    },
    Asked {
        until: Timestamp,
    },
    Came {
        #[serde(with = "callback")]
        callback: Arc<DelegationCallback>,
        due: Timestamp,
    },
    Granted(Sub),
    Failed(StoredReason),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredReason {
    NoAnswer,
    Invalid(Box<str>),
    Declined(Box<str>),
    NotRedeemed(Box<str>),
}

/// The address of a mailbox and how far it is in their stored form, without the generation.
pub fn write_mailbox(
    address: &EmailAddress,
    row: &Row<Arc<DelegationCallback>, Sub>,
) -> Result<Zeroizing<Vec<u8>>, FormError> {
    write(&Form {
        version: Version,
        address: address.clone(),
        phase: match row.phase.clone() {
            Phase::Queued { due } => StoredPhase::Queued { due },
            Phase::Asked { until } => StoredPhase::Asked { until },
            Phase::Came { callback, due } => StoredPhase::Came { callback, due },
            Phase::Granted(subject) => StoredPhase::Granted(subject),
            Phase::Failed(reason) => StoredPhase::Failed(match reason {
                Reason::NoAnswer => StoredReason::NoAnswer,
                Reason::Invalid(why) => StoredReason::Invalid(why),
                Reason::Declined(why) => StoredReason::Declined(why),
                Reason::NotRedeemed(why) => StoredReason::NotRedeemed(why),
            }),
        },
        round: row.round,
        attempts: row.attempts,
        company: row.company,
    })
}

/// The address of a mailbox and how far it is, out of its stored form, with the generation that it is kept with.
pub fn read_mailbox(
    json: &[u8],
    generation: u64,
) -> Result<(EmailAddress, Row<Arc<DelegationCallback>, Sub>), FormError> {
    let form: Form = read(json)?;
    let phase = match form.phase {
        StoredPhase::Queued { due } => Phase::Queued { due },
        StoredPhase::Asked { until } => Phase::Asked { until },
        StoredPhase::Came { callback, due } => Phase::Came { callback, due },
        StoredPhase::Granted(subject) => Phase::Granted(subject),
        StoredPhase::Failed(reason) => Phase::Failed(match reason {
            StoredReason::NoAnswer => Reason::NoAnswer,
            StoredReason::Invalid(why) => Reason::Invalid(why),
            StoredReason::Declined(why) => Reason::Declined(why),
            StoredReason::NotRedeemed(why) => Reason::NotRedeemed(why),
        }),
    };
    let row = Row { phase, generation, round: form.round, attempts: form.attempts, company: form.company };
    Ok((form.address, row))
}
