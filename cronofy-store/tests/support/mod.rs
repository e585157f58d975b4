//! What the tests of stored files share.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(dead_code, reason = "each test file uses its part of this")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::delegate::{DelegationRequest, business};
use cronofy_auth_core::token::TokenSet;
use cronofy_store::decide::{Owner, grant, pending};
use cronofy_store::rollout::{self, Claim, Limits, Mailbox, Paused, Report, RolloutId, Seed, Settings, Work};
use cronofy_store::seal::{Key, Keys, Seal};
use cronofy_store::store::{Ask, Binding, Store, Told, ask_blocking};
use cronofy_store::{Grant, GrantId, Origin, Pending, PendingId, SqliteStore, StoreError};
use cronofy_types::{
    AccessToken, CallbackUrl, ClientId, ClientSecret, DataCenter, DelegationCallback, EmailAddress,
    LinkingProfile, ProfileId, RefreshToken, Scope, Scopes, State, Sub, Timestamp, Verified,
};

pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

pub(crate) fn key(number: u8) -> Key {
    Key::from_bytes([number; 32])
}

pub(crate) fn open(path: &Path, seal: impl Into<Seal>) -> SqliteStore {
    SqliteStore::open(path, seal).unwrap().with_clock(|| NOW)
}

fn app() -> App {
    App::new(ClientId::new("client").unwrap(), ClientSecret::new("canary-secret").unwrap(), DataCenter::Us)
}

pub(crate) fn id(name: &str) -> GrantId {
    GrantId::new(&app(), Sub::new(name).unwrap())
}

/// Tokens in which everything that nobody else may read is called a canary.
pub(crate) fn tokens() -> Arc<TokenSet> {
    let access = AccessToken::new("canary-access").unwrap();
    let mut tokens = TokenSet::new(access, NOW, NOW.saturating_add(Duration::from_secs(3600)));
    tokens.refresh_token = Some(RefreshToken::new("canary-refresh").unwrap());
    let mut profile = LinkingProfile::new("google".parse().unwrap(), ProfileId::new("pro_1").unwrap());
    profile.profile_name = Some("canary@example.com".to_owned());
    tokens.linking_profile = Some(profile);
    tokens.extra.insert("token".to_owned(), "canary-extra".into());
    Arc::new(tokens)
}

pub(crate) fn wait(state: &str) -> Pending {
    let request = DelegationRequest::new(
        EmailAddress::new("canary@example.com").unwrap(),
        CallbackUrl::new("https://app.example/callback").unwrap(),
        Scopes::from([Scope::ReadOnly]),
        State::new(format!("canary-{state}")).unwrap(),
    );
    let token = AccessToken::new("canary-access").unwrap();
    let (_, pending) = business(&app(), token, ProfileId::new("pro_1").unwrap(), request, NOW).unwrap();
    Pending::Delegation { through: Sub::new("acc_0").unwrap(), pending }
}

pub(crate) fn ask(store: &dyn Store, ask: Ask) -> Told {
    ask_blocking(store, ask).unwrap()
}

pub(crate) fn authorize(name: &str) -> Ask {
    Ask::Authorize { id: id(name), origin: Origin::Account, tokens: tokens() }
}

pub(crate) fn begin(state: &str) -> Ask {
    Ask::Begin { pending: wait(state), binding: Some(Binding { hash: [7; 32], most: 9 }) }
}

pub(crate) fn take(state: &str) -> Ask {
    let take =
        pending::Command::Take { code: [9; 32], owner: Owner([1; 16]), lease: Duration::from_secs(60) };
    Ask::Redeem(wait(state).id(), take)
}

pub(crate) fn claim(name: &str, generation: u64) -> Ask {
    let (owner, lease) = (Owner([1; 16]), Duration::from_secs(60));
    Ask::Decide(id(name), grant::Command::Claim { owner, generation, lease, urgent: false })
}

