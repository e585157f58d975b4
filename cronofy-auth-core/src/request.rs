//! Writing requests: what every endpoint does the same.

use std::io::{self, Write};

use bytes::Bytes;
use cronofy_types::{AccessToken, ClientSecret, DataCenter, Sub};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::Body;
use crate::error::{Error, Unsendable};

const IMPERSONATE: HeaderName = HeaderName::from_static("cronofy-impersonate");
/// A token request with identifiers as Cronofy makes them. All of it is zeroed at the end, so it is no more.
const USUAL_BODY: usize = 288;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const ACCEPT_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// All but what RFC 3986 section 2.3 calls unreserved. A space becomes `%20`, which reads the same in a path,
/// in a query and in a form.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request on its way to becoming one. For whoever writes an [`Endpoint`](crate::Endpoint).
///
/// ```
/// use cronofy_auth_core::{Credential, Outgoing};
/// use cronofy_auth_core::types::{AccessToken, DataCenter};
///
/// let token = AccessToken::new("secret")?;
/// let request = Outgoing::get(&DataCenter::Us, "/v1/userinfo").bearer(Credential::Token(&token)).build()?;
/// assert_eq!(request.uri(), "https://api.cronofy.com/v1/userinfo");
/// assert!(!format!("{request:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Outgoing<'a> {
    method: Method,
    url: String,
    bearer: Option<Credential<'a>>,
    impersonate: Option<&'a Sub>,
    /// A segment was made of dots alone.
    dots: bool,
}

/// What a request is authorized by, in its `Authorization` header (RFC 6750 section 2.1).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Credential<'a> {
    /// An access token.
    Token(&'a AccessToken),
    /// The client secret as API key, on application-level calls (`developers/api/authentication`).
    ApiKey(&'a ClientSecret),
}

impl<'a> Outgoing<'a> {
    /// `GET` of a path of the API.
    pub fn get(data_center: &DataCenter, path: &str) -> Self {
        Self::new(Method::GET, data_center, path)
    }

    /// `POST` to a path of the API.
    pub fn post(data_center: &DataCenter, path: &str) -> Self {
        Self::new(Method::POST, data_center, path)
    }

    /// `DELETE` of a path of the API. Cronofy's say what is to go in a JSON body.
    pub fn delete(data_center: &DataCenter, path: &str) -> Self {
        Self::new(Method::DELETE, data_center, path)
    }

    fn new(method: Method, data_center: &DataCenter, path: &str) -> Self {
        let origin = data_center.api_origin();
        let mut url = String::with_capacity(origin.len() + path.len());
        url.push_str(origin);
        url.push_str(path);
        Self::to(method, url)
    }

    pub(crate) fn to(method: Method, url: String) -> Self {
        Self { method, url, bearer: None, impersonate: None, dots: false }
    }

    /// Appends text to the path, encoded, so that it stays one segment. `.` and `..` cannot: they are refused
    /// when the request is built.
    pub fn segment(mut self, text: &str) -> Self {
        self.dots |= matches!(text, "." | "..");
        self.url.extend(utf8_percent_encode(text, RESERVED));
        self
    }

    /// Appends text to the path as it stands.
    pub fn path(mut self, path: &str) -> Self {
        self.url.push_str(path);
        self
    }

    /// Appends a parameter to the query.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.push(if self.url.contains('?') { '&' } else { '?' });
        self.url.extend(utf8_percent_encode(name, RESERVED));
        self.url.push('=');
        self.url.extend(utf8_percent_encode(value, RESERVED));
        self
    }

    /// Authorizes the request.
    pub fn bearer(mut self, credential: Credential<'a>) -> Self {
        self.bearer = Some(credential);
        self
    }

    /// Acts for a member of the organizational unit whose token bears the request (Organization Connect).
    pub fn impersonate(mut self, sub: Option<&'a Sub>) -> Self {
        self.impersonate = sub;
        self
    }

    /// The request, with a JSON body.
    ///
    /// # Errors
    ///
    /// [`Error::Unsendable`] where it cannot be written as HTTP.
    pub fn json(self, body: &impl Serialize) -> Result<http::Request<Body>, Error> {
        let mut text = Growing(Zeroizing::new(Vec::with_capacity(USUAL_BODY)));
        serde_json::to_writer(&mut text, body).map_err(|_| Unsendable::Body)?;
        let mut request = self.build()?;
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        *request.body_mut() = Body::zeroizing(text.0);
        Ok(request)
    }

    /// The request, without a body.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn build(self) -> Result<http::Request<Body>, Error> {
        if self.dots {
            return Err(Unsendable::Dots.into());
        }
        let mut request = http::Request::new(Body::default());
        *request.method_mut() = self.method;
        *request.uri_mut() = Uri::try_from(self.url).map_err(Unsendable::Url)?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, ACCEPT_JSON);
        if let Some(credential) = self.bearer {
            headers.insert(AUTHORIZATION, bearer(credential)?);
        }
        if let Some(sub) = self.impersonate {
            let sub = HeaderValue::from_bytes(sub.as_str().as_bytes()).map_err(Unsendable::Header)?;
            headers.insert(IMPERSONATE, sub);
        }
        Ok(request)
    }
}

/// A buffer that leaves no copy of a secret behind when it grows, as a `Vec` would.
struct Growing(Zeroizing<Vec<u8>>);

impl Growing {
    #[cold]
    fn grow(&mut self, needed: usize) {
        let mut larger = Zeroizing::new(Vec::with_capacity(2 * needed));
        larger.extend_from_slice(&self.0);
        self.0 = larger;
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    /// JSON is written in many small pieces, and each of them comes through here.
    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(self.0.len() + bytes.len());
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Marked as sensitive, so that `Debug` of the request hides it, and zeroed when the request is dropped.
fn bearer(credential: Credential<'_>) -> Result<HeaderValue, Error> {
    let secret = match credential {
        Credential::Token(token) => token.expose(),
        Credential::ApiKey(secret) => secret.expose(),
    };
    let mut text = Zeroizing::new(Vec::with_capacity(7 + secret.len()));
    text.extend_from_slice(b"Bearer ");
    text.extend_from_slice(secret.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(Unsendable::Header)?;
    value.set_sensitive(true);
    Ok(value)
}
