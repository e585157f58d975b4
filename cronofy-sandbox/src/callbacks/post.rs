//! One attempt: an HTTP request, and the status of its answer.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::place::{Target, look_up};

/// What goes over the wire.
pub(super) struct Post {
    pub(super) target: Target,
    pub(super) body: Bytes,
    /// `None` where a fault leaves it out.
    pub(super) signature: Option<String>,
}

/// The header that every callback carries, and no other request.
pub(crate) const MARK: &str = "cronofy-sandbox";

/// Why there is no answer.
enum Trouble {
    /// The process has no socket left. That is not the receiver's fault, so it counts as no attempt.
    Exhausted,
    Failed(String),
}

/// How long to wait for a socket that somebody else closes.
const BREATH: Duration = Duration::from_millis(50);

impl Post {
    /// The status of the answer, or why none came within `patience`.
    pub(super) async fn attempt(&self, patience: Duration) -> Result<StatusCode, String> {
        loop {
            match timeout(patience, self.exchange()).await {
                Ok(Ok(status)) => return Ok(status),
                Ok(Err(Trouble::Failed(why))) => return Err(why),
                Ok(Err(Trouble::Exhausted)) => sleep(BREATH).await,
                Err(_) => return Err(format!("no answer within {patience:?}")),
            }
        }
    }

    /// A redirect is an answer like any other that is not 2xx.
    async fn exchange(&self) -> Result<StatusCode, Trouble> {
        let stream = connect(&self.target.addresses(look_up).await?).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let mut request = Request::post(&self.target.path_and_query)
            .header(header::HOST, &self.target.authority)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(MARK, "not-cronofy");
        if let Some(signature) = &self.signature {
            request = request.header("Cronofy-HMAC-SHA256", signature);
        }
        let request = request.body(Full::new(self.body.clone()))?;
        // The connection makes no progress unless it is polled. It can end in the very moment in which the answer
        // is complete, so its end is not the answer's.
        let mut answer = pin!(sender.send_request(request));
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            _ = connection => answer.await,
        };
        Ok(answer?.status())
    }
}

/// A connection to the first of `addresses` that takes one.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Trouble> {
    let mut trouble = Trouble::Failed("the name has no address".to_owned());
    for address in addresses {
        match socket(*address)?.connect(*address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => trouble = error.into(),
        }
    }
    Err(trouble)
}

fn socket(address: SocketAddr) -> Result<TcpSocket, Trouble> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    // A machine without IPv6 has no socket for that, and still others.
    socket.map_err(|error| if TcpSocket::new_v4().is_err() { Trouble::Exhausted } else { error.into() })
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<hyper::Error> for Trouble {
    fn from(error: hyper::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<http::Error> for Trouble {
    fn from(error: http::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::super::place::Places;
    use super::*;

    /// What an attempt sees of a receiver that answers like this, however long it goes on.
    async fn attempt(answer: &'static [u8], forever: bool) -> Result<StatusCode, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let receiver = tokio::spawn(async move {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            while stream.write_all(answer).await.is_ok() && forever {}
            sleep(Duration::from_secs(60)).await;
        });
        let target = Places::default().admit(&url).expect("this machine");
        let post = Post { target, body: Bytes::from_static(b"{}"), signature: None };
        let attempt = post.attempt(Duration::from_millis(300));
        let outcome = timeout(Duration::from_secs(10), attempt).await.expect("an attempt is bounded");
        receiver.abort();
        outcome
    }

    #[tokio::test]
    async fn no_receiver_holds_a_callback_for_ever() {
        assert_eq!(attempt(b"", false).await, Err("no answer within 300ms".to_owned()));
        assert!(attempt(b"HTTP/1.1 200 OK\r\nX-Again: ", false).await.is_err(), "half a head");
        assert!(attempt(b"X-Again: again\r\n", true).await.is_err(), "no status, for ever");
        // The status is the answer: nobody reads what follows.
        let body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
        assert_eq!(attempt(body, false).await, Ok(StatusCode::OK));
        let endless = b"HTTP/1.1 100 Continue\r\n\r\n";
        assert!(attempt(endless, true).await.is_err(), "provisional for ever");
    }
}
