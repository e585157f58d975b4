//! `POST /v1/calendars`.
//!
//! Makes a calendar in a profile (`developers/api/calendars/create-calendar`). Needs the scope `create_calendar`, or a
//! bundle with it.
//!
//! A name that is there already is a 422 with `errors.duplicate_calendar_name` where the provider wants names to
//! differ; a profile that has to be relinked is a 423.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, Rule, read_json};
use cronofy_types::{ProfileId, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use crate::credential::{Caller, ForAccount};
use crate::events::is_color;

/// Makes a calendar.
#[derive(Debug, Clone)]
pub struct CreateCalendar {
    caller: Caller,
    profile: ProfileId,
    name: String,
    color: Option<String>,
}

impl CreateCalendar {
    /// Makes a calendar of this name in one of the account's profiles.
    pub fn new(who: impl ForAccount, profile: ProfileId, name: impl Into<String>) -> Self {
        Self { caller: who.into_caller(), profile, name: name.into(), color: None }
    }

    /// Its color, such as `#49BED8`. Outlook.com takes the nearest that it has, Exchange and Office 365 take none.
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.color = Some(color.into());
        self
    }

    fn check(&self) -> Result<(), Limit> {
        if self.name.is_empty() {
            return Err(Limit { parameter: "name", rule: Rule::NotEmpty });
        }
        match &self.color {
            Some(color) if !is_color(color) => Err(Limit { parameter: "color", rule: Rule::Color }),
            _ => Ok(()),
        }
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    profile_id: &'a ProfileId,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'a str>,
}

impl Endpoint for CreateCalendar {
    type Output = Calendar;

    // Where names need not differ, the second time makes a second calendar.
    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.check()?;
        let Self { caller, profile, name, color } = self;
        caller.post("/v1/calendars").json(&RequestBody { profile_id: profile, name, color: color.as_deref() })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Calendar, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            calendar: Calendar,
        }

        read_json("new calendar", &response, now).map(|body: ResponseBody| body.calendar)
    }
}
