//! Callbacks: really sent, signed like Cronofy's, and only ever to this machine.
//!
//! Cronofy documents no retry schedule for the callbacks of delegated access. The sandbox tries again a few
//! times with short pauses when the answer is not 2xx, and then gives up (sandbox choice).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use url::{Host, Position, Url};

use crate::ledger::{Rule, documented, guessed, observed};
pub(crate) const RULES: &[Rule] = &[
    documented("A callback is a `POST` of JSON", "api/push-notifications; Business Connect guide"),
    documented(
        "`Cronofy-HMAC-SHA256` is the Base64 of the HMAC-SHA256 over the body's bytes, keyed with the \
             client secret",
        "push-notifications/authentication",
    ),
    documented("It holds one value for each active secret, joined by a comma", "api/push-notifications"),
    observed(
        "2xx means that it arrived",
        "the sample application for Ruby answers 200, and 500 when it failed",
    ),
    guessed(
        "Otherwise it is sent again after 100, 300 and 900 milliseconds, and then given up",
        "no schedule is documented for delegated access, and a test should see one soon",
    ),
    guessed(
        "An attempt lasts at most five seconds; the status counts, the rest of the answer is not read",
        "push notifications are said to have as long",
    ),
    guessed("A redirect counts as a failure", "what was signed for one place should not be sent to another"),
    guessed(
        "It is sent over plain HTTP to this machine only; for any other URL it is kept in \
             `undelivered_callbacks`",
        "nothing should leave a test, though Cronofy asks for a public URL",
    ),
];

/// A callback that its receiver did not get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UndeliveredCallback {
    /// Where it should have gone, without the query: secrets are embedded there (docs:
    /// push-notifications/authentication).
    pub url: String,
    /// Why it did not arrive.
    pub reason: String,
    /// How often delivery was tried: 0 for a URL that the sandbox does not send to.
    pub attempts: u32,
}

/// The sender.
#[derive(Debug)]
pub(crate) struct Callbacks {
    settings: Settings,
    book: Arc<Book>,
    slots: Arc<Semaphore>,
    running: watch::Sender<()>,
}

/// When callbacks are sent.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Between the 202 and the callback, so that the requester has its answer first.
    pub(crate) delay: Duration,
    /// Pauses before further attempts.
    pub(crate) retries: Vec<Duration>,
    /// How long one attempt may take: Cronofy waits five seconds for channels.
    pub(crate) patience: Duration,
}

/// What became of the callbacks.
#[derive(Debug, Default)]
struct Book {
    delivered: AtomicU64,
    undelivered: Mutex<Vec<UndeliveredCallback>>,
}

/// At most this many connections at once, and this many failures remembered.
const SIMULTANEOUS: usize = 32;
const MOST_REMEMBERED: usize = 1000;

