//! `POST /v1/real_time_scheduling`.
//!
//! Makes a page on which somebody picks a time for an event, once (`developers/api/scheduling/real-time-scheduling`).
//! Cronofy then puts it into the calendars that were named. Nobody can be invited to it: `attendees` are not supported.
//! Calendars that are unknown, and whatever else the page cannot be made of, are a 422; a feature that the plan has not
//! is a 402.

use core::fmt;

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{CallbackUrl, RedirectUri, Timestamp};
use serde::Serialize;

use super::link::{LinkAnswer, SchedulingLink};
use super::page::SchedulingPage;
use crate::availability::AvailabilityQuery;
use crate::credential::{ApiKey, Caller, Sealed as _};
use crate::object::is_default;

/// Makes a page on which somebody picks a time.
#[derive(Clone)]
pub struct CreateSchedulingLink {
    caller: Caller,
    page: SchedulingPage,
    query: AvailabilityQuery,
    afterwards: Afterwards,
}

/// What happens when somebody is done.
#[derive(Clone, Default, Serialize)]
struct Afterwards {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_creation: Option<EventCreation>,
    #[serde(skip_serializing_if = "is_default")]
    redirect_urls: RedirectUrls,
    #[serde(skip_serializing_if = "is_default")]
    callback_urls: CallbackUrls,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum EventCreation {
    Single,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
struct RedirectUrls {
    #[serde(rename = "completed_url", skip_serializing_if = "Option::is_none")]
    completed: Option<RedirectUri>,
    #[serde(rename = "no_times_suitable_url", skip_serializing_if = "Option::is_none")]
    no_times_suitable: Option<RedirectUri>,
}

#[derive(Clone, PartialEq, Default, Serialize)]
struct CallbackUrls {
    #[serde(rename = "completed_url", skip_serializing_if = "Option::is_none")]
    completed: Option<CallbackUrl>,
    #[serde(rename = "no_times_suitable_url", skip_serializing_if = "Option::is_none")]
    no_times_suitable: Option<CallbackUrl>,
    #[serde(rename = "no_times_displayed_url", skip_serializing_if = "Option::is_none")]
    no_times_displayed: Option<CallbackUrl>,
}

impl CreateSchedulingLink {
    /// Offers the times that are found by this query.
    pub fn new(key: &ApiKey, page: SchedulingPage, query: AvailabilityQuery) -> Self {
        Self { caller: key.into_caller(), page, query, afterwards: Afterwards::default() }
    }

    /// Makes one event for all who come, rather than one in each calendar.
    pub fn as_one_event(mut self) -> Self {
        self.afterwards.event_creation = Some(EventCreation::Single);
        self
    }

    /// Takes whoever has picked a time to this URL.
    pub fn redirect_when_completed(mut self, url: RedirectUri) -> Self {
        self.afterwards.redirect_urls.completed = Some(url);
        self
    }

    /// Takes whoever says that no time suits to this URL.
    pub fn redirect_when_no_times_suit(mut self, url: RedirectUri) -> Self {
        self.afterwards.redirect_urls.no_times_suitable = Some(url);
        self
    }

    /// Calls this URL when a time is picked.
    pub fn call_when_completed(mut self, url: CallbackUrl) -> Self {
        self.afterwards.callback_urls.completed = Some(url);
        self
    }

    /// Calls this URL when somebody says that no time suits.
    pub fn call_when_no_times_suit(mut self, url: CallbackUrl) -> Self {
        self.afterwards.callback_urls.no_times_suitable = Some(url);
        self
    }

    /// Calls this URL when somebody is shown that there is no time.
    pub fn call_when_no_times_are_displayed(mut self, url: CallbackUrl) -> Self {
        self.afterwards.callback_urls.no_times_displayed = Some(url);
        self
    }
}

/// Without the URLs that are called: there may be a secret in them.
impl fmt::Debug for CreateSchedulingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, page, query, afterwards } = self;
        f.debug_struct("CreateSchedulingLink")
            .field("caller", caller)
            .field("page", page)
            .field("query", query)
            .field("event_creation", &afterwards.event_creation)
            .field("redirect_urls", &afterwards.redirect_urls)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    #[serde(flatten)]
    page: &'a SchedulingPage,
    availability: &'a AvailabilityQuery,
    #[serde(flatten)]
    afterwards: &'a Afterwards,
}

impl Endpoint for CreateSchedulingLink {
    type Output = SchedulingLink;

    // The second time there are two pages, of which nobody is told the first.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, page, query, afterwards } = self;
        page.check()?;
        page.event.details.check_nobody_is_invited()?;
        query.check()?;
        caller.post("/v1/real_time_scheduling").json(&RequestBody { page, availability: query, afterwards })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<SchedulingLink, Error> {
        read_json("scheduling link", &response, now)
            .map(|LinkAnswer { real_time_scheduling, .. }| real_time_scheduling)
    }
}
