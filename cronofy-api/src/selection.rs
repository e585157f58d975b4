//! What the lists of an account have in common, whatever is in them: a window, calendars, flags, and pages.

use bytes::Bytes;
use cronofy_auth_core::{Body, Error, NextPage, Outgoing, Page, Place};
use cronofy_types::{CalendarId, Extra, Pages};

use crate::Tzid;
use crate::credential::Caller;
use crate::time::{DateTime, Moment};

#[derive(Debug, Clone)]
pub(crate) struct Selection {
    caller: Caller,
    place: Place,
    pub(crate) tzid: Option<Tzid>,
    pub(crate) from: Option<Moment>,
    pub(crate) to: Option<Moment>,
    pub(crate) calendar_ids: Vec<CalendarId>,
    pub(crate) last_modified: Option<DateTime>,
    flags: Vec<&'static str>,
}

impl Selection {
    /// All that there is.
    pub(crate) fn new(caller: Caller) -> Self {
        Self {
            caller,
            place: Place::default(),
            tzid: None,
            from: None,
            to: None,
            calendar_ids: Vec::new(),
            last_modified: None,
            flags: Vec::new(),
        }
    }

    /// Says that something holds; saying it again adds nothing.
    pub(crate) fn flag(&mut self, name: &'static str) {
        if !self.flags.contains(&name) {
            self.flags.push(name);
        }
    }

    pub(crate) fn turn_to(&mut self, page: NextPage) {
        self.place.turn_to(page);
    }

    /// Asks for the page whose turn it is; for the first one, at this path.
    pub(crate) fn request(&self, path: &str) -> Result<http::Request<Body>, Error> {
        self.caller.page(&self.place, || self.first(path))?.build()
    }

    pub(crate) fn page<T>(
        &self,
        response: &http::Response<Bytes>,
        items: Vec<T>,
        pages: Pages,
        extra: Extra,
    ) -> Page<T> {
        self.place.page(self.caller.data_center(), response, items, pages).with_extra(extra)
    }

    fn first(&self, path: &str) -> Outgoing<'_> {
        let mut outgoing = self.caller.get(path);
        if let Some(tzid) = &self.tzid {
            outgoing = outgoing.query("tzid", tzid.as_str());
        }
        for (name, moment) in [("from", &self.from), ("to", &self.to)] {
            if let Some(moment) = moment {
                outgoing = outgoing.query(name, &moment.to_string());
            }
        }
        for calendar in &self.calendar_ids {
            outgoing = outgoing.query("calendar_ids[]", calendar.as_str());
        }
        if let Some(instant) = &self.last_modified {
            outgoing = outgoing.query("last_modified", &instant.to_string());
        }
        self.flags.iter().fold(outgoing, |outgoing, flag| outgoing.query(flag, "true"))
    }
}
