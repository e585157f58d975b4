//! Authorizations that begin again, or end, while somebody is at work on them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cronofy_sandbox::RefreshMode;
use cronofy_store::decide::grant::{Phase, Reason};
use cronofy_store::manager::{Change, RevokeError, TokenError};
use cronofy_store::store::{Ask, ask_blocking};
use cronofy_store::{GrantId, Origin};

use crate::bench::{Bench, Heard, access, newer};
use crate::faulty::StoreFault;
use crate::{Cut, Make};

/// The user connects again while a refresh is under way: what that brings is not put over the new authorization, nor is
/// it served.
pub fn f13_connecting_again_during_a_refresh(make: Make<'_>) {
    let bench = Bench::new(make);
    bench.sandbox.set_refresh_mode(RefreshMode::Stable);
    let (process, id, _) = bench.expired();
    let newer = newer(&bench, &bench.grant(&id).tokens.unwrap(), "newer");
    bench.wire.hold(Cut::After);
    let waited = thread::scope(|scope| {
        let waiting = scope.spawn(|| process.valid_token(&id, Duration::ZERO).unwrap());
        bench.wire.until_held(1);
        process.authorize(&id, Origin::Account, newer).unwrap();
        assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), "newer", "at once");
        bench.wire.release();
        waiting.join().unwrap()
    });
    assert_eq!(access(&waited), "newer");
    assert_eq!(access(&bench.grant(&id).tokens.unwrap()), "newer");
    assert_eq!(access(&process.valid_token(&id, Duration::ZERO).unwrap()), "newer");
}

/// The disk is full when an authorization begins: its tokens are offered to the store until it takes them.
pub fn f21_a_new_authorization_that_cannot_be_saved_is_kept(make: Make<'_>) {
    for fault in [StoreFault::Full, StoreFault::Unconfirmed] {
        let bench = Bench::new(make);
        let (process, id, _) = bench.connected();
        let heard = Heard::of(&*process);
        let newer = newer(&bench, &bench.grant(&id).tokens.unwrap(), "newer");
        bench.store.fail(fault);
        let error = process.authorize(&id, Origin::Organization, newer).unwrap_err();
        assert!(matches!(error, TokenError::Unsaved(_)), "{error:?}");
        if fault == StoreFault::Full {
            bench.store.until_struck(3);
        }
        bench.store.heal();
        process.settled();
        let grant = bench.grant(&id);
        assert_eq!((access(&grant.tokens.unwrap()).as_str(), grant.generation), ("newer", 2));
        assert_eq!(grant.origin, Origin::Organization);
        assert_eq!(access(&bench.process().valid_token(&id, Duration::ZERO).unwrap()), "newer");
        assert_eq!(heard.all().first(), Some(&Change::Unsaved(id)));
    }
}

/// Meanwhile the user connects once more, through another process: that stays.
pub fn f21_what_was_saved_late_is_not_put_over_what_is_newer(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, _) = bench.connected();
    let tokens = bench.grant(&id).tokens.unwrap();
    bench.store.fail(StoreFault::Full);
    process.authorize(&id, Origin::Account, newer(&bench, &tokens, "newer")).unwrap_err();
    let newest = newer(&bench, &tokens, "newest");
    let question = Ask::Authorize { id: id.clone(), origin: Origin::Account, tokens: newest };
    ask_blocking(bench.store.whole(), question).unwrap();
    bench.store.heal();
    process.settled();
    assert_eq!(access(&bench.grant(&id).tokens.unwrap()), "newest");
    assert_eq!(access(&bench.process().valid_token(&id, Duration::ZERO).unwrap()), "newest");
}

/// An authorization is revoked while a refresh is under way, whose tokens bring it back neither here nor at the server.
pub fn f14_revoking_during_a_refresh(make: Make<'_>) {
    for cut in [Cut::Before, Cut::After] {
        let bench = Bench::new(make);
        let (process, id, _) = bench.expired();
        let heard = Heard::of(&*process);
        bench.wire.hold(cut);
        let waited = thread::scope(|scope| {
            let waiting = scope.spawn(|| process.valid_token(&id, Duration::ZERO).unwrap_err());
            bench.wire.until_held(1);
            process.revoke(&id).unwrap();
            bench.wire.release();
            waiting.join().unwrap()
        });
        process.settled();
        // Where the request was late the server refused it, and whoever reads again finds the end.
        assert!(matches!(waited, TokenError::Revoked), "{waited:?}");
        let grant = bench.grant(&id);
        assert_eq!((grant.phase, grant.tokens.is_none()), (Phase::Revoked, true));
        for process in [process, bench.process()] {
            let error = process.valid_token(&id, Duration::ZERO).unwrap_err();
            assert!(matches!(error, TokenError::Revoked), "{error:?}");
        }
        assert_eq!(heard.all(), [Change::Revoked(id)]);
    }
}

/// A service account's authorization ends, and with it everybody's that it made: in the store, in memory, and told.
pub fn revoking_a_service_account_ends_what_it_made(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, theirs, _) = bench.connected();
    let through = GrantId::new(&bench.app, cronofy_auth_core::types::Sub::new("ser_1").unwrap());
    let tokens = bench.grant(&theirs).tokens.unwrap();
    process.authorize(&through, Origin::ServiceAccount, Arc::clone(&tokens)).unwrap();
    let origin = Origin::Delegated { through: through.subject.clone() };
    process.authorize(&theirs, origin, tokens).unwrap();
    process.valid_token(&theirs, Duration::ZERO).unwrap();
    let heard = Heard::of(&*process);
    process.revoke(&through).unwrap();
    let error = process.valid_token(&theirs, Duration::ZERO).unwrap_err();
    let reason = Reason::ServiceAccountRevoked;
    assert!(matches!(&error, TokenError::NeedsReconnect(of) if *of == reason), "{error:?}");
    assert_eq!(heard.all(), [Change::Revoked(through), Change::NeedsReconnect(theirs, reason)]);
}

/// Cronofy is down when an authorization is revoked: it is revoked here, and the next try tells Cronofy.
pub fn a_revocation_that_cronofy_did_not_hear_of_is_told_again(make: Make<'_>) {
    use cronofy_sandbox::Fault;
    let bench = Bench::new(make);
    let (process, id, _) = bench.connected();
    let tokens = process.valid_token(&id, Duration::ZERO).unwrap();
    let down = bench.sandbox.fault(Fault::on("POST /oauth/token/revoke").status(500)).unwrap();
    let error = process.revoke(&id).unwrap_err();
    assert!(matches!(error, RevokeError::NotTold(_)), "{error:?}");
    assert!(matches!(process.valid_token(&id, Duration::ZERO), Err(TokenError::Revoked)));
    bench.sandbox.remove_fault(&down);
    process.revoke(&id).unwrap();
    // The server knows: put back, the tokens are turned down.
    process.authorize(&id, Origin::Account, tokens).unwrap();
    assert!(process.userinfo(&id).is_err());
}
