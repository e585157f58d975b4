//! `POST /v1/add_to_calendar`.
//!
//! Makes a page on which somebody adds an event to a calendar of his or her own, having authorized the application
//! there. Known from Cronofy's own clients alone, which send client id and secret in the body, and disagree on how the
//! answer calls the page: `url` or `oauth_url`. What refusals there are nobody says.

use bytes::Bytes;
use cronofy_auth_core::{App, Body, Endpoint, Error, Outgoing, read_json};
use cronofy_types::{RedirectUri, Scopes, State, Timestamp};
use serde::Serialize;

use super::page::{EventBody, Formatting, HourFormat, OAuth};
use crate::EventId;
use crate::events::{EventDetails, EventSpan};
use crate::object::object;

/// Makes a page on which somebody adds an event to a calendar.
#[derive(Debug, Clone)]
pub struct AddToCalendar {
    app: App,
    oauth: OAuth,
    event: EventBody,
    span: EventSpan,
    formatting: Option<Formatting>,
}

impl AddToCalendar {
    /// Offers this event. Who is done goes to the URL.
    pub fn new(
        app: App,
        redirect_uri: RedirectUri,
        event: EventId,
        span: impl Into<EventSpan>,
        details: EventDetails,
    ) -> Self {
        Self {
            app,
            oauth: OAuth { redirect_uri, scope: None, state: None },
            event: EventBody { event_id: event, details },
            span: span.into(),
            formatting: None,
        }
    }

    /// What the application is to be authorized for.
    pub fn scope(mut self, scope: Scopes) -> Self {
        self.oauth.scope = Some(scope);
        self
    }

    /// What the redirect is to be known again by.
    pub fn state(mut self, state: State) -> Self {
        self.oauth.state = Some(state);
        self
    }

    /// Writes hours so.
    pub fn hour_format(mut self, hour_format: HourFormat) -> Self {
        self.formatting = Some(Formatting { hour_format });
        self
    }
}

object! {
    /// A page on which somebody adds an event to a calendar, under the one name or the other.
    pub struct AddToCalendarLink {
        /// Where it is.
        url: Option<String> = text,
        /// Where it is.
        oauth_url: Option<String> = text,
    }
}

impl AddToCalendarLink {
    /// Where it is, whatever it is called.
    pub fn page(&self) -> Option<&str> {
        self.url.as_deref().or(self.oauth_url.as_deref())
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    oauth: &'a OAuth,
    event: TimedEvent<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formatting: Option<Formatting>,
}

#[derive(Serialize)]
struct TimedEvent<'a> {
    #[serde(flatten)]
    event: &'a EventBody,
    #[serde(flatten)]
    span: &'a EventSpan,
}

impl Endpoint for AddToCalendar {
    type Output = AddToCalendarLink;

    // The second time there are two pages, of which nobody is told the first.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { app, oauth, event, span, formatting } = self;
        span.check()?;
        event.details.check()?;
        Outgoing::post(app.data_center(), "/v1/add_to_calendar").json(&RequestBody {
            client_id: app.client_id().as_str(),
            client_secret: app.client_secret().expose(),
            oauth,
            event: TimedEvent { event, span },
            formatting: *formatting,
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<AddToCalendarLink, Error> {
        read_json("link to add an event", &response, now)
    }
}
