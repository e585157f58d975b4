//! The demo's browser: a person's, so none of the library's transports. It keeps a cookie, shows where it is
//! sent and follows no redirect, because the way back to the application is what the demo is about.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, Method, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::failure::Failure;

/// Longer than any answer of a server on this machine takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Far more than a consent page has.
const PAGE_LIMIT: usize = 256 * 1024;

pub(super) struct Browser {
    runtime: Handle,
    cookie: Option<String>,
}

/// What a browser got.
pub(super) struct Page {
    pub(super) status: u16,
    /// Where it is sent next.
    pub(super) location: Option<String>,
    pub(super) html: String,
}

impl Page {
    /// The heading of the page.
    pub(super) fn heading(&self) -> String {
        let after = self.html.split_once("<h1>").map_or("", |(_, after)| after);
        let heading = after.split_once("</h1>").map_or("", |(heading, _)| heading);
        heading.replace("&#39;", "'")
    }
}

impl Browser {
    pub(super) fn new(runtime: Handle) -> Self {
        Self { runtime, cookie: None }
    }

    /// Opens a page.
    pub(super) fn open(&mut self, url: &str) -> Result<Page, Failure> {
        self.send(Method::GET, url, &[], Bytes::new())
    }

    /// Submits a form.
    pub(super) fn submit(&mut self, url: &str, fields: &[(&str, &str)]) -> Result<Page, Failure> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, url, &[(CONTENT_TYPE, "application/x-www-form-urlencoded")], form.into())
    }

    /// Sends what no browser would: somebody at this machine pretends to be Cronofy.
    pub(super) fn forge(
        &mut self,
        url: &str,
        headers: &[(HeaderName, &str)],
        body: &'static [u8],
    ) -> Result<Page, Failure> {
        self.send(Method::POST, url, headers, Bytes::from_static(body))
    }

    fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(HeaderName, &str)],
        body: Bytes,
    ) -> Result<Page, Failure> {
        let uri: Uri = url.parse()?;
        let authority = uri.authority().ok_or_else(|| Failure::new("the browser was given no URL"))?.clone();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::builder().method(method).uri(path).header(HOST, authority.as_str());
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let request = request.body(Full::new(body))?;
        let (headers, page) = self
            .runtime
            .block_on(async { timeout(PATIENCE, exchange(authority.as_str(), request)).await })
            .map_err(|_| Failure::new("the browser waited ten seconds for an answer, and none came"))??;
        if let Some(cookie) = text(&headers, &SET_COOKIE) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        Ok(page)
    }
}

async fn exchange(authority: &str, request: Request<Full<Bytes>>) -> Result<(HeaderMap, Page), Failure> {
    let stream = TcpStream::connect(authority).await.map_err(|error| {
        Failure::new(format!("the browser cannot reach {authority}: {}", Failure::from(error)))
    })?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // The connection moves only while somebody polls it; it ends with the sender.
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, PAGE_LIMIT)
        .collect()
        .await
        .map_err(|error| Failure::new(format!("the browser could not read the page: {error}")))?;
    drop(sender);
    connection.abort();
    let page = Page {
        status: head.status.as_u16(),
        location: text(&head.headers, &LOCATION).map(str::to_owned),
        html: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
    };
    Ok((head.headers, page))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
