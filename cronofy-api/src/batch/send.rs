//! `POST /v1/batch`.
//!
//! Several writes in one request (`developers/api/batch`): at most 50, each under the scope and the plan that it would
//! need by itself. They are answered one by one, in a 207. Whether each counts towards the rate limit nobody says.
//!
//! Nobody promises that they are done in their order: what depends on another entry belongs into another batch.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, Rule, Unsendable, read_with};
use cronofy_types::{ParseError, Timestamp, from_json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entries::Entries;
use super::parts::{Part, PartsIn, PartsOut};

/// How many calls a batch may hold.
pub const MOST_ENTRIES: usize = 50;

/// Sends several calls at once. They have to be of one account, by one credential, which is the batch's too.
///
/// An entry that failed is not tried again: not even where a [`RetryPolicy`](crate::core::RetryPolicy) would do so,
/// had it been sent by itself.
#[derive(Debug, Clone)]
pub struct SendBatch<E> {
    entries: E,
}

impl<E: Entries> SendBatch<E> {
    /// Sends these calls.
    pub fn new(entries: E) -> Self {
        Self { entries }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    batch: &'a [Part],
}

impl<E: Entries> Endpoint for SendBatch<E> {
    /// What came of each.
    type Output = E::Answers;

    // As its entries are.
    const REPEATABLE: bool = E::REPEATABLE;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let mut out = PartsOut::default();
        self.entries.write(&mut out).map_err(|error| match error {
            Error::Unsendable(reason) => {
                Unsendable::Part { entry: out.parts.len(), reason: reason.into() }.into()
            }
            error => error,
        })?;
        Limit::items("batch", &out.parts, MOST_ENTRIES)?;
        let caller = out.caller.ok_or(Limit { parameter: "batch", rule: Rule::NotEmpty })?;
        caller.post("/v1/batch").json(&RequestBody { batch: &out.parts })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<E::Answers, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            batch: Vec<Value>,
        }

        const WHAT: &str = "answer to a batch";
        read_with(&response, now, |body| {
            let ResponseBody { batch } = from_json(WHAT, body)?;
            let mut parts = PartsIn::new(batch, now);
            let answers = self.entries.read(&mut parts);
            // Else nobody knows whose they are.
            if parts.is_even() { Ok(answers) } else { Err(ParseError::member(WHAT, "batch")) }
        })
    }
}
