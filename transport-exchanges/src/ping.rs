//! A call that is its own: any 2xx with the body `"pong"` in JSON.

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};

/// An endpoint that may not be called twice, as a code exchange may not.
#[derive(Debug)]
pub struct Ping {
    url: String,
}

impl Ping {
    /// Calls `/ping` there.
    pub fn new(url: &str) -> Self {
        Self { url: format!("{url}/ping") }
    }
}

impl Endpoint for Ping {
    type Output = String;

    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Ok(http::Request::post(&self.url).body(Body::new(b"ping".to_vec())).unwrap())
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<String, Error> {
        read_json("pong", &response, now)
    }
}
