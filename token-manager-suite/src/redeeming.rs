//! Redirects and callbacks that come more than once, too late, or to the wrong place.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cronofy_auth_core::authorize::{BusinessConnect, EnterpriseConnect};
use cronofy_auth_core::delegate::{DelegationRequest, business, enterprise};
use cronofy_auth_core::types::{
    AccessToken, CallbackUrl, DelegatedScope, EmailAddress, Redirect, RedirectUri, Scope, Scopes, State, Sub,
    Verified,
};
use cronofy_sandbox::Fault;
use cronofy_store::decide::grant::Phase;
use cronofy_store::manager::RedeemError;
use cronofy_store::seal::{Key, Keys};
use cronofy_store::{Origin, Outcome, Pending, SqliteStore};

use crate::bench::{Bench, access, works};
use crate::faulty::StoreFault;
use crate::web::{Receiver, post, sent_on};
use crate::{Asked, Cut, Make, Process, Subject};

fn redirect(url: &str) -> Redirect {
    Redirect::from_url(url).unwrap()
}

/// At once, to two processes, and again later: one request, one outcome.
pub fn f11_a_redirect_that_comes_again_is_told_the_same(make: Make<'_>) {
    let bench = Bench::new(make);
    let processes = [bench.process(), bench.process()];
    let (pending, url, state) = bench.browser("st");
    processes[0].begin(pending).unwrap();
    let told: Vec<Outcome> = thread::scope(|scope| {
        let complete =
            |process: usize| processes[process % 2].complete_redirect(redirect(&url), &state).unwrap();
        let callers: Vec<_> = (0..20).map(|caller| scope.spawn(move || complete(caller))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    bench.sandbox.advance(Duration::from_secs(3600));
    let later = bench.process().complete_redirect(redirect(&url), &state).unwrap();
    let Outcome::Granted(id) = &later else { panic!("{later:?}") };
    assert!(told.iter().all(|outcome| *outcome == later));
    assert_eq!(bench.wire.sent(), 1);
    assert_eq!(bench.grant(id).origin, Origin::Account);
}

/// Several codes for one state: the first that is redeemed is the one.
pub fn f11_another_code_for_the_same_state_is_not_redeemed(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    let (_, other, _) = bench.browser("st");
    assert_ne!(url, other);
    process.begin(pending).unwrap();
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    assert_eq!(process.complete_redirect(redirect(&other), &state).unwrap(), outcome);
    assert_eq!(bench.wire.sent(), 1);
}

/// A service account asks for a mailbox, and the callback comes twice.
pub fn f11_a_callback_that_comes_again_is_told_the_same(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (callback, through) = delegated(&bench, &*process);
    let body = Verified::vouched_for_elsewhere(&callback);
    let outcome = process.complete_callback(&body).unwrap();
    let before = bench.wire.sent();
    assert_eq!(bench.process().complete_callback(&body).unwrap(), outcome);
    assert_eq!(bench.wire.sent(), before);
    let Outcome::Granted(id) = outcome else { panic!("{outcome:?}") };
    assert_eq!(bench.grant(&id).origin, Origin::Delegated { through });
    works(&*process, &id);
}

/// The user closes the window while the code is redeemed.
pub fn f12_a_browser_that_goes_away_stops_nothing(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    process.begin(pending).unwrap();
    bench.wire.hold(Cut::After);
    let asked = Asked::Redirect(url.clone(), state.clone());
    process.abandon(asked, &mut || bench.wire.until_held(1));
    bench.wire.release();
    process.settled();
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    let Outcome::Granted(id) = outcome else { panic!("{outcome:?}") };
    works(&*process, &id);
    assert_eq!(bench.wire.sent(), 1);
}

/// The disk is full when the code is spent: tokens and outcome are offered to the store until it takes both.
pub fn f21_redeemed_tokens_that_cannot_be_saved_are_kept(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    process.begin(pending).unwrap();
    bench.store.fail(StoreFault::Full);
    let error = process.complete_redirect(redirect(&url), &state).unwrap_err();
    assert!(matches!(error, RedeemError::Unsaved(_)), "{error:?}");
    bench.store.until_struck(3);
    bench.store.heal();
    process.settled();
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    let Outcome::Granted(id) = outcome else { panic!("{outcome:?}") };
    works(&*process, &id);
    assert_eq!(bench.wire.sent(), 1);
}

/// Somebody brings their own redirect to another person's browser: it ends nobody's wait, and sends no code.
pub fn a_redirect_in_another_browser_ends_nothing(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (theirs, stolen, _) = bench.browser("theirs");
    let (ours, url, state) = bench.browser("ours");
    process.begin(theirs).unwrap();
    process.begin(ours).unwrap();
    let error = process.complete_redirect(redirect(&stolen), &state).unwrap_err();
    assert!(matches!(error, RedeemError::NotMatched(_)), "{error:?}");
    let unknown = State::new("nobody's").unwrap();
    let error = process.complete_redirect(redirect("/back?code=c&state=nobody's"), &unknown).unwrap_err();
    assert!(matches!(error, RedeemError::Absent), "{error:?}");
    assert_eq!(bench.wire.sent(), 0);
    process.complete_redirect(redirect(&url), &state).unwrap();
}

/// The user says no, and everybody who asks hears it.
pub fn a_refusal_is_told_to_everybody(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    process.begin(pending).unwrap();
    let denied = redirect("/back?error=access_denied&state=st");
    let outcome = process.complete_redirect(denied, &state).unwrap();
    assert_eq!(outcome, Outcome::Failed("the authorization was denied: access_denied".into()));
    assert_eq!(bench.process().complete_redirect(redirect(&url), &state).unwrap(), outcome);
    assert_eq!(bench.wire.sent(), 0);
}

/// The server asks to come back: the code is unspent.
pub fn a_code_that_was_not_redeemed_can_come_again(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    process.begin(pending).unwrap();
    bench.wire.answer(429, "");
    let error = process.complete_redirect(redirect(&url), &state).unwrap_err();
    assert!(matches!(error, RedeemError::NotNow(_)), "{error:?}");
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    assert!(matches!(outcome, Outcome::Granted(_)), "{outcome:?}");
}

/// A primary account asks for a colleague's calendar (Business Connect), whose authorization does not end with its own.
pub fn a_colleagues_mailbox_is_redeemed_through_the_primary_account(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let scope = Scopes::from([Scope::ReadOnly]);
    let connect = BusinessConnect::new(
        RedirectUri::new("http://127.0.0.1:1/back").unwrap(),
        scope.clone(),
        DelegatedScope::ReadOnly,
    );
    let state = State::new("primary").unwrap();
    let begun = connect.unwrap().authorize(&bench.app, state.clone(), bench.wire.now());
    process.begin(Pending::Authorization(begun.pending)).unwrap();
    let outcome = process.complete_redirect(redirect(&sent_on(&begun.url)), &state).unwrap();
    let Outcome::Granted(primary) = outcome else { panic!("{outcome:?}") };
    let tokens = bench.grant(&primary).tokens.unwrap();
    let profile = tokens.linking_profile.as_ref().unwrap().profile_id.clone();

    let receiver = Receiver::listen();
    let (email, url) = ("bram@orchard.example", receiver.url());
    let wish = DelegationRequest::new(
        EmailAddress::new(email).unwrap(),
        CallbackUrl::new(url.as_str()).unwrap(),
        scope,
        State::new("colleague").unwrap(),
    );
    let token = tokens.access_token.clone();
    let (_, pending) = business(&bench.app, token, profile.clone(), wish, bench.wire.now()).unwrap();
    process.begin(Pending::Delegation { through: primary.subject.clone(), pending }).unwrap();
    let json = format!(
        r#"{{"profile_id":"{profile}","email":"{email}","callback_url":"{url}","scope":"read_only","state":"colleague"}}"#
    );
    let token = tokens.access_token.expose();
    post(bench.sandbox.api_url(), "/v1/delegated_authorizations", token, &json);
    bench.sandbox.advance(Duration::from_secs(5));
    let callback = receiver.next();
    let outcome = process.complete_callback(&Verified::vouched_for_elsewhere(&callback)).unwrap();
    let Outcome::Granted(colleague) = outcome else { panic!("{outcome:?}") };
    assert_eq!(bench.grant(&colleague).origin, Origin::Business { through: primary.subject.clone() });
    works(&*process, &colleague);
    process.revoke(&primary).unwrap();
    assert_eq!(bench.phase(&colleague), Phase::Active);
}

/// All processes end, and another one is asked the same.
pub fn f11_a_redirect_that_comes_again_to_another_run_is_told_the_same(make: Make<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.db");
    let bench = Bench::in_a_file(make, &path);
    let process = bench.process();
    let (pending, url, state) = bench.browser("st");
    process.begin(pending).unwrap();
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    drop(process);
    let now = bench.wire.now();
    let keys = Keys::new(Key::from_bytes([1; 32]));
    let store = Arc::new(SqliteStore::open(&path, keys).unwrap().with_clock(move || now));
    let process = make(Process { store, ..bench.setup() }).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(process.complete_redirect(redirect(&url), &state).unwrap(), outcome);
    let Outcome::Granted(id) = outcome else { panic!("{outcome:?}") };
    works(&*process, &id);
    assert_eq!(bench.wire.sent(), 1);
}

/// An organizational unit's answer holds tokens and nothing else, and userinfo fails: that is asked until it tells.
pub fn f7_tokens_that_name_nobody_are_kept_until_they_can_be(make: Make<'_>) {
    let bench = Bench::new(make);
    let (process, id, before) = bench.connected();
    let (pending, url, state) = bench.browser("unit");
    process.begin(pending).unwrap();
    bench.wire.answer(200, nameless(&access(&bench.grant(&id).tokens.unwrap())));
    let down = bench.sandbox.fault(Fault::on("GET /v1/userinfo").status(503)).unwrap();
    let error = process.complete_redirect(redirect(&url), &state).unwrap_err();
    assert!(matches!(error, RedeemError::Unnamed(_)), "{error:?}");
    assert_eq!(bench.grant(&id).generation, 1);
    bench.sandbox.remove_fault(&down);
    process.settled();
    assert_eq!(bench.grant(&id).generation, 2);
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    assert_eq!(outcome, Outcome::Granted(id));
    assert_eq!(bench.wire.sent() - before, 1);
}

/// Where the API turns them down they are worth nothing, and everybody is told.
pub fn tokens_that_name_nobody_and_are_turned_down_are_a_refusal(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let (pending, url, state) = bench.browser("unit");
    process.begin(pending).unwrap();
    bench.wire.answer(200, nameless("nobody's"));
    process.complete_redirect(redirect(&url), &state).unwrap_err();
    process.settled();
    let outcome = process.complete_redirect(redirect(&url), &state).unwrap();
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    assert_eq!(bench.wire.sent(), 1);
}

/// What is documented of an organizational unit's answer. It lives for as long as the test.
fn nameless(access: &str) -> &'static str {
    let body = format!(
        r#"{{"access_token":"{access}","refresh_token":"unit","token_type":"bearer","expires_in":3600}}"#
    );
    Box::leak(body.into_boxed_str())
}

/// A service account connects and asks for somebody's calendar. Gives the callback, and who asked.
fn delegated(bench: &Bench<'_>, process: &dyn Subject) -> (Vec<u8>, Sub) {
    let connect = EnterpriseConnect::new(
        RedirectUri::new("http://127.0.0.1:1/back").unwrap(),
        Scopes::from([Scope::ServiceAccountAccountsManage]),
        Scopes::from([Scope::ReadEvents]),
    );
    let state = State::new("admin").unwrap();
    let begun = connect.unwrap().authorize(&bench.app, state.clone(), bench.wire.now());
    process.begin(Pending::Authorization(begun.pending)).unwrap();
    let outcome = process.complete_redirect(redirect(&sent_on(&begun.url)), &state).unwrap();
    let Outcome::Granted(account) = outcome else { panic!("{outcome:?}") };
    assert_eq!(bench.grant(&account).origin, Origin::ServiceAccount);

    let receiver = Receiver::listen();
    let wish = DelegationRequest::new(
        EmailAddress::new(bench.sandbox.ready().service_account.users[0].as_str()).unwrap(),
        CallbackUrl::new(receiver.url()).unwrap(),
        Scopes::from([Scope::ReadEvents]),
        State::new("mailbox").unwrap(),
    );
    let token = AccessToken::new("any").unwrap();
    let (_, pending) = enterprise(&bench.app, token, std::slice::from_ref(&wish), bench.wire.now()).unwrap();
    for pending in pending {
        process.begin(Pending::Delegation { through: account.subject.clone(), pending }).unwrap();
    }
    process.delegate(&account, &[wish]).unwrap();
    bench.sandbox.advance(Duration::from_secs(5));
    (receiver.next(), account.subject)
}
