//! Refreshes that fail, at the server or in the store.

use std::time::Duration;

use cronofy_auth_core::types::Sub;
use cronofy_sandbox::RefreshMode;
use cronofy_store::decide::grant::{Phase, Reason};
use cronofy_store::manager::{Change, TokenError};
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::StoreError;
use cronofy_store::{GrantId, SqliteStore};

use crate::bench::{Bench, Heard, access, works};
use crate::faulty::StoreFault;
use crate::{Make, Process};

/// The disk is full when the server has replaced the refresh token. The new tokens are offered to the store until it
/// takes them, and nobody sees them before.
pub fn f7_f21_tokens_that_cannot_be_saved_are_kept_and_seen_by_nobody(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    let heard = Heard::of(&*process);
    bench.store.fail(StoreFault::Full);
    for told in process.crowd(50, &id) {
        let error = told.unwrap_err();
        assert!(
            matches!(&error, TokenError::Unsaved(cause) if matches!(**cause, StoreError::Full(_))),
            "{error:?}"
        );
        assert_eq!(error.to_string(), "the new tokens could not be saved yet");
    }
    bench.store.until_struck(5);
    assert_eq!(bench.grant(&id).generation, 1);
    bench.store.heal();
    process.settled();
    assert_eq!((bench.grant(&id).generation, bench.phase(&id)), (2, Phase::Active));
    works(&*process, &id);
    assert_eq!(bench.wire.sent() - before, 1, "of the one refresh");
    assert_eq!(heard.all(), [Change::Unsaved(id.clone()), Change::Refreshed(id)]);
}

/// The write was done, and the store could not say so.
pub fn f7_a_write_that_was_done_and_not_confirmed_is_found(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    bench.store.fail(StoreFault::Unconfirmed);
    let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
    assert!(matches!(error, TokenError::Unsaved(_)), "{error:?}");
    process.settled();
    works(&*process, &id);
    assert_eq!((bench.wire.sent() - before, bench.grant(&id).generation), (1, 2));
}

/// The server has replaced the refresh token, and its answer is lost: one more try, to which a server with patience
/// answers.
pub fn f8_a_lost_answer_is_asked_for_once_more(make: Make<'_>) {
    let bench = Bench::new(make);
    bench.sandbox.set_refresh_mode(RefreshMode::RotateWithGrace(Duration::from_secs(60)));
    let (process, id, before) = bench.expired();
    bench.wire.lose(1);
    let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
    assert!(matches!(error, TokenError::Refresh(_)), "{error:?}");
    assert_eq!(bench.phase(&id), Phase::Uncertain);
    bench.sandbox.advance(Duration::from_secs(2));
    process.valid_token(&id, Duration::ZERO).unwrap();
    works(&*process, &id);
    assert_eq!(bench.wire.sent() - before, 2);
}

/// A server without patience: that the answer was lost is said, and nobody tries for ever.
pub fn f8_a_lost_answer_of_a_strict_server_is_said_to_be_lost(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    bench.wire.lose(1);
    process.valid_token(&id, Duration::ZERO).unwrap_err();
    bench.sandbox.advance(Duration::from_secs(2));
    for _ in 0..10 {
        let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
        assert!(matches!(error, TokenError::NeedsReconnect(Reason::LostRotation)), "{error:?}");
    }
    assert_eq!(bench.wire.sent() - before, 2);
}

/// What a later attempt found out is told at once, though the pause after an earlier one is not over.
pub fn f8_what_is_known_last_is_told(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, _) = bench.expired();
    bench.wire.lose(1);
    let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
    assert!(!error.is_lasting(), "{error:?}");
    for error in [process.refresh_now(&id), process.valid_token(&id, Duration::ZERO)].map(Result::unwrap_err)
    {
        assert!(matches!(error, TokenError::NeedsReconnect(Reason::LostRotation)), "{error:?}");
    }
}

/// RFC 6749 section 6: the refresh token that was used stays in force.
pub fn f9_an_answer_without_a_refresh_token_keeps_the_old_one(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, _) = bench.expired();
    let before = bench.grant(&id).tokens.unwrap();
    bench.wire.answer(200, r#"{"access_token":"new","token_type":"bearer","expires_in":3600}"#);
    assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), "new");
    let after = bench.grant(&id).tokens.unwrap();
    assert_eq!(
        after.refresh_token.as_ref().unwrap().expose(),
        before.refresh_token.as_ref().unwrap().expose()
    );
    assert_eq!(after.identity, before.identity);
}

