//! People who connect their calendars, and administrators who connect everybody's.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use cronofy_auth_core::authorize::{Authorization, EnterpriseConnect, IndividualConnect};
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::types::{self, InvalidValue, RedirectUri, Scope, Scopes, Sub, Userinfo};
use cronofy_auth_core::{Endpoint as _, Transport as _};
use cronofy_store::{GrantId, Outcome, Pending};
use cronofy_transport_hyper::random_state;

use crate::Application;
use crate::refusal::Refusal;

/// Which sign-in this browser was sent away with.
const STATE: &str = "state";

pub(crate) async fn person(
    State(application): State<Application>,
    jar: CookieJar,
) -> Result<Response, Refusal> {
    let scopes = Scopes::from([Scope::ReadEvents, Scope::CreateEvent]);
    let connect = IndividualConnect::new(application.redirect_uri()?, scopes)?;
    let (app, now) = (application.tokens.app(), application.tokens.transport().now());
    send_away(&application, jar, connect.authorize(app, random_state()?, now)).await
}

pub(crate) async fn organization(
    State(application): State<Application>,
    jar: CookieJar,
) -> Result<Response, Refusal> {
    let scopes = Scopes::from([Scope::ServiceAccountAccountsManage]);
    let delegated = Scopes::from([Scope::ReadOnly]);
    let connect = EnterpriseConnect::new(application.redirect_uri()?, scopes, delegated)?;
    let (app, now) = (application.tokens.app(), application.tokens.transport().now());
    send_away(&application, jar, connect.authorize(app, random_state()?, now)).await
}

/// The address of Cronofy's page for the browser, and the cookie that it has to come back with.
async fn send_away(
    application: &Application,
    jar: CookieJar,
    authorization: Authorization,
) -> Result<Response, Refusal> {
    let Authorization { url, pending, .. } = authorization;
    let cookie = Cookie::build((STATE, pending.state().as_str().to_owned()));
    let cookie = cookie.path("/connected").http_only(true).same_site(SameSite::Lax).build();
    application.tokens.begin(Pending::Authorization(pending), None).await?;
    Ok((jar.add(cookie), Redirect::to(&url)).into_response())
}

/// The browser is back: in any instance, and perhaps more than once.
pub(crate) async fn connected(
    State(application): State<Application>,
    uri: Uri,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<Response, Refusal> {
    if headers.contains_key("sec-purpose") {
        // A browser that looks ahead has no business with a code.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let state = jar.get(STATE).ok_or(Refusal::NotBegunHere)?;
    let state = types::State::new(state.value())?;
    let redirect = types::Redirect::from_url(&uri.to_string())?;
    match application.tokens.complete_redirect(redirect, &state).await? {
        Outcome::Granted(grant) => {
            Ok((jar.remove(Cookie::build(STATE).path("/connected")), grant.subject.to_string())
                .into_response())
        }
        Outcome::Failed(why) => Err(Refusal::NotConnected(why)),
        _ => Err(Refusal::NotConnected("it ended in a way that is not known here".into())),
    }
}

/// Who an account is, as Cronofy tells it now: a call with a token that works, whoever refreshed it.
pub(crate) async fn account(
    State(application): State<Application>,
    Path(account): Path<String>,
) -> Result<Json<Userinfo>, Refusal> {
    let app = application.tokens.app();
    let grant = GrantId::new(app, Sub::new(account)?);
    let userinfo = application
        .tokens
        .call(&grant, |tokens| UserinfoOf::new(app.data_center().clone(), tokens.access_token.clone()).call())
        .await?;
    Ok(Json(userinfo))
}

impl Application {
    fn redirect_uri(&self) -> Result<RedirectUri, InvalidValue> {
        RedirectUri::new(format!("{}/connected", self.public_url))
    }
}
