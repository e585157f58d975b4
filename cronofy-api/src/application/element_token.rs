//! `POST /v1/element_tokens`.
//!
//! A token for a UI element in one of the application's pages (`developers/ui-elements/authentication`).

use core::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::internal::null_is_default;
use cronofy_types::{ElementToken, Extra, Sub, Timestamp, open_enum, open_enum_from_any_text};
use serde::{Deserialize, Serialize};

use crate::BookableEventId;
use crate::credential::{ApiKey, Caller, Sealed};

/// The one version that there is.
const VERSION: &str = "1";

/// Asks for a token.
#[derive(Debug, Clone)]
pub struct CreateElementToken {
    caller: Caller,
    origin: String,
    permissions: Vec<ElementPermission>,
    subs: Vec<Sub>,
    bookable_events: Vec<BookableEventId>,
}

open_enum! {
    /// What a UI element needs to be permitted.
    pub enum ElementPermission {
        /// Of the agenda.
        Agenda = "agenda",
        /// Of the calendars that an account is connected to.
        AccountManagement = "account_management",
        /// Of the availability viewer and the slot picker.
        Availability = "availability",
        /// Of availability rules.
        ManagedAvailability = "managed_availability",
    }
}
open_enum_from_any_text!(ElementPermission);

impl CreateElementToken {
    /// A token with this permission that works in pages of this origin: scheme, host and port, such as
    /// `https://app.example`, and not the whole URL of a page.
    pub fn new(key: &ApiKey, origin: impl Into<String>, permission: ElementPermission) -> Self {
        Self {
            caller: key.into_caller(),
            origin: origin.into(),
            permissions: vec![permission],
            subs: Vec::new(),
            bookable_events: Vec::new(),
        }
    }

    /// With this permission too.
    pub fn and(mut self, permission: ElementPermission) -> Self {
        self.permissions.push(permission);
        self
    }

    /// Reaches this account, and any others that are named. Most elements are of one; those about availability may be
    /// of many.
    pub fn account(mut self, sub: Sub) -> Self {
        self.subs.push(sub);
        self
    }

    /// Reaches this bookable event, and any others that are named.
    pub fn bookable_event(mut self, event: BookableEventId) -> Self {
        self.bookable_events.push(event);
        self
    }
}

/// A token, and what it is good for.
///
/// The token is in no log, and [exposed](ElementToken::expose) where the page is written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GrantedElementToken {
    /// What the element is given.
    pub token: ElementToken,
    /// Until when it works, as far as the answer says.
    pub expires_at: Option<Timestamp>,
    /// What it is permitted.
    pub permissions: Vec<ElementPermission>,
    /// Where it works.
    pub origin: Option<String>,
    /// Members that this version has no name for.
    pub extra: Extra,
}

#[derive(Serialize)]
struct RequestBody<'a> {
    version: &'static str,
    permissions: &'a [ElementPermission],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    subs: &'a [Sub],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    bookable_event_ids: &'a [BookableEventId],
    origin: &'a str,
}

#[derive(Deserialize)]
struct ResponseBody {
    element_token: Granted,
}

/// Not an `object!`, which could be written as well.
#[derive(Deserialize)]
struct Granted {
    token: ElementToken,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "null_is_default")]
    permissions: Vec<ElementPermission>,
    #[serde(default)]
    origin: Option<String>,
    #[serde(flatten)]
    extra: Extra,
}

impl Endpoint for CreateElementToken {
    type Output = GrantedElementToken;

    // A second token besides a lost one does no harm: it dies within a day.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, origin, permissions, subs, bookable_events } = self;
        caller.post("/v1/element_tokens").json(&RequestBody {
            version: VERSION,
            permissions,
            subs,
            bookable_event_ids: bookable_events,
            origin,
        })
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<GrantedElementToken, Error> {
        let ResponseBody { element_token } = read_json("element token", &response, now)?;
        let Granted { token, expires_in, permissions, origin, extra } = element_token;
        let expires_at = expires_in.map(|seconds| now.saturating_add(Duration::from_secs(seconds)));
        Ok(GrantedElementToken { token, expires_at, permissions, origin, extra })
    }
}
