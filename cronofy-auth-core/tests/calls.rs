//! Every call, to the byte, with what comes of its answers; and when a call is repeated.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use core::time::Duration;

use cronofy_auth_core::application::{ApplicationCalendar, ApplicationVerification, CreateLinkToken};
use cronofy_auth_core::delegate::{
    DelegationRequest, NotDelegated, NotMatched, PendingDelegation, Resumed, ServiceAccountAuthorizations,
    business, enterprise,
};
use cronofy_auth_core::discovery::{AccessibleCalendarsOf, MembersOf, ResourcesOf, UserinfoOf};
use cronofy_auth_core::token::{
    ASSUMED_LIFETIME, LONGEST_LIFETIME, Refresh, Revoke, RevokeProfile, TokenSet,
};
use cronofy_auth_core::types::{
    ApplicationCalendarId, CalendarType, CallbackUrl, ClientSecret, DataCenter, DelegationCallback,
    EmailAddress, ProfileId, RedirectUri, RefreshToken, Scope, Scopes, State, Sub, Verified,
};
use cronofy_auth_core::{BadAnswerReason, Flow, NextPage, Paged};
use cronofy_auth_core::{Endpoint, Error, Fault, Input, Misuse, RefusalKind, RetryPolicy, Step};
use support::{NOW, answer, answer_with, app, done, failed, sent, token};

fn get(path: &str, more: &str) -> String {
    format!(
        "GET https://api.cronofy.com{path}\naccept: application/json\nauthorization: Bearer access-1\n{more}\n"
    )
}

fn post(path: &str, bearer: &str, body: &str) -> String {
    let bearer = if bearer.is_empty() { String::new() } else { format!("authorization: Bearer {bearer}\n") };
    let kind = if body.is_empty() { "" } else { "content-type: application/json; charset=utf-8\n" };
    format!("POST https://api.cronofy.com{path}\naccept: application/json\n{bearer}{kind}\n{body}")
}

fn held() -> TokenSet {
    let mut tokens = TokenSet::new(token(), NOW, NOW.saturating_add(Duration::from_secs(3600)));
    tokens.refresh_token = Some(RefreshToken::new("refresh-1").unwrap());
    tokens.identity.sub = Some(Sub::new("acc_1").unwrap());
    tokens.scope = Scopes::from([Scope::ReadWrite]);
    tokens
}

