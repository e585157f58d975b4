//! A roll-out, without its mailboxes.

use cronofy_types::{CallbackUrl, ClientId, ProfileId, Scopes, Sub};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{FormError, Version, bytes, read, write};
use crate::GrantId;
use crate::rollout::{Counts, Paused, Rollout, Seed, Settings};

#[derive(Serialize, Deserialize)]
struct Form {
    version: Version,
    through: Through,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<ProfileId>,
    callback_url: CallbackUrl,
    scope: Scopes,
    #[serde(with = "bytes")]
    seed: [u8; 32],
    counts: StoredCounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<StoredPaused>,
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    forgotten: bool,
}

#[derive(Serialize, Deserialize)]
struct Through {
    client_id: ClientId,
    data_center: Box<str>,
    subject: Sub,
}

#[derive(Serialize, Deserialize)]
struct StoredCounts {
    queued: u32,
    asked: u32,
    came: u32,
    granted: u32,
    failed: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPaused {
    ByHand,
    Ended(Box<str>),
    PaymentRequired(Box<str>),
    Forbidden(Box<str>),
}

/// A roll-out in its stored form.
pub fn write_rollout(rollout: &Rollout) -> Result<Zeroizing<Vec<u8>>, FormError> {
    let Settings { through, profile, callback_url, scope } = rollout.settings.clone();
    let Counts { queued, asked, came, granted, failed } = rollout.counts;
    write(&Form {
        version: Version,
        through: Through {
            data_center: through.data_center().into(),
            client_id: through.client_id,
            subject: through.subject,
        },
        profile,
        callback_url,
        scope,
        seed: rollout.seed.0,
        counts: StoredCounts { queued, asked, came, granted, failed },
        paused: rollout.paused.clone().map(|paused| match paused {
            Paused::ByHand => StoredPaused::ByHand,
            Paused::Ended(why) => StoredPaused::Ended(why),
            Paused::PaymentRequired(why) => StoredPaused::PaymentRequired(why),
            Paused::Forbidden(why) => StoredPaused::Forbidden(why),
        }),
        forgotten: rollout.forgotten,
    })
}

/// A roll-out out of its stored form.
pub fn read_rollout(json: &[u8]) -> Result<Rollout, FormError> {
    let form: Form = read(json)?;
    let Through { client_id, data_center, subject } = form.through;
    let StoredCounts { queued, asked, came, granted, failed } = form.counts;
    Ok(Rollout {
        settings: Settings {
            through: GrantId::from_parts(client_id, data_center, subject),
            profile: form.profile,
            callback_url: form.callback_url,
            scope: form.scope,
        },
        seed: Seed(form.seed),
        counts: Counts { queued, asked, came, granted, failed },
        paused: form.paused.map(|paused| match paused {
            StoredPaused::ByHand => Paused::ByHand,
            StoredPaused::Ended(why) => Paused::Ended(why),
            StoredPaused::PaymentRequired(why) => Paused::PaymentRequired(why),
            StoredPaused::Forbidden(why) => Paused::Forbidden(why),
        }),
        forgotten: form.forgotten,
    })
}
