//! Who is calling: what a bearer credential stands for.

use std::time::SystemTime;

use crate::app::App;
use crate::ledger::{Rule, documented, guessed};
use crate::scope;
use crate::state::{Authorization, GrantKey, Kind, State};
use crate::wire::{Call, Refusal};
use crate::world::Profile;

pub(crate) const RULES: &[Rule] = &[
    documented("An access token is sent as `Authorization: Bearer`", "api/authentication"),
    documented("An expired access token is 401", "faqs/access-token-expiry"),
    documented(
        "The client secret, sent as `Bearer`, is the credential of calls that concern many users or \
             none",
        "api/authentication",
    ),
    documented("A call takes one kind of credential, not the other", "api/authentication"),
    guessed("The wrong kind of credential is 403", "it is recognised, but does not reach there"),
    guessed(
        "Every active client secret is accepted, as a credential and in bodies",
        "several can be active at a time, which would be of no use otherwise",
    ),
    documented(
        "A service account's token reaches no calendars",
        "authorization/enterprise-connect/service-account",
    ),
    documented(
        "`Cronofy-Impersonate` with an Organizational Unit's token names the member that the call is \
             about",
        "Organization Connect guide; application-management/organizational-unit-authorization",
    ),
    documented(
        "`Cronofy-Impersonate` with the client secret of an Internal Application does the same",
        "application-management/internal-applications",
    ),
    guessed(
        "Every application of the sandbox counts as an Internal Application of the Organizational Unit",
        "so that every flow can be tried with one application",
    ),
    guessed(
        "`Cronofy-Impersonate` of nobody, or none where a unit asks about one user, is 403",
        "the credential is recognised, and reaches nobody",
    ),
    guessed(
        "`Cronofy-Impersonate` on the token of an individual account is ignored",
        "it has nothing to say there",
    ),
    guessed(
        "A `Scope` header beside `Cronofy-Impersonate` is ignored",
        "one alpha page shows it, the guide and every other page do without",
    ),
    guessed(
        "For its members, an Organizational Unit's token may do nearly all that is served",
        "its scope is said to be limited to what schedulers do, and no page lists that",
    ),
];

/// The owner of a credential.
pub(crate) enum Caller {
    /// An access token's authorization.
    Token(GrantKey),
    /// An application, by one of its client secrets: what the documentation calls an API key.
    Application { client_id: String },
}

/// The account that a user-specific call is about.
pub(crate) struct Subject {
    pub(crate) key: GrantKey,
    pub(crate) kind: Kind,
    pub(crate) scope: String,
    pub(crate) delegated_scope: Option<String>,
    pub(crate) profiles: Vec<Profile>,
    /// Whether an Organizational Unit's credential speaks for one of its members.
    pub(crate) impersonated: bool,
}

/// The header that names the member of an Organizational Unit that a call is about.
const IMPERSONATE: &str = "cronofy-impersonate";

impl Caller {
    pub(crate) fn of(call: &Call, state: &State, now: SystemTime) -> Result<Self, Refusal> {
        let Some(credential) = call.bearer() else {
            return Err(Refusal::unauthorized("no Authorization: Bearer header"));
        };
        let refused = match state.access(now, credential) {
            Ok(key) => return Ok(Self::Token(key.clone())),
            Err(why) => why,
        };
        let by_secret = state.applications.values().find(|application| application.knows_secret(credential));
        by_secret
            .map(|application| Self::Application { client_id: application.client_id.clone() })
            .ok_or_else(|| Refusal::unauthorized(refused))
    }

    pub(crate) fn client_id(&self) -> &str {
        match self {
            Self::Token(key) => &key.client_id,
            Self::Application { client_id } => client_id,
        }
    }

    /// A name for whose pages these are.
    pub(crate) fn owner(&self) -> String {
        match self {
            Self::Token(key) => format!("{} {}", key.client_id, key.sub),
            Self::Application { client_id } => client_id.clone(),
        }
    }
}

/// The application whose secret is the credential.
pub(crate) fn application(call: &Call, state: &State, now: SystemTime) -> Result<String, Refusal> {
    match Caller::of(call, state, now)? {
        Caller::Application { client_id } => Ok(client_id),
        Caller::Token(_) => Err(Refusal::forbidden("this call needs the client secret as credential")),
    }
}

