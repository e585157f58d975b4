//! The stored forms of the pending values. Once released, a form is read for ever: the tests pin each as text.
//!
//! They are for formats that describe themselves, as JSON and its binary relatives do.
//!
//! Apart from the values themselves, so that those can change without anybody's database noticing.

use cronofy_types::{
    CallbackUrl, ClientId, DataCenter, EmailAddress, ProfileId, RedirectUri, Scopes, State, Timestamp,
};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::authorize::{ConnectMode, PendingAuthorization};
use crate::delegate::{PendingDelegation, Through};

/// The version that is written.
const VERSION: u64 = 1;

/// Reads a form of any version far enough to see whether it can be read, and then the rest of it: in a newer
/// form anything may be new, and databases put members into an order of their own.
fn of_this_version<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let form = Value::deserialize(deserializer)?;
    match form.get("version").and_then(Value::as_u64) {
        Some(VERSION) => T::deserialize(form).map_err(D::Error::custom),
        Some(other) => Err(D::Error::custom(format_args!(
            "the stored form has version {other}, and this library reads version {VERSION}"
        ))),
        None => Err(D::Error::custom("the stored form has no version")),
    }
}

#[derive(Serialize, Deserialize)]
struct StoredAuthorization {
    version: u64,
    mode: StoredMode,
    client_id: ClientId,
    data_center: DataCenter,
    state: State,
    redirect_uri: RedirectUri,
    scope: Scopes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delegated_scope: Option<Scopes>,
    started_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMode {
    Individual,
    Business,
    Enterprise,
    Organization,
}

impl Serialize for PendingAuthorization {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            mode,
            client_id,
            data_center,
            state,
            redirect_uri,
            scope,
            delegated_scope,
            started_at,
            expires_at,
        } = self.clone();
        StoredAuthorization {
            version: VERSION,
            mode: match mode {
                ConnectMode::Individual => StoredMode::Individual,
                ConnectMode::Business => StoredMode::Business,
                ConnectMode::Enterprise => StoredMode::Enterprise,
                ConnectMode::Organization => StoredMode::Organization,
            },
            client_id,
            data_center,
            state,
            redirect_uri,
            scope,
            delegated_scope,
            started_at,
            expires_at,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PendingAuthorization {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored: StoredAuthorization = of_this_version(deserializer)?;
        Ok(Self {
            mode: match stored.mode {
                StoredMode::Individual => ConnectMode::Individual,
                StoredMode::Business => ConnectMode::Business,
                StoredMode::Enterprise => ConnectMode::Enterprise,
                StoredMode::Organization => ConnectMode::Organization,
            },
            client_id: stored.client_id,
            data_center: stored.data_center,
            state: stored.state,
            redirect_uri: stored.redirect_uri,
            scope: stored.scope,
            delegated_scope: stored.delegated_scope,
            started_at: stored.started_at,
            expires_at: stored.expires_at,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct StoredDelegation {
    version: u64,
    through: StoredThrough,
    client_id: ClientId,
    data_center: DataCenter,
    state: State,
    callback_url: CallbackUrl,
    email: EmailAddress,
    scope: Scopes,
    started_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredThrough {
    ServiceAccount,
    Profile(ProfileId),
}

impl Serialize for PendingDelegation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            through,
            client_id,
            data_center,
            state,
            callback_url,
            email,
            scope,
            started_at,
            expires_at,
        } = self.clone();
        StoredDelegation {
            version: VERSION,
            through: match through {
                Through::ServiceAccount => StoredThrough::ServiceAccount,
                Through::Profile(profile) => StoredThrough::Profile(profile),
            },
            client_id,
            data_center,
            state,
            callback_url,
            email,
            scope,
            started_at,
            expires_at,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PendingDelegation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored: StoredDelegation = of_this_version(deserializer)?;
        Ok(Self {
            through: match stored.through {
                StoredThrough::ServiceAccount => Through::ServiceAccount,
                StoredThrough::Profile(profile) => Through::Profile(profile),
            },
            client_id: stored.client_id,
            data_center: stored.data_center,
            state: stored.state,
            callback_url: stored.callback_url,
            email: stored.email,
            scope: stored.scope,
            started_at: stored.started_at,
            expires_at: stored.expires_at,
        })
    }
}
