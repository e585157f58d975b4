//! `GET /v1/free_busy` and `GET /v1/free_busy/pages/{page_id}`.
//!
//! When an account is busy, in all of its calendars, page after page (`developers/api/events/free-busy`). The window
//! is that of [`ReadEvents`](crate::events::ReadEvents). Needs the scope `read_free_busy`, or one that it is in:
//! `read_events`, `free_busy`, `free_busy_write`.
//!
//! An unknown `tzid` is a 422, a page that is no longer there a 404.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, NextPage, Page, Paged, read_json};
use cronofy_types::{CalendarId, Timestamp, Userinfo};

use super::account::AccountProfiles;
use super::time::{FreeBusyPage, FreeBusyTime};
use crate::Tzid;
use crate::credential::ForAccount;
use crate::selection::Selection;
use crate::time::{DateTime, Moment};

/// Asks for one page of times; [`pages`](crate::core::pages) and its likes ask for those that follow.
#[derive(Debug, Clone)]
pub struct ReadFreeBusy(Selection);

impl ReadFreeBusy {
    /// Asks for the times of an account; from 42 days ago until 201 days from now, if nothing else is said. Those of
    /// the application's own events are not among them: see [`for_account`](Self::for_account).
    ///
    /// Days are those of the zone `tzid`, also where events of whole days are set against the window.
    pub fn new(who: impl ForAccount, tzid: Tzid) -> Self {
        let mut all = Selection::new(who.into_caller());
        all.tzid = Some(tzid);
        Self(all)
    }

    /// Asks about the whole of the account that this userinfo is of: the calendars of each profile, and the
    /// application's own events, of which nobody else knows until an invitation is accepted.
    ///
    /// A calendar that came to be after the userinfo is not asked about, so it should be a fresh one. Where it
    /// cannot name all calendars yet, none is named, which means all.
    pub fn for_account(mut self, userinfo: &Userinfo) -> Self {
        let calendars = AccountProfiles::of(userinfo).calendars();
        self.0.calendar_ids = calendars.into_iter().flatten().cloned().collect();
        self.including_managed()
    }

    /// Asks for times that end on this day or after it, or at this instant or after it.
    pub fn from(mut self, from: impl Into<Moment>) -> Self {
        self.0.from = Some(from.into());
        self
    }

    /// Asks for times that start before this day, or this instant. Those that start on it are left out.
    pub fn to(mut self, to: impl Into<Moment>) -> Self {
        self.0.to = Some(to.into());
        self
    }

    /// Asks for the times of this calendar and of any others that are named. Without any, all are meant.
    pub fn calendar(mut self, calendar: CalendarId) -> Self {
        self.0.calendar_ids.push(calendar);
        self
    }

    /// Asks for what changed at this instant or after it.
    pub fn modified_since(mut self, instant: impl Into<DateTime>) -> Self {
        self.0.last_modified = Some(instant.into());
        self
    }

    /// Asks for the times of the application's own events too; without a window, for all of them there ever were.
    pub fn including_managed(self) -> Self {
        self.flag("include_managed")
    }

    /// Asks for times too at which something stands that leaves its owner free. Whether they come without being
    /// asked for, the documentation and Cronofy's clients disagree.
    pub fn including_free(self) -> Self {
        self.flag("include_free")
    }

    /// Asks for the times of deleted events too.
    pub fn including_deleted(self) -> Self {
        self.flag("include_deleted")
    }

    /// Asks for the names of the events.
    pub fn with_ids(self) -> Self {
        self.flag("include_ids")
    }

    /// Asks for times with the zone of the event and its offset.
    pub fn localized(self) -> Self {
        self.flag("localized_times")
    }

    fn flag(mut self, name: &'static str) -> Self {
        self.0.flag(name);
        self
    }
}

impl Endpoint for ReadFreeBusy {
    type Output = Page<FreeBusyTime>;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.request("/v1/free_busy")
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Page<FreeBusyTime>, Error> {
        let FreeBusyPage { pages, free_busy, extra } = read_json("free/busy page", &response, now)?;
        Ok(self.0.page(&response, free_busy, pages, extra))
    }
}

impl Paged for ReadFreeBusy {
    type Item = FreeBusyTime;

    fn at(mut self, page: NextPage) -> Self {
        self.0.turn_to(page);
        self
    }
}
