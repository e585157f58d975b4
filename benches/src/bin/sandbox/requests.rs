//! Requests as bytes, and what is taken out of answers.

use std::net::SocketAddr;

use bytes::Bytes;
use cronofy_sandbox::{AutoConsent, Builder, Sandbox};
use serde_json::Value;

use crate::client::Client;

const REDIRECT_URI: &str = "http%3A%2F%2F127.0.0.1%3A9%2Fcallback";

/// What every request of one application needs.
#[derive(Clone)]
pub(crate) struct Application {
    credentials: String,
    client_id: String,
    pub(crate) server: SocketAddr,
}

impl Application {
    pub(crate) fn of(sandbox: &Sandbox) -> Result<Self, std::net::AddrParseError> {
        let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
        Ok(Self {
            credentials: format!("client_id={id}&client_secret={secret}"),
            client_id: id.to_owned(),
            server: sandbox.api_url().trim_start_matches("http://").parse()?,
        })
    }

    /// A person who agrees at once.
    pub(crate) fn authorize(&self) -> Bytes {
        self.consent("/oauth/authorize", "scope=read_write")
    }

    /// An administrator who agrees at once.
    pub(crate) fn authorize_domain(&self) -> Bytes {
        let scope = "scope=service_account%2Faccounts%2Fmanage&delegated_scope=read_write";
        self.consent("/enterprise_connect/oauth/authorize", scope)
    }

    fn consent(&self, path: &str, scope: &str) -> Bytes {
        let id = &self.client_id;
        get(
            &format!("{path}?response_type=code&client_id={id}&redirect_uri={REDIRECT_URI}&{scope}&state=s"),
            "",
        )
    }

    pub(crate) fn exchange(&self, code: &str) -> Bytes {
        let credentials = &self.credentials;
        post(
            "/oauth/token",
            "",
            "application/x-www-form-urlencoded",
            &format!("{credentials}&grant_type=authorization_code&code={code}&redirect_uri={REDIRECT_URI}"),
        )
    }

    pub(crate) fn refresh(&self, token: &str) -> Bytes {
        let credentials = &self.credentials;
        post(
            "/oauth/token",
            "",
            "application/x-www-form-urlencoded",
            &format!("{credentials}&grant_type=refresh_token&refresh_token={token}"),
        )
    }

    /// Goes through the flow that `consent` begins, and gives the answer to the exchange.
    pub(crate) async fn connect(&self, consent: &[u8]) -> std::io::Result<Value> {
        let mut client = Client::connect(self.server).await?;
        let code = code(client.ask(consent, "302").await?).unwrap_or_default();
        let answer = client.ask(&self.exchange(&code), "200").await?;
        Ok(serde_json::from_str(body(answer))?)
    }
}

/// A sandbox in which everybody agrees at once.
pub(crate) fn sandbox() -> Builder {
    Sandbox::builder().seed(7).auto_consent(AutoConsent::Auto)
}

pub(crate) fn userinfo(token: &str) -> Bytes {
    get("/v1/userinfo", token)
}

/// Reaches one user of the first domain, with a callback to `callback_url`.
pub(crate) fn delegate(token: &str, email: &str, callback_url: &str) -> Bytes {
    let body = serde_json::json!({
        "email": email, "callback_url": callback_url, "scope": "read_write", "state": "s",
    });
    post("/v1/service_account_authorizations", token, "application/json", &body.to_string())
}

fn get(target: &str, token: &str) -> Bytes {
    format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{}\r\n", bearer(token)).into()
}

fn post(target: &str, token: &str, kind: &str, body: &str) -> Bytes {
    let (length, bearer) = (body.len(), bearer(token));
    format!(
        "POST {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{bearer}content-type: {kind}\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into()
}

fn bearer(token: &str) -> String {
    if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") }
}

/// The code in a redirect.
pub(crate) fn code(answer: &str) -> Option<String> {
    let location = answer.lines().find(|line| line.starts_with("location: "))?;
    let (_, code) = location.split_once("code=")?;
    code.split('&').next().map(str::to_owned)
}

pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}
