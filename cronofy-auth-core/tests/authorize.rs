//! Authorize URLs of every mode, to the byte, and what comes of the browser's return.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use core::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::{
    AuthorizeError, BusinessConnect, EnterpriseConnect, IndividualConnect, NotResumed, OrganizationConnect,
    PendingAuthorization, Resumed,
};
use cronofy_auth_core::types::{
    ClientId, ClientSecret, CustomBase, DataCenter, DelegatedScope, LinkToken, ProviderName, Redirect,
    RedirectUri, Scope, Scopes, State,
};
use proptest::prelude::*;
use support::{NOW, answer, app, done, sent, state};

fn redirect_uri() -> RedirectUri {
    RedirectUri::new("https://app.example/cb?a=1&b=%20").unwrap()
}

#[test]
fn individual_connect() {
    let scope = Scopes::from([Scope::ReadEvents, Scope::CreateEvent]);
    let url = IndividualConnect::new(redirect_uri(), scope)
        .unwrap()
        .provider(ProviderName::Google)
        .avoid_linking()
        .link_token(LinkToken::new("link/1").unwrap())
        .locale("fr-CA")
        .parameter("made_up", "a b")
        .unwrap()
        .url(&app(), &State::new("a&b=c é").unwrap());
    assert_eq!(
        url,
        "https://app.cronofy.com/oauth/authorize?response_type=code&client_id=client-id\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3D1%26b%3D%2520&scope=read_events%20create_event\
         &state=a%26b%3Dc%20%C3%A9&provider_name=google&avoid_linking=true&link_token=link%2F1&locale=fr-CA\
         &made_up=a%20b"
    );
}

#[test]
fn s2_pkce_is_not_sent_since_cronofy_documents_none() {
    let url = OrganizationConnect::new(redirect_uri()).url(&app(), &state());
    assert!(!url.contains("code_challenge"));
    // Whoever knows better has the escape hatch.
    let with = OrganizationConnect::new(redirect_uri()).parameter("code_challenge", "x").unwrap();
    assert!(with.url(&app(), &state()).ends_with("&code_challenge=x"));
}

#[test]
fn business_connect() {
    let connect =
        BusinessConnect::new(redirect_uri(), Scopes::from([Scope::ReadWrite]), DelegatedScope::FreeBusy)
            .unwrap();
    assert_eq!(
        connect.url(&app(), &state()),
        "https://app.cronofy.com/oauth/authorize?response_type=code&client_id=client-id\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3D1%26b%3D%2520&scope=read_write\
         &delegated_scope=free_busy&state=st-1"
    );
}

#[test]
fn enterprise_connect_has_a_path_of_its_own() {
    let scope = Scopes::from([Scope::ServiceAccountAccountsManage, Scope::ServiceAccountResourcesManage]);
    let connect = EnterpriseConnect::new(redirect_uri(), scope, Scopes::from([Scope::ReadOnly])).unwrap();
    assert_eq!(
        connect.url(&app(), &state()),
        "https://app.cronofy.com/enterprise_connect/oauth/authorize?response_type=code&client_id=client-id\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3D1%26b%3D%2520\
         &scope=service_account%2Faccounts%2Fmanage%20service_account%2Fresources%2Fmanage\
         &delegated_scope=read_only&state=st-1"
    );
}

#[test]
fn organization_connect() {
    assert_eq!(
        OrganizationConnect::new(redirect_uri()).url(&app(), &state()),
        "https://app.cronofy.com/oauth/authorize?response_type=code&client_id=client-id\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3D1%26b%3D%2520&scope=organizational_unit_scheduler\
         &state=st-1"
    );
}

#[test]
fn free_busy_access_in_both_forms() {
    let individual = IndividualConnect::free_busy(redirect_uri()).provider(ProviderName::MsGraphFreeBusy);
    assert!(
        individual
            .url(&app(), &state())
            .ends_with("&scope=free_busy_write&state=st-1&provider_name=ms_graph_free_busy")
    );
    let enterprise = EnterpriseConnect::free_busy(redirect_uri());
    assert!(
        enterprise.url(&app(), &state()).ends_with(
            "&scope=service_account%2Faccounts%2Fmanage&delegated_scope=free_busy_write&state=st-1"
        )
    );
}

