//! What the calls about periods and rules have in common.

use crate::wire::{FieldErrors, Members};

/// docs: available-periods/upsert, availability-rules/upsert-availability-rule.
const LONGEST_NAME: usize = 64;

/// An application's own name for one of them.
pub(super) fn name<'a>(body: &Members<'a>, member: &str, errors: &mut FieldErrors) -> Option<&'a str> {
    let name = body.required_text(member, errors)?;
    if !name.is_ascii() {
        errors.invalid(member, "must be ASCII");
        return None;
    }
    body.bounded_text(member, LONGEST_NAME, errors)
}
