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
//!
//! ```
//! use cronofy_auth_core::delegate::{self, DelegationRequest, Resumed};
//! use cronofy_auth_core::types::{
//!     AccessToken, CallbackUrl, ClientId, ClientSecret, DataCenter, DelegationCallback, EmailAddress, Scope,
//!     Scopes, State, Timestamp, Verified,
//! };
//! use cronofy_auth_core::{App, Endpoint};
//!
//! let app = App::new(ClientId::new("id")?, ClientSecret::new("CRN_example")?, DataCenter::Us);
//! let now = Timestamp::from_unix_seconds(1_930_385_700);
//! let request = |email: &str, state: &str| -> Result<_, cronofy_auth_core::types::InvalidValue> {
//!     Ok(DelegationRequest::new(
//!         EmailAddress::new(email)?,
//!         CallbackUrl::new("https://app.example/cronofy")?,
//!         Scopes::from([Scope::ReadWrite]),
//!         State::new(state)?, // from a secure random source
//!     ))
//! };
//! let requests = [request("room-1@example.com", "r1")?, request("ines@example.com", "r2")?];
//! let service_account = AccessToken::new("its access token")?;
//! let (call, mut pending) = delegate::enterprise(&app, service_account, &requests, now)?;
//! // Store `pending`, then drive `call.call()`.
//! assert_eq!(call.request()?.uri().path(), "/v1/service_account_authorizations");
//!
//! // A callback: `cronofy-webhook` verifies it and gives out the proof.
//! # let body = br#"{"authorization":{"code":"c0d3","state":"r2"}}"#;
//! # let verified = Verified::vouched_for_elsewhere(body);
//! let callback = DelegationCallback::parse(&verified)?;
//! let pending = pending.remove(1); // found by the callback's state
//! let Resumed::Granted(exchange) = pending.resume(callback, &app, now)? else { unreachable!() };
//! assert_eq!(exchange.call().endpoint().code().expose(), "c0d3");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod business;
mod enterprise;
mod pending;

pub use business::{DelegatedAuthorization, business};
pub use enterprise::{MAX_BATCH, ServiceAccountAuthorizations, enterprise};
pub use pending::{
    DelegationRequest, DelegationResumeError, NotDelegated, NotMatched, PendingDelegation, Resumed, Through,
};
