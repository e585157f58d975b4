//! What an event remembers and no call gives back: checked, and kept as it came.

use serde_json::{Map, Value};
use url::Url;

use crate::state::flaw;
use crate::wire::{FieldErrors, Members};

/// The last one is documented nowhere, so it is kept without a look inside.
const KEPT: [&str; 8] = [
    "attachments",
    "color",
    "url",
    "reminders",
    "subscriptions",
    "reminders_create_only",
    "locale",
    "event_classes",
];
/// docs: events/upsert-event.
const MOST_REMINDERS: usize = 5;
const MOST_SUBSCRIPTIONS: usize = 10;
const MOST_ATTACHMENTS: usize = 10;

pub(super) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Map<String, Value> {
    body.flag("reminders_create_only", errors);
    body.text("locale", errors);
    color(body, errors);
    url(body, errors);
    reminders(body, errors);
    subscriptions(body, errors);
    for attachment in body.objects("attachments", MOST_ATTACHMENTS, errors).unwrap_or_default() {
        attachment.required_text("attachment_id", errors);
    }
    // `url: null` takes the link away, so `null` is a value here.
    KEPT.into_iter().filter_map(|name| Some((name.to_owned(), body.value(name)?.clone()))).collect()
}

/// `#49BED8`.
pub(in crate::api) fn color(body: &Members<'_>, errors: &mut FieldErrors) -> Option<String> {
    let text = body.text("color", errors)?;
    let hex = text
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !hex {
        errors.invalid("color", "must be a color such as #49BED8");
    }
    hex.then(|| text.to_owned())
}

fn url(body: &Members<'_>, errors: &mut FieldErrors) {
    let url = body.bounded_text("url", 2048, errors);
    if url.is_some_and(|url| Url::parse(url).is_err()) {
        errors.invalid("url", "must be an absolute URI");
    }
}

/// In the order of importance: `[]` is none.
fn reminders(body: &Members<'_>, errors: &mut FieldErrors) {
    for reminder in body.objects("reminders", MOST_REMINDERS, errors).unwrap_or_default() {
        let path = reminder.path("minutes");
        match reminder.get("minutes") {
            None => errors.unspecified(&path),
            Some(minutes) if minutes.as_u64().is_some_and(|minutes| i32::try_from(minutes).is_ok()) => {}
            Some(_) => errors.invalid(&path, "must be an Integer, zero or more"),
        }
    }
}

/// Kept, and not called back: what is sent to them is documented nowhere.
fn subscriptions(body: &Members<'_>, errors: &mut FieldErrors) {
    for subscription in body.objects("subscriptions", MOST_SUBSCRIPTIONS, errors).unwrap_or_default() {
        let kind = subscription.required_text("type", errors);
        if kind.is_some_and(|kind| kind != "webhook") {
            errors.push(&subscription.path("type"), "errors.not_recognized", "not recognized");
        }
        let uri = subscription.required_text("uri", errors);
        if let Some(what) = uri.and_then(flaw) {
            errors.invalid(&subscription.path("uri"), what);
        }
        for interaction in
            subscription.objects("interactions", MOST_SUBSCRIPTIONS, errors).unwrap_or_default()
        {
            interaction.required_text("type", errors);
        }
    }
}
