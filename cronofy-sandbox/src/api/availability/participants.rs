//! What a query asks for: the groups of people, and what holds for each of them.

use serde_json::Value;

use super::free_time::{Buffer, Period};
use super::part::Part;
use super::request::buffer;
use crate::wire::FieldErrors;

/// Some people of whom at least `required` must have time.
pub(super) struct AskedGroup<'a> {
    pub(super) members: Vec<AskedMember<'a>>,
    pub(super) required: usize,
}

/// Somebody, and when they can be met besides not being busy.
pub(super) struct AskedMember<'a> {
    /// Where `sub` is in the request.
    pub(super) path: String,
    pub(super) sub: &'a str,
    /// The calendars whose events count; all where there is none.
    pub(super) calendar_ids: Vec<&'a str>,
    pub(super) buffer: Buffer,
    pub(super) available_periods: Option<Vec<Period>>,
    /// Whether only within what the application said of the account.
    pub(super) managed: bool,
    /// Of its rules, these alone.
    pub(super) rule_ids: Option<Vec<&'a str>>,
    pub(super) only_managed_events: bool,
    pub(super) ignore_tentative: bool,
}

/// A bound on work, a generous one: what Cronofy's is today is not documented.
const MOST_MEMBERS: usize = 50;

pub(super) fn asked_groups<'a>(
    body: &Part<'a>,
    default: Buffer,
    errors: &mut FieldErrors,
) -> Vec<AskedGroup<'a>> {
    body.must_have("participants", errors);
    let mut groups = Vec::new();
    let mut total = 0;
    for part in body.parts("participants", errors) {
        let members = part.parts("members", errors);
        total += members.len();
        if total > MOST_MEMBERS {
            let what = format!("at most {MOST_MEMBERS} members over all groups");
            errors.push("participants", "errors.invalid_format", &what);
            break;
        }
        part.must_have("members", errors);
        let required = required(&part, members.len(), errors);
        let members = members.iter().filter_map(|member| AskedMember::read(member, default, errors));
        groups.push(AskedGroup { members: members.collect(), required });
    }
    groups
}

/// `"all"`, or how many at least.
fn required(group: &Part<'_>, members: usize, errors: &mut FieldErrors) -> usize {
    group.must_have("required", errors);
    let what = "must be \"all\", or a number of members";
    let read = |value: &Value| match value {
        Value::String(all) if all == "all" => Some(members),
        _ => value.as_u64().and_then(|least| usize::try_from(least).ok()).filter(|least| *least > 0),
    };
    let required = group.read("required", what, errors, read).unwrap_or(members);
    if required > members && members > 0 {
        errors.push(&group.path_of("required"), "errors.invalid_format", "more than there are members");
    }
    required
}

impl<'a> AskedMember<'a> {
    fn read(member: &Part<'a>, default: Buffer, errors: &mut FieldErrors) -> Option<Self> {
        let mut refuse = |name: &str, why| {
            if member.get(name).is_some() {
                errors.push(&member.path_of(name), "errors.not_supported", why);
            }
        };
        refuse("availability_constraints", "the sandbox computes no constraints");
        if member.get("managed_availability") != Some(&Value::Bool(true)) {
            refuse("availability_rule_ids", "only with managed_availability");
        }
        member.must_have("sub", errors);
        let periods = member.parts("available_periods", errors);
        let available_periods: Vec<Period> =
            periods.iter().filter_map(|period| period.period(errors)).collect();
        Some(Self {
            path: member.path_of("sub"),
            sub: member.text("sub", errors)?,
            calendar_ids: member.texts("calendar_ids", errors),
            buffer: buffer(member, default, errors),
            available_periods: Some(available_periods).filter(|periods| !periods.is_empty()),
            managed: member.flag("managed_availability", errors),
            rule_ids: member.texts_if_there("availability_rule_ids", errors),
            only_managed_events: member.flag("only_managed_events", errors),
            ignore_tentative: member.flag("ignore_tentative", errors),
        })
    }
}
