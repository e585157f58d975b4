//! Allow: from a choice to a code.

use super::choices::Choice;
use super::request::{AuthorizationRequest, Mode};
use crate::app::App;
use crate::state::{CodeSource, Grant, GrantKey, Kind, State};
use crate::wire::Call;
use crate::world::{AccessMode, Login, Profile};

/// What the person chose.
pub(super) struct Decision<'a> {
    pub(super) choice: &'a Choice,
    pub(super) access: Option<AccessMode>,
}

/// A code on its way.
pub(super) struct Issued {
    pub(super) redirect_uri: String,
    pub(super) code: String,
    pub(super) state: Option<String>,
    pub(super) cookie: Option<String>,
}

/// The cookie that joins the logins of one browser into one account.
pub(super) const COOKIE: &str = "cronofy_sandbox_browser";

/// Issues the code, bound to the application and the redirect URI.
pub(super) fn decide(
    app: &App,
    call: &Call,
    request: &AuthorizationRequest,
    decision: &Decision<'_>,
) -> Issued {
    let mut state = app.state();
    let access = decision.access.unwrap_or(AccessMode::ReadWrite);
    let email = &decision.choice.email;
    let login = state.world.login(email).cloned();
    let (kind, sub) = match &request.mode {
        Mode::Organization => (Kind::Unit, state.world.unit.sub.clone()),
        Mode::Enterprise { .. } => {
            let organization = state.world.organizations.iter().find(|found| found.administrator == *email);
            (
                Kind::ServiceAccount,
                organization.map(|found| found.service_account_id.clone()).unwrap_or_default(),
            )
        }
        Mode::Individual | Mode::Business { .. } => (
            Kind::Account,
            login.as_ref().map(|login| account(app, &mut state, call, request, login)).unwrap_or_default(),
        ),
    };
    let profiles = match kind {
        Kind::Account => login.as_ref().map(|login| Profile::of(login, access, &app.ids)).unwrap_or_default(),
        Kind::ServiceAccount | Kind::Unit | Kind::ApplicationCalendar { .. } => Vec::new(),
    };
    let delegated_scope = match &request.mode {
        Mode::Business { delegated_scope } | Mode::Enterprise { delegated_scope } => {
            Some(delegated_scope.clone())
        }
        Mode::Individual | Mode::Organization => None,
    };
    let key = GrantKey { client_id: request.client_id.clone(), sub };
    // Only people's accounts are linked.
    let cookie = (kind == Kind::Account).then(|| state.remember_browser(&app.ids, call.cookie(COOKIE), &key));
    let scope = request.scope.clone();
    let grant = Grant { key, kind, scope, delegated_scope, access, profiles, through: None };
    let code =
        state.issue_code(&app.ids, app.clock.now(), grant, CodeSource::Redirect, &request.redirect_uri);
    Issued { redirect_uri: request.redirect_uri.clone(), code, state: request.state.clone(), cookie }
}

/// The account that the login is connected to: the link token's, the browser's, or its own.
fn account(
    app: &App,
    state: &mut State,
    call: &Call,
    request: &AuthorizationRequest,
    login: &Login,
) -> String {
    let client_id = &request.client_id;
    if let Some(token) = &request.link_token
        && let Some(sub) = state.link_token(app.clock.now(), client_id, token).map(str::to_owned)
    {
        state.spend_link_token(token);
        return sub;
    }
    let by_cookie = || state.account_by_cookie(client_id, call.cookie(COOKIE)?, login);
    let joined = if request.avoid_linking { None } else { by_cookie() };
    joined.unwrap_or_else(|| state.account_of(client_id, login))
}
