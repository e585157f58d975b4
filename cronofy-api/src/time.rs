//! Dates, instants, the times of events, and those of a week, as Cronofy writes them (`developers/api/data-types`).
//!
//! Nothing is rounded, shifted or brought into another form: what came is what is written again, absurd as it may be.
//!
//! ```
//! use cronofy_api::time::{Date, DateTime, EventTime, Moment};
//! use cronofy_api::Tzid;
//!
//! // All day, until the end of the day before the 8th.
//! let (start, end): (Date, Date) = ("2031-03-06".parse()?, "2031-03-08".parse()?);
//! assert!(start < end);
//! // At nine in the morning, UTC, to be shown as Lisbon's time.
//! let nine: DateTime = "2031-03-04T09:00:00Z".parse()?;
//! let shown = EventTime::in_zone(nine, "Europe/Lisbon".parse::<Tzid>()?);
//! assert_eq!(shown.moment, Moment::DateTime(nine));
//! assert_eq!(serde_json::to_string(&shown)?, r#"{"time":"2031-03-04T09:00:00Z","tzid":"Europe/Lisbon"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The features `jiff-0_2`, `chrono-0_4` and `time-0_3` convert [`Date`] and [`DateTime`] to and from the types of
//! these crates. A zone is a name here; what it means at an instant is what they are for.

mod date;
mod date_time;
mod duration;
mod event_time;
mod event_time_ref;
mod time_of_day;
mod weekday;

#[cfg(feature = "chrono-0_4")]
mod chrono;
#[cfg(feature = "jiff-0_2")]
mod jiff;
#[cfg(feature = "time-0_3")]
mod time_crate;

pub use date::Date;
pub use date_time::DateTime;
pub use duration::Duration;
pub(crate) use event_time::TimeOrOdd;
pub use event_time::{EventTime, Moment};
pub use event_time_ref::EventTimeRef;
pub use time_of_day::TimeOfDay;
pub use weekday::Weekday;

use core::fmt;

/// Text that is no date, or no instant, of the form that Cronofy uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTime(&'static str);

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}", self.0)
    }
}

impl core::error::Error for InvalidTime {}

/// `Serialize` by `Display`, and `Deserialize` by `FromStr`.
macro_rules! as_text {
    ($type:ident, $what:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

use as_text;
