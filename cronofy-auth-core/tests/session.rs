//! Who refreshes: one table of what happens and what everybody is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use core::time::Duration;
use std::sync::Arc;

use cronofy_auth_core::token::{Reconnect, Session, Ticket, TokenSet, Turn};
use cronofy_auth_core::types::{AccessToken, FieldErrors, OAuthError, RefreshToken, Timestamp};
use cronofy_auth_core::{Error, Fault, Input};
use support::{NOW, answer, app, failed, sent};

fn tokens(name: &str, from: Timestamp) -> TokenSet {
    let mut tokens = TokenSet::new(AccessToken::new(name).unwrap(), from, after(from, 3600));
    tokens.refresh_token = Some(RefreshToken::new("refresh").unwrap());
    tokens
}

fn after(instant: Timestamp, seconds: u64) -> Timestamp {
    instant.saturating_add(Duration::from_secs(seconds))
}

#[track_caller]
fn uses(turn: Turn, name: &str) -> Arc<TokenSet> {
    let Turn::Use(tokens) = turn else { panic!("wanted tokens, got {turn:?}") };
    assert_eq!(tokens.access_token.expose(), name);
    tokens
}

#[track_caller]
fn refreshes(turn: Turn) -> Ticket {
    let Turn::Refresh(ticket, _) = turn else { panic!("wanted a refresh, got {turn:?}") };
    ticket
}

#[track_caller]
fn saves(turn: Turn) -> Ticket {
    let Turn::Save(ticket, _) = turn else { panic!("wanted a save, got {turn:?}") };
    ticket
}

#[test]
fn one_refreshes_while_the_others_use_what_still_works() {
    let mut session = Session::new(app(), tokens("one", NOW));
    uses(session.turn(NOW), "one");
    uses(session.turn(after(NOW, 3539)), "one");

    let early = after(NOW, 3540);
    let ticket = refreshes(session.turn(early));
    uses(session.turn(early), "one");
    assert!(matches!(session.turn(after(NOW, 3600)), Turn::Wait));

    session.refreshed(ticket, Ok(tokens("two", early)), early).unwrap();
    let ticket = saves(session.turn(early));
    uses(session.turn(early), "one");
    assert!(matches!(session.turn(after(NOW, 3600)), Turn::Wait), "unsaved tokens are not handed out");

    session.saved(ticket, true);
    uses(session.turn(early), "two");
}

#[test]
fn early_is_no_more_than_a_fifth_of_a_short_life() {
    let mut short = tokens("short", NOW);
    short.expires_at = after(NOW, 100);
    let mut session = Session::new(app(), short);
    uses(session.turn(after(NOW, 79)), "short");
    let _unreported = refreshes(session.turn(after(NOW, 80)));
}

#[test]
fn a_transient_failure_throws_nothing_away_and_is_not_hammered() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let early = after(NOW, 3540);
    let ticket = refreshes(session.turn(early));
    let error = session.refreshed(ticket, Err(Error::NoAnswer(Fault::Unknown)), early).unwrap_err();
    assert!(error.is_retryable());
    uses(session.turn(after(early, 29)), "one");
    let ticket = refreshes(session.turn(after(early, 30)));
    session.refreshed(ticket, Err(Error::NoAnswer(Fault::NotSent)), after(early, 30)).unwrap_err();
    // Once the access token is dead there is nothing else left to try.
    let _unreported = refreshes(session.turn(after(NOW, 3600)));
}

#[test]
fn invalid_grant_is_the_end_and_reconnecting_the_beginning() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    let mut call = cronofy_auth_core::Endpoint::call(
        cronofy_auth_core::token::Refresh::new(app(), &tokens("one", NOW)).unwrap(),
    );
    sent(&mut call, Input::Start);
    let error = failed(&mut call, answer(400, r#"{"error":"invalid_grant"}"#));
    session.refreshed(ticket, Err(error), late).unwrap();
    for _ in 0..2 {
        let Turn::Reconnect(Reconnect::Refused(refusal)) = session.turn(late) else { panic!("alive") };
        assert_eq!(refusal.oauth, OAuthError::from_body(br#"{"error":"invalid_grant"}"#));
        assert_eq!(refusal.fields, FieldErrors::default());
    }
    session.reconnected(tokens("new", late));
    uses(session.turn(late), "new");
}

#[test]
fn invalid_client_is_not_the_end() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    let mut call = cronofy_auth_core::Endpoint::call(
        cronofy_auth_core::token::Refresh::new(app(), &tokens("one", NOW)).unwrap(),
    );
    sent(&mut call, Input::Start);
    let error = failed(&mut call, answer(401, r#"{"error":"invalid_client"}"#));
    session.refreshed(ticket, Err(error), late).unwrap_err();
    let _unreported = refreshes(session.turn(late));
}

#[test]
fn f13_what_an_older_refresh_brings_does_not_replace_a_newer_authorization() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    session.reconnected(tokens("new", late));
    session.refreshed(ticket, Ok(tokens("stale", late)), late).unwrap();
    uses(session.turn(late), "new");
}

#[test]
fn a_failed_save_is_repeated_and_an_abandoned_ticket_given_back() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    session.abandon(ticket);
    let ticket = refreshes(session.turn(late));
    session.refreshed(ticket, Ok(tokens("two", late)), late).unwrap();
    let ticket = saves(session.turn(late));
    session.saved(ticket, false);
    let ticket = saves(session.turn(late));
    session.abandon(ticket);
    let ticket = saves(session.turn(late));
    session.saved(ticket, true);
    uses(session.turn(late), "two");
}

#[test]
fn a_rejected_token_is_refreshed_once_however_many_report_it() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let used = uses(session.turn(NOW), "one");
    session.rejected(&used);
    session.rejected(&used);
    let ticket = refreshes(session.turn(NOW));
    assert!(matches!(session.turn(NOW), Turn::Wait));
    session.refreshed(ticket, Ok(tokens("two", NOW)), NOW).unwrap();
    let ticket = saves(session.turn(NOW));
    session.saved(ticket, true);
    session.rejected(&used);
    uses(session.turn(NOW), "two");
}

#[test]
fn without_a_refresh_token_the_end_comes_with_the_access_token() {
    let mut only = tokens("one", NOW);
    only.refresh_token = None;
    let mut session = Session::new(app(), only);
    uses(session.turn(after(NOW, 3599)), "one");
    let Turn::Reconnect(reason) = session.turn(after(NOW, 3600)) else { panic!("alive") };
    assert_eq!(reason.to_string(), "the access token has expired, and there is no refresh token");
}
