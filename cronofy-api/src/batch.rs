//! Several writes in one request: of events, in whatever calendars of an account, and of the periods in which it can
//! be booked.
//!
//! The calls are those that are sent by themselves, in a tuple, in a list, or in lists within a tuple; what comes of
//! them comes in the same form. That some fail and others do not is no error but the answer:
//!
//! ```
//! use cronofy_api::batch::{MOST_ENTRIES, SendBatch, Write};
//! use cronofy_api::core::{BlockingTransport, Endpoint, drive_blocking};
//! use cronofy_api::events::{DeleteEvent, UpsertEvent};
//!
//! # #[allow(unused)]
//! fn replace<T: BlockingTransport>(
//!     transport: &T,
//!     old: Vec<DeleteEvent>,
//!     new: UpsertEvent,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let (deleted, made) = drive_blocking(transport, SendBatch::new((old, new)).call())?;
//!     made?;
//!     for refused in deleted.into_iter().filter_map(Result::err) {
//!         eprintln!("still there: {refused}");
//!     }
//!     Ok(())
//! }
//!
//! # #[allow(unused)]
//! /// Any number of writes of any kind, in their order; those that failed are given back.
//! fn send_all<T: BlockingTransport>(
//!     transport: &T,
//!     writes: &[Write],
//! ) -> Result<Vec<Write>, Box<dyn std::error::Error>> {
//!     let mut failed = Vec::new();
//!     for writes in writes.chunks(MOST_ENTRIES) {
//!         let answers = drive_blocking(transport, SendBatch::new(writes.to_vec()).call())?;
//!         failed.extend(writes.iter().zip(answers).filter(|(_, answer)| answer.is_err()).map(|(write, _)| write.clone()));
//!     }
//!     Ok(failed)
//! }
//! ```

mod entries;
mod parts;
mod send;
mod write;

pub use entries::{Entries, Entry};
pub(crate) use entries::{SealedEntry, entry};
pub use send::{MOST_ENTRIES, SendBatch};
pub use write::Write;
