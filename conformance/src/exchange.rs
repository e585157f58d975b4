//! One request, one answer, and how both are written down.

use bytes::Bytes;
use cronofy_auth_core::types::{FieldError, FieldErrors};
use cronofy_auth_core::{Body, Endpoint, Error, Flow, Input, Refusal, RefusalKind, RetryPolicy, Step};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Instead};
use crate::given::{NOW, Response};

/// Has the endpoint write its request, feeds it the answer, and sets down both.
pub(crate) fn exchange<E: Endpoint>(
    endpoint: E,
    response: Response,
    written: impl FnOnce(E::Output) -> Answer,
) -> Result<Answer, Instead> {
    let response = response.received()?;
    let mut call = endpoint.call().with_policy(RetryPolicy::NEVER);
    let request = match call.step(Input::Start, NOW) {
        Ok(Step::Send(request)) => request_json(&request),
        Ok(step) => return Err(Instead::Refused(format!("the flow began with {step:?}"))),
        Err(error) => return Err(Instead::refused(&error)),
    };
    let answer = match call.step(Input::Response(response), NOW) {
        Ok(Step::Done(output)) => written(output),
        Ok(step) => Answer::of("rejected", format!("the flow went on with {step:?}")),
        Err(error) => failed(&error),
    };
    Ok(answer.with("request", request))
}

/// Feeds an endpoint an answer, whatever was asked.
pub(crate) fn read<E: Endpoint>(
    mut endpoint: E,
    response: http::Response<Bytes>,
    written: impl FnOnce(E::Output) -> Answer,
) -> Answer {
    endpoint.read(response, NOW).map_or_else(|error| failed(&error), written)
}

/// What an accepted call with nothing to read is answered with.
pub(crate) fn ok((): ()) -> Answer {
    Answer::of("ok", true)
}

pub(crate) fn request_json(request: &http::Request<Body>) -> Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()).into()))
        .collect();
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body": text(request.body().as_bytes()),
    })
}

pub(crate) fn failed(error: &Error) -> Answer {
    match error {
        Error::Refused(refusal) => Answer::of("error", error_json(refusal)),
        error => Instead::rejected(error).into(),
    }
}

fn error_json(refusal: &Refusal) -> Value {
    json!({
        "kind": kind(refusal.kind()),
        "status": refusal.status.as_u16(),
        "retryable": refusal.is_retryable(),
        "terminal": refusal.needs_reconnect(),
        "fields": fields_json(&refusal.fields),
        "retry_after_s": refusal.retry_after.map(|delay| delay.as_secs()),
    })
}

fn fields_json(fields: &FieldErrors) -> Value {
    let faults_json = |faults: &[FieldError]| faults.iter().map(fault_json).collect::<Value>();
    Value::Object(fields.iter().map(|(name, faults)| (name.to_owned(), faults_json(faults))).collect())
}

fn fault_json(fault: &FieldError) -> Value {
    // A key that was not there is an empty one to the library.
    let key = Some(&fault.key).filter(|key| !key.is_empty());
    json!({ "key": key, "description": fault.description })
}

fn kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::InvalidGrant => "invalid_grant",
        RefusalKind::InvalidClient => "invalid_client",
        RefusalKind::UnauthorizedClient => "unauthorized_client",
        RefusalKind::UnsupportedGrantType => "unsupported_grant_type",
        RefusalKind::InvalidScope => "invalid_scope",
        RefusalKind::BadRequest => "bad_request",
        RefusalKind::Unauthorized => "unauthorized",
        RefusalKind::PaymentRequired => "payment_required",
        RefusalKind::Forbidden => "forbidden",
        RefusalKind::NotFound => "not_found",
        RefusalKind::InvalidRequest => "invalid_request",
        RefusalKind::AccountLocked => "account_locked",
        RefusalKind::RateLimited => "rate_limited",
        RefusalKind::ServerError => "server_error",
        RefusalKind::BadGateway => "bad_gateway",
        RefusalKind::ServiceUnavailable => "service_unavailable",
        RefusalKind::GatewayTimeout => "gateway_timeout",
        // `Other`, and what a later version of the library may tell apart.
        _ => "other",
    }
}
