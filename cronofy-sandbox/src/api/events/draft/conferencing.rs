//! `conferencing`: what kind of meeting link the event is to have (docs: conferencing-services/create).

use crate::calendars::Conferencing;
use crate::state::flaw;
use crate::wire::{FieldErrors, Members};

/// What was asked for. Whether it can be had is up to the calendar.
pub(in crate::api::events) enum Wish {
    Nothing,
    /// The application brings the link.
    Explicit(Conferencing),
    /// The calendar's own.
    Integrated,
    /// The calendar's own, where it has one.
    Default,
}

pub(super) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Wish> {
    let conferencing = body.object("conferencing", errors)?;
    match conferencing.required_text("profile_id", errors)? {
        "none" => Some(Wish::Nothing),
        "integrated" => Some(Wish::Integrated),
        "default" => Some(Wish::Default),
        "explicit" => explicit(&conferencing, errors).map(Wish::Explicit),
        _ => {
            // Nobody in the sandbox has connected a conferencing service.
            let what = "the account has no such conferencing profile";
            errors.push(&conferencing.path("profile_id"), "errors.not_recognized", what);
            None
        }
    }
}

fn explicit(conferencing: &Members<'_>, errors: &mut FieldErrors) -> Option<Conferencing> {
    let description = conferencing.text("provider_description", errors).map(str::to_owned);
    let join_url = conferencing.required_text("join_url", errors)?;
    if let Some(what) = flaw(join_url) {
        errors.invalid(&conferencing.path("join_url"), what);
        return None;
    }
    Some(Conferencing { provider_name: "explicit".to_owned(), description, join_url: join_url.to_owned() })
}
