//! Dates, times and zones as the API writes and accepts them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::calendars::When;
pub(super) use crate::calendars::{bounds, start_of};
use crate::ledger::{Rule, documented, guessed, observed};

pub(crate) const RULES: &[Rule] = &[
    documented("A Time with a fraction of a second other than zero is refused", "api/data-types"),
    observed("A Time ends in `Z`, `UTC` or an offset of zero", "pycronofy 2.0.7"),
    observed("A Time may have a space in place of `T`", "Cronofy .NET 1.12"),
    guessed("Other offsets are converted to UTC", "it is clear what they mean"),
    documented("Answers have Times in UTC with whole seconds, and Dates for whole days", "api/data-types"),
    documented(
        "A Duration has `hours` and `minutes`, of which there are fewer than 60 beside hours",
        "api/data-types",
    ),
    guessed(
        "A Duration is from one minute to 366 days",
        "an old reference asks for a minute, and the bound keeps the arithmetic small",
    ),
    documented("Zones have IANA names", "api/events/read-events"),
];

/// The sandbox's present for calendars. A clock beyond what calendars count stands at their end.
pub(super) fn timestamp(now: SystemTime) -> Timestamp {
    Timestamp::try_from(now).unwrap_or(Timestamp::MAX)
}

/// An IANA zone. Only those are accepted: nothing that a zone could be besides.
pub(super) fn zone(tzid: &str) -> Option<TimeZone> {
    TimeZone::get(tzid).ok()
}

/// A Time as clients send it: ending in `Z`, `UTC` or an offset, and with a space for the `T` from one SDK.
/// Fractions of a second are refused, unless they are zero.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    let text = text.strip_suffix("UTC").map_or_else(|| text.clone(), |time| format!("{}Z", time.trim_end()));
    text.parse().ok().filter(|time: &Timestamp| time.subsec_nanosecond() == 0)
}

/// A Date: four digits, two and two.
pub(super) fn date(text: &str) -> Option<Date> {
    let shape =
        text.len() == "2031-03-04".len() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    shape.then(|| text.parse().ok()).flatten()
}

/// A Date at its first moment in `zone`, or a Time.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    match date(text) {
        Some(date) => start_of(date, zone),
        None => time(text),
    }
}

/// Start and end of an entry: plain strings, or objects with the zone.
pub(super) fn written(when: When, tzid: &str, localized: bool) -> (Value, Value) {
    let timed = |time: Timestamp| {
        if localized {
            let zone = zone(tzid).unwrap_or(TimeZone::UTC);
            let local = time.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
            json!({ "time": local, "tzid": tzid })
        } else {
            json!(utc(time))
        }
    };
    let all_day = |date: Date| {
        if localized { json!({ "time": date.to_string(), "tzid": tzid }) } else { json!(date.to_string()) }
    };
    match when {
        When::Timed { start, end } => (timed(start), timed(end)),
        When::AllDay { start, end } => (all_day(start), all_day(end)),
    }
}

/// A Time of an answer: UTC, whole seconds.
pub(super) fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The minutes of a Duration such as `{"hours": 1, "minutes": 30}`: at least one, at most a year's.
pub(super) fn minutes(value: &Value) -> Option<i64> {
    minutes_or_none(value).filter(|minutes| *minutes > 0)
}

/// The minutes of a Duration that can be none at all.
pub(super) fn minutes_or_none(value: &Value) -> Option<i64> {
    let object: &Map<String, Value> = value.as_object()?;
    if !object.contains_key("hours") && !object.contains_key("minutes") {
        return None;
    }
    let part = |name: &str| object.get(name).map_or(Some(0), Value::as_i64);
    let (hours, minutes) = (part("hours")?, part("minutes")?);
    if hours < 0 || minutes < 0 || (hours > 0 && minutes >= 60) {
        return None;
    }
    let total = hours.checked_mul(60)?.checked_add(minutes)?;
    (0..=366 * 24 * 60).contains(&total).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_time_that_clients_send() {
        let expected = "2031-03-04T09:00:00Z".parse().ok();
        for text in [
            "2031-03-04T09:00:00Z",
            "2031-03-04T09:00:00UTC",
            "2031-03-04T09:00:00+00:00",
            "2031-03-04 09:00:00Z",
            "2031-03-04T10:00:00+01:00",
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
        assert_eq!(time("2031-03-04T09:00:00.000Z"), expected);
        for bad in ["yesterday", "2031-03-04T09:00:00.250Z", "2031-03-04T09:00:00"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_begins_at_midnight_of_its_zone() {
        let paris = zone("Europe/Paris").expect("the zone database is bundled");
        assert_eq!(moment("2031-03-04", &paris), "2031-03-03T23:00:00Z".parse().ok());
        assert!(zone("Nowhere/Else").is_none());
    }

    #[test]
    fn durations_are_bounded() {
        assert_eq!(minutes(&json!({ "minutes": 90 })), Some(90));
        assert_eq!(minutes(&json!({ "hours": 1, "minutes": 30 })), Some(90));
        for bad in [
            json!({}),
            json!({ "minutes": 0 }),
            json!({ "hours": 1, "minutes": 60 }),
            json!(5),
            json!({ "hours": i64::MAX }),
        ] {
            assert!(minutes(&bad).is_none(), "{bad}");
        }
        assert_eq!(minutes_or_none(&json!({ "minutes": 0 })), Some(0));
        assert_eq!(minutes_or_none(&json!({ "minimum": { "minutes": 5 } })), None);
    }
}
