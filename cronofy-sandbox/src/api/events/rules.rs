//! `recurrence`: one rule (docs: recurring-events, an alpha).

use jiff::civil::Weekday;
use serde_json::{Value, json};

use crate::api::time;
use crate::calendars::{Ends, Frequency, Recurrence};
use crate::wire::{FieldErrors, Members};

/// Most occurrences that can be counted (sandbox choice: no figure is documented).
const MOST_COUNTED: u32 = 1000;

const FREQUENCIES: [(&str, Frequency); 4] = [
    ("daily", Frequency::Daily),
    ("weekly", Frequency::Weekly),
    ("monthly", Frequency::Monthly),
    ("yearly", Frequency::Yearly),
];

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// What becomes of how an event repeats.
pub(super) enum Repetition {
    /// As it was.
    Kept,
    /// No rules are the end of it.
    Ended,
    Set(Recurrence),
}

pub(super) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Repetition {
    given(body, errors).unwrap_or(Repetition::Kept)
}

fn given(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Repetition> {
    let recurrence = body.object("recurrence", errors)?;
    if recurrence.get("rules").is_none() {
        errors.unspecified(&recurrence.path("rules"));
    }
    let rules = recurrence.objects("rules", usize::MAX, errors)?;
    if rules.len() > 1 {
        let what = "an event takes one recurrence rule";
        errors.push(&recurrence.path("rules"), "errors.max_recurrence_rules_exceeded", what);
        return None;
    }
    match rules.first() {
        None => Some(Repetition::Ended),
        Some(only) => rule(only, errors).map(Repetition::Set),
    }
}

/// As it came.
pub(super) fn written(recurrence: &Recurrence) -> Value {
    let named = |frequency: &Frequency| FREQUENCIES.iter().find(|(_, known)| known == frequency);
    let day = |day: &Weekday| DAYS.iter().find(|(_, known)| known == day).map(|(name, _)| *name);
    let mut rule = json!({
        "frequency": named(&recurrence.frequency).map(|(name, _)| *name),
        "interval": recurrence.interval,
    });
    if !recurrence.by_day.is_empty() {
        rule["by_day"] = json!(recurrence.by_day.iter().filter_map(day).collect::<Vec<_>>());
    }
    match recurrence.ends {
        Ends::Never => {}
        Ends::After(count) => rule["count"] = json!(count),
        Ends::OnDay(date) => rule["until"] = json!(date.to_string()),
        Ends::At(time) => rule["until"] = json!(time::utc(time)),
    }
    json!({ "rules": [rule] })
}

fn rule(rule: &Members<'_>, errors: &mut FieldErrors) -> Option<Recurrence> {
    let frequency = rule.required_text("frequency", errors).and_then(|word| {
        let found = FREQUENCIES.iter().find(|(name, _)| *name == word).map(|(_, frequency)| *frequency);
        if found.is_none() {
            errors.push(&rule.path("frequency"), "errors.not_recognized", "not recognized");
        }
        found
    });
    let interval = positive(rule, "interval", errors).unwrap_or(1);
    let by_day = days(rule, errors);
    let ends = ends(rule, errors);
    let frequency = frequency?;
    if !by_day.is_empty() && frequency != Frequency::Weekly {
        errors.push(&rule.path("by_day"), "errors.not_supported", "only with the frequency weekly");
    }
    Some(Recurrence { frequency, interval, by_day, ends })
}

fn ends(rule: &Members<'_>, errors: &mut FieldErrors) -> Ends {
    let count = positive(rule, "count", errors);
    let until = rule.text("until", errors);
    if rule.get("count").is_some() && rule.get("until").is_some() {
        let key = "errors.not_supported_count_until_combination";
        errors.push(&rule.path("until"), key, "not together with count");
    }
    match (count, until) {
        (Some(count), _) if count > MOST_COUNTED => {
            errors.push(&rule.path("count"), "errors.not_supported", "must be at most 1000");
            Ends::Never
        }
        (Some(count), _) => Ends::After(count),
        (None, Some(text)) => match (time::date(text), time::time(text)) {
            (Some(date), _) => Ends::OnDay(date),
            (None, Some(time)) => Ends::At(time),
            (None, None) => {
                errors.push(&rule.path("until"), "errors.must_be_date", "must be a Date or a Time");
                Ends::Never
            }
        },
        (None, None) => Ends::Never,
    }
}

fn positive(rule: &Members<'_>, name: &str, errors: &mut FieldErrors) -> Option<u32> {
    let value = rule.get(name)?;
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0);
    if number.is_none() {
        let key = "errors.must_be_integer_greater_than_zero";
        errors.push(&rule.path(name), key, "must be an Integer greater than zero");
    }
    number
}

/// Names of days, as documented. An object with a `day` alone is a name, too.
fn days(rule: &Members<'_>, errors: &mut FieldErrors) -> Vec<Weekday> {
    let given = rule.list("by_day", DAYS.len(), errors).unwrap_or_default();
    let mut days = Vec::new();
    for (index, value) in given.iter().enumerate() {
        let name = match value {
            Value::Object(object) if object.len() == 1 => object.get("day").and_then(Value::as_str),
            other => other.as_str(),
        };
        if let Some((_, day)) = DAYS.iter().find(|(day, _)| name == Some(day)) {
            days.push(*day);
        } else {
            let path = format!("{}[{index}]", rule.path("by_day"));
            errors.push(&path, "errors.not_recognized", "not recognized");
        }
    }
    days
}
