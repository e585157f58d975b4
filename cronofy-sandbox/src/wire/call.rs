//! A request, read whole: what everything that happens to it starts from.

use std::mem;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::{FieldErrors, Fields, Refusal};
use crate::ledger::{Rule, documented, guessed, observed};

pub(crate) const RULES: &[Rule] = &[
    documented("A body is JSON or a form", "api; api/authorization/request-token"),
    guessed(
        "Where `Content-Type` says neither, a body that begins with `{` is JSON and any other a form",
        "nothing is gained by refusing what can be read",
    ),
    observed(
        "Tokens are exchanged and revoked at the API's host and at that of the pages",
        "cronofy-ruby 0.41 and Cronofy .NET 1.12 redeem codes at the one, node cronofy 3.8.4 at the \
             other",
    ),
    observed("`Host` does not matter", "cronofy-php 1.7 always names Cronofy's"),
    observed("`Content-Encoding` does not matter", "Cronofy .NET 1.12 sends one with plain bodies"),
    observed("The body of a `GET` does not matter", "pycronofy 2.0.7 sends `{}`"),
    documented("Queries are forms: a space is `%20` or `+`", "api/events/read-events; RFC 6749, appendix B"),
    observed(
        "Lists in a query repeat a name with brackets: `calendar_ids[]`",
        "node cronofy 3.8.4, pycronofy 2.0.7, Cronofy .NET 1.12, cronofy-php 1.7",
    ),
    observed("An empty parameter counts as absent", "pycronofy 2.0.7 sends `state=` and `provider_name=`"),
    observed("`true`, `True` and `1` are true", "pycronofy 2.0.7 sends `True`, cronofy-php 1.7 sends `1`"),
    observed(
        "Unknown parameters are ignored",
        "node cronofy 3.8.4 leaves `bearer_token` in queries and bodies",
    ),
    documented(
        "Nothing is for scripts of other origins: there is no `Access-Control-Allow-Origin`",
        "faqs/authorizations",
    ),
    guessed("A header that came twice counts as absent", "of two credentials, neither is one"),
    guessed(
        "A body above 1 MiB is 413, one that takes longer than ten seconds 408",
        "bounds for a server that shares a machine with a test suite",
    ),
];

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;
/// How long a request body may take.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// One request. Not `Debug`: it holds tokens and client secrets.
///
/// The pipeline reads it, looks at it and leaves it with the request, where the handler takes it from.
#[derive(Clone)]
pub(crate) struct Call {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Sync> FromRequest<S> for Call {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Refusal> {
        let call = request.extensions_mut().remove::<Self>();
        call.ok_or_else(|| Refusal::empty(StatusCode::INTERNAL_SERVER_ERROR, "the request was not read"))
    }
}

/// All of `body`, unless it is too large or takes too long.
async fn whole(body: Body, patience: Duration) -> Result<Bytes, Refusal> {
    match timeout(patience, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Refusal::empty(StatusCode::PAYLOAD_TOO_LARGE, "the request body is larger than 1 MiB"))
        }
        Ok(Err(_)) => Err(Refusal::empty(StatusCode::BAD_REQUEST, "the request body broke off")),
        Err(_) => Err(Refusal::empty(StatusCode::REQUEST_TIMEOUT, "the request body did not come in time")),
    }
}

impl Call {
    /// Takes headers and body out of `request`, unless the body is too large or takes too long.
    pub(crate) async fn read(request: &mut Request) -> Result<Self, Refusal> {
        let body = whole(mem::take(request.body_mut()), BODY_PATIENCE).await?;
        Ok(Self { uri: request.uri().clone(), headers: mem::take(request.headers_mut()), body })
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query as it came, or nothing.
    pub(crate) fn raw_query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }

    /// How many bytes the body has.
    pub(crate) fn length(&self) -> usize {
        self.body.len()
    }

    /// The body as JSON: a form becomes an object, in which a name that came more than once has a list. `None`
    /// for a body that is empty or neither.
    pub(crate) fn value(&self) -> Option<Value> {
        if self.body.is_empty() {
            return None;
        }
        if self.is_json() {
            return serde_json::from_slice(&self.body).ok();
        }
        let form = self.essence().is_empty() || self.essence().eq_ignore_ascii_case(FORM);
        form.then(|| Value::Object(grouped(&self.body)))
    }

    /// The parameters of the query, as [`Call::value`] has those of a form.
    pub(crate) fn query_object(&self) -> Map<String, Value> {
        grouped(self.raw_query().as_bytes())
    }

    /// Whether the header came at all, however often.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// The text of a header that came once and is text. Of two credentials, neither is one.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.get_all(name).iter();
        let line = lines.next()?;
        lines.next().is_none().then(|| line.to_str().ok()).flatten()
    }

    /// The credential of `Authorization: Bearer` (RFC 6750, section 2.1).
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, credential) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE);
        lines
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn query(&self) -> Fields<'_> {
        Fields::from_form(self.raw_query().as_bytes())
    }

    /// The parameters of a body that is a form or a JSON object.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, &'static str> {
        if self.is_json() {
            Ok(Fields::from_object(&self.object_or_why()?).into_owned())
        } else {
            Ok(Fields::from_form(&self.body))
        }
    }

    /// The body of an API call as an object. Every endpoint takes forms too.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Refusal> {
        if self.is_json() {
            return self.object_or_why().map_err(|why| {
                Refusal::fields(FieldErrors::of("base", "errors.invalid_format", "not a JSON object"), why)
            });
        }
        let pairs = form_urlencoded::parse(&self.body).into_owned();
        Ok(pairs.map(|(name, value)| (name, Value::String(value))).collect())
    }

    fn object_or_why(&self) -> Result<Map<String, Value>, &'static str> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err("the body is JSON but not an object"),
            Err(_) => Err("the body is not JSON"),
        }
    }

    /// By `Content-Type` alone.
    pub(crate) fn says_json(&self) -> bool {
        self.essence().eq_ignore_ascii_case("application/json")
    }

    /// By `Content-Type`, and by the first byte where that says neither JSON nor form.
    fn is_json(&self) -> bool {
        if self.essence().eq_ignore_ascii_case(FORM) {
            return false;
        }
        self.says_json() || self.body.trim_ascii_start().starts_with(b"{")
    }

    /// The media type without its parameters, or nothing.
    pub(crate) fn essence(&self) -> &str {
        let kind = self.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn grouped(form: &[u8]) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in form_urlencoded::parse(form) {
        let value = Value::from(value.into_owned());
        match object.get_mut(&*name) {
            None => drop(object.insert(name.into_owned(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    object
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::HttpBody;
    use axum::response::IntoResponse as _;
    use http_body_util::Full;

    use super::*;

    /// A body that never comes.
    struct Never;

    impl HttpBody for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn s28_a_body_is_waited_for_only_so_long() {
        let patience = Duration::from_millis(20);
        let refusal =
            whole(Body::new(Never), patience).await.err().map(|refusal| refusal.into_response().status());
        assert_eq!(refusal, Some(StatusCode::REQUEST_TIMEOUT));
        let body = whole(Body::new(Full::from("x")), patience).await.ok();
        assert_eq!(body, Some(Bytes::from_static(b"x")));
    }
}