#[test]
fn refresh_keeps_the_identity_and_takes_both_new_tokens() {
    let mut call = Refresh::new(app(), &held()).unwrap().call();
    assert_eq!(
        sent(&mut call, Input::Start),
        post(
            "/oauth/token",
            "",
            r#"{"client_id":"client-id","client_secret":"CRN_secret","grant_type":"refresh_token","refresh_token":"refresh-1"}"#
        )
    );
    let tokens = done(
        &mut call,
        answer(200, r#"{"access_token":"access-2","expires_in":1800,"refresh_token":"refresh-2"}"#),
    );
    assert_eq!(tokens.access_token.expose(), "access-2");
    assert_eq!(tokens.refresh_token.unwrap().expose(), "refresh-2");
    assert_eq!(tokens.identity, held().identity);
    assert_eq!(tokens.scope, held().scope);
}

#[test]
fn s13_a_missing_refresh_token_leaves_the_old_one_and_another_identity_is_refused() {
    let refreshed = |body: &str| {
        let mut call = Refresh::new(app(), &held()).unwrap().call();
        sent(&mut call, Input::Start);
        call.step(answer(200, body), NOW)
    };
    for body in [
        r#"{"access_token":"a"}"#,
        r#"{"access_token":"a","refresh_token":""}"#,
        r#"{"access_token":"a","sub":"acc_1"}"#,
    ] {
        let Ok(Step::Done(tokens)) = refreshed(body) else { panic!("{body}") };
        assert_eq!(tokens.refresh_token.unwrap().expose(), "refresh-1");
    }
    let Err(Error::BadAnswer(bad)) = refreshed(r#"{"access_token":"a","sub":"acc_2"}"#) else {
        panic!("believed")
    };
    assert_eq!(bad.reason, BadAnswerReason::IdentityChanged);
}

#[test]
fn s12_no_lifetime_is_endless() {
    for (expires_in, lifetime) in [
        ("0", Duration::ZERO),
        ("3600", Duration::from_secs(3600)),
        ("18446744073709551615", LONGEST_LIFETIME),
        ("null", ASSUMED_LIFETIME),
    ] {
        let mut call = Refresh::with_token(app(), RefreshToken::new("r").unwrap()).call();
        sent(&mut call, Input::Start);
        let tokens =
            done(&mut call, answer(200, &format!(r#"{{"access_token":"a","expires_in":{expires_in}}}"#)));
        assert_eq!(tokens.expires_at, NOW.saturating_add(lifetime), "{expires_in}");
    }
}

#[test]
fn s15_revocation_by_each_of_its_ways() {
    let by = |revoke: Revoke, body: &str| {
        let mut call = revoke.call();
        assert_eq!(sent(&mut call, Input::Start), post("/oauth/token/revoke", "", body));
        done(&mut call, answer(200, "{'not': 'json'}"));
    };
    by(
        Revoke::access_token(app(), token()),
        r#"{"client_id":"client-id","client_secret":"CRN_secret","token":"access-1"}"#,
    );
    by(
        Revoke::refresh_token(app(), RefreshToken::new("refresh-1").unwrap()),
        r#"{"client_id":"client-id","client_secret":"CRN_secret","token":"refresh-1"}"#,
    );
    by(
        Revoke::sub(app(), Sub::new("acc_1").unwrap()).erasing_personal_data(),
        r#"{"client_id":"client-id","client_secret":"CRN_secret","sub":"acc_1","request_pii_erasure":true}"#,
    );
    let mut call = RevokeProfile::new(DataCenter::Us, token(), ProfileId::new("pro/../1").unwrap()).call();
    assert_eq!(sent(&mut call, Input::Start), post("/v1/profiles/pro%2F..%2F1/revoke", "access-1", ""));
    done(&mut call, answer(202, ""));
}

fn request(number: u8) -> DelegationRequest {
    DelegationRequest::new(
        EmailAddress::new(format!("room{number}@example.com")).unwrap(),
        CallbackUrl::new("https://app.example/callback?u=1").unwrap(),
        Scopes::from([Scope::ReadEvents, Scope::CreateEvent]),
        State::new(format!("st-{number}")).unwrap(),
    )
}

fn callback(body: &str) -> DelegationCallback {
    DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap()
}

#[test]
fn enterprise_connect_one_by_one_and_in_batches() {
    let entry = |number: u8| {
        format!(
            r#"{{"email":"room{number}@example.com","callback_url":"https://app.example/callback?u=1","scope":"read_events create_event","state":"st-{number}"}}"#
        )
    };
    let (single, pending) = enterprise(&app(), token(), &[request(1)], NOW).unwrap();
    let mut call = single.call();
    assert_eq!(
        sent(&mut call, Input::Start),
        post("/v1/service_account_authorizations", "access-1", &entry(1))
    );
    done(&mut call, answer(202, ""));
    assert_eq!(pending.len(), 1);

    let (batch, pending) = enterprise(&app(), token(), &[request(1), request(2)], NOW).unwrap();
    let body = format!(r#"{{"service_account_authorizations":[{},{}]}}"#, entry(1), entry(2));
    assert_eq!(
        sent(&mut batch.call(), Input::Start),
        post("/v1/service_account_authorizations", "access-1", &body)
    );
    assert_eq!(
        pending.iter().map(|pending| pending.email().as_str()).collect::<Vec<_>>(),
        ["room1@example.com", "room2@example.com"]
    );
}

#[test]
fn what_cannot_succeed_is_not_sent() {
    let refused = |requests: &[DelegationRequest]| enterprise(&app(), token(), requests, NOW).unwrap_err();
    assert_eq!(refused(&[]).to_string(), "no mailbox is asked for");
    let many: Vec<_> = (0..51).map(request).collect();
    assert_eq!(refused(&many).to_string(), "51 mailboxes are asked for at once, more than 50");
    assert!(enterprise(&app(), token(), &many[..50], NOW).is_ok());
    assert_eq!(
        refused(&[request(1), request(2), request(1)]).to_string(),
        "entries 0 and 2 have the same state"
    );
    let mut unscoped = request(2);
    unscoped.scope = Scopes::default();
    assert_eq!(refused(&[request(1), unscoped.clone()]), NotDelegated::NoScope { entry: 1 });
    assert!(business(&app(), token(), ProfileId::new("pro_1").unwrap(), unscoped, NOW).is_err());
}

#[test]
fn what_is_built_by_hand_is_held_to_the_same_limits() {
    let mut call = ServiceAccountAuthorizations::new(DataCenter::Us, token());
    assert_eq!(call.request().unwrap_err().to_string(), "no mailbox is asked for");
    let DelegationRequest { email, callback_url, scope, .. } = request(1);
    for _ in 0..51 {
        call = call.entry(email.clone(), callback_url.clone(), scope.clone(), None);
    }
    let error = call.request().unwrap_err();
    assert_eq!(error.to_string(), "51 mailboxes are asked for at once, more than 50");
}

#[test]
fn a_path_cannot_be_left_by_dots() {
    for dots in [".", ".."] {
        let endpoint = RevokeProfile::new(DataCenter::Us, token(), ProfileId::new(dots).unwrap());
        let error = endpoint.request().unwrap_err();
        assert_eq!(error.to_string(), "a part of the request's path is made of dots alone");
    }
}

#[test]
fn pages_that_go_in_a_circle_come_to_an_end() {
    let page = |next: &str| {
        let next = format!("https://api.cronofy.com/v1/pages/{next}");
        answer(200, &format!(r#"{{"organizational_unit_members":[],"pages":{{"next_page":"{next}"}}}}"#))
    };
    let mut flow = MembersOf::new(DataCenter::Us, token()).all();
    sent(&mut flow, Input::Start);
    sent(&mut flow, page("a"));
    sent(&mut flow, page("b"));
    let Error::BadAnswer(bad) = failed(&mut flow, page("a")) else { panic!("goes on") };
    assert_eq!(bad.reason, BadAnswerReason::EndlessPages);
    assert_eq!(bad.content_type.as_deref(), Some("application/json; charset=utf-8"));
}

#[test]
fn a_page_that_was_kept_is_asked_for_on_its_own_server_alone() {
    let kept = NextPage::new("https://api-de.cronofy.com/v1/pages/2");
    let german = MembersOf::new(DataCenter::De, token()).at(kept.clone());
    assert_eq!(german.request().unwrap().uri(), kept.as_str());
    let error = MembersOf::new(DataCenter::Us, token()).at(kept).request().unwrap_err();
    let why = "the page is on another server than the credentials are for";
    assert_eq!(error.to_string(), why);
}

#[test]
fn what_nobody_documented_of_an_organizations_tokens_is_kept() {
    let mut call = Refresh::new(app(), &held()).unwrap().call();
    sent(&mut call, Input::Start);
    let answered = answer(200, r#"{"access_token":"a","organizational_unit":{"name":"Orchard"}}"#);
    let tokens = done(&mut call, answered);
    assert_eq!(tokens.extra["organizational_unit"]["name"], "Orchard");
    let mut call = Refresh::new(app(), &{
        let mut kept = tokens;
        kept.refresh_token = held().refresh_token;
        kept
    })
    .unwrap()
    .call();
    sent(&mut call, Input::Start);
    let refreshed = done(&mut call, answer(200, r#"{"access_token":"b"}"#));
    assert_eq!(refreshed.extra["organizational_unit"]["name"], "Orchard");
}

#[test]
fn business_connect_and_its_callback() {
    let (call, pending) =
        business(&app(), token(), ProfileId::new("pro_1").unwrap(), request(7), NOW).unwrap();
    assert_eq!(
        sent(&mut call.call(), Input::Start),
        post(
            "/v1/delegated_authorizations",
            "access-1",
            r#"{"profile_id":"pro_1","email":"room7@example.com","callback_url":"https://app.example/callback?u=1","scope":"read_events create_event","state":"st-7"}"#
        )
    );
    let granted = callback(r#"{"authorization":{"code":"c0d3","state":"st-7"}}"#);
    let Ok(Resumed::Granted(exchange)) = pending.resume(granted, &app(), NOW) else { panic!("not granted") };
    assert_eq!(
        sent(&mut exchange.call(), Input::Start),
        post(
            "/oauth/token",
            "",
            r#"{"client_id":"client-id","client_secret":"CRN_secret","grant_type":"authorization_code","code":"c0d3","callback_url":"https://app.example/callback?u=1"}"#
        )
    );
}

#[test]
fn a_callback_about_another_mailbox_does_not_end_the_wait() {
    let pending =
        || -> PendingDelegation { enterprise(&app(), token(), &[request(1)], NOW).unwrap().1.remove(0) };
    let reason = |body: &str, now| pending().resume(callback(body), &app(), now).unwrap_err().reason;
    assert_eq!(reason(r#"{"authorization":{"code":"c","state":"st-2"}}"#, NOW), NotMatched::StateDiffers);
    assert_eq!(reason(r#"{"authorization":{"code":"c"}}"#, NOW), NotMatched::StateMissing);
    let late = pending().expires_at();
    assert_eq!(
        reason(r#"{"authorization":{"code":"c","state":"st-1"}}"#, late).to_string(),
        "it expired at 2031-03-11T10:15:00Z"
    );
    let failed = callback(r#"{"authorization":{"error":"unable_to_grant_scope","state":"st-1"}}"#);
    let Ok(Resumed::Failed(failure)) = pending().resume(failed, &app(), NOW) else { panic!("not failed") };
    assert_eq!(failure.error, "unable_to_grant_scope");
}

#[test]
fn discovery() {
    let mut call = UserinfoOf::new(DataCenter::Us, token()).impersonating(Sub::new("acc_1").unwrap()).call();
    assert_eq!(sent(&mut call, Input::Start), get("/v1/userinfo", "cronofy-impersonate: acc_1\n"));
    let userinfo = done(&mut call, answer(200, r#"{"sub":"acc_1","cronofy.type":"account"}"#));
    assert_eq!(userinfo.sub.as_str(), "acc_1");

    let mut call = ResourcesOf::new(DataCenter::Us, token()).with_details().call();
    assert_eq!(sent(&mut call, Input::Start), get("/v1/resources?include_details=capacity%20location", ""));
    let resources = done(&mut call, answer(200, r#"{"resources":[{"email":"r@example.com","capacity":8}]}"#));
    assert_eq!(resources[0].capacity, Some(8));

    let profile = ProfileId::new("pro_1").unwrap();
    let mut call =
        AccessibleCalendarsOf::new(DataCenter::Us, token(), profile).of_type(CalendarType::Resource).call();
    assert_eq!(
        sent(&mut call, Input::Start),
        get("/v1/accessible_calendars?profile_id=pro_1&calendar_type=resource", "")
    );
    let calendars = done(
        &mut call,
        answer(200, r#"{"accessible_calendars":[{"calendar_type":"x","email":"r@example.com"}]}"#),
    );
    assert_eq!(calendars[0].calendar_type.as_str(), "x");
}

#[test]
fn members_of_all_pages() {
    let mut flow = MembersOf::new(DataCenter::Us, token()).all();
    assert_eq!(sent(&mut flow, Input::Start), get("/v1/organizational_unit_members", ""));
    let page = r#"{"organizational_unit_members":[{"sub":"acc_1","email":"a@example.com","roles":["owner"]}],"pages":{"current":1,"total":2,"next_page":"https://API.cronofy.com:443/v1/pages/2"}}"#;
    assert_eq!(
        sent(&mut flow, answer(200, page)),
        get("/v1/pages/2", "").replace("api.cronofy.com", "API.cronofy.com:443")
    );
    assert!(
        matches!(flow.step(answer_with(429, &[("retry-after", "2")], ""), NOW), Ok(Step::Sleep(wait)) if wait >= Duration::from_secs(2))
    );
    sent(&mut flow, Input::Woke);
    let members = done(
        &mut flow,
        answer(200, r#"{"organizational_unit_members":[{"sub":"acc_2"}],"pages":{"next_page":null}}"#),
    );
    assert_eq!(members.iter().map(|member| member.sub.as_str()).collect::<Vec<_>>(), ["acc_1", "acc_2"]);
    assert!(matches!(failed(&mut flow, Input::Start), Error::Misuse(Misuse::Finished)));
}

#[test]
fn the_token_follows_no_page_to_another_server() {
    for url in [
        "http://api.cronofy.com/v1/pages/2",
        "https://api.cronofy.com:8443/v1/pages/2",
        "https://api.cronofy.com.evil.example/v1/pages/2",
        "https://api.cronofy.com@evil.example/v1/pages/2",
        "https://x@api.cronofy.com/v1/pages/2",
        "//evil.example/v1/pages/2",
        "/v1/pages/2",
        "not a url",
    ] {
        let mut flow = MembersOf::internal(DataCenter::Us, ClientSecret::new("access-1").unwrap()).all();
        sent(&mut flow, Input::Start);
        let page = format!(r#"{{"organizational_unit_members":[],"pages":{{"next_page":"{url}"}}}}"#);
        let Error::BadAnswer(bad) = failed(&mut flow, answer(200, &page)) else { panic!("{url}") };
        assert_eq!(bad.reason, BadAnswerReason::ForeignPage, "{url}");
    }
}

#[test]
fn calls_for_the_application_itself() {
    let redirect_uris = vec![RedirectUri::new("https://*.example.com/cb").unwrap()];
    let contact = EmailAddress::new("admin@example.com").unwrap();
    let mut call = ApplicationVerification::new(app(), redirect_uris, contact).display_name("Admin").call();
    assert_eq!(
        sent(&mut call, Input::Start),
        post(
            "/v1/application_verification",
            "CRN_secret",
            r#"{"redirect_uris":["https://*.example.com/cb"],"contact":{"email":"admin@example.com","display_name":"Admin"}}"#
        )
    );
    done(&mut call, answer(202, "{}"));

    let mut call = CreateLinkToken::new(DataCenter::Us, token()).call();
    assert_eq!(sent(&mut call, Input::Start), post("/v1/link_tokens", "access-1", ""));
    assert_eq!(done(&mut call, answer(200, r#"{"link_token":"l1nk"}"#)).expose(), "l1nk");

    let mut call = ApplicationCalendar::new(app(), ApplicationCalendarId::new("mine").unwrap()).call();
    assert_eq!(
        sent(&mut call, Input::Start),
        post(
            "/v1/application_calendars",
            "",
            r#"{"client_id":"client-id","client_secret":"CRN_secret","application_calendar_id":"mine"}"#
        )
    );
    let tokens = done(
        &mut call,
        answer(200, r#"{"access_token":"a","sub":"apc_1","application_calendar_id":"mine"}"#),
    );
    assert_eq!(tokens.identity.application_calendar_id.unwrap().as_str(), "mine");
}

/// How a call that is not repeatable and one that is go on after the same input.
fn goes_on(input: fn() -> Input) -> (bool, bool) {
    fn after<F: Flow>(mut flow: F, input: Input) -> bool {
        sent(&mut flow, Input::Start);
        matches!(flow.step(input, NOW), Ok(Step::Sleep(_)))
    }
    (
        after(Refresh::new(app(), &held()).unwrap().call(), input()),
        after(Revoke::access_token(app(), token()).call(), input()),
    )
}

#[test]
fn s16_only_what_cannot_have_acted_is_sent_twice() {
    assert_eq!(goes_on(|| answer(429, "")), (true, true));
    assert_eq!(goes_on(|| answer_with(503, &[("retry-after", "1")], "")), (true, true));
    assert_eq!(goes_on(|| Input::Fault(Fault::NotSent)), (true, true));
    assert_eq!(goes_on(|| answer(503, "")), (false, true));
    assert_eq!(goes_on(|| answer(500, "")), (false, true));
    assert_eq!(goes_on(|| Input::Fault(Fault::Unknown)), (false, true));
    assert_eq!(goes_on(|| answer(400, r#"{"error":"invalid_grant"}"#)), (false, false));
    assert_eq!(goes_on(|| answer(401, "")), (false, false));
    assert_eq!(goes_on(|| answer_with(429, &[("retry-after", "3600")], "")), (false, false));
}

#[test]
fn s9_a_redirect_is_an_answer_and_an_error() {
    for status in [301, 302, 303, 307, 308] {
        let mut call = Revoke::access_token(app(), token()).call();
        sent(&mut call, Input::Start);
        let error = failed(&mut call, answer_with(status, &[("location", "https://evil.example/")], ""));
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.status.as_u16(), refusal.kind()), (status, RefusalKind::Other));
    }
}

#[test]
fn s8_no_secret_stands_in_a_url() {
    fn url_of(endpoint: &impl Endpoint) -> String {
        endpoint.request().unwrap().uri().to_string()
    }
    for url in [
        url_of(&Refresh::new(app(), &held()).unwrap()),
        url_of(&Revoke::access_token(app(), token())),
        url_of(&RevokeProfile::new(DataCenter::Us, token(), ProfileId::new("pro_1").unwrap())),
        url_of(&UserinfoOf::new(DataCenter::Us, token())),
        url_of(&MembersOf::internal(DataCenter::Us, ClientSecret::new("CRN_secret").unwrap())),
        url_of(&CreateLinkToken::new(DataCenter::Us, token())),
    ] {
        for secret in ["CRN_secret", "refresh-1", "access-1"] {
            assert!(!url.contains(secret), "{url}");
        }
    }
}

#[test]
fn a_wait_beyond_the_callers_patience_comes_back_with_its_delay() {
    let mut call = Revoke::access_token(app(), token()).call();
    sent(&mut call, Input::Start);
    let error = failed(&mut call, answer_with(429, &[("retry-after", "3600")], ""));
    let refusal = error.refusal().unwrap();
    assert_eq!(
        (refusal.kind(), refusal.retry_after),
        (RefusalKind::RateLimited, Some(Duration::from_secs(3600)))
    );
    assert!(error.is_retryable());
}

#[test]
fn tries_come_to_an_end() {
    let mut call = Revoke::access_token(app(), token()).call().with_policy(RetryPolicy::default());
    let mut input = Input::Start;
    for _ in 1..RetryPolicy::default().tries {
        sent(&mut call, input);
        assert!(matches!(call.step(Input::Fault(Fault::Unknown), NOW), Ok(Step::Sleep(_))));
        input = Input::Woke;
    }
    sent(&mut call, input);
    assert!(matches!(failed(&mut call, Input::Fault(Fault::Unknown)), Error::NoAnswer(Fault::Unknown)));
    assert!(matches!(failed(&mut call, Input::Start), Error::Misuse(Misuse::Finished)));
}

#[test]
fn s35_no_secret_in_debug() {
    let step = Refresh::new(app(), &held()).unwrap().call().step(Input::Start, NOW).unwrap();
    let Step::Send(request) = &step else { panic!("nothing sent") };
    assert_eq!(format!("{step:?}"), "Send(POST /oauth/token)");
    let step = UserinfoOf::new(DataCenter::Us, token()).call().step(Input::Start, NOW).unwrap();
    let Step::Send(with_bearer) = step else { panic!("nothing sent") };
    for printed in
        [format!("{request:?}"), format!("{with_bearer:?}"), format!("{:?}", held()), format!("{:?}", app())]
    {
        for secret in ["CRN_secret", "refresh-1", "access-1"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    assert_eq!(format!("{:?}", answer(200, "canary")), "Response(200 OK, 6 bytes)");
}

#[test]
fn a_body_of_any_length_is_written_whole() {
    for length in [1, 200, 288, 289, 700, 8_000] {
        let url = format!("https://app.example/{}", "\"é".repeat(length / 3).replace('"', "'"));
        let mut request = request(1);
        request.callback_url = CallbackUrl::new(url.as_str()).unwrap();
        let (call, _) = enterprise(&app(), token(), &[request], NOW).unwrap();
        let written = call.request().unwrap();
        let body: serde_json::Value = serde_json::from_slice(written.body().as_bytes()).unwrap();
        assert_eq!(body["callback_url"], url);
    }
}
