//! Which operation leads where.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use http::{Method, StatusCode};

use crate::app::App;
use crate::journal::Mask;
use crate::ledger::Operation;
use crate::nearest::nearest;
use crate::wire::Refusal;
use crate::{api, consent, control, oauth, pipeline};

/// One listener for the API host and the app host: SDKs redeem codes on either.
pub(crate) fn router(app: App) -> Router {
    served()
        .router
        .merge(control::routes(app.clone()))
        .fallback(not_served)
        .method_not_allowed_fallback(other_method)
        .layer(from_fn_with_state(app.clone(), pipeline::around))
        .with_state(app)
}

/// What Cronofy serves, as far as it is served here.
pub(crate) fn served() -> Served {
    Served::default()
        .on(&consent::SHOW_USER, consent::show_user)
        .on(&consent::SUBMIT_USER, consent::submit_user)
        .on(&consent::SHOW_ENTERPRISE, consent::show_enterprise)
        .on(&consent::SUBMIT_ENTERPRISE, consent::submit_enterprise)
        .on(&oauth::token::OPERATION, oauth::token::handle)
        .on(&oauth::revoke::OPERATION, oauth::revoke::handle)
        .on(&api::userinfo::OPERATION, api::userinfo::handle)
        .on(&api::account::OPERATION, api::account::handle)
        .on(&api::profiles::OPERATION, api::profiles::handle)
        .on(&api::profile_revoke::OPERATION, api::profile_revoke::handle)
        .on(&api::link_tokens::OPERATION, api::link_tokens::handle)
        .on(&api::calendars::OPERATION, api::calendars::handle)
        .on(&api::create_calendar::OPERATION, api::create_calendar::handle)
        .on(&api::permissions::OPERATION, api::permissions::handle)
        .on(&consent::RELINK, consent::relink)
        .on(&consent::SHOW_PERMISSIONS, consent::show_permissions)
        .on(&consent::SUBMIT_PERMISSIONS, consent::submit_permissions)
        .on(&api::events::READ, api::events::read::handle)
        .on(&api::events::READ_PAGE, api::events::read::page)
        .on(&api::events::UPSERT, api::events::upsert::handle)
        .on(&api::events::DELETE, api::events::delete::handle)
        .on(&api::events::BULK_DELETE, api::events::bulk_delete::handle)
        .on(&api::participation_status::OPERATION, api::participation_status::handle)
        .on(&api::attachments::OPERATION, api::attachments::handle)
        .on(&api::batch::OPERATION, api::batch::handle)
        .on(&api::channels::CREATE, api::channels::create)
        .on(&api::channels::LIST, api::channels::list)
        .on(&api::channels::CLOSE, api::channels::close)
        .on(&api::free_busy::OPERATION, api::free_busy::handle)
        .on(&api::free_busy::PAGE, api::free_busy::page)
        .on(&api::availability::OPERATION, api::availability::handle)
        .on(&api::available_periods::UPSERT, api::available_periods::upsert)
        .on(&api::available_periods::READ, api::available_periods::read)
        .on(&api::available_periods::PAGE, api::available_periods::page)
        .on(&api::available_periods::DELETE, api::available_periods::delete)
        .also_with_a_slash(&api::available_periods::DELETE, api::available_periods::delete)
        .on(&api::availability_rules::UPSERT, api::availability_rules::upsert)
        .on(&api::availability_rules::LIST, api::availability_rules::list)
        .on(&api::availability_rules::READ, api::availability_rules::read)
        .on(&api::availability_rules::DELETE, api::availability_rules::delete)
        .on(&api::bookable_events::CREATE, api::bookable_events::create)
        .on(&api::bookable_events::READ, api::bookable_events::read)
        .on(&api::bookable_events::UPSERT, api::bookable_events::upsert)
        .on(&api::bookable_events::DELETE, api::bookable_events::delete)
        .on(&api::real_time_scheduling::create::OPERATION, api::real_time_scheduling::create::handle)
        .on(&api::real_time_scheduling::read::BY_ID, api::real_time_scheduling::read::by_id)
        .on(&api::real_time_scheduling::read::BY_TOKEN, api::real_time_scheduling::read::by_token)
        .on(&api::real_time_scheduling::disable::OPERATION, api::real_time_scheduling::disable::handle)
        .on(&consent::SHOW_SCHEDULING, consent::show_scheduling)
        .on(&consent::SUBMIT_SCHEDULING, consent::submit_scheduling)
        .on(&api::smart_invites::WRITE, api::smart_invites::write)
        .on(&api::smart_invites::READ, api::smart_invites::read)
        .on(&api::element_tokens::OPERATION, api::element_tokens::handle)
        .on(&api::accessible_calendars::OPERATION, api::accessible_calendars::handle)
        .on(&api::delegated_authorizations::OPERATION, api::delegated_authorizations::handle)
        .on(&api::resources::OPERATION, api::resources::handle)
        .on(&api::service_account_authorizations::OPERATION, api::service_account_authorizations::handle)
        .on(&api::organizational_unit_members::OPERATION, api::organizational_unit_members::handle)
        .on(&api::organizational_unit_members::PAGE, api::organizational_unit_members::page)
        .on(&api::organizational_unit_resources::OPERATION, api::organizational_unit_resources::handle)
        .on(&api::organizational_unit_resources::PAGE, api::organizational_unit_resources::page)
        .on(&api::application_calendars::OPERATION, api::application_calendars::handle)
        .on(&api::application_verification::OPERATION, api::application_verification::handle)
}

