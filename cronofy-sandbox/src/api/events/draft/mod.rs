//! The body of an upsert, read field by field (docs: events/upsert-event).

mod conferencing;
mod kept;
mod people;
pub(in crate::api) mod place;
pub(in crate::api) mod times;

use serde_json::{Map, Value};

pub(super) use self::conferencing::Wish;
pub(in crate::api) use self::kept::color;
pub(in crate::api) use self::people::is_address;
pub(super) use self::people::{Guests, MOST_GUESTS};
use super::rules::{self, Repetition};
use crate::calendars::{Location, Transparency, When};
use crate::wire::{FieldErrors, Members, Refusal};

/// What an application wants an event to be. Where it is `None`, the event keeps what it has.
pub(super) struct Draft {
    pub(super) name: Name,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) when: When,
    pub(super) tzid: Option<String>,
    pub(super) location: Option<Location>,
    pub(super) guests: Guests,
    pub(super) transparency: Option<Transparency>,
    pub(super) private: Option<bool>,
    pub(super) repetition: Repetition,
    pub(super) conferencing: Option<Wish>,
    /// What is only remembered. `null` takes it away.
    pub(super) kept: Map<String, Value>,
    pub(super) include_userinfo: bool,
}

/// Which event is meant: one of the application's, by its own name for it, or anybody's.
pub(super) enum Name {
    Managed(String),
    External(String),
}

/// The largest event, in bytes of JSON.
const LARGEST: usize = 64 * 1024;
/// The documented limit, in characters.
const LONGEST_DESCRIPTION: usize = 4096;

impl Draft {
    /// `Err` is the 422 that names every field that is wrong.
    pub(super) fn read(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        Self::parse(object, &mut errors).ok_or_else(|| errors.into_refusal())
    }

    /// `None` where `errors` says what is wrong.
    pub(super) fn parse(object: &Map<String, Value>, errors: &mut FieldErrors) -> Option<Self> {
        let body = Members::of(object);
        if serde_json::to_vec(object).is_ok_and(|bytes| bytes.len() > LARGEST) {
            errors.push("base", "errors.too_long", "an event must be at most 64 KiB of JSON");
        }
        let name = name(&body, errors);
        // At most 1024 characters, as documented.
        let summary = body.required_text("summary", errors);
        let description = body.bounded_text("description", LONGEST_DESCRIPTION, errors);
        let times = times::read(&body, errors);
        let location = place::read(&body, errors);
        let guests = people::read(&body, errors);
        let transparency = transparency(&body, errors);
        let private = body.flag("event_private", errors);
        let repetition = rules::read(&body, errors);
        let conferencing = conferencing::read(&body, errors);
        let kept = kept::read(&body, errors);
        let include_userinfo = body.flag("include_userinfo", errors) == Some(true);
        let (name, summary, times) = (name?, summary?, times?);
        errors.is_empty().then(|| Self {
            name,
            summary: summary.to_owned(),
            description: description.unwrap_or_default().to_owned(),
            when: times.when,
            tzid: times.tzid,
            location,
            guests,
            transparency,
            private,
            repetition,
            conferencing,
            kept,
            include_userinfo,
        })
    }
}

/// Where both come, `event_id` wins (docs: calendars-events/editing-events).
pub(super) fn name(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Name> {
    if body.get("event_id").is_none() && body.get("event_uid").is_some() {
        return body.required_text("event_uid", errors).map(|uid| Name::External(uid.to_owned()));
    }
    body.required_text("event_id", errors).map(|id| Name::Managed(id.to_owned()))
}

/// `extended_transparency` says more than `transparency`, so it wins.
fn transparency(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Transparency> {
    let mut known = |name: &str, words: &[(&str, Transparency)]| {
        let text = body.text(name, errors)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            errors.push(name, "errors.not_recognized", "not recognized");
        }
        found
    };
    let plain = [("opaque", Transparency::Opaque), ("transparent", Transparency::Transparent)];
    let extended = [
        plain[0],
        plain[1],
        ("tentative", Transparency::Tentative),
        ("out_of_office", Transparency::OutOfOffice),
        ("working_elsewhere", Transparency::WorkingElsewhere),
    ];
    let simple = known("transparency", &plain);
    known("extended_transparency", &extended).or(simple)
}
