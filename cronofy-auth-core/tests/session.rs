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
    uses(session.turn(after(NOW, 3554)), "one");

    let early = after(NOW, 3555);
    let ticket = refreshes(session.turn(early));
    uses(session.turn(early), "one");
    assert!(matches!(session.turn(after(NOW, 3600)), Turn::Wait));

    session.refreshed(ticket, Ok(tokens("two", early)), early).unwrap();
    let ticket = saves(session.turn(early));
    uses(session.turn(early), "one");
    assert!(matches!(session.turn(after(NOW, 3600)), Turn::Wait), "unsaved tokens are not handed out");

    session.saved(ticket, true, NOW);
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
    let early = after(NOW, 3555);
    let ticket = refreshes(session.turn(early));
    let error = session.refreshed(ticket, Err(Error::NoAnswer(Fault::Unknown)), early).unwrap_err();
    assert!(error.is_retryable());
    uses(session.turn(early), "one");
    let ticket = refreshes(session.turn(after(early, 1)));
    session.refreshed(ticket, Err(Error::NoAnswer(Fault::NotSent)), after(early, 1)).unwrap_err();
    uses(session.turn(after(early, 2)), "one");
    let _unreported = refreshes(session.turn(after(early, 3)));
}

#[test]
fn f15_once_the_access_token_is_dead_failures_are_still_not_hammered() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let mut now = after(NOW, 4000);
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        let ticket = refreshes(session.turn(now));
        session.refreshed(ticket, Err(Error::NoAnswer(Fault::Unknown)), now).unwrap_err();
        let Turn::Later(until) = session.turn(now) else { panic!("hammers") };
        assert_eq!(until, after(now, pause));
        now = until;
    }
}

#[test]
fn the_server_is_left_alone_for_as_long_as_it_asks_up_to_an_hour() {
    for asked in ["3600", "3601", "99999999999999"] {
        left_alone_for_an_hour(asked);
    }
}

fn left_alone_for_an_hour(asked: &str) {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    let mut call = cronofy_auth_core::Endpoint::call(
        cronofy_auth_core::token::Refresh::new(app(), &tokens("one", NOW)).unwrap(),
    );
    sent(&mut call, Input::Start);
    let error = failed(&mut call, support::answer_with(429, &[("retry-after", asked)], ""));
    session.refreshed(ticket, Err(error), late).unwrap_err();
    assert!(matches!(session.turn(after(late, 3599)), Turn::Later(until) if until == after(late, 3600)));
    let _unreported = refreshes(session.turn(after(late, 3600)));
}

#[test]
fn tokens_that_are_born_dead_are_not_refreshed_for_ever() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    let mut dead = tokens("two", late);
    dead.expires_at = late;
    session.refreshed(ticket, Ok(dead), late).unwrap();
    let ticket = saves(session.turn(late));
    session.saved(ticket, true, late);
    assert!(matches!(session.turn(late), Turn::Later(until) if until == after(late, 1)));
}

#[test]
fn a_lost_ticket_does_not_make_everybody_wait_for_ever() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let lost = refreshes(session.turn(late));
    assert!(matches!(session.turn(after(late, 299)), Turn::Wait));
    let ticket = refreshes(session.turn(after(late, 300)));
    session.refreshed(lost, Ok(tokens("stale", late)), after(late, 301)).unwrap();
    assert!(matches!(session.turn(after(late, 301)), Turn::Wait));
    session.refreshed(ticket, Ok(tokens("two", late)), after(late, 301)).unwrap();
    let _lost = saves(session.turn(after(late, 301)));
    let _unreported = saves(session.turn(after(late, 601)));
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
    session.reconnect(tokens("new", late));
    let ticket = saves(session.turn(late));
    session.saved(ticket, true, late);
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
    let _unreported = refreshes(session.turn(after(late, 1)));
}

#[test]
fn f13_what_an_older_refresh_brings_does_not_replace_a_newer_authorization() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    session.reconnect(tokens("new", late));
    let save = saves(session.turn(late));
    session.refreshed(ticket, Ok(tokens("stale", late)), late).unwrap();
    session.saved(save, true, late);
    uses(session.turn(late), "new");
}

#[test]
fn f13_a_newer_authorization_is_saved_after_a_save_that_is_under_way() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    session.refreshed(ticket, Ok(tokens("two", late)), late).unwrap();
    let older = saves(session.turn(late));
    session.reconnect(tokens("new", late));
    assert!(matches!(session.turn(late), Turn::Wait), "two saves at once could end in either order");
    session.saved(older, true, late);
    let Turn::Save(ticket, unsaved) = session.turn(late) else { panic!("not saved") };
    assert_eq!(unsaved.access_token.expose(), "new");
    session.saved(ticket, true, late);
    uses(session.turn(late), "new");
}

#[test]
fn a_failed_save_is_repeated_and_an_abandoned_ticket_given_back() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let late = after(NOW, 4000);
    let ticket = refreshes(session.turn(late));
    session.abandon(ticket, late);
    let later = after(late, 1);
    let ticket = refreshes(session.turn(later));
    session.refreshed(ticket, Ok(tokens("two", later)), later).unwrap();
    let ticket = saves(session.turn(later));
    session.saved(ticket, false, later);
    assert!(matches!(session.turn(later), Turn::Later(_)), "a store that fails is not hammered");
    let later = after(later, 2);
    let ticket = saves(session.turn(later));
    session.abandon(ticket, later);
    let later = after(later, 4);
    let ticket = saves(session.turn(later));
    session.saved(ticket, true, later);
    uses(session.turn(later), "two");
}

#[test]
fn while_a_save_fails_what_still_works_is_used() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let early = after(NOW, 3555);
    let ticket = refreshes(session.turn(early));
    session.refreshed(ticket, Ok(tokens("two", early)), early).unwrap();
    let ticket = saves(session.turn(early));
    session.saved(ticket, false, early);
    uses(session.turn(early), "one");
    assert!(session.usable(early).is_some() && session.usable(after(NOW, 3600)).is_none());
}

#[test]
fn a_rejected_token_is_refreshed_once_however_many_report_it() {
    let mut session = Session::new(app(), tokens("one", NOW));
    let later = after(NOW, 30);
    let used = uses(session.turn(later), "one");
    assert!(session.rejected(&used, later));
    assert!(session.rejected(&used, later));
    let ticket = refreshes(session.turn(later));
    assert!(matches!(session.turn(later), Turn::Wait));
    session.refreshed(ticket, Ok(tokens("two", later)), later).unwrap();
    let ticket = saves(session.turn(later));
    session.saved(ticket, true, later);
    assert!(!session.rejected(&used, later), "it is not the held one any more");
    let used = uses(session.turn(later), "two");
    assert!(!session.rejected(&used, after(later, 29)), "it is new, and something else is wrong");
    uses(session.turn(after(later, 29)), "two");
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
