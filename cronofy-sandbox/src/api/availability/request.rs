//! What a query asks for: its times and how they are answered.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::free_time::{Buffer, Moment, Period};
use super::part::Part;
use super::participants::{AskedGroup, asked_groups};
use super::search::Windows;
use crate::wire::FieldErrors;

/// A query, read whole.
pub(super) struct Query<'a> {
    pub(super) groups: Vec<AskedGroup<'a>>,
    pub(super) length: Moment,
    pub(super) wanted: Wanted,
    /// The name of the list in the answer.
    pub(super) list: &'static str,
    pub(super) excluded: Vec<Excluded<'a>>,
    pub(super) include_member_statuses: bool,
    pub(super) max_results: usize,
}

/// What is looked for, where.
pub(super) enum Wanted {
    Periods(Windows),
    Slots {
        windows: Windows,
        step: Moment,
        overlapping: bool,
    },
    /// Slots that start at one of these.
    SlotsAt(Vec<Moment>),
}

/// An event that does not count.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Excluded<'a> {
    /// By the application's own name for it.
    Id(&'a str),
    Uid(&'a str),
}

/// Bounds on work, generous ones: what Cronofy's are today is not documented.
const MOST_RESULTS: usize = 512;
const MOST_PERIODS: usize = 100;
const MOST_DAYS: i64 = 366;

/// How far apart starts of overlapping slots are by default: 15 minutes.
const OVERLAPPING_STEP: Moment = 15 * 60;

impl<'a> Query<'a> {
    /// Reads what there is; where `errors` grows, what is returned means nothing.
    pub(super) fn read(body: &'a Map<String, Value>, errors: &mut FieldErrors) -> Self {
        let body = Part::whole(body);
        body.must_have("required_duration", errors);
        let length = body.duration("required_duration", errors).unwrap_or(1);
        let default = buffer(&body, Buffer::default(), errors);
        let format = body.text("response_format", errors).unwrap_or("periods");
        Self {
            groups: asked_groups(&body, default, errors),
            length,
            wanted: Wanted::read(&body, format, length, errors),
            list: if format == "periods" { "available_periods" } else { "available_slots" },
            excluded: excluded(&body, errors),
            include_member_statuses: body.flag("include_member_statuses", errors),
            max_results: max_results(&body, errors),
        }
    }

    /// From the first moment that is asked about to the last.
    pub(super) fn span(&self) -> Period {
        match &self.wanted {
            Wanted::Periods(windows) | Wanted::Slots { windows, .. } => windows.span(),
            Wanted::SlotsAt(starts) => {
                let start = starts.iter().copied().min().unwrap_or(0);
                Period {
                    start,
                    end: starts.iter().copied().max().unwrap_or(start).saturating_add(self.length),
                }
            }
        }
    }
}

impl Wanted {
    fn read(body: &Part<'_>, format: &str, length: Moment, errors: &mut FieldErrors) -> Self {
        let step = body.duration("start_interval", errors);
        if !["periods", "slots", "overlapping_slots"].contains(&format) {
            let what = "must be periods, slots or overlapping_slots";
            errors.push("response_format", "errors.not_supported", what);
        }
        if body.get("query_slots").is_some() {
            return Self::SlotsAt(starts(body, length, errors));
        }
        let windows = windows(body, errors);
        match format {
            "slots" => Self::Slots { windows, step: step.unwrap_or(length), overlapping: false },
            "overlapping_slots" => {
                Self::Slots { windows, step: step.unwrap_or(OVERLAPPING_STEP), overlapping: true }
            }
            _ => Self::Periods(windows),
        }
    }
}

/// `available_periods` is the deprecated name of `query_periods`.
fn windows(body: &Part<'_>, errors: &mut FieldErrors) -> Windows {
    let names = ["query_periods", "available_periods"];
    let Some(name) = names.into_iter().find(|name| body.get(name).is_some()) else {
        errors.required("query_periods");
        return Windows::new(Vec::new());
    };
    let parts = body.parts(name, errors);
    if parts.len() > MOST_PERIODS {
        errors.push(name, "errors.invalid_format", &format!("at most {MOST_PERIODS} periods"));
        return Windows::new(Vec::new());
    }
    let windows = Windows::new(parts.iter().filter_map(|part| part.period(errors)).collect());
    let span = windows.span();
    if span.end - span.start > MOST_DAYS * 86_400 {
        errors.push(name, "errors.invalid_format", &format!("at most {MOST_DAYS} days from first to last"));
    }
    windows
}

fn starts(body: &Part<'_>, length: Moment, errors: &mut FieldErrors) -> Vec<Moment> {
    for name in ["query_periods", "available_periods"] {
        if body.get(name).is_some() {
            errors.push(name, "errors.not_supported", "not together with query_slots");
        }
    }
    let mut starts = Vec::new();
    for slot in body.parts("query_slots", errors) {
        let Some(start) = slot.time("start", errors) else { continue };
        if Timestamp::from_second(start + length).is_err() {
            errors.push(&slot.path_of("start"), "errors.invalid_format", "ends after the year 9999");
        }
        starts.push(start);
    }
    let span = starts.iter().max().zip(starts.iter().min()).map_or(0, |(last, first)| last - first);
    if span > MOST_DAYS * 86_400 {
        let what = format!("at most {MOST_DAYS} days from first to last");
        errors.push("query_slots", "errors.invalid_format", &what);
    }
    starts
}

/// `{before, after}`, each from `default` where it is absent.
pub(super) fn buffer(part: &Part<'_>, default: Buffer, errors: &mut FieldErrors) -> Buffer {
    let Some(given) = part.part("buffer", errors) else { return default };
    Buffer {
        before: kept_free(&given, "before", errors).unwrap_or(default.before),
        after: kept_free(&given, "after", errors).unwrap_or(default.after),
    }
}

/// A Duration, or `{minimum}` with one, as the Python client writes it. A maximum is a distance to the next
/// meeting of a sequence, and there is no sequence here.
fn kept_free(buffer: &Part<'_>, name: &str, errors: &mut FieldErrors) -> Option<Moment> {
    let side = buffer.part(name, errors)?;
    if side.get("maximum").is_some() {
        errors.push(&side.path_of("maximum"), "errors.not_supported", "only in sequences");
    }
    if side.get("minimum").is_some() {
        return side.duration_or_none("minimum", errors);
    }
    buffer.duration_or_none(name, errors)
}

fn excluded<'a>(body: &Part<'a>, errors: &mut FieldErrors) -> Vec<Excluded<'a>> {
    let mut excluded = Vec::new();
    for event in body.parts("excluded_events", errors) {
        let (id, uid) = (event.text("event_id", errors), event.text("event_uid", errors));
        if event.get("event_id").is_some() == event.get("event_uid").is_some() {
            errors.push(event.path(), "errors.invalid_format", "must have event_id or event_uid");
        }
        excluded.extend(id.map(Excluded::Id).or(uid.map(Excluded::Uid)));
    }
    excluded
}

fn max_results(body: &Part<'_>, errors: &mut FieldErrors) -> usize {
    let what = "must be an integer greater than zero";
    let most = body.read("max_results", what, errors, |value| value.as_u64().filter(|most| *most > 0));
    most.and_then(|most| usize::try_from(most).ok()).map_or(MOST_RESULTS, |most| most.min(MOST_RESULTS))
}
