//! reqwest as a `Transport`. An application that has a `reqwest::Client` already needs no more than this.
//!
//! `cargo run --example reqwest -- ACCESS_TOKEN` asks Cronofy whose token it is; for that, turn on one of
//! reqwest's TLS features.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::types::{AccessToken, DataCenter, Timestamp};
use cronofy_auth_core::{Body, Endpoint, Fault, Transport, TransportError, drive};

/// Made by [`client`], which turns off what reqwest does unasked.
pub(crate) struct Reqwest {
    pub(crate) client: reqwest::Client,
    pub(crate) body_limit: usize,
}

/// No redirects, no proxy from the environment, and a deadline for everything, the body included.
pub(crate) fn client(deadline: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(deadline)
        .connect_timeout(deadline / 2)
        .user_agent("my-app/1.2")
        .build()
}

impl Transport for Reqwest {
    type Error = ReqwestError;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, ReqwestError> {
        let request = reqwest::Request::try_from(request.map(Body::into_bytes))?;
        // Finds out first which of its connections the server has closed: a request on one of those would be lost.
        tokio::task::yield_now().await;
        let mut answer = self.client.execute(request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if chunk.len() > self.body_limit - body.len() {
                return Err(ReqwestError::BodyTooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let (head, _) = http::Response::<reqwest::Body>::from(answer).into_parts();
        Ok(http::Response::from_parts(head, body.into()))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReqwestError {
    #[error("no answer came")]
    Reqwest(#[source] reqwest::Error),
    #[error("the body of the answer is too long")]
    BodyTooLong,
}

impl From<reqwest::Error> for ReqwestError {
    /// The URL is left out: its query may hold what belongs in no log.
    fn from(error: reqwest::Error) -> Self {
        Self::Reqwest(error.without_url())
    }
}

impl TransportError for ReqwestError {
    fn fault(&self) -> Fault {
        match self {
            Self::Reqwest(error) if error.is_connect() || error.is_builder() => Fault::NotSent,
            Self::Reqwest(_) | Self::BodyTooLong => Fault::Unknown,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = AccessToken::new(std::env::args().nth(1).ok_or("give an access token")?)?;
    let transport = Reqwest { client: client(Duration::from_secs(30))?, body_limit: 1024 * 1024 };
    let userinfo = drive(&transport, UserinfoOf::new(DataCenter::Us, token).call()).await?;
    assert!(!userinfo.sub.as_str().is_empty());
    Ok(())
}
