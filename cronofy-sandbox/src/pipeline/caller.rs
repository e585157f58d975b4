//! Who sent a request and whom it is about, as far as that can be told before it is carried out.

use serde_json::Value;

use crate::ledger::Operation;
use crate::state::{GrantKey, Kind, State};
use crate::wire::Call;

/// Both are known here: what nobody has is nobody.
#[derive(Default)]
pub(super) struct Caller {
    pub(super) client_id: Option<String>,
    pub(super) sub: Option<String>,
    /// Whether it is a person's browser that asks, not the application.
    browser: bool,
}

impl Caller {
    pub(super) fn of(
        call: &Call,
        body: Option<&Value>,
        operation: Option<&'static Operation>,
        state: &State,
    ) -> Self {
        let path = operation.map_or("", |operation| operation.path());
        if path.ends_with("/authorize") {
            let query = call.query();
            return Self { browser: true, ..Self::named(query.get("client_id"), state) };
        }
        // Credentials of these are in the body; `Authorization` is not looked at.
        if path.starts_with("/oauth/") || path == "/v1/application_calendars" {
            let member = |name: &str| body.and_then(|body| body[name].as_str());
            let caller = Self::named(member("client_id"), state);
            let mut tokens = ["refresh_token", "token"].into_iter().filter_map(member);
            let key = tokens.find_map(|token| state.key_of_token(token));
            let key = member("code").and_then(|code| state.key_of_code(code)).or(key);
            let sub = key.map(|key| key.sub.clone()).or_else(|| {
                let sub = member("sub")?.to_owned();
                let key = GrantKey { client_id: caller.client_id.clone()?, sub };
                state.authorization(&key).map(|_| key.sub)
            });
            return Self { sub, ..caller };
        }
        let caller = call.bearer().map(|credential| Self::with(credential, call, state)).unwrap_or_default();
        // Where both come, the body is believed.
        let in_body = body.filter(|_| path == "/v1/real_time_scheduling");
        match in_body.and_then(|body| body["client_id"].as_str()) {
            Some(client_id) => Self::named(Some(client_id), state),
            None => caller,
        }
    }

    /// An application by its identifier.
    fn named(client_id: Option<&str>, state: &State) -> Self {
        let known = client_id.filter(|client_id| state.applications.contains_key(*client_id));
        Self { client_id: known.map(str::to_owned), ..Self::default() }
    }

    /// The owner of a token, expired or not, or the application with this secret. Whoever acts for a member of an
    /// Organizational Unit is about that one.
    fn with(credential: &str, call: &Call, state: &State) -> Self {
        let impersonated = || call.header("cronofy-impersonate").map(str::to_owned);
        if let Some(key) = state.key_of_token(credential) {
            let unit = state.authorization(key).is_some_and(|authorization| authorization.kind == Kind::Unit);
            let sub = unit.then(impersonated).flatten().unwrap_or_else(|| key.sub.clone());
            return Self { client_id: Some(key.client_id.clone()), sub: Some(sub), browser: false };
        }
        let application =
            state.applications.values().find(|application| application.knows_secret(credential));
        application.map_or_else(Self::default, |application| Self {
            client_id: Some(application.client_id.clone()),
            sub: impersonated(),
            browser: false,
        })
    }

    /// The application that the request counts for.
    pub(super) fn limited(&self) -> Option<&str> {
        self.client_id.as_deref().filter(|_| !self.browser)
    }
}