pub(crate) fn complete(name: &str, generation: u64) -> Ask {
    Ask::Decide(id(name), grant::Command::Complete { generation, tokens: tokens() })
}

pub(crate) fn grant(store: &dyn Store, name: &str) -> Result<Option<Box<Grant>>, StoreError> {
    match ask_blocking(store, Ask::Grant(id(name)))? {
        Told::Grant(grant) => Ok(grant),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn roll_out(command: rollout::Command) -> Ask {
    Ask::Rollout(RolloutId::new(&id("ser_1"), "everybody"), command)
}

/// A roll-out of three mailboxes: one granted, one whose callback came, one that failed.
pub(crate) fn rolled_out(store: &dyn Store) {
    let settings = Settings {
        through: id("ser_1"),
        profile: None,
        callback_url: CallbackUrl::new("https://app.example/canary").unwrap(),
        scope: Scopes::from([Scope::ReadOnly]),
    };
    ask(
        store,
        roll_out(rollout::Command::Begin { settings, seed: Seed(*b"canary, which is 32 bytes long..") }),
    );
    let address = |name| EmailAddress::new(format!("canary-{name}@example.com")).unwrap();
    ask(store, roll_out(rollout::Command::Add(["one", "two", "three"].map(address).into())));
    let lease = Duration::from_secs(60);
    let claim = Claim { lease, outstanding: 1000, limits: Limits::default() };
    let told = ask(store, roll_out(rollout::Command::Claim(claim)));
    let Told::Rollout(rollout::Reply::Claimed { work: Work::Ask { mailboxes, .. }, .. }) = told else {
        panic!("{told:?}")
    };
    let report = |number: usize, report| {
        let tickets = vec![mailboxes[number].ticket];
        ask(store, roll_out(rollout::Command::Report { tickets, report }));
    };
    report(0, Report::Granted(Sub::new("acc_4").unwrap()));
    report(2, Report::Invalid { together: 1, reason: "canary".into() });
    let state = &mailboxes[1].state;
    let body = format!(r#"{{"authorization":{{"code":"canary-code","state":"{}"}}}}"#, state.as_str());
    let callback = DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap();
    ask(store, Ask::Came { wait: PendingId::of(state), callback: Arc::new(callback) });
    ask(store, roll_out(rollout::Command::Pause(Paused::Ended("canary".into()))));
}

/// The mailboxes of that roll-out.
pub(crate) fn mailboxes(store: &dyn Store) -> Result<Vec<Mailbox>, StoreError> {
    match ask_blocking(store, roll_out(rollout::Command::Page { after: None, limit: 10 }))? {
        Told::Rollout(rollout::Reply::Page(page)) => Ok(page),
        other => panic!("{other:?}"),
    }
}

/// Everything that can be done with a store.
pub(crate) fn everything(store: &dyn Store) {
    for step in [
        authorize("acc_1"),
        claim("acc_1", 1),
        complete("acc_1", 1),
        begin("one"),
        take("one"),
        Ask::Finish {
            id: wait("one").id(),
            grant: (id("acc_2"), Origin::Delegated { through: Sub::new("ser_1").unwrap() }, tokens()),
        },
        begin("two"),
        take("two"),
        begin("three"),
        authorize("acc_3"),
        Ask::Decide(id("acc_3"), grant::Command::Revoke),
        Ask::EndDelegated { through: id("ser_1") },
        Ask::Sweep { limit: 10 },
    ] {
        ask(store, step);
    }
    rolled_out(store);
}

/// What a wait holds, by asking for it the way a callback does.
pub(crate) fn redeem(store: &dyn Store, state: &str) -> Result<Told, StoreError> {
    ask_blocking(store, take(state))
}

pub(crate) fn pending_id(state: &str) -> PendingId {
    wait(state).id()
}

pub(crate) fn keys(first: u8, others: &[u8]) -> Keys {
    others.iter().fold(Keys::new(key(first)), |keys, other| keys.and_open(key(*other)))
}
