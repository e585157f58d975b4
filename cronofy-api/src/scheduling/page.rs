//! What pages have in common on which somebody picks a time (`developers/api/scheduling/real-time-scheduling`,
//! `developers/api/scheduling/real-time-sequencing`).

use cronofy_auth_core::Limit;
use cronofy_types::{CalendarId, RedirectUri, Scopes, State, Sub};
use serde::Serialize;

use crate::availability::at_most_an_integer;
use crate::events::EventDetails;
use crate::time::Duration;
use crate::{EventId, Tzid};

/// A page on which somebody picks a time: for which event, in whose calendars, and how it looks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SchedulingPage {
    oauth: OAuth,
    pub(super) event: EventBody,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    target_calendars: Vec<TargetCalendar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatting: Option<Formatting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_notice: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selection_mode: Option<SelectionMode>,
}

/// Where somebody goes afterwards, and what is asked of those who add the event to a calendar of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct OAuth {
    pub(super) redirect_uri: RedirectUri,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scopes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<State>,
}

/// An event under the application's name for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct EventBody {
    pub(super) event_id: EventId,
    #[serde(flatten)]
    pub(super) details: EventDetails,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct TargetCalendar {
    sub: Sub,
    calendar_id: CalendarId,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Formatting {
    pub(super) hour_format: HourFormat,
}

/// How hours are written on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum HourFormat {
    /// From 1 to 12, twice a day.
    #[serde(rename = "h")]
    Twelve,
    /// From 0 to 23.
    #[serde(rename = "H")]
    TwentyFour,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum SelectionMode {
    NoConfirm,
}

impl SchedulingPage {
    /// A page for this event, of which all is said but when it is. Times are those of the zone. Who is done goes to the
    /// URL, with the page's [token](crate::SchedulingToken) as `token` in its query.
    pub fn new(redirect_uri: RedirectUri, event: EventId, tzid: Tzid, details: EventDetails) -> Self {
        Self {
            oauth: OAuth { redirect_uri, scope: None, state: None },
            event: EventBody { event_id: event, details: details.tzid(tzid) },
            target_calendars: Vec::new(),
            formatting: None,
            minimum_notice: None,
            selection_mode: None,
        }
    }

    /// What is asked of somebody who adds the event to a calendar of his or her own.
    pub fn scope(mut self, scope: Scopes) -> Self {
        self.oauth.scope = Some(scope);
        self
    }

    /// What the redirect is to be known again by.
    pub fn state(mut self, state: State) -> Self {
        self.oauth.state = Some(state);
        self
    }

    /// Puts the event into this calendar of this account, and into any others that are named.
    pub fn target(mut self, sub: Sub, calendar: CalendarId) -> Self {
        self.target_calendars.push(TargetCalendar { sub, calendar_id: calendar });
        self
    }

    /// Writes hours so.
    pub fn hour_format(mut self, hour_format: HourFormat) -> Self {
        self.formatting = Some(Formatting { hour_format });
        self
    }

    /// Offers no time that is closer than this.
    pub fn minimum_notice(mut self, notice: Duration) -> Self {
        self.minimum_notice = Some(notice);
        self
    }

    /// Takes a time at the first click, without asking again.
    pub fn without_confirmation(mut self) -> Self {
        self.selection_mode = Some(SelectionMode::NoConfirm);
        self
    }

    pub(super) fn check(&self) -> Result<(), Limit> {
        self.event.details.check()?;
        self.minimum_notice.map_or(Ok(()), |notice| at_most_an_integer("minimum_notice", notice, 0))
    }
}