#[test]
fn what_no_url_can_be_made_of() {
    let none = Scopes::default;
    let some = || Scopes::from([Scope::ReadOnly]);
    assert_eq!(
        IndividualConnect::new(redirect_uri(), none()).unwrap_err().to_string(),
        "no scope is asked for"
    );
    assert_eq!(
        EnterpriseConnect::new(redirect_uri(), some(), none()).unwrap_err().to_string(),
        "no delegated scope is asked for"
    );
    let connect = OrganizationConnect::new(redirect_uri());
    for ours in ["state", "redirect_uri", "client_secret", "avoid_linking", "response_type"] {
        let refused = connect.clone().parameter(ours, "x").unwrap_err();
        assert_eq!(refused.to_string(), format!("the parameter `{ours}` is set by its own method"));
    }
    let twice = connect.parameter("x", "1").unwrap().parameter("x", "2").unwrap_err();
    assert_eq!(twice.to_string(), "the parameter `x` is there already");
    let connect = OrganizationConnect::new(redirect_uri());
    assert_eq!(connect.clone().parameter("", "x").unwrap_err(), AuthorizeError::Nameless);
    for disguised in ["State", "scope[]", "redirect_uri[0]"] {
        assert!(
            matches!(connect.clone().parameter(disguised, "x"), Err(AuthorizeError::Ours(_))),
            "{disguised}"
        );
    }
}

fn pending() -> PendingAuthorization {
    let connect = IndividualConnect::new(redirect_uri(), Scopes::from([Scope::ReadOnly])).unwrap();
    connect.authorize(&app(), state(), NOW).pending
}

fn redirect(query: &str) -> Redirect {
    Redirect::from_url(&format!("https://app.example/cb?a=1&{query}")).unwrap()
}

#[test]
fn a_code_is_redeemed_with_the_very_redirect_uri() {
    let Ok(Resumed::Granted(exchange)) = pending().resume(&redirect("code=c0d3&state=st-1"), &app(), NOW)
    else {
        panic!("not granted")
    };
    let mut call = cronofy_auth_core::Endpoint::call(exchange);
    assert_eq!(
        sent(&mut call, cronofy_auth_core::Input::Start),
        "POST https://api.cronofy.com/oauth/token\naccept: application/json\n\
         content-type: application/json; charset=utf-8\n\n\
         {\"client_id\":\"client-id\",\"client_secret\":\"CRN_secret\",\"grant_type\":\"authorization_code\",\
         \"code\":\"c0d3\",\"redirect_uri\":\"https://app.example/cb?a=1&b=%20\"}"
    );
    let tokens = done(
        &mut call,
        answer(
            200,
            r#"{"token_type":"bearer","access_token":"a","expires_in":3600,"refresh_token":"r","scope":"read_only","sub":"acc_1"}"#,
        ),
    );
    assert_eq!(tokens.expires_at, NOW.saturating_add(Duration::from_secs(3600)));
    assert_eq!((tokens.access_token.expose(), tokens.subject()), ("a", Some("acc_1")));
}

