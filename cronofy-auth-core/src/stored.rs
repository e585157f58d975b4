//! The stored forms of the pending values. Once released, a form is read for ever: the tests pin each as text.
//!
//! Apart from the values themselves, so that those can change without anybody's database noticing.

use cronofy_types::{
    CallbackUrl, ClientId, CustomBase, DataCenter, EmailAddress, ProfileId, RedirectUri, Scopes, State,
    Timestamp,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::authorize::{ConnectMode, PendingAuthorization};
use crate::delegate::{PendingDelegation, Through};

/// The version that is written.
const VERSION: u32 = 1;

/// Refuses, while it is read, a version that this library does not know.
struct Version;

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(D::Error::custom(format_args!(
                "the stored form has version {other}, and this library reads version {VERSION}"
            ))),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredDataCenter {
    Id(String),
    Custom { api: String, app: String },
}

impl From<&DataCenter> for StoredDataCenter {
    fn from(data_center: &DataCenter) -> Self {
        match data_center.id() {
            Some(id) => Self::Id(id.to_owned()),
            None => Self::Custom {
                api: data_center.api_origin().to_owned(),
                app: data_center.app_origin().to_owned(),
            },
        }
    }
}

impl StoredDataCenter {
    fn restore<E: serde::de::Error>(&self) -> Result<DataCenter, E> {
        match self {
            // An empty name means the default to a person, and damage in a database.
            Self::Id(id) if id.is_empty() => Err(E::custom("data center is empty")),
            Self::Id(id) => id.parse().map_err(E::custom),
            Self::Custom { api, app } => CustomBase::new(api, app).map(DataCenter::Custom).map_err(E::custom),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredAuthorization {
    version: Version,
    mode: StoredMode,
    client_id: ClientId,
    data_center: StoredDataCenter,
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
            version: Version,
            mode: match mode {
                ConnectMode::Individual => StoredMode::Individual,
                ConnectMode::Business => StoredMode::Business,
                ConnectMode::Enterprise => StoredMode::Enterprise,
                ConnectMode::Organization => StoredMode::Organization,
            },
            client_id,
            data_center: (&data_center).into(),
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
        let stored = StoredAuthorization::deserialize(deserializer)?;
        Ok(Self {
            mode: match stored.mode {
                StoredMode::Individual => ConnectMode::Individual,
                StoredMode::Business => ConnectMode::Business,
                StoredMode::Enterprise => ConnectMode::Enterprise,
                StoredMode::Organization => ConnectMode::Organization,
            },
            client_id: stored.client_id,
            data_center: stored.data_center.restore()?,
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
    version: Version,
    through: StoredThrough,
    client_id: ClientId,
    data_center: StoredDataCenter,
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
            version: Version,
            through: match through {
                Through::ServiceAccount => StoredThrough::ServiceAccount,
                Through::Profile(profile) => StoredThrough::Profile(profile),
            },
            client_id,
            data_center: (&data_center).into(),
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
        let stored = StoredDelegation::deserialize(deserializer)?;
        Ok(Self {
            through: match stored.through {
                StoredThrough::ServiceAccount => Through::ServiceAccount,
                StoredThrough::Profile(profile) => Through::Profile(profile),
            },
            client_id: stored.client_id,
            data_center: stored.data_center.restore()?,
            state: stored.state,
            callback_url: stored.callback_url,
            email: stored.email,
            scope: stored.scope,
            started_at: stored.started_at,
            expires_at: stored.expires_at,
        })
    }
}
