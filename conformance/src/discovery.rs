//! Kinds `accessible_calendars` and `resources`.

use cronofy_auth_core::discovery::{AccessibleCalendarsOf, ResourcesOf};
use cronofy_auth_core::types::{AccessibleCalendar, ProfileId, Resource};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Instead};
use crate::exchange::exchange;
use crate::given::{Bearer, Response};

#[derive(Deserialize)]
pub(crate) struct AccessibleCalendars {
    #[serde(flatten)]
    bearer: Bearer,
    profile_id: String,
    response: Response,
}

pub(crate) fn accessible_calendars(input: AccessibleCalendars) -> Result<Answer, Instead> {
    let (data_center, token) = input.bearer.token()?;
    let call = AccessibleCalendarsOf::new(data_center, token, ProfileId::new(input.profile_id)?);
    let item = |calendar: AccessibleCalendar| {
        json!({
            "calendar_type": calendar.calendar_type.as_str(),
            "email": calendar.email,
            "name": calendar.name,
        })
    };
    exchange(call, input.response, |calendars| {
        Answer::of("items", calendars.into_iter().map(item).collect::<Value>())
    })
}

#[derive(Deserialize)]
pub(crate) struct Resources {
    #[serde(flatten)]
    bearer: Bearer,
    response: Response,
}

pub(crate) fn resources(input: Resources) -> Result<Answer, Instead> {
    let (data_center, token) = input.bearer.token()?;
    let item = |resource: Resource| json!({ "email": resource.email, "name": resource.name });
    exchange(ResourcesOf::new(data_center, token), input.response, |resources| {
        Answer::of("items", resources.into_iter().map(item).collect::<Value>())
    })
}
