//! One event of an answer (docs: events/read-events).

use serde_json::{Map, Value, json};

use super::options::Options;
use super::rules;
use crate::api::selection::Found;
use crate::api::time;
use crate::calendars::{Conferencing, Event, Location, Person, Transparency, When, bounds};
use crate::wire::Fields;

/// What a query adds to rows, and for whom they are.
pub(super) struct Rows<'a> {
    client_id: &'a str,
    tzid: &'a str,
    localized_times: bool,
    include_geo: bool,
    google_event_ids: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(query: &Fields<'_>, tzid: &'a str, client_id: &'a str) -> Self {
        Self {
            client_id,
            tzid,
            localized_times: query.flag("localized_times"),
            include_geo: query.flag("include_geo"),
            google_event_ids: query.flag("google_event_ids"),
        }
    }

    pub(super) fn row(&self, found: &Found<'_>) -> Value {
        let Found { event, when, reached } = found;
        let calendar = &reached.calendar;
        let tzid = event.tzid.as_deref().unwrap_or(self.tzid);
        let (start, end) = time::written(*when, tzid, self.localized_times);
        let attendees = event.attendees.iter().map(|attendee| {
            let mut body = person(&attendee.person);
            body["status"] = json!(attendee.status.word());
            body
        });
        let mut row = json!({
            "calendar_id": calendar.id,
            "event_uid": uid(event, *when),
            "summary": event.summary,
            "description": event.description,
            "start": start,
            "end": end,
            "deleted": event.deleted,
            "created": time::utc(event.created),
            "updated": time::utc(event.updated),
            "participation_status": event.participation.word(),
            "attendees": attendees.collect::<Vec<Value>>(),
            "transparency": transparency(event.transparency),
            "extended_transparency": extended_transparency(event.transparency),
            "status": if event.deleted { "cancelled" } else { "confirmed" },
            "categories": [],
            "recurring": event.recurrence.is_some(),
            "event_private": event.private,
            "options": Options::of(event, calendar, self.client_id).body(),
        });
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                row[name] = value;
            }
        };
        let managed = event.managed.as_ref().filter(|managed| managed.client_id == self.client_id);
        // The first occurrence of a series stands for it, the others point to it.
        let first = *when == event.when;
        add("event_id", managed.filter(|_| first).map(|managed| json!(managed.event_id)));
        if let Some(recurrence) = &event.recurrence {
            add("series_identifier", Some(json!(event.uid)));
            add("recurrence", (first && managed.is_some()).then(|| rules::written(recurrence)));
            add("series_master", (!first && managed.is_some()).then(|| json!(event.uid)));
        }
        let google = self.google_event_ids && reached.profile.provider_name == "google";
        add("google_event_id", google.then(|| json!(event.uid.replace("evt_external_", ""))));
        add("location", event.location.as_ref().map(|place| location(place, self.include_geo)));
        add("organizer", event.organizer.as_ref().map(person));
        add("meeting_url", event.conferencing.as_ref().map(|conferencing| json!(conferencing.join_url)));
        add("conferencing", event.conferencing.as_ref().map(conferencing));
        row
    }
}

/// Occurrences after the first have a uid of their own (sandbox choice: whether they share one is not documented).
fn uid(event: &Event, when: When) -> String {
    match (&event.recurrence, bounds(when, &jiff::tz::TimeZone::UTC)) {
        (Some(_), Some((start, _))) if when != event.when => {
            format!("{}_{}", event.uid, start.strftime("%Y%m%dT%H%M%SZ"))
        }
        _ => event.uid.clone(),
    }
}

fn person(person: &Person) -> Value {
    json!({ "email": person.email, "display_name": person.name })
}

fn location(location: &Location, geo: bool) -> Value {
    let mut body = Map::new();
    let lat = location.lat.as_ref().filter(|_| geo);
    let long = location.long.as_ref().filter(|_| geo);
    for (name, value) in [("description", location.description.as_ref()), ("lat", lat), ("long", long)] {
        body.extend(value.map(|value| (name.to_owned(), json!(value))));
    }
    Value::Object(body)
}

fn conferencing(conferencing: &Conferencing) -> Value {
    let mut body = json!({ "provider_name": conferencing.provider_name, "join_url": conferencing.join_url });
    if let Some(description) = &conferencing.description {
        body["provider_description"] = json!(description);
    }
    body
}

fn transparency(transparency: Transparency) -> &'static str {
    match transparency {
        Transparency::Opaque | Transparency::Tentative | Transparency::OutOfOffice => "opaque",
        Transparency::Transparent | Transparency::WorkingElsewhere => "transparent",
    }
}

fn extended_transparency(transparency: Transparency) -> &'static str {
    match transparency {
        Transparency::Opaque => "opaque",
        Transparency::Transparent => "transparent",
        Transparency::Tentative => "tentative",
        Transparency::OutOfOffice => "out_of_office",
        Transparency::WorkingElsewhere => "working_elsewhere",
    }
}
