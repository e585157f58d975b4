//! What happens around a request: it is read, counted, perhaps made to fail, answered and written down.

mod caller;
mod record;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use tokio::time::sleep;

use self::caller::Caller;
use self::record::Record;
use crate::app::App;
use crate::faults::{Asked, At, Effect, Hit};
use crate::ledger::Operation;
use crate::limits::Exceeded;
use crate::routes;
use crate::wire::{Call, Refusal, errors, json};

/// On every answer, so that nobody takes this for the service.
const BANNER: HeaderName = HeaderName::from_static("cronofy-sandbox");

/// Around every request.
pub(crate) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let mut response = if path.starts_with("/_sandbox/") || path == "/_sandbox" {
        controlled(request, next).await
    } else {
        served(&app, request, next).await
    };
    if response.status().is_client_error() && !response.headers().contains_key(errors::WHY) {
        // The framework refused before any endpoint saw it: a path that is not UTF-8, for one.
        response.headers_mut().insert(errors::WHY, errors::why_value("the request could not be read"));
    }
    response.headers_mut().insert(BANNER, HeaderValue::from_static("not-cronofy"));
    response
}

/// What tests and people do to the sandbox is neither counted nor written down, and never fails on purpose.
async fn controlled(mut request: Request, next: Next) -> Response {
    let response = match Call::read(&mut request).await {
        Ok(call) => {
            request.extensions_mut().insert(call);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    explained(response)
}

/// A refusal without a body gets one: it is Cronofy whose refusals are empty, and `curl -s` shows no header.
fn explained(response: Response) -> Response {
    let why = response.headers().get(errors::WHY).and_then(|why| why.to_str().ok()).map(str::to_owned);
    let is_empty = response.body().size_hint().exact() == Some(0);
    let Some(why) = why.filter(|_| is_empty && response.status().is_client_error()) else { return response };
    let error = response.status().canonical_reason().unwrap_or("refused").to_lowercase().replace(' ', "_");
    let (parts, _) = response.into_parts();
    let mut explained = json(parts.status, &Explanation { error: &error, error_description: &why });
    for (name, value) in &parts.headers {
        if name != header::CONTENT_LENGTH {
            explained.headers_mut().append(name, value.clone());
        }
    }
    explained
}

/// The names are those of RFC 6749, section 5.2.
#[derive(Serialize)]
struct Explanation<'a> {
    error: &'a str,
    error_description: &'a str,
}

async fn served(app: &App, mut request: Request, next: Next) -> Response {
    let operation = operation(&request);
    let mut record = Record::begin(app, &request, operation);
    let call = match Call::read(&mut request).await {
        Ok(call) => call,
        Err(refusal) => return record.finish(refusal.into_response()),
    };
    let hit = match admit(app, &call, operation, &mut record) {
        Ok(hit) => hit,
        Err(exceeded) => return record.finish(too_many(&exceeded)),
    };
    request.extensions_mut().insert(call);
    let response = match hit {
        None => next.run(request).await,
        // Boxed, so that requests which no fault hits do not carry its room around.
        Some(hit) => Box::pin(failed(app, &hit, request, next, &mut record)).await,
    };
    record.finish(response)
}

/// The operation of the ledger that the request came to.
fn operation(request: &Request) -> Option<&'static Operation> {
    let path = request.extensions().get::<MatchedPath>()?;
    routes::operation(request.method(), path.as_str())
}

/// Who asks, whether it is one request too many, and the fault that hits it.
fn admit(
    app: &App,
    call: &Call,
    operation: Option<&'static Operation>,
    record: &mut Record,
) -> Result<Option<Hit>, Exceeded> {
    let body = call.value();
    let now = app.clock.now();
    let mut state = app.state();
    let caller = Caller::of(call, body.as_ref(), operation, &state);
    let grant_type = body.as_ref().and_then(|body| body["grant_type"].as_str()).map(str::to_owned);
    record.asked(call, body, &caller, &state);
    if let Some(client_id) = caller.limited() {
        let limits = state.policy.rate_limits;
        state.windows.count(limits, client_id, now)?;
    }
    let Some(operation) = operation else { return Ok(None) };
    let asked = Asked {
        operation: operation.name,
        grant_type: grant_type.as_deref(),
        client_id: caller.client_id.as_deref(),
        sub: caller.sub.as_deref(),
    };
    Ok(state.faults.hit(&app.ids, asked))
}

/// 429 without a body (docs: faqs/rate-limits).
fn too_many(exceeded: &Exceeded) -> Response {
    let Exceeded { limit, window, retry_after } = exceeded;
    let why = format!("more than {limit} requests of this application in a {window}");
    let mut response = Refusal::empty(StatusCode::TOO_MANY_REQUESTS, why).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

async fn failed(app: &App, hit: &Hit, request: Request, next: Next, record: &mut Record) -> Response {
    record.hit(hit);
    let mut own = None;
    if hit.at == At::After {
        let response = next.clone().run(request).await;
        record.came_to(response.status());
        sleep(hit.delay.unwrap_or_default()).await;
        own = Some(response);
    } else {
        sleep(hit.delay.unwrap_or_default()).await;
        if hit.effect == Effect::Delay {
            let response = next.run(request).await;
            record.came_to(response.status());
            own = Some(response);
        }
    }
    let mut response = hit.answer(&app.ids, own).await;
    if hit.effect != Effect::Delay {
        let why = format!("fault {}: {}", hit.id, hit.effect.word());
        response.headers_mut().insert(errors::WHY, errors::why_value(&why));
    }
    response
}
