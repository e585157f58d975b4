//! `POST /v1/application_calendars`.
//!
//! A calendar that Cronofy hosts for an application without any user
//! (`developers/api/calendars/application-calendars`). The first call makes it, later ones open it again. It is
//! refreshed and revoked like any authorization.

use bytes::Bytes;
use cronofy_types::{ApplicationCalendarId, Timestamp, TokenResponse};
use serde::Serialize;

use crate::answer::read_with;
use crate::token::TokenSet;
use crate::{App, Body, Endpoint, Error, Outgoing};

/// Makes or opens an application calendar.
#[derive(Debug)]
pub struct ApplicationCalendar {
    app: App,
    id: ApplicationCalendarId,
}

impl ApplicationCalendar {
    /// The calendar that this application calls by this name.
    pub fn new(app: App, id: ApplicationCalendarId) -> Self {
        Self { app, id }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    application_calendar_id: &'a str,
}

impl Endpoint for ApplicationCalendar {
    type Output = TokenSet;

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        Outgoing::post(self.app.data_center(), "/v1/application_calendars").json(&RequestBody {
            client_id: self.app.client_id().as_str(),
            client_secret: self.app.client_secret().expose(),
            application_calendar_id: self.id.as_str(),
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<TokenSet, Error> {
        read_with(&response, now, TokenResponse::parse).map(|response| TokenSet::from_response(response, now))
    }
}
