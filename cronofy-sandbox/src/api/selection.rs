//! Which events a read is about: what `GET /v1/events` and `GET /v1/free_busy` have in common.

use jiff::Timestamp;

use super::reach::{self, Reached};
use super::time;
use super::window::Window;
use crate::app::App;
use crate::auth::Subject;
use crate::calendars::{Event, When};
use crate::state::State;
use crate::wire::{FieldErrors, Fields, Refusal};

/// The filters of a query.
#[expect(clippy::struct_excessive_bools, reason = "four independent switches, as in the query")]
pub(super) struct Selection {
    pub(super) window: Window,
    calendar_ids: Vec<String>,
    include_managed: bool,
    only_managed: bool,
    pub(super) include_deleted: bool,
    include_moved: bool,
    last_modified: Option<Timestamp>,
}

/// One row to be: an event, or one occurrence of a series.
pub(super) struct Found<'a> {
    pub(super) reached: &'a Reached,
    pub(super) event: &'a Event,
    pub(super) when: When,
}

/// Most rows of an answer. A calendar full of endless series would be read for minutes.
const MOST_ROWS: usize = 25_000;

impl Selection {
    pub(super) fn read(query: &Fields<'_>, now: Timestamp) -> Result<Self, Refusal> {
        let mut errors = FieldErrors::default();
        let window = Window::read(query, now, &mut errors);
        let last_modified = query.get("last_modified").map(time::time);
        if last_modified == Some(None) {
            errors.invalid("last_modified", "must be a Time");
        }
        errors.into_result()?;
        Ok(Self {
            window,
            calendar_ids: query.all("calendar_ids[]").map(str::to_owned).collect(),
            include_managed: query.flag("include_managed"),
            only_managed: query.flag("only_managed"),
            include_deleted: query.flag("include_deleted"),
            include_moved: query.flag("include_moved"),
            last_modified: last_modified.flatten(),
        })
    }

    /// The account's calendars that are asked for.
    pub(super) fn calendars(&self, app: &App, state: &State, subject: &Subject) -> Vec<Reached> {
        let wanted = |reached: &Reached| {
            self.calendar_ids.is_empty() || self.calendar_ids.contains(&reached.calendar.id)
        };
        reach::all(app, state, subject).into_iter().filter(wanted).collect()
    }

    /// What those calendars hold of it, earliest first.
    pub(super) fn events<'a>(
        &self,
        state: &'a State,
        client_id: &str,
        calendars: &'a [Reached],
    ) -> Result<Vec<Found<'a>>, Refusal> {
        let mut found: Vec<(Timestamp, Found<'a>)> = Vec::new();
        for reached in calendars {
            let events = state.calendars.get(&reached.calendar.key).into_iter();
            for event in events.flat_map(|calendar| calendar.events.values()) {
                let managed = event.is_managed_by(client_id);
                if !self.asks_for(event, managed) {
                    continue;
                }
                for when in self.times(event, managed) {
                    let Some((begin, _)) = time::bounds(when, &self.window.zone) else { continue };
                    found.push((begin, Found { reached, event, when }));
                }
                if found.len() > MOST_ROWS {
                    let errors =
                        FieldErrors::of("to", "errors.sandbox.too_many_rows", "ask for a narrower window");
                    return Err(Refusal::fields(errors, "more than 25000 rows in one answer"));
                }
            }
        }
        found.sort_by_key(|(begin, _)| *begin);
        Ok(found.into_iter().map(|(_, found)| found).collect())
    }

    fn asks_for(&self, event: &Event, managed: bool) -> bool {
        let origin = if managed { self.include_managed || self.only_managed } else { !self.only_managed };
        let modified = self.last_modified.is_none_or(|since| event.updated >= since);
        origin && modified && (self.include_deleted || !event.deleted)
    }

    /// When it takes place in the window. What was moved out of it counts with `include_moved`.
    fn times(&self, event: &Event, managed: bool) -> Vec<When> {
        let zone = &self.window.zone;
        let window = match (managed, &event.recurrence) {
            (false, _) => self.window.of_external(),
            (true, None) => self.window.of_managed(),
            (true, Some(_)) => self.window.of_managed_series(),
        };
        let times = event.occurrences(window, zone);
        let moved = || event.moved_from.iter().any(|when| when.touches(window, zone));
        if times.is_empty() && self.include_moved && moved() { vec![event.when] } else { times }
    }
}
