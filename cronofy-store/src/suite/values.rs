//! What the checks put into a store.

use std::sync::Arc;
use std::time::Duration;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::BusinessConnect;
use cronofy_auth_core::delegate::{DelegationRequest, business};
use cronofy_auth_core::token::TokenSet;
use cronofy_types::{
    AccessToken, AccountId, ApplicationCalendarId, CallbackUrl, ClientId, ClientSecret, DataCenter,
    DelegatedScope, DelegationCallback, EmailAddress, LinkingProfile, ProfileId, ProviderName, RedirectUri,
    RefreshToken, Scope, Scopes, ServiceAccountId, State, Sub, Timestamp, Verified,
};

use crate::decide::{Owner, grant, pending};
use crate::rollout::{Command, Counts, Rollout, RolloutId, Seed, Settings};
use crate::store::{Ask, Binding};
use crate::{GrantId, Origin, Outcome, Pending, PendingId};

pub(crate) const LEASE: Duration = Duration::from_secs(60);

pub(crate) fn app(client_id: &str, data_center: DataCenter) -> App {
    let secret = ClientSecret::new("client-secret").unwrap();
    App::new(ClientId::new(client_id).unwrap(), secret, data_center)
}

pub(crate) fn sub(name: &str) -> Sub {
    Sub::new(name).unwrap()
}

pub(crate) fn id(subject: &str) -> GrantId {
    GrantId::new(&app("client", DataCenter::Us), sub(subject))
}

pub(crate) fn owner(number: u8) -> Owner {
    Owner([number; 16])
}

/// Tokens that can be told from others by their number.
pub(crate) fn tokens(number: u32) -> Arc<TokenSet> {
    let hour = Timestamp::from_unix_seconds(1_930_385_700);
    let access = AccessToken::new(format!("access-{number}")).unwrap();
    let mut tokens = TokenSet::new(access, hour, hour.saturating_add(Duration::from_secs(3600)));
    tokens.refresh_token = Some(RefreshToken::new(format!("refresh-{number}")).unwrap());
    Arc::new(tokens)
}

/// Tokens with everything that an answer can hold.
pub(crate) fn full_tokens() -> Arc<TokenSet> {
    let mut tokens = Arc::unwrap_or_clone(tokens(7));
    tokens.received_at = "2031-03-04T10:15:00.123456789Z".parse().unwrap();
    tokens.scope = "read_write felines".parse().unwrap();
    tokens.identity.sub = Some(sub("acc_1"));
    tokens.identity.account_id = Some(AccountId::new("acc_1").unwrap());
    tokens.identity.service_account_id = Some(ServiceAccountId::new("ser_1").unwrap());
    tokens.identity.application_calendar_id = Some(ApplicationCalendarId::new("room \"7\" é").unwrap());
    let mut profile =
        LinkingProfile::new("google".parse::<ProviderName>().unwrap(), ProfileId::new("pro_1").unwrap());
    profile.profile_name = Some("a@example.com".to_owned());
    tokens.linking_profile = Some(profile);
    tokens.extra.insert("new".to_owned(), "member".into());
    Arc::new(tokens)
}

pub(crate) fn same(one: &TokenSet, other: &TokenSet) -> bool {
    let refresh = |tokens: &TokenSet| tokens.refresh_token.as_ref().map(|token| token.expose().to_owned());
    one.access_token.expose() == other.access_token.expose()
        && refresh(one) == refresh(other)
        && (one.received_at, one.expires_at) == (other.received_at, other.expires_at)
        && (&one.scope, &one.identity) == (&other.scope, &other.identity)
        && (&one.linking_profile, &one.extra) == (&other.linking_profile, &other.extra)
}

pub(crate) fn authorize(id: &GrantId, number: u32) -> Ask {
    Ask::Authorize { id: id.clone(), origin: Origin::Account, tokens: tokens(number) }
}

pub(crate) fn claim(id: &GrantId, who: u8, generation: u64) -> Ask {
    let command = grant::Command::Claim { owner: owner(who), generation, lease: LEASE, urgent: false };
    Ask::Decide(id.clone(), command)
}

