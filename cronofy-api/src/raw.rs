//! Answers that are handed out unread.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_with};
use cronofy_types::Timestamp;

/// A call whose answer comes as it is, for whoever reads it in a borrowed form, or keeps it. A refusal is an error as
/// ever.
///
/// ```
/// use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
/// use cronofy_api::events::{EventsPageRef, ReadEvents};
/// use cronofy_api::Raw;
///
/// # #[allow(unused)]
/// fn summaries<T: BlockingTransport>(transport: &T, events: ReadEvents) -> Result<(), Box<dyn std::error::Error>> {
///     let body = drive_blocking(transport, Raw(events).call())?;
///     for event in EventsPageRef::parse(&body)?.events {
///         println!("{:?}", event.summary);
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Raw<E>(pub E);

impl<E: Endpoint> Endpoint for Raw<E> {
    type Output = Bytes;

    const REPEATABLE: bool = E::REPEATABLE;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.request()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Bytes, Error> {
        read_with(&response, now, |_| Ok(()))?;
        Ok(response.into_body())
    }
}
