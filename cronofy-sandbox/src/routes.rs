//! Which path leads where, and what every answer has in common.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::app::App;
use crate::wire::{Refusal, errors};
use crate::{api, consent, oauth};

/// On every answer, so that nobody takes this for the service.
const BANNER: HeaderName = HeaderName::from_static("cronofy-sandbox");

/// One listener for the API host and the app host: SDKs redeem codes on either.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/oauth/authorize", get(consent::show_user).post(consent::submit_user))
        .route(
            "/enterprise_connect/oauth/authorize",
            get(consent::show_enterprise).post(consent::submit_enterprise),
        )
        .route("/oauth/token", post(oauth::token::handle))
        .route("/oauth/token/revoke", post(oauth::revoke::handle))
        .route("/v1/userinfo", get(api::userinfo::handle))
        .route("/v1/account", get(api::account::handle))
        .route("/v1/profiles", get(api::profiles::handle))
        .route("/v1/profiles/{profile_id}/revoke", post(api::profile_revoke::handle))
        .route("/v1/link_tokens", post(api::link_tokens::handle))
        .route("/v1/calendars", get(api::calendars::handle))
        .route("/v1/free_busy", get(api::free_busy::handle))
        .route("/v1/free_busy/pages/{page_id}", get(api::free_busy::page))
        .route("/v1/availability", post(api::availability::handle))
        .route("/v1/accessible_calendars", get(api::accessible_calendars::handle))
        .route("/v1/delegated_authorizations", post(api::delegated_authorizations::handle))
        .route("/v1/resources", get(api::resources::handle))
        .route("/v1/service_account_authorizations", post(api::service_account_authorizations::handle))
        .route("/v1/organizational_unit_members", get(api::organizational_unit_members::handle))
        .route("/v1/organizational_unit_members/pages/{page_id}", get(api::organizational_unit_members::page))
        .route("/v1/organizational_unit_resources", get(api::organizational_unit_resources::handle))
        .route(
            "/v1/organizational_unit_resources/pages/{page_id}",
            get(api::organizational_unit_resources::page),
        )
        .route("/v1/application_calendars", post(api::application_calendars::handle))
        .route("/v1/application_verification", post(api::application_verification::handle))
        .route("/_sandbox/health", get(api::health::handle))
        .route("/_sandbox/state", get(api::health::state))
        .fallback(not_served)
        .method_not_allowed_fallback(other_method)
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// Counts every request and marks every answer.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if response.status().is_client_error() && !response.headers().contains_key(errors::WHY) {
        // The framework refused before any endpoint saw it: a path that is not UTF-8, for one.
        response.headers_mut().insert(errors::WHY, errors::why_value("the request could not be read"));
    }
    response.headers_mut().insert(BANNER, HeaderValue::from_static("not-cronofy"));
    app.journal.record(method.as_str(), &path, response.status().as_u16());
    response
}

async fn not_served(request: Request) -> Refusal {
    Refusal::not_served(request.method().as_str(), request.uri().path())
}

/// 405, or 404 where Cronofy has the method and the sandbox does not: creating a calendar, for one.
async fn other_method(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/v1/") {
        return not_served(request).await.into_response();
    }
    let mut response =
        Refusal::empty(StatusCode::METHOD_NOT_ALLOWED, format!("{path} does not take this method"))
            .into_response();
    let allowed = if path.ends_with("/authorize") {
        "GET, POST"
    } else if path.starts_with("/oauth") {
        "POST"
    } else {
        "GET"
    };
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
