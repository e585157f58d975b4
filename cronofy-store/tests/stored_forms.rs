//! Stored forms, pinned as text for ever: a row written by any release must be read by this one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "sealing")]

use std::sync::Arc;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::IndividualConnect;
use cronofy_auth_core::delegate::{DelegationRequest, business};
use cronofy_auth_core::token::TokenSet;
use cronofy_store::decide::Owner;
use cronofy_store::decide::grant::{Phase, Reason};
use cronofy_store::decide::{budget, pending};
use cronofy_store::execute::PendingRow;
use cronofy_store::rollout::{BudgetId, Counts, Paused, Rollout, RolloutId, Seed, Settings};
use cronofy_store::store::{Ask, Told, ask_blocking};
use cronofy_store::stored::{
    FormError, read_budget, read_mailbox, read_pending, read_rollout, read_state, read_tokens, write_budget,
    write_mailbox, write_pending, write_rollout, write_state, write_tokens,
};
use cronofy_store::{Grant, GrantId, MemoryStore, Origin, Outcome, Pending};
use cronofy_types::{
    AccessToken, AccountId, ApplicationCalendarId, CallbackUrl, ClientId, ClientSecret, DataCenter,
    EmailAddress, LinkingProfile, ProfileId, RedirectUri, RefreshToken, Scope, Scopes, ServiceAccountId,
    State, Sub, Timestamp,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

const TOKENS_V1: &str = r#"{"version":1,"access_token":"a","refresh_token":"r","received_at":"2031-03-04T10:15:00.5Z","expires_at":"2031-03-04T11:15:00Z","scope":"read_write felines","sub":"acc_1","account_id":"acc_1","service_account_id":"ser_1","application_calendar_id":"room","linking_profile":{"provider_name":"google","profile_id":"pro_1","profile_name":""},"extra":{"new":[1]}}"#;
const FEWEST_TOKENS_V1: &str = r#"{"version":1,"access_token":"a","received_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-04T10:15:00Z","scope":""}"#;

const STATES_V1: [(&str, Origin, Phase); 8] = [
    (
        r#"{"version":1,"origin":"account","phase":"active","failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Account,
        Phase::Active,
    ),
    (
        r#"{"version":1,"origin":"service_account","phase":"uncertain","failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::ServiceAccount,
        Phase::Uncertain,
    ),
    (
        r#"{"version":1,"origin":"organization","phase":"revoked","failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Organization,
        Phase::Revoked,
    ),
    (
        r#"{"version":1,"origin":"application_calendar","phase":{"refreshing":{"owner":"BwcHBwcHBwcHBwcHBwcHBw","until":"2031-03-04T10:15:00Z","unsure":true}},"failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::ApplicationCalendar,
        Phase::Refreshing { owner: Owner([7; 16]), until: NOW, unsure: true },
    ),
    (
        r#"{"version":1,"origin":"account","phase":{"needs_reauth":"refused"},"failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Account,
        Phase::NeedsReauth(Reason::Refused),
    ),
    (
        r#"{"version":1,"origin":"account","phase":{"needs_reauth":"lost_rotation"},"failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Account,
        Phase::NeedsReauth(Reason::LostRotation),
    ),
    (
        r#"{"version":1,"origin":"account","phase":{"needs_reauth":"no_refresh_token"},"failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Account,
        Phase::NeedsReauth(Reason::NoRefreshToken),
    ),
    (
        r#"{"version":1,"origin":"account","phase":{"needs_reauth":"service_account_revoked"},"failures":0,"not_before":"1970-01-01T00:00:00Z"}"#,
        Origin::Account,
        Phase::NeedsReauth(Reason::ServiceAccountRevoked),
    ),
];
const DELEGATED_V1: &str = r#"{"version":1,"origin":{"delegated":"ser_1"},"phase":"active","failures":3,"not_before":"2031-03-04T10:15:00Z"}"#;
const BUSINESS_V1: &str = r#"{"version":1,"origin":{"business":"acc_0"},"phase":"active","failures":3,"not_before":"2031-03-04T10:15:00Z"}"#;

const WAITING_V1: &str = r#"{"version":1,"phase":{"waiting":{"authorization":{"version":1,"mode":"individual","client_id":"client-id","data_center":"us","state":"st-1","redirect_uri":"https://app.example/cb","scope":"read_only","started_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-04T11:15:00Z"}}},"expires_at":"2031-03-04T11:15:00Z"}"#;
const REDEEMING_V1: &str = r#"{"version":1,"phase":{"redeeming":{"pending":{"delegation":{"through":"acc_0","pending":{"version":1,"through":{"profile":"pro_1"},"client_id":"client-id","data_center":"us","state":"st-1","callback_url":"https://app.example/callback","email":"a@example.com","scope":"read_only","started_at":"2031-03-04T10:15:00Z","expires_at":"2031-03-11T10:15:00Z"}}},"code":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","owner":"BwcHBwcHBwcHBwcHBwcHBw","until":"2031-03-04T10:15:00Z"}},"expires_at":"2031-03-11T10:15:00Z"}"#;
const GRANTED_V1: &str = r#"{"version":1,"phase":{"done":{"granted":{"client_id":"client-id","data_center":"us","subject":"acc_1"}}},"expires_at":"2031-03-04T10:15:00Z"}"#;
const FAILED_V1: &str =
    r#"{"version":1,"phase":{"done":{"failed":"access_denied"}},"expires_at":"2031-03-04T10:15:00Z"}"#;

const ROLLOUT_V1: &str = r#"{"version":1,"through":{"client_id":"client-id","data_center":"us","subject":"acc_0"},"profile":"pro_1","callback_url":"https://app.example/callback","scope":"read_only","seed":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","counts":{"queued":1,"asked":2,"came":3,"granted":4,"failed":5},"paused":{"forbidden":"why"}}"#;
const FEWEST_ROLLOUT_V1: &str = r#"{"version":1,"through":{"client_id":"client-id","data_center":"us","subject":"acc_0"},"callback_url":"https://app.example/callback","scope":"read_only","seed":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","counts":{"queued":0,"asked":0,"came":0,"granted":0,"failed":0}}"#;
const FORGOTTEN_ROLLOUT_V1: &str = r#"{"version":1,"through":{"client_id":"client-id","data_center":"us","subject":"acc_0"},"callback_url":"https://app.example/callback","scope":"read_only","seed":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","counts":{"queued":0,"asked":0,"came":0,"granted":0,"failed":0},"forgotten":true}"#;
const BUDGET_V1: &str =
    r#"{"version":1,"next":"2031-03-04T10:15:00.121212122Z","not_before":"2031-03-04T10:15:00Z","pauses":2}"#;

/// Phases of a mailbox, each in `{"version":1,"address":"A@example.com","phase":PHASE,"round":1,"attempts":2,"company":25}`.
const PHASES_V1: [&str; 9] = [
    r#"{"queued":{"due":"1970-01-01T00:00:00Z"}}"#,
    r#"{"asked":{"until":"2031-03-04T10:15:00.123456789Z"}}"#,
    r#"{"came":{"callback":{"authorization":{"code":"c","state":"st-1"}},"due":"2031-03-04T10:15:00Z"}}"#,
    r#"{"came":{"callback":{"authorization":{"state":"st-1","error":"a","error_key":"b","error_description":"c"}},"due":"2031-03-04T10:15:00Z"}}"#,
    r#"{"granted":"acc_1"}"#,
    r#"{"failed":"no_answer"}"#,
    r#"{"failed":{"invalid":"why"}}"#,
    r#"{"failed":{"declined":"why"}}"#,
    r#"{"failed":{"not_redeemed":"why"}}"#,
];

fn app() -> App {
    App::new(ClientId::new("client-id").unwrap(), ClientSecret::new("CRN_secret").unwrap(), DataCenter::Us)
}

fn sub(name: &str) -> Sub {
    Sub::new(name).unwrap()
}

fn tokens() -> TokenSet {
    let received_at = "2031-03-04T10:15:00.5Z".parse().unwrap();
    let expires_at = "2031-03-04T11:15:00Z".parse().unwrap();
    let mut tokens = TokenSet::new(AccessToken::new("a").unwrap(), received_at, expires_at);
    tokens.refresh_token = Some(RefreshToken::new("r").unwrap());
    tokens.scope = "read_write felines".parse().unwrap();
    tokens.identity.sub = Some(sub("acc_1"));
    tokens.identity.account_id = Some(AccountId::new("acc_1").unwrap());
    tokens.identity.service_account_id = Some(ServiceAccountId::new("ser_1").unwrap());
    tokens.identity.application_calendar_id = Some(ApplicationCalendarId::new("room").unwrap());
    let mut profile = LinkingProfile::new("google".parse().unwrap(), ProfileId::new("pro_1").unwrap());
    profile.profile_name = Some(String::new());
    tokens.linking_profile = Some(profile);
    tokens.extra.insert("new".to_owned(), vec![1].into());
    tokens
}

/// Only a store makes grants.
fn grant(origin: Origin) -> Grant {
    let store = MemoryStore::new();
    let id = GrantId::new(&app(), sub("acc_1"));
    let tokens = Arc::new(tokens());
    ask_blocking(&store, Ask::Authorize { id: id.clone(), origin, tokens }).unwrap();
    match ask_blocking(&store, Ask::Grant(id)).unwrap() {
        Told::Grant(Some(grant)) => *grant,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn text(form: Result<impl AsRef<[u8]>, FormError>) -> String {
    String::from_utf8(form.unwrap().as_ref().to_vec()).unwrap()
}

#[test]
fn version_1_of_tokens_is_read_and_written() {
    assert_eq!(text(write_tokens(Some(&tokens()))), TOKENS_V1);
    let read = read_tokens(TOKENS_V1.as_bytes()).unwrap().unwrap();
    assert_eq!(text(write_tokens(Some(&read))), TOKENS_V1);
    assert_eq!((&read.scope, &read.identity), (&tokens().scope, &tokens().identity));

    let fewest = TokenSet::new(AccessToken::new("a").unwrap(), NOW, NOW);
    assert_eq!(text(write_tokens(Some(&fewest))), FEWEST_TOKENS_V1);
    let read = read_tokens(FEWEST_TOKENS_V1.as_bytes()).unwrap().unwrap();
    assert!(read.refresh_token.is_none() && read.linking_profile.is_none() && read.extra.is_empty());

    assert_eq!(text(write_tokens(None)), "null");
    assert!(read_tokens(b"null").unwrap().is_none());
}

#[test]
fn version_1_of_a_state_is_read_and_written() {
    for (pinned, origin, phase) in STATES_V1 {
        let mut grant = grant(origin.clone());
        grant.phase = phase;
        assert_eq!(text(write_state(&grant)), pinned);
        let read = read_state(pinned.as_bytes()).unwrap();
        assert_eq!((read.origin, read.phase, read.failures), (origin, phase, 0));
        assert_eq!(read.not_before, Timestamp::UNIX_EPOCH);
    }
    for (pinned, origin) in [
        (DELEGATED_V1, Origin::Delegated { through: sub("ser_1") }),
        (BUSINESS_V1, Origin::Business { through: sub("acc_0") }),
    ] {
        let mut grant = grant(origin.clone());
        (grant.failures, grant.not_before) = (3, NOW);
        assert_eq!(text(write_state(&grant)), pinned);
        let read = read_state(pinned.as_bytes()).unwrap();
        assert_eq!((read.origin, read.failures, read.not_before), (origin, 3, NOW));
    }
}

#[test]
fn version_1_of_a_wait_is_read_and_written() {
    let state = || State::new("st-1").unwrap();
    let redirect_uri = RedirectUri::new("https://app.example/cb").unwrap();
    let connect = IndividualConnect::new(redirect_uri, Scopes::from([Scope::ReadOnly])).unwrap();
    let authorization = Pending::Authorization(connect.authorize(&app(), state(), NOW).pending);
    let request = DelegationRequest::new(
        EmailAddress::new("a@example.com").unwrap(),
        CallbackUrl::new("https://app.example/callback").unwrap(),
        Scopes::from([Scope::ReadOnly]),
        state(),
    );
    let token = AccessToken::new("a").unwrap();
    let begun = business(&app(), token, ProfileId::new("pro_1").unwrap(), request, NOW).unwrap();
    let delegation = Pending::Delegation { through: sub("acc_0"), pending: begun.1 };

    let (owner, code) = (Owner([7; 16]), [9; 32]);
    let granted = Outcome::Granted(GrantId::new(&app(), sub("acc_1")));
    for (pinned, expires_at, phase) in [
        (WAITING_V1, authorization.expires_at(), pending::Phase::Waiting(authorization)),
        (
            REDEEMING_V1,
            delegation.expires_at(),
            pending::Phase::Redeeming { pending: delegation, code, owner, until: NOW },
        ),
        (GRANTED_V1, NOW, pending::Phase::Done(granted)),
        (FAILED_V1, NOW, pending::Phase::Done(Outcome::Failed("access_denied".into()))),
    ] {
        let row = PendingRow { phase, expires_at };
        assert_eq!(text(write_pending(&row)), pinned);
        assert_eq!(read_pending(pinned.as_bytes()).unwrap(), row);
    }
}

fn rollout() -> Rollout {
    let settings = Settings {
        through: GrantId::new(&app(), sub("acc_0")),
        profile: None,
        callback_url: CallbackUrl::new("https://app.example/callback").unwrap(),
        scope: Scopes::from([Scope::ReadOnly]),
    };
    Rollout { settings, seed: Seed([9; 32]), counts: Counts::default(), paused: None, forgotten: false }
}

#[test]
fn version_1_of_a_roll_out_is_read_and_written() {
    let fewest = rollout();
    assert_eq!(text(write_rollout(&fewest)), FEWEST_ROLLOUT_V1);
    assert_eq!(read_rollout(FEWEST_ROLLOUT_V1.as_bytes()).unwrap(), fewest);
    let forgotten = Rollout { forgotten: true, ..fewest };
    assert_eq!(text(write_rollout(&forgotten)), FORGOTTEN_ROLLOUT_V1);
    assert_eq!(read_rollout(FORGOTTEN_ROLLOUT_V1.as_bytes()).unwrap(), forgotten);
    let mut rollout = rollout();
    rollout.settings.profile = Some(ProfileId::new("pro_1").unwrap());
    let counts = &mut rollout.counts;
    (counts.queued, counts.asked, counts.came, counts.granted, counts.failed) = (1, 2, 3, 4, 5);
    let why = || Box::<str>::from("why");
    for (pinned, paused) in [
        (r#""by_hand""#, Paused::ByHand),
        (r#"{"ended":"why"}"#, Paused::Ended(why())),
        (r#"{"payment_required":"why"}"#, Paused::PaymentRequired(why())),
        (r#"{"forbidden":"why"}"#, Paused::Forbidden(why())),
    ] {
        let pinned = ROLLOUT_V1.replace(r#"{"forbidden":"why"}"#, pinned);
        rollout.paused = Some(paused);
        assert_eq!(text(write_rollout(&rollout)), pinned);
        assert_eq!(read_rollout(pinned.as_bytes()).unwrap(), rollout);
    }
}

/// What is derived from a roll-out has to be the same in every release: callbacks are found by it.
#[test]
fn what_is_derived_from_a_roll_out_stays_the_same() {
    let rollout = rollout();
    assert_eq!(rollout.state(7, 1).as_str(), "17249e938608fa577c6f9924291b5a7e");
    let hash = |text| rollout.address_hash(&EmailAddress::new(text).unwrap()).0;
    assert_eq!(hash("a@example.com"), hash(" A@Example.com "));
    let hex = |bytes: [u8; 16]| State::from_random(bytes).as_str().to_owned();
    assert_eq!(hex(hash("a@example.com")), "469378fb6e1bd4289122ddadf1cc31ac");
    assert_eq!(
        hex(RolloutId::new(&rollout.settings.through, "everybody").0),
        "1cd128f7ee54e8634b6a9d6dd8256030"
    );
    assert_eq!(hex(BudgetId::of(&rollout.settings.through).0), "6bcb58edb5b327e7e3cd28a5e5f5d2fc");
}

#[test]
fn version_1_of_a_mailbox_is_read_and_written() {
    for phase in PHASES_V1 {
        let pinned = format!(
            r#"{{"version":1,"address":"A@example.com","phase":{phase},"round":1,"attempts":2,"company":25}}"#
        );
        let (address, row) = read_mailbox(pinned.as_bytes(), 7).unwrap();
        assert_eq!((row.generation, row.round, row.attempts, row.company), (7, 1, 2, 25));
        assert_eq!(address.as_str(), "A@example.com");
        assert_eq!(text(write_mailbox(&address, &row)), pinned);
    }
    let damaged = r#"{"version":1,"address":"a","phase":{"came":{"callback":{"authorization":{}},"due":"2031-03-04T10:15:00Z"}},"round":0,"attempts":0,"company":1}"#;
    assert!(matches!(read_mailbox(damaged.as_bytes(), 1), Err(FormError::Damaged { .. })));
}

#[test]
fn version_1_of_a_budget_is_read_and_written() {
    let next = NOW.saturating_add(std::time::Duration::from_nanos(121_212_122));
    let row = budget::Row { next, not_before: NOW, pauses: 2 };
    assert_eq!(text(write_budget(&row)), BUDGET_V1);
    assert_eq!(read_budget(BUDGET_V1.as_bytes()).unwrap(), row);
}

#[test]
fn what_is_newer_or_damaged_is_refused_with_the_reason() {
    let newer = FormError::Newer { found: 2 };
    let of_version_2 = |pinned: &str| pinned.replacen("\"version\":1", "\"version\":2", 1).into_bytes();
    assert_eq!(read_tokens(&of_version_2(TOKENS_V1)).unwrap_err(), newer);
    assert_eq!(read_state(&of_version_2(DELEGATED_V1)).unwrap_err(), newer);
    assert_eq!(read_pending(&of_version_2(WAITING_V1)).unwrap_err(), newer);
    assert_eq!(read_rollout(&of_version_2(ROLLOUT_V1)).unwrap_err(), newer);
    assert_eq!(read_budget(&of_version_2(BUDGET_V1)).unwrap_err(), newer);
    assert_eq!(read_mailbox(br#"{"version":2}"#, 1).unwrap_err(), newer);
    assert_eq!(read_state(br#"{"phase":"dormant","version":2}"#).unwrap_err(), newer, "whatever comes first");
    assert_eq!(newer.to_string(), "the stored form has version 2, and this library reads version 1");

    for damaged in ["", "{}", "[]", r#"{"version":1}"#, r#"{"version":"canary"}"#, &TOKENS_V1[..80]] {
        let error = read_tokens(damaged.as_bytes()).unwrap_err();
        assert!(matches!(error, FormError::Damaged { .. }), "{damaged}: {error}");
    }
    let canary = TOKENS_V1.replace("\"a\"", "[\"canary\"]").replace("google", "canary");
    let error = read_tokens(canary.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
}