impl Callbacks {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            book: Arc::default(),
            slots: Arc::new(Semaphore::new(SIMULTANEOUS)),
            running: watch::Sender::new(()),
        }
    }

    /// Sends `body` to `url` soon, signed with each of `secrets`. Needs a runtime, as every handler has one.
    pub(crate) fn send(&self, url: &str, body: &Value, secrets: &[String]) {
        let bytes = Bytes::from(body.to_string());
        let target = match Target::parse(url) {
            Ok(target) => target,
            Err((url, reason)) => return self.book.fail(url, reason.to_owned(), 0),
        };
        let delivery = Delivery {
            signature: signature(&bytes, secrets),
            body: bytes,
            target,
            settings: self.settings.clone(),
            book: Arc::clone(&self.book),
            slots: Arc::clone(&self.slots),
        };
        let mut stopped = self.running.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                () = delivery.run() => {}
                // The sender is dropped with the sandbox: nothing is sent for one that is gone.
                _ = stopped.changed() => {}
            }
        });
    }

    /// How many callbacks were answered 2xx.
    pub(crate) fn delivered(&self) -> u64 {
        self.book.delivered.load(Ordering::Relaxed)
    }

    pub(crate) fn undelivered(&self) -> Vec<UndeliveredCallback> {
        self.book.undelivered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One callback on its way.
struct Delivery {
    target: Target,
    body: Bytes,
    signature: String,
    settings: Settings,
    book: Arc<Book>,
    slots: Arc<Semaphore>,
}

impl Delivery {
    async fn run(self) {
        let Self { target, body, signature, settings, book, slots } = self;
        sleep(settings.delay).await;
        let mut attempts = 0;
        let mut pauses = settings.retries.iter();
        loop {
            attempts += 1;
            // For one attempt only: a receiver that is down must not hold up the others while it is waited for.
            let slot = slots.acquire().await;
            let answered = timeout(settings.patience, target.post(body.clone(), &signature)).await;
            drop(slot);
            let reason = match answered {
                Ok(Ok(status)) if status.is_success() => {
                    book.delivered.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                Ok(Ok(status)) => format!("answered {}", status.as_u16()),
                Ok(Err(error)) => error,
                Err(_) => format!("no answer within {:?}", settings.patience),
            };
            match pauses.next() {
                Some(pause) => sleep(*pause).await,
                None => return book.fail(target.shown, reason, attempts),
            }
        }
    }
}

impl Book {
    fn fail(&self, url: String, reason: String, attempts: u32) {
        let mut undelivered = self.undelivered.lock().unwrap_or_else(PoisonError::into_inner);
        if undelivered.len() == MOST_REMEMBERED {
            undelivered.remove(0);
        }
        undelivered.push(UndeliveredCallback { url, reason, attempts });
    }
}

/// A place on this machine.
struct Target {
    address: SocketAddr,
    authority: String,
    path_and_query: String,
    shown: String,
}

impl Target {
    /// `Err` holds what may be shown of the URL and why nothing is sent there. Names are not looked up, so no
    /// answer of a name server can lead away from this machine.
    fn parse(text: &str) -> Result<Self, (String, &'static str)> {
        let Ok(url) = Url::parse(text) else { return Err((String::new(), "not a URL")) };
        let shown = url[..Position::AfterPath].to_owned();
        if url.scheme() != "http" {
            return Err((shown, "the sandbox sends callbacks over plain http only"));
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::from(ip),
            Some(Host::Ipv6(ip)) => IpAddr::from(ip),
            Some(Host::Domain(name)) if name.eq_ignore_ascii_case("localhost") => Ipv4Addr::LOCALHOST.into(),
            Some(Host::Domain(_)) | None => {
                return Err((shown, "the sandbox sends callbacks to this machine only"));
            }
        };
        if !ip.is_loopback() {
            return Err((shown, "the sandbox sends callbacks to this machine only"));
        }
        Ok(Self {
            address: SocketAddr::new(ip, url.port_or_known_default().unwrap_or(80)),
            authority: url[Position::BeforeHost..Position::AfterPort].to_owned(),
            path_and_query: url[Position::BeforePath..Position::AfterQuery].to_owned(),
            shown,
        })
    }

    /// One attempt. A redirect is an answer like any other that is not 2xx.
    async fn post(&self, body: Bytes, signature: &str) -> Result<StatusCode, String> {
        let stream = TcpStream::connect(self.address).await.map_err(|error| error.to_string())?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        let request = Request::post(&self.path_and_query)
            .header(header::HOST, &self.authority)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header("Cronofy-HMAC-SHA256", signature)
            .header("Cronofy-Sandbox", "not-cronofy")
            .body(Full::new(body))
            .map_err(|error| error.to_string())?;
        // The connection makes no progress unless it is polled. It can end in the very moment in which the answer
        // is complete, so its end is not the answer's.
        let mut answer = pin!(sender.send_request(request));
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            _ = connection => answer.await,
        };
        answer.map(|answer| answer.status()).map_err(|error| error.to_string())
    }
}

/// One digest per active secret, joined by a comma without a space (docs: push-notifications/authentication).
fn signature(body: &[u8], secrets: &[String]) -> String {
    let digests = secrets.iter().filter_map(|secret| {
        // HMAC takes keys of any length; the error type is for algorithms that do not.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(body);
        Some(STANDARD.encode(mac.finalize().into_bytes()))
    });
    digests.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    /// docs: push-notifications/authentication, and the SDKs of Ruby and PHP.
    #[test]
    fn signatures_are_those_of_the_published_examples() {
        let secrets = ["CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID", "pDY0Oi7TJSP2hfNmZNkm5", "clientSecret"];
        assert_eq!(
            signature(br#"{"example":"well-known"}"#, &secrets.map(str::to_owned)),
            "5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0=,6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c=,\
             QuGlxxssNDaxUjd6RY4wxGf+5KDrmobMmjkGQPtB3WQ="
        );
    }

    #[test]
    fn only_this_machine_is_sent_to() {
        for here in
            ["http://127.0.0.1:1/a?b=c", "http://localhost/a", "http://[::1]:9/", "http://2130706433/"]
        {
            assert!(Target::parse(here).is_ok(), "{here}");
        }
        for away in [
            "https://127.0.0.1/a",
            "http://192.0.2.1/",
            "http://169.254.169.254/latest",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost.example/",
            "http://0.0.0.0/",
            "nonsense",
        ] {
            assert!(Target::parse(away).is_err(), "{away}");
        }
    }

    #[test]
    fn what_is_remembered_has_no_query() {
        let Err((shown, _)) = Target::parse("https://hooks.example/a?key=hush") else {
            unreachable!("https is not sent to")
        };
        assert_eq!(shown, "https://hooks.example/a");
    }

    /// What becomes of one callback to a receiver that answers like this, however long it goes on.
    async fn attempt(answer: &'static [u8], forever: bool) -> Option<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let receiver = tokio::spawn(async move {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            while stream.write_all(answer).await.is_ok() && forever {}
            sleep(Duration::from_secs(60)).await;
        });
        let settings =
            Settings { delay: Duration::ZERO, retries: Vec::new(), patience: Duration::from_millis(300) };
        let callbacks = Callbacks::new(settings);
        callbacks.send(&url, &Value::Null, &["secret".to_owned()]);
        let over = async {
            while callbacks.delivered() == 0 && callbacks.undelivered().is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(10), over).await.expect("an attempt is bounded");
        receiver.abort();
        callbacks.undelivered().first().map(|failed| failed.reason.clone())
    }

    #[tokio::test]
    async fn no_receiver_holds_a_callback_for_ever() {
        assert_eq!(attempt(b"", false).await.as_deref(), Some("no answer within 300ms"));
        assert!(attempt(b"HTTP/1.1 200 OK\r\nX-Again: ", false).await.is_some(), "half a head");
        assert!(attempt(b"X-Again: again\r\n", true).await.is_some(), "no status, for ever");
        // The status is the answer: nobody reads what follows.
        let body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
        assert_eq!(attempt(body, false).await, None);
        let endless = b"HTTP/1.1 100 Continue\r\n\r\n";
        assert!(attempt(endless, true).await.is_some(), "provisional for ever");
    }
}