/// A service account whose scope holds one of `scopes`.
pub(crate) fn service_account(
    call: &Call,
    state: &State,
    now: SystemTime,
    scopes: &[&str],
) -> Result<(GrantKey, Authorization), Refusal> {
    let Caller::Token(key) = Caller::of(call, state, now)? else {
        return Err(Refusal::forbidden("this call needs the access token of a service account"));
    };
    let authorization = authorization(state, &key)?;
    if authorization.kind != Kind::ServiceAccount {
        return Err(Refusal::forbidden("this call needs the access token of a service account"));
    }
    if !scopes.iter().any(|needed| scope::holds(&authorization.scope, needed)) {
        return Err(Refusal::forbidden(format!(
            "the service account lacks the scope {}",
            scopes.join(" or ")
        )));
    }
    Ok((key, authorization.clone()))
}

/// The caller, if it may act on the Organizational Unit as a whole: the unit's access token, or the client
/// secret of an application that belongs to it.
pub(crate) fn unit(call: &Call, state: &State, now: SystemTime) -> Result<Caller, Refusal> {
    let caller = Caller::of(call, state, now)?;
    if let Caller::Token(key) = &caller
        && authorization(state, key)?.kind != Kind::Unit
    {
        let why = format!("this call needs a token with the scope {} or the client secret", scope::SCHEDULER);
        return Err(Refusal::forbidden(why));
    }
    Ok(caller)
}

/// The account that the call is about: the token's own, or the impersonated one.
pub(crate) fn user(call: &Call, app: &App, state: &State, now: SystemTime) -> Result<Subject, Refusal> {
    user_of(Caller::of(call, state, now)?, call, app, state)
}

/// The same for a call whose caller is known.
pub(crate) fn user_of(caller: Caller, call: &Call, app: &App, state: &State) -> Result<Subject, Refusal> {
    let key = match caller {
        Caller::Token(key) => key,
        Caller::Application { client_id } => return impersonated(call, app, state, &client_id),
    };
    let found = authorization(state, &key)?;
    match found.kind {
        Kind::Account | Kind::ApplicationCalendar { .. } => Ok(Subject::own(key, found)),
        Kind::ServiceAccount => Err(Refusal::forbidden("a service account has no calendars of its own")),
        Kind::Unit => impersonated(call, app, state, &key.client_id),
    }
}

fn impersonated(call: &Call, app: &App, state: &State, client_id: &str) -> Result<Subject, Refusal> {
    let Some(sub) = member_named(call, state)? else {
        return Err(Refusal::forbidden("this call is about one user: it needs Cronofy-Impersonate"));
    };
    Ok(Subject {
        key: GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() },
        kind: Kind::Account,
        scope: scope::SCHEDULER.to_owned(),
        delegated_scope: None,
        profiles: state.world.profiles_of(sub, &app.ids),
        impersonated: true,
    })
}

/// The member of the Organizational Unit that `Cronofy-Impersonate` names, if it is there.
pub(crate) fn member_named<'a>(call: &'a Call, state: &State) -> Result<Option<&'a str>, Refusal> {
    let sub = call.header(IMPERSONATE);
    if sub.is_some_and(|sub| state.world.unit.member(sub).is_none()) {
        return Err(Refusal::forbidden("Cronofy-Impersonate names nobody of the organizational unit"));
    }
    Ok(sub)
}

/// An account that authorized the application, whoever asks about it.
pub(crate) fn account(state: &State, client_id: &str, sub: &str) -> Option<Subject> {
    let key = GrantKey { client_id: client_id.to_owned(), sub: sub.to_owned() };
    let found = state.authorization(&key)?;
    let of_one = matches!(found.kind, Kind::Account | Kind::ApplicationCalendar { .. });
    of_one.then(|| Subject::own(key, found))
}

impl Subject {
    fn own(key: GrantKey, found: &Authorization) -> Self {
        Self {
            kind: found.kind.clone(),
            scope: found.scope.clone(),
            delegated_scope: found.delegated_scope.clone(),
            profiles: found.profiles.clone(),
            impersonated: false,
            key,
        }
    }

    /// A name for whose pages these are.
    pub(crate) fn owner(&self) -> String {
        format!("{} {}", self.key.client_id, self.key.sub)
    }

    /// 403 unless the scope allows `right`, named or inside a bundle. A unit's own scope covers its members.
    pub(crate) fn needs(&self, right: &str) -> Result<(), Refusal> {
        if self.impersonated
            || scope::allows(&self.scope, right)
            || matches!(self.kind, Kind::ApplicationCalendar { .. })
        {
            return Ok(());
        }
        Err(Refusal::forbidden(format!("the authorization lacks the scope {right}")))
    }
}

/// Tokens die with their authorization, so it is there; if it were not, the token would be worth nothing.
fn authorization<'a>(state: &'a State, key: &GrantKey) -> Result<&'a Authorization, Refusal> {
    state.authorization(key).ok_or_else(|| Refusal::unauthorized("the authorization was revoked"))
}
