//! Names that an application gives to bookable events and registrations.

use cronofy_auth_core::{Limit, Rule};

/// Holds a name to what Cronofy takes (`developers/api/scheduling/bookable-events/create`,
/// `developers/api/scheduling/bookable-events/registrations/upsert`).
pub(super) fn check(parameter: &'static str, name: &str) -> Result<(), Limit> {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    if name.chars().all(allowed) { Ok(()) } else { Err(Limit { parameter, rule: Rule::Name }) }
}
