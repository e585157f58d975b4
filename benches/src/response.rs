//! Reading a token response.

use cronofy_auth_core::types::TokenResponse;
use serde::{Deserialize, Serialize};

use crate::inputs::TOKEN_RESPONSE as BODY;
use crate::{Case, Group, Runner, each};

/// The body of a successful answer, from bytes to something that a program can keep.
pub const TOKEN_RESPONSE: Group = Group {
    name: "token response",
    cases: &[
        Case { name: "limit", prepare: borrowed },
        Case { name: "ours", prepare: ours },
        Case { name: "serde_json, owned", prepare: owned },
        Case { name: "serde_json, Value", prepare: value },
        #[cfg(feature = "peers")]
        Case { name: "oauth2", prepare: oauth2 },
    ],
};

/// The answer in strings of one's own.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be made, not to be looked at")]
pub struct Owned {
    token_type: String,
    access_token: String,
    expires_in: u64,
    refresh_token: String,
    scope: String,
    account_id: String,
    sub: String,
    linking_profile: OwnedProfile,
}

/// Whose calendars these are.
#[derive(Debug, Serialize, Deserialize)]
pub struct OwnedProfile {
    provider_name: String,
    profile_id: String,
    profile_name: String,
}

/// The answer as long as its bytes live.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be made, not to be looked at")]
struct Borrowed<'a> {
    token_type: &'a str,
    access_token: &'a str,
    expires_in: u64,
    refresh_token: &'a str,
    scope: &'a str,
    account_id: &'a str,
    sub: &'a str,
    #[serde(borrow)]
    linking_profile: BorrowedProfile<'a>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "read to be made, not to be looked at")]
struct BorrowedProfile<'a> {
    provider_name: &'a str,
    profile_id: &'a str,
    profile_name: &'a str,
}

/// What most people write.
pub fn read_owned(body: &[u8]) -> Owned {
    serde_json::from_slice(body).expect("the constant is valid")
}

fn borrowed() -> Runner {
    each(|| serde_json::from_slice::<Borrowed<'static>>(std::hint::black_box(BODY)).is_ok())
}

fn ours() -> Runner {
    each(|| TokenResponse::parse(std::hint::black_box(BODY)))
}

fn owned() -> Runner {
    each(|| read_owned(std::hint::black_box(BODY)))
}

fn value() -> Runner {
    each(|| serde_json::from_slice::<serde_json::Value>(std::hint::black_box(BODY)))
}

#[cfg(feature = "peers")]
fn oauth2() -> Runner {
    each(|| {
        let mut deserializer = serde_json::Deserializer::from_slice(std::hint::black_box(BODY));
        serde_path_to_error::deserialize::<_, crate::exchange::oauth2_answer::Answer>(&mut deserializer)
    })
}
