//! Reaching the calendars of others, without them at the keyboard.
//!
//! ```text
//!  enterprise(service account's token, 1 to 50 requests) --+
//!                                                          +-- Call, 202 --> PendingDelegation, one a request
//!  business(primary account's token, one request) ---------+                   |
//!                                                  DelegationCallback ---------+-- resume()
//!                                                                        Resumed::Granted(TokenExchange)
//!                                                                        Resumed::Failed(DelegationFailure)
//! ```
//!
//! Keep the pending values before the call is sent: the callback may be quicker than the answer.

mod business;
mod enterprise;
mod pending;

pub use business::{DelegatedAuthorization, business};
pub use enterprise::{MAX_BATCH, ServiceAccountAuthorizations, enterprise};
pub use pending::{
    DelegationRequest, DelegationResumeError, NotDelegated, NotMatched, PendingDelegation, Resumed, Through,
};
