//! Reading tokens that are fresh: out of the process, and out of a file.

mod cached;
#[cfg(feature = "store")]
pub mod sqlite;

use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{
    AccessToken, DataCenter, LinkingProfile, ProfileId, RefreshToken, Sub, Timestamp,
};
use cronofy_store::store::Ask;
use cronofy_store::{GrantId, Origin};

use crate::inputs::app;
use crate::{Case, Group};

/// Out of the process: a map behind a lock, and the token manager.
pub const CACHED: Group = Group {
    name: "cached token",
    cases: &[Case { name: "limit", prepare: cached::bare }, Case { name: "ours", prepare: cached::ours }],
};

/// Out of a file: a bare statement that reads the same row, and the store.
#[cfg(feature = "store")]
pub const SQLITE: Group = Group {
    name: "token in SQLite",
    cases: &[Case { name: "limit", prepare: sqlite::bare }, Case { name: "ours", prepare: sqlite::ours }],
};

/// One of many grants.
pub fn id(number: u32) -> GrantId {
    GrantId::new(&app(DataCenter::Us), sub(number))
}

/// Has a grant kept, whose tokens work for an hour.
pub fn authorize(number: u32, now: Timestamp) -> Ask {
    Ask::Authorize { id: id(number), origin: Origin::Account, tokens: tokens(number, now) }
}

fn sub(number: u32) -> Sub {
    Sub::new(format!("acc_{number:024x}")).expect("a subject")
}

/// As long as Cronofy's.
fn tokens(number: u32, now: Timestamp) -> Arc<TokenSet> {
    let access = AccessToken::new(format!("access{number:026}")).expect("a token");
    let mut tokens = TokenSet::new(access, now, now.saturating_add(Duration::from_secs(3600)));
    tokens.refresh_token = Some(RefreshToken::new(format!("refresh{number:025}")).expect("a token"));
    tokens.scope = "read_write".parse().expect("a scope");
    tokens.identity.sub = Some(sub(number));
    let profile = ProfileId::new("pro_n23kjnwrw2").expect("a profile");
    let mut profile = LinkingProfile::new("google".parse().expect("a provider"), profile);
    profile.profile_name = Some("me@example.com".to_owned());
    tokens.linking_profile = Some(profile);
    Arc::new(tokens)
}
