//! `start`, `end` and `tzid` (docs: data-types).

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::api::time;
use crate::calendars::When;
use crate::wire::{FieldErrors, Members};

pub(in crate::api) struct Times {
    pub(in crate::api) when: When,
    /// The zone of the start: that inside the object before the one beside it (sandbox choice).
    pub(in crate::api) tzid: Option<String>,
}

struct Point {
    at: At,
    tzid: Option<String>,
}

enum At {
    Time(Timestamp),
    Day(Date),
}

/// Years in which an event may lie. Every zone can count some days before and after.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9998;

/// `None` where `errors` says what is wrong.
pub(in crate::api) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Times> {
    let beside = tzid(body, errors);
    let (start, end) = (point(body, "start", errors), point(body, "end", errors));
    let (start, end) = (start?, end?);
    let when = match (start.at, end.at) {
        (At::Time(start), At::Time(end)) if start < end => When::Timed { start, end },
        (At::Day(start), At::Day(end)) if start < end => When::AllDay { start, end },
        (At::Time(_), At::Time(_)) | (At::Day(_), At::Day(_)) => {
            errors.push("end", "errors.invalid_time_pair", "end must be after start");
            return None;
        }
        (At::Time(_), At::Day(_)) | (At::Day(_), At::Time(_)) => {
            let what = "start and end must both be Dates or both be Times";
            errors.push("end", "errors.invalid_time_pair", what);
            return None;
        }
    };
    Some(Times { when, tzid: start.tzid.or(beside) })
}

/// Text, or an object with `time` and `tzid`.
fn point(body: &Members<'_>, name: &str, errors: &mut FieldErrors) -> Option<Point> {
    match body.get(name) {
        None => {
            errors.unspecified(name);
            None
        }
        Some(Value::Object(_)) => {
            let object = body.object(name, errors)?;
            let tzid = tzid(&object, errors);
            let text = object.required_text("time", errors)?;
            Some(Point { at: at(text, &object.path("time"), errors)?, tzid })
        }
        Some(_) => {
            let text = body.required_text(name, errors)?;
            Some(Point { at: at(text, name, errors)?, tzid: None })
        }
    }
}

fn at(text: &str, path: &str, errors: &mut FieldErrors) -> Option<At> {
    let found = match time::date(text) {
        Some(date) => Some((At::Day(date), date.year())),
        None => time::time(text)
            .map(|time| (At::Time(time), time.to_zoned(jiff::tz::TimeZone::UTC).date().year())),
    };
    match found {
        Some((at, year)) if YEARS.contains(&year) => return Some(at),
        Some(_) => errors.invalid(path, "must lie between the years 1 and 9998"),
        None => errors.invalid(path, "must be a Date or a Time"),
    }
    None
}

fn tzid(object: &Members<'_>, errors: &mut FieldErrors) -> Option<String> {
    let tzid = object.text("tzid", errors).filter(|tzid| !tzid.is_empty())?;
    if time::zone(tzid).is_none() {
        errors.push(&object.path("tzid"), "errors.tzid_unrecognized", "TZID not recognized");
        return None;
    }
    Some(tzid.to_owned())
}