/// Routes with their ledger.
#[derive(Default)]
pub(crate) struct Served {
    router: Router<App>,
    pub(crate) operations: Vec<&'static Operation>,
}

impl Served {
    fn on<H, T>(mut self, operation: &'static Operation, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(operation.path(), on(filter(operation), handler));
        self.operations.push(operation);
        self
    }

    /// One client ends a path so.
    fn also_with_a_slash<H, T>(mut self, operation: &'static Operation, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(&format!("{}/", operation.path()), on(filter(operation), handler));
        self
    }
}

fn filter(operation: &Operation) -> MethodFilter {
    match operation.method() {
        "POST" => MethodFilter::POST,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

/// Every operation, by method and path.
static OPERATIONS: LazyLock<HashMap<(&str, &str), &Operation>> = LazyLock::new(|| {
    let operations = served().operations.into_iter();
    operations.map(|operation| ((operation.method(), operation.path()), operation)).collect()
});

/// The operation at this path of the router. A `HEAD` is a `GET` without the body.
pub(crate) fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    OPERATIONS.get(&(method, path.trim_end_matches('/'))).copied()
}

/// The operation of this name. `Err` says which one may have been meant.
pub(crate) fn known(name: &str) -> Result<&'static Operation, String> {
    let operation = name.split_once(' ').and_then(|name| OPERATIONS.get(&name));
    operation.copied().ok_or_else(|| {
        let names = OPERATIONS.values().map(|operation| operation.name);
        let meant = nearest(name, names).unwrap_or_default();
        format!("there is no such operation; the nearest is {meant}")
    })
}

async fn not_served(State(app): State<App>, request: Request) -> Refusal {
    // The answer shows the path, in which somebody may have put a token.
    let path = Mask::new(&app.state()).text(request.uri().path());
    Refusal::not_served(request.method().as_str(), &path)
}

/// 405, or 404 where Cronofy has the method and the sandbox does not: creating a calendar, for one.
async fn other_method(state: State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/v1/") {
        return not_served(state, request).await.into_response();
    }
    // The router adds `Allow`.
    Refusal::empty(StatusCode::METHOD_NOT_ALLOWED, format!("{path} does not take this method"))
        .into_response()
}
