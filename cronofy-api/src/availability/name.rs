//! Names that an application gives to periods and rules.

use cronofy_auth_core::{Limit, Rule};

/// The longest, in ASCII characters.
const LONGEST: usize = 64;

/// Holds a name to what Cronofy takes (`developers/api/scheduling/available-periods/upsert`,
/// `developers/api/scheduling/availability-rules/upsert-availability-rule`).
pub(super) fn check(parameter: &'static str, name: &str) -> Result<(), Limit> {
    if !name.is_ascii() {
        return Err(Limit { parameter, rule: Rule::Ascii });
    }
    Limit::characters(parameter, name, LONGEST)
}