#[test]
fn s14_what_was_granted_may_be_less_than_was_asked_for() {
    let pending = pending();
    let asked = pending.scope().clone();
    let Ok(Resumed::Granted(exchange)) = pending.resume(&redirect("code=c&state=st-1"), &app(), NOW) else {
        panic!("not granted")
    };
    let mut call = cronofy_auth_core::Endpoint::call(exchange);
    sent(&mut call, cronofy_auth_core::Input::Start);
    let tokens = done(&mut call, answer(200, r#"{"access_token":"a","scope":"free_busy felines"}"#));
    assert_eq!(
        (asked.to_string().as_str(), tokens.scope.to_string().as_str()),
        ("read_only", "free_busy felines")
    );
}

#[test]
fn s17_nothing_in_a_redirect_says_where_to_go_next() {
    for next in ["//evil.example", "https:evil.example", "\\\\evil.example"] {
        assert!(RedirectUri::new(next).is_err(), "{next}");
        // A parameter of that kind is nobody's: it is neither kept nor readable.
        let redirect = redirect(&format!("code=c&state=st-1&return_to={next}&redirect_uri={next}"));
        let Ok(Resumed::Granted(exchange)) = pending().resume(&redirect, &app(), NOW) else {
            panic!("{next}")
        };
        assert!(
            sent(&mut cronofy_auth_core::Endpoint::call(exchange), cronofy_auth_core::Input::Start)
                .ends_with(r#""redirect_uri":"https://app.example/cb?a=1&b=%20"}"#)
        );
    }
}

#[test]
fn a_denial_is_an_outcome() {
    let resumed = pending().resume(&redirect("error=access_denied&state=st-1"), &app(), NOW).unwrap();
    let Resumed::Denied(denial) = resumed else { panic!("not denied") };
    assert_eq!(denial.to_string(), "the authorization was denied: access_denied");
}

#[test]
fn s21_a_stray_redirect_does_not_end_the_wait() {
    let error = pending().resume(&redirect("code=c&state=other"), &app(), NOW).unwrap_err();
    assert_eq!(error.to_string(), "the authorization is not resumed");
    assert_eq!(error.reason.to_string(), "the redirect has another `state` than was sent out");
    assert_eq!(*error.pending, pending());
    assert!(matches!(
        error.pending.resume(&redirect("code=c&state=st-1"), &app(), NOW),
        Ok(Resumed::Granted(_))
    ));
}

#[test]
fn s7_another_data_center_application_or_issuer_is_not_believed() {
    let granted = redirect("code=c&state=st-1");
    let secret = || ClientSecret::new("CRN_secret").unwrap();
    let elsewhere = App::new(ClientId::new("client-id").unwrap(), secret(), DataCenter::De);
    let other = App::new(ClientId::new("other").unwrap(), secret(), DataCenter::Us);
    for app in [elsewhere, other] {
        assert_eq!(pending().resume(&granted, &app, NOW).unwrap_err().reason, NotResumed::OtherApp);
    }
    let issued =
        |issuer: &str| pending().resume(&redirect(&format!("code=c&state=st-1&iss={issuer}")), &app(), NOW);
    assert!(issued("https%3A%2F%2Fapp.cronofy.com").is_ok());
    assert_eq!(
        issued("https%3A%2F%2Fapp-de.cronofy.com").unwrap_err().reason.to_string(),
        "the redirect's `iss` names another server"
    );
}

#[test]
fn a_pending_authorization_expires() {
    let late = pending().expires_at();
    assert_eq!(late, NOW.saturating_add(Duration::from_secs(3600)));
    let error = pending().resume(&redirect("code=c&state=st-1"), &app(), late).unwrap_err();
    assert_eq!(error.reason.to_string(), "it expired at 2031-03-04T11:15:00Z");
}

#[test]
fn debug_of_an_authorization_hides_the_query() {
    let connect = OrganizationConnect::new(redirect_uri());
    let authorization = connect.authorize(&app(), State::new("canary").unwrap(), NOW);
    let printed = format!("{authorization:?}");
    assert!(
        printed.contains("https://app.cronofy.com/oauth/authorize?…") && !printed.contains("canary"),
        "{printed}"
    );
}

proptest! {
    #[test]
    fn building_and_parsing_a_url_are_inverses(
        client_id in "[^\\x00-\\x1f\\x7f]{1,20}",
        state in "[^\\x00-\\x1f\\x7f]{1,40}",
        path in "[a-zA-Z0-9/._~!$&'()*+,;=:@%?-]{0,40}",
        scope in prop::collection::vec("[!#-\\[\\]-~]{1,12}", 1..5),
        locale in "\\PC{0,10}",
    ) {
        let redirect_uri = RedirectUri::new(format!("https://app.example/{path}")).unwrap();
        let scope: Scopes = scope.join(" ").parse().unwrap();
        let base = CustomBase::new("http://127.0.0.1:4010", "http://127.0.0.1:4010").unwrap();
        let app = App::new(ClientId::new(client_id.as_str()).unwrap(), ClientSecret::new("s").unwrap(), DataCenter::Custom(base));
        let state = State::new(state).unwrap();
        let connect = IndividualConnect::new(redirect_uri.clone(), scope.clone()).unwrap().locale(locale.as_str());
        let url: http::Uri = connect.url(&app, &state).parse().unwrap();
        let decoded: Vec<(String, String)> = url.query().unwrap().split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned())
        }).collect();
        let value = |name: &str| decoded.iter().find(|(known, _)| known == name).unwrap().1.clone();
        prop_assert_eq!(value("client_id"), client_id);
        prop_assert_eq!(value("redirect_uri"), redirect_uri.as_str());
        prop_assert_eq!(value("scope"), scope.to_string());
        prop_assert_eq!(value("state"), state.as_str());
        prop_assert_eq!(value("locale"), locale);
        prop_assert_eq!(decoded.len(), 6);
    }
}