pub(crate) fn complete(id: &GrantId, generation: u64, number: u32) -> Ask {
    Ask::Decide(id.clone(), grant::Command::Complete { generation, tokens: tokens(number) })
}

/// A browser that was sent away at `now`.
pub(crate) fn authorization(name: &str, now: Timestamp) -> Pending {
    let redirect_uri = RedirectUri::new("https://app.example/cb").unwrap();
    let scope = "read_write felines".parse::<Scopes>().unwrap();
    let connect = BusinessConnect::new(redirect_uri, scope, DelegatedScope::ReadOnly).unwrap();
    let begun = connect.authorize(&app("client", DataCenter::Us), State::new(name).unwrap(), now);
    Pending::Authorization(begun.pending)
}

/// A mailbox that was asked for at `now`.
pub(crate) fn delegation(name: &str, now: Timestamp) -> Pending {
    let request = DelegationRequest::new(
        EmailAddress::new("a@example.com").unwrap(),
        CallbackUrl::new("https://app.example/callback").unwrap(),
        Scopes::from([Scope::ReadOnly]),
        State::new(name).unwrap(),
    );
    let token = AccessToken::new("service-access").unwrap();
    let profile = ProfileId::new("pro_1").unwrap();
    let begun = business(&app("client", DataCenter::Us), token, profile, request, now).unwrap();
    Pending::Delegation { through: Sub::new("acc_primary").unwrap(), pending: begun.1 }
}

pub(crate) fn begin(pending: Pending, binding: Option<Binding>) -> Ask {
    Ask::Begin { pending, binding }
}

pub(crate) fn take(who: u8) -> pending::Command<Pending, Outcome> {
    pending::Command::Take { code: [9; 32], owner: owner(who), lease: LEASE }
}

pub(crate) fn finish(id: PendingId, grant: &GrantId, number: u32) -> Ask {
    Ask::Finish { id, grant: (grant.clone(), Origin::Account, tokens(number)) }
}

/// Who a roll-out goes through.
pub(crate) fn through() -> GrantId {
    id("ser_1")
}

pub(crate) fn settings() -> Settings {
    Settings {
        through: through(),
        profile: None,
        callback_url: CallbackUrl::new("https://app.example/callback?of=é").unwrap(),
        scope: "read_write felines".parse().unwrap(),
    }
}

pub(crate) fn addresses(numbers: core::ops::Range<u32>) -> Vec<EmailAddress> {
    numbers.map(|number| address(&format!("a{number}@example.com"))).collect()
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::new(text).unwrap()
}

/// The callback with a code for the mailbox that is asked for with this state.
pub(crate) fn code(state: &State) -> Arc<DelegationCallback> {
    callback(&format!(r#"{{"authorization":{{"code":"code-é","state":"{}"}}}}"#, state.as_str()))
}

/// The callback that says that there is no access.
pub(crate) fn refusal(state: &State) -> Arc<DelegationCallback> {
    callback(&format!(
        r#"{{"authorization":{{"error":"a","error_key":"b","error_description":"c \"é\"","state":"{}"}}}}"#,
        state.as_str()
    ))
}

fn callback(body: &str) -> Arc<DelegationCallback> {
    Arc::new(DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap())
}

/// A roll-out that is begun, of so many mailboxes.
pub(crate) fn roll_out(count: u32) -> Vec<Ask> {
    let begin = Command::Begin { settings: settings(), seed: Seed([7; 32]) };
    [begin, Command::Add(addresses(0..count))].map(|command| Ask::Rollout(roll_out_id(), command)).into()
}

pub(crate) fn roll_out_id() -> RolloutId {
    RolloutId::new(&through(), "one")
}

/// The state that a mailbox of [`roll_out`] is asked for with at first.
pub(crate) fn state(position: u32) -> State {
    let seed = Seed([7; 32]).of(&roll_out_id());
    let counts = Counts::default();
    let rollout = Rollout { settings: settings(), seed, counts, paused: None, forgotten: false };
    rollout.state(position, 0)
}
