//! The body of a write, read field by field.

use serde_json::{Map, Value};

use super::super::events::draft::{is_address, place, times};
use crate::calendars::When;
use crate::state::{InviteEvent, InviteKey, InviteReply, flaw};
use crate::wire::{FieldErrors, Members, Refusal};

/// What an application wants.
pub(super) enum Draft {
    Request(Box<Request>),
    Cancel { id: String, recipients: Recipients },
    Remove { id: String, email: String },
}

pub(super) struct Request {
    pub(super) id: String,
    pub(super) recipients: Recipients,
    pub(super) event: InviteEvent,
    pub(super) organizer: Option<String>,
    pub(super) callback_url: Option<String>,
}

pub(super) enum Recipients {
    One(InviteReply),
    Many(Vec<InviteReply>),
}

/// Most people of one invitation (sandbox choice: no figure is documented).
const MOST: usize = 100;
/// As of other events, in characters.
const LONGEST_DESCRIPTION: usize = 4096;

const STATUSES: [&str; 4] = ["pending", "accepted", "tentative", "declined"];

impl Recipients {
    pub(super) fn key(&self, client_id: &str, id: &str) -> InviteKey {
        let one = match self {
            Self::One(recipient) => Some(recipient.email.as_str()),
            Self::Many(_) => None,
        };
        InviteKey::new(client_id, id, one)
    }

    pub(super) fn into_vec(self) -> Vec<InviteReply> {
        match self {
            Self::One(recipient) => vec![recipient],
            Self::Many(recipients) => recipients,
        }
    }
}

/// `Err` is the 422 that names every field that is wrong.
pub(super) fn read(object: &Map<String, Value>) -> Result<Draft, Refusal> {
    let body = Members::of(object);
    let mut errors = FieldErrors::default();
    let id = body.required_text("smart_invite_id", &mut errors).unwrap_or_default().to_owned();
    let draft = match body.text("method", &mut errors).unwrap_or("request") {
        "request" => request(&body, id, &mut errors).map(|request| Draft::Request(Box::new(request))),
        "cancel" => recipients(&body, &mut errors).map(|recipients| Draft::Cancel { id, recipients }),
        "remove" => match recipients(&body, &mut errors) {
            Some(Recipients::One(recipient)) => Some(Draft::Remove { id, email: recipient.email }),
            Some(Recipients::Many(_)) => {
                errors.unspecified("recipient");
                None
            }
            None => None,
        },
        _ => {
            errors.push("method", "errors.not_recognized", "must be one of request, cancel, remove");
            None
        }
    };
    match draft {
        Some(draft) if errors.is_empty() => Ok(draft),
        _ => Err(errors.into_refusal()),
    }
}

fn request(body: &Members<'_>, id: String, errors: &mut FieldErrors) -> Option<Request> {
    let recipients = recipients(body, errors);
    let event = event(body, errors);
    let organizer = body.object("organizer", errors).and_then(|organizer| {
        address(&organizer, false, errors);
        organizer.text("name", errors).map(str::to_owned)
    });
    let callback_url = body.text("callback_url", errors).filter(|url| !url.is_empty());
    if let Some(flaw) = callback_url.and_then(flaw) {
        errors.invalid("callback_url", flaw);
    }
    let callback_url = callback_url.map(str::to_owned);
    Some(Request { id, recipients: recipients?, event: event?, organizer, callback_url })
}

/// Another time, that somebody who is invited asks for, and the zone to show it in.
pub(crate) fn proposal(reply: &Members<'_>, errors: &mut FieldErrors) -> Option<(When, String)> {
    let proposal = object("proposal", reply.get("proposal")?, errors)?;
    let mut inside = FieldErrors::default();
    let times = times::read(&proposal, &mut inside);
    errors.extend(inside.inside("proposal"));
    times.map(|times| (times.when, times.tzid.unwrap_or_else(utc)))
}

/// An object whose members are read as if they were a body's: errors about them are put inside it afterwards.
fn object<'a>(name: &str, value: &'a Value, errors: &mut FieldErrors) -> Option<Members<'a>> {
    let object = value.as_object();
    if object.is_none() {
        errors.invalid(name, "must be an Object");
    }
    object.map(Members::of)
}

fn utc() -> String {
    "Etc/UTC".to_owned()
}

fn event(body: &Members<'_>, errors: &mut FieldErrors) -> Option<InviteEvent> {
    let Some(event) = body.get("event") else {
        errors.unspecified("event");
        return None;
    };
    let event = object("event", event, errors)?;
    let mut inside = FieldErrors::default();
    let summary = event.required_text("summary", &mut inside);
    let description = event.bounded_text("description", LONGEST_DESCRIPTION, &mut inside);
    let times = times::read(&event, &mut inside);
    let location = place::read(&event, &mut inside);
    errors.extend(inside.inside("event"));
    let times = times?;
    Some(InviteEvent {
        summary: summary?.to_owned(),
        description: description.unwrap_or_default().to_owned(),
        when: times.when,
        tzid: times.tzid.unwrap_or_else(utc),
        location,
    })
}

fn recipients(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Recipients> {
    match (body.get("recipient"), body.get("recipients")) {
        (Some(_), Some(_)) => {
            errors.invalid("recipients", "cannot be together with recipient");
            None
        }
        (None, Some(_)) => {
            let listed = body.objects("recipients", MOST, errors)?;
            if listed.is_empty() {
                errors.unspecified("recipients");
            }
            let mut asked: Vec<InviteReply> = Vec::with_capacity(listed.len());
            for recipient in listed.iter().filter_map(|recipient| one(recipient, errors)) {
                // Whoever is named twice is asked once.
                if !asked.iter().any(|known| known.is_of(&recipient.email)) {
                    asked.push(recipient);
                }
            }
            Some(Recipients::Many(asked))
        }
        (Some(_), None) => one(&body.object("recipient", errors)?, errors).map(Recipients::One),
        (None, None) => {
            errors.unspecified("recipient");
            None
        }
    }
}

fn one(recipient: &Members<'_>, errors: &mut FieldErrors) -> Option<InviteReply> {
    let status = match recipient.text("status", errors) {
        None => STATUSES.first(),
        Some(text) => STATUSES.iter().find(|word| **word == text),
    };
    if status.is_none() {
        let what = format!("must be one of {}", STATUSES.join(", "));
        errors.push(&recipient.path("status"), "errors.not_recognized", &what);
    }
    let email = address(recipient, true, errors)?;
    Some(InviteReply { status: status?, ..InviteReply::pending(email) })
}

fn address<'a>(person: &Members<'a>, required: bool, errors: &mut FieldErrors) -> Option<&'a str> {
    let email = if required { person.required_text("email", errors) } else { person.text("email", errors) }?;
    if !is_address(email) {
        errors.push(&person.path("email"), "errors.invalid_email", "must be an email address");
        return None;
    }
    Some(email)
}
