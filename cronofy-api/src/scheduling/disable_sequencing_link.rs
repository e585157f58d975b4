//! `POST /v1/real_time_sequencing/{id}/disable`.
//!
//! Takes a page back on which nobody has picked times yet
//! (`developers/api-alpha/sequenced-scheduling/real-time-sequencing/disable`). One that is unknown is a 404; with which
//! error one is refused where times were picked, nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::Timestamp;

use super::farewell::Farewell;
use super::sequencing_link::{SequencingAnswer, SequencingLink};
use crate::SequencingLinkId;
use crate::credential::{ApiKey, Caller, Sealed as _};

/// Takes a page for a sequence back.
#[derive(Debug, Clone)]
pub struct DisableSequencingLink {
    caller: Caller,
    link: SequencingLinkId,
    farewell: Farewell,
}

impl DisableSequencingLink {
    /// Shows this text there from now on: of at most 500 characters, plain, with its lines as they are.
    pub fn new(key: &ApiKey, link: SequencingLinkId, message: impl Into<String>) -> Self {
        Self { caller: key.into_caller(), link, farewell: Farewell::new(message) }
    }
}

impl Endpoint for DisableSequencingLink {
    /// The page as it is now.
    type Output = SequencingLink;

    // What was taken back stays so.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.farewell.check()?;
        let outgoing = self.caller.post("/v1/real_time_sequencing/").segment(self.link.as_str());
        outgoing.path("/disable").json(&self.farewell)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SequencingLink, Error> {
        read_json("sequencing link", &response, now)
            .map(|SequencingAnswer { real_time_sequencing, .. }| real_time_sequencing)
    }
}
