//! Every flow there is, by number.

use cronofy_auth_core::application::{ApplicationCalendar, ApplicationVerification, CreateLinkToken};
use cronofy_auth_core::delegate::{DelegationRequest, business, enterprise};
use cronofy_auth_core::discovery::{AccessibleCalendarsOf, MembersOf, ResourcesOf, UserinfoOf};
use cronofy_auth_core::token::{CodeOrigin, Refresh, Revoke, RevokeProfile, TokenExchange};
use cronofy_auth_core::types::{
    AccessToken, ApplicationCalendarId, AuthorizationCode, CallbackUrl, ClientId, ClientSecret, DataCenter,
    EmailAddress, ProfileId, RedirectUri, RefreshToken, Scope, Scopes, State, Sub, Timestamp,
};
use cronofy_auth_core::{App, Endpoint, Paged, RetryPolicy};

use super::flow::{Happening, Promise, play};

/// How many there are.
pub(crate) const FLOWS: u8 = 18;

/// Bodies that some flow or other is glad of, and a few that none is.
pub(crate) const BODIES: [&str; 12] = [
    "",
    "{}",
    "<html>",
    r#"{"access_token":"a","refresh_token":"r","expires_in":3600,"scope":"read_only"}"#,
    r#"{"access_token":"a","sub":"acc_2"}"#,
    r#"{"organizational_unit_members":[{"sub":"acc_1"}],"pages":{"current":1,"total":2}}"#,
    r#"{"organizational_unit_members":[],"pages":{"next_page":"https://api.cronofy.com/v1/organizational_unit_members?page=2"}}"#,
    r#"{"organizational_unit_members":[],"pages":{"next_page":"https://evil.example/v1/organizational_unit_members"}}"#,
    r#"{"resources":[{"email":"room@example.com","name":"Room"}]}"#,
    r#"{"sub":"acc_1","cronofy.type":"account"}"#,
    r#"{"error":"invalid_grant"}"#,
    r#"{"errors":{"email":[{"key":"errors.required","description":"required"}]}}"#,
];

pub(crate) fn app() -> App {
    App::new(ClientId::new("client").unwrap(), ClientSecret::new("secret").unwrap(), DataCenter::Us)
}

/// What one flow goes through.
#[derive(Debug)]
pub(crate) struct Script {
    /// Which flow.
    pub(crate) number: u8,
    pub(crate) policy: RetryPolicy,
    pub(crate) happenings: Vec<Happening>,
}

impl Script {
    pub(crate) fn play(self) {
        let (us, now) = (DataCenter::Us, Timestamp::UNIX_EPOCH);
        let (token, profile) = (AccessToken::new("token").unwrap(), ProfileId::new("pro_1").unwrap());
        match self.number % FLOWS {
            0 => self.call(exchange(CodeOrigin::Redirect(RedirectUri::new("https://app.example/").unwrap()))),
            1 => self.call(exchange(CodeOrigin::Callback(CallbackUrl::new("https://app.example/").unwrap()))),
            2 => self.call(Refresh::with_token(app(), refresh_token())),
            3 => self.call(Revoke::access_token(app(), token)),
            4 => self.call(Revoke::refresh_token(app(), refresh_token())),
            5 => self.call(Revoke::sub(app(), sub()).erasing_personal_data()),
            6 => self.call(RevokeProfile::new(us, token, profile)),
            7 => self.call(enterprise(&app(), token, &[mailbox("one")], now).unwrap().0),
            8 => self.call(enterprise(&app(), token, &[mailbox("one"), mailbox("two")], now).unwrap().0),
            9 => self.call(business(&app(), token, profile, mailbox("one"), now).unwrap().0),
            10 => self.call(AccessibleCalendarsOf::new(us, token, profile)),
            11 => self.call(ResourcesOf::new(us, token).with_details()),
            12 => self.call(UserinfoOf::new(us, token).impersonating(sub())),
            13 => self.call(MembersOf::new(us, token)),
            14 => self.call(CreateLinkToken::new(us, token)),
            15 => self.call(ApplicationCalendar::new(app(), ApplicationCalendarId::new("ours").unwrap())),
            16 => self.call(ApplicationVerification::new(app(), Vec::new(), email())),
            _ => {
                let flow = MembersOf::new(us, token).all().with_policy(self.policy);
                play(flow, Promise { repeatable: true, pages: true, policy: self.policy }, self.happenings);
            }
        }
    }

    fn call<E: Endpoint>(self, endpoint: E) {
        let promise = Promise { repeatable: E::REPEATABLE, pages: false, policy: self.policy };
        play(endpoint.call().with_policy(self.policy), promise, self.happenings);
    }
}

fn exchange(origin: CodeOrigin) -> TokenExchange {
    TokenExchange::new(app(), AuthorizationCode::new("code").unwrap(), origin)
}

fn mailbox(state: &str) -> DelegationRequest {
    let callback_url = CallbackUrl::new("https://app.example/called").unwrap();
    DelegationRequest::new(email(), callback_url, Scopes::from([Scope::ReadOnly]), State::new(state).unwrap())
}

fn email() -> EmailAddress {
    EmailAddress::new("someone@example.com").unwrap()
}

fn sub() -> Sub {
    Sub::new("acc_1").unwrap()
}

fn refresh_token() -> RefreshToken {
    RefreshToken::new("refresh").unwrap()
}