/// A server in trouble is not asked by everybody again and again, and not by each process.
pub fn f15_failures_do_not_make_a_storm(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    let other = bench.process();
    for failures in 1..=3 {
        bench.wire.answer(500, "");
        for process in [&process, &other] {
            for told in process.crowd(100, &id) {
                let error = told.unwrap_err();
                assert!(matches!(error, TokenError::Refresh(_) | TokenError::Paused), "{error:?}");
            }
        }
        assert_eq!(bench.wire.sent() - before, failures);
        // Each pause is twice as long as the one before.
        bench.sandbox.advance(Duration::from_secs(1 << (failures - 1)));
    }
    process.valid_token(&id, Duration::ZERO).unwrap();
}

/// A user who asks does not wait for a pause to be over, and has new tokens though the old ones work.
pub fn a_user_who_asks_passes_over_a_pause(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    bench.wire.answer(503, "");
    process.valid_token(&id, Duration::ZERO).unwrap_err();
    process.valid_token(&id, Duration::ZERO).unwrap_err();
    assert_eq!(bench.wire.sent() - before, 1);
    let first = process.refresh_now(&id).unwrap();
    let second = process.refresh_now(&id).unwrap();
    assert_ne!(access(&first), access(&second));
    assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), access(&second));
    assert_eq!(bench.wire.sent() - before, 3);
}

/// A row that cannot be opened is not a user who has gone.
pub fn f18_a_missing_key_does_not_look_like_the_end_of_an_authorization(make: Make<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.db");
    let bench = Bench::in_a_file(make, &path);
    let (process, id, before) = bench.expired();
    let other = Keys::new(Key::from_bytes([2; 32]));
    let store = std::sync::Arc::new(SqliteStore::open(&path, other).unwrap());
    let Ok(keyless) = make(Process { store, ..bench.setup() }) else { panic!("it was not made") };
    let error = keyless.valid_token(&id, Duration::ZERO).unwrap_err();
    assert!(
        matches!(&error, TokenError::Store(cause) if matches!(**cause, StoreError::MissingKey { .. })),
        "{error:?}"
    );
    assert!(!error.is_lasting());
    assert_eq!(bench.wire.sent(), before);
    works(&*process, &id);
}

/// The API turns tokens down before their time: they are replaced, by one request for all who were turned down.
pub fn a_rejected_token_is_replaced_once(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let other = bench.process();
    let old = process.valid_token(&id, Duration::ZERO).unwrap();
    other.valid_token(&id, Duration::ZERO).unwrap();
    bench.sandbox.advance(Duration::from_secs(31));
    bench.sandbox.expire_access_tokens();
    works(&*process, &id);
    works(&*other, &id);
    let replaced = process.rejected(&id, &old).unwrap().unwrap();
    assert_ne!(access(&replaced), access(&old));
    assert_eq!(bench.wire.sent() - before, 1);
}

/// Tokens that have just come are turned down for another reason than their age.
pub fn a_new_token_that_is_rejected_is_not_replaced(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let tokens = process.valid_token(&id, Duration::ZERO).unwrap();
    bench.sandbox.expire_access_tokens();
    assert!(process.rejected(&id, &tokens).unwrap().is_none());
    assert!(process.userinfo(&id).unwrap_err().starts_with("the server refused with status 401"));
    assert_eq!(bench.wire.sent(), before);
}

/// The end is told once by whoever found out, and then to everybody who asks.
pub fn a_dead_authorization_is_everybodys_and_told_once(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.expired();
    let heard = Heard::of(&*process);
    bench.wire.answer(400, r#"{"error":"invalid_grant"}"#);
    for told in process.crowd(100, &id).into_iter().chain(bench.process().crowd(10, &id)) {
        let error = told.unwrap_err();
        assert!(matches!(error, TokenError::NeedsReconnect(Reason::Refused)), "{error:?}");
        assert_eq!(error.to_string(), "the user has to connect again: the refresh token is dead");
    }
    assert_eq!(bench.wire.sent() - before, 1);
    assert_eq!(heard.all(), [Change::NeedsReconnect(id, Reason::Refused)]);
}

/// Another application's secret would be sent along with this one's token.
pub fn another_applications_authorization_is_refused(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let elsewhere = GrantId::from_parts(id.client_id.clone(), "de", Sub::new("acc_1").unwrap());
    let error = process.valid_token(&elsewhere, Duration::ZERO).unwrap_err();
    assert!(matches!(error, TokenError::OtherApp), "{error:?}");
    assert_eq!(bench.wire.sent(), before);
}
