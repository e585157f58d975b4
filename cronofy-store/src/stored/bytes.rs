//! Hashes and names of owners, as base64.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

pub(super) fn serialize<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
) -> Result<[u8; N], D::Error> {
    let text = Box::<str>::deserialize(deserializer)?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&*text).map_err(|_| D::Error::custom("not base64"))?;
    bytes.try_into().map_err(|_| D::Error::custom("another length"))
}
