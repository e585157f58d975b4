//! What comes in: the parts that several kinds of input share, brought into the types of the library.

use bytes::Bytes;
use cronofy_api::credential::UserToken;
use cronofy_auth_core::App;
use cronofy_auth_core::types::{
    AccessToken, ClientId, ClientSecret, DataCenter, InvalidValue, Scopes, Timestamp,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::Instead;

/// When everything here happens: an answer must not depend on the day it is given.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_780_272_000);

/// An application by its credentials.
#[derive(Deserialize)]
pub(crate) struct Application {
    client_id: String,
    client_secret: String,
    data_center: Option<String>,
}

impl Application {
    pub(crate) fn app(self) -> Result<App, InvalidValue> {
        let data_center = data_center(self.data_center.as_deref())?;
        Ok(App::new(ClientId::new(self.client_id)?, ClientSecret::new(self.client_secret)?, data_center))
    }
}

/// For the kinds whose input names no secret: whatever is built of it never leaves.
pub(crate) fn app_without_secret(client_id: &str, data_center: DataCenter) -> Result<App, InvalidValue> {
    Ok(App::new(ClientId::new(client_id)?, ClientSecret::new("unused")?, data_center))
}

/// What a call with a token goes by.
#[derive(Deserialize)]
pub(crate) struct Bearer {
    access_token: String,
    data_center: Option<String>,
}

impl Bearer {
    pub(crate) fn token(self) -> Result<(DataCenter, AccessToken), InvalidValue> {
        Ok((data_center(self.data_center.as_deref())?, AccessToken::new(self.access_token)?))
    }

    pub(crate) fn user(self) -> Result<UserToken, InvalidValue> {
        let (data_center, token) = self.token()?;
        Ok(UserToken::new(data_center, token))
    }
}

/// Absent is the default, as an empty name is to the library.
pub(crate) fn data_center(id: Option<&str>) -> Result<DataCenter, InvalidValue> {
    id.unwrap_or_default().parse()
}

/// Every scope by itself, so that the library sees one that is two.
pub(crate) fn scopes(scopes: &[String]) -> Result<Scopes, InvalidValue> {
    scopes.iter().map(|scope| scope.parse()).collect()
}

/// An answer as a transport would have received it.
#[derive(Deserialize)]
pub(crate) struct Response {
    status: i64,
    headers: Option<Map<String, Value>>,
    body: Option<String>,
}

impl Response {
    pub(crate) fn received(self) -> Result<http::Response<Bytes>, Instead> {
        let status = u16::try_from(self.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.ok_or_else(|| Instead::Rejected(format!("no HTTP status: {}", self.status)))?;
        let mut response = http::Response::new(Bytes::from(self.body.unwrap_or_default()));
        *response.status_mut() = status;
        *response.headers_mut() = headers(self.headers.unwrap_or_default());
        Ok(response)
    }
}

/// A header that cannot be one is left out: no transport could have received it.
fn headers(given: Map<String, Value>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let text = match value {
            Value::String(text) => text,
            Value::Null => continue,
            other => other.to_string(),
        };
        let name = HeaderName::from_bytes(name.as_bytes());
        // Space around a value belongs to the line and not to the value (RFC 9110 section 5.5).
        let value = HeaderValue::from_bytes(text.trim_ascii().as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}
