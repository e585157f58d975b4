//! What is different in every place that this runs in.

use std::env::{self, VarError};
use std::sync::Arc;

use cronofy_auth_core::types::{ClientId, ClientSecret, CustomBase, DataCenter};
use cronofy_store::seal::Keys;

use crate::refusal::Failure;

pub(crate) struct Settings {
    pub(crate) listen: String,
    pub(crate) public_url: Arc<str>,
    pub(crate) database_url: String,
    pub(crate) keys: Keys,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: ClientSecret,
    pub(crate) data_center: DataCenter,
}

impl Settings {
    pub(crate) fn from_environment() -> Result<Self, Failure> {
        let cronofy = variable("CRONOFY_URL")?;
        Ok(Self {
            listen: variable("LISTEN")?,
            public_url: variable("PUBLIC_URL")?.into(),
            database_url: variable("DATABASE_URL")?,
            keys: Keys::from_base64(&variable("STORE_KEYS")?)?,
            client_id: ClientId::new(variable("CRONOFY_CLIENT_ID")?)?,
            client_secret: ClientSecret::new(variable("CRONOFY_CLIENT_SECRET")?)?,
            // The sandbox. In earnest: `DataCenter::De`, or wherever your application is registered.
            data_center: DataCenter::Custom(CustomBase::new(cronofy.as_str(), cronofy.as_str())?),
        })
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| match error {
        VarError::NotPresent => format!("{name} is not set"),
        VarError::NotUnicode(_) => format!("{name} is not text"),
    })
}
