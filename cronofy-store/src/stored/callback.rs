//! A callback, as Cronofy writes it.

use std::sync::Arc;

use cronofy_types::{AuthorizationCode, DelegationCallback, DelegationOutcome, State, Verified};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

#[derive(Serialize, Deserialize)]
struct Body<Text> {
    authorization: Authorization<Text>,
}

#[derive(Serialize, Deserialize)]
struct Authorization<Text> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_key: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<Text>,
}

pub(super) fn serialize<S: Serializer>(
    callback: &Arc<DelegationCallback>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let (code, failure) = match &callback.outcome {
        DelegationOutcome::Granted(code) => (Some(code), None),
        DelegationOutcome::Failed(failure) => (None, Some(failure)),
    };
    let authorization = Authorization {
        code: code.map(AuthorizationCode::expose),
        state: callback.state.as_ref().map(State::as_str),
        error: failure.map(|failure| &*failure.error),
        error_key: failure.and_then(|failure| failure.error_key.as_deref()),
        error_description: failure.and_then(|failure| failure.error_description.as_deref()),
    };
    Body { authorization }.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Arc<DelegationCallback>, D::Error> {
    let body = Body::<Box<str>>::deserialize(deserializer)?;
    let body = Zeroizing::new(serde_json::to_vec(&body).map_err(|_| D::Error::custom("no callback"))?);
    let callback = DelegationCallback::parse(&Verified::vouched_for_elsewhere(&body));
    callback.map(Arc::new).map_err(|_| D::Error::custom("no callback"))
}
