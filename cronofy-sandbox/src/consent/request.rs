//! An authorization request, validated (RFC 6749, section 4.1.1).

use crate::app::App;
use crate::scope;
use crate::state::{State, flaw};
use crate::wire::Fields;
use crate::world::AccessMode;

/// The two paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    User,
    Enterprise,
}

/// What is being asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Individual,
    Business { delegated_scope: String },
    Enterprise { delegated_scope: String },
    Organization,
}

#[derive(Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    /// For people.
    pub(super) application_name: String,
    pub(super) verified: bool,
    /// The exact string: a code is bound to it.
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) mode: Mode,
    pub(super) scope: String,
    pub(super) provider_name: Option<String>,
    pub(super) avoid_linking: bool,
    pub(super) link_token: Option<String>,
    /// Access modes that are offered: empty unless `free_busy_write` is asked for.
    pub(super) modes: Vec<AccessMode>,
}

/// A request that no person gets to see.
#[derive(Debug)]
pub(super) enum Rejected {
    /// Where nothing is known of where to redirect to, nothing is redirected (RFC 6749, section 4.1.2.1).
    Page {
        why: String,
    },
    Redirect {
        redirect_uri: String,
        state: Option<String>,
        error: &'static str,
        why: String,
    },
}

/// Parameters that mean something; unknown ones are ignored.
const PARAMETERS: &[&str] =
    &["response_type", "scope", "state", "delegated_scope", "provider_name", "avoid_linking", "link_token"];

impl AuthorizationRequest {
    pub(super) fn read(app: &App, query: &Fields<'_>, endpoint: Endpoint) -> Result<Self, Rejected> {
        let state = app.state();
        let mut request = target(&state, query)?;
        if let Some(name) = query.repeated(PARAMETERS) {
            return Err(request.rejected("invalid_request", &format!("{name} came more than once")));
        }
        match query.get("response_type") {
            Some("code") => {}
            Some(_) => {
                return Err(request.rejected("unsupported_response_type", "response_type must be code"));
            }
            None => return Err(request.rejected("invalid_request", "response_type is missing")),
        }
        request.scope = scope::tidy(query.get("scope").unwrap_or_default());
        if request.scope.is_empty() {
            return Err(request.rejected("invalid_scope", "scope is missing"));
        }
        let delegated_scope = query.get("delegated_scope").map(scope::tidy).filter(|scope| !scope.is_empty());
        match endpoint {
            Endpoint::User => request.read_user_mode(&state, delegated_scope)?,
            Endpoint::Enterprise => request.read_enterprise_mode(delegated_scope)?,
        }
        request.read_access_modes(&state, query)?;
        request.read_linking(app, &state, query)?;
        Ok(request)
    }

    /// The server tells Organization Connect from Individual Connect by the scope alone.
    fn read_user_mode(&mut self, state: &State, delegated_scope: Option<String>) -> Result<(), Rejected> {
        if self.scope == scope::SCHEDULER {
            self.mode = Mode::Organization;
            return Ok(());
        }
        if let Some(word) = scope::unknown_to_users(&self.scope) {
            return Err(self.rejected("invalid_scope", &format!("no scope of user accounts: {word}")));
        }
        let Some(delegated_scope) = delegated_scope else { return Ok(()) };
        let enabled =
            state.applications.get(&self.client_id).is_some_and(|found| found.features.business_connect);
        if !enabled {
            return Err(self.rejected("unauthorized_client", "Business Connect is not enabled"));
        }
        if !matches!(delegated_scope.as_str(), "free_busy" | "read_only") {
            return Err(self.rejected("invalid_scope", "delegated_scope must be free_busy or read_only"));
        }
        self.mode = Mode::Business { delegated_scope };
        Ok(())
    }

    fn read_enterprise_mode(&mut self, delegated_scope: Option<String>) -> Result<(), Rejected> {
        if let Some(word) = scope::unknown_to_service_accounts(&self.scope) {
            return Err(self.rejected("invalid_scope", &format!("no scope of service accounts: {word}")));
        }
        let Some(delegated_scope) = delegated_scope else {
            return Err(self.rejected("invalid_request", "delegated_scope is missing"));
        };
        if let Some(word) = scope::unknown_to_users(&delegated_scope) {
            return Err(self.rejected("invalid_scope", &format!("no scope of user accounts: {word}")));
        }
        self.mode = Mode::Enterprise { delegated_scope };
        Ok(())
    }

    /// Asking for `free_busy_write` is what makes reduced access appear.
    fn read_access_modes(&mut self, state: &State, query: &Fields<'_>) -> Result<(), Rejected> {
        let asked = match &self.mode {
            Mode::Enterprise { delegated_scope } => delegated_scope,
            Mode::Individual | Mode::Business { .. } | Mode::Organization => &self.scope,
        };
        if scope::holds(asked, scope::FREE_BUSY_WRITE)
            && let Some(application) = state.applications.get(&self.client_id)
        {
            self.modes = application.reduced_modes();
        }
        self.provider_name = query.get("provider_name").map(str::to_owned);
        if self.provider_name.as_deref().is_some_and(|name| name.ends_with("_free_busy")) {
            self.modes.retain(|mode| *mode == AccessMode::FreeBusy);
            if self.modes.is_empty() {
                let why = "that provider_name needs the scope free_busy_write and the access mode enabled";
                return Err(self.rejected("invalid_scope", why));
            }
        }
        Ok(())
    }

    fn read_linking(&mut self, app: &App, state: &State, query: &Fields<'_>) -> Result<(), Rejected> {
        self.avoid_linking = query.flag("avoid_linking");
        self.link_token = query.get("link_token").map(str::to_owned);
        if let Some(token) = &self.link_token
            && state.link_token(app.clock.now(), &self.client_id, token).is_none()
        {
            return Err(self.rejected("invalid_request", "link_token is unknown, used or expired"));
        }
        Ok(())
    }

    pub(super) fn rejected(&self, error: &'static str, why: &str) -> Rejected {
        Rejected::Redirect {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            error,
            why: why.to_owned(),
        }
    }
}

/// Client and redirect URI: until both are known to be good, nobody is redirected.
fn target(state: &State, query: &Fields<'_>) -> Result<AuthorizationRequest, Rejected> {
    let page = |why: &str| Rejected::Page { why: why.to_owned() };
    if let Some(name) = query.repeated(&["client_id", "redirect_uri"]) {
        return Err(page(&format!("{name} came more than once.")));
    }
    let client_id = query.get("client_id").ok_or_else(|| page("client_id is missing."))?;
    let application = state.applications.get(client_id).ok_or_else(|| page("client_id is unknown."))?;
    let redirect_uri = query.get("redirect_uri").ok_or_else(|| page("redirect_uri is missing."))?;
    if let Some(flaw) = flaw(redirect_uri) {
        return Err(page(&format!("redirect_uri cannot be used: {flaw}.")));
    }
    if !application.accepts(redirect_uri) {
        return Err(page("redirect_uri is not registered for this verified application."));
    }
    Ok(AuthorizationRequest {
        client_id: client_id.to_owned(),
        application_name: application.name.clone(),
        verified: application.verified,
        redirect_uri: redirect_uri.to_owned(),
        // Repeated states are refused below; the first one names the request that was refused.
        state: query.get("state").map(str::to_owned),
        mode: Mode::Individual,
        scope: String::new(),
        provider_name: None,
        avoid_linking: false,
        link_token: None,
        modes: Vec::new(),
    })
}
