//! What a page offers, and what becomes of a choice.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::api::events::upsert;
use crate::api::{availability, reach, time};
use crate::app::App;
use crate::auth::{self, Subject};
use crate::state::{LinkStatus, SchedulingLink, State};
use crate::wire::Refusal;

/// Why no time was picked.
pub(crate) enum NotPicked {
    /// Nobody can pick any more.
    Closed,
    /// It is not offered, or it is no more.
    Taken,
    /// A calendar does not take the event.
    Unwritable,
}

/// From when to when there is time, as of now.
pub(crate) fn offers(app: &App, state: &State, link: &SchedulingLink) -> Vec<(Timestamp, Timestamp)> {
    let wish = &link.wish;
    // What was asked for once can be: what is not known any more has no time.
    let offers = availability::offers(app, state, &wish.client_id, &wish.availability).unwrap_or_default();
    let now = time::timestamp(app.clock.now());
    let earliest = now.saturating_add(SignedDuration::from_mins(wish.minimum_notice)).unwrap_or(now);
    offers.into_iter().filter(|(start, _)| *start >= earliest).collect()
}

/// Picks what starts then: the event is written into all calendars, and the page is completed.
pub(crate) fn pick(app: &App, state: &mut State, token: &str, picked: Timestamp) -> Result<(), NotPicked> {
    let link = state.scheduling_link(token).filter(|link| link.status == LinkStatus::Open);
    let link = link.ok_or(NotPicked::Closed)?.clone();
    let offered = offers(app, state, &link).into_iter().find(|(start, _)| *start == picked);
    let (start, end) = offered.ok_or(NotPicked::Taken)?;
    let mut event: Map<String, Value> = link.wish.event.clone();
    event.insert("start".to_owned(), time::utc(start).into());
    event.insert("end".to_owned(), time::utc(end).into());
    let targets = writable(app, state, &link).map_err(|_| NotPicked::Unwritable)?;
    for (subject, calendar_id) in targets {
        let written = upsert::apply(app, state, &subject, &calendar_id, &event);
        written.map_err(|_| NotPicked::Unwritable)?;
    }
    if let Some(link) = state.scheduling_link_mut(token) {
        link.status = LinkStatus::Completed { start, end };
    }
    Ok(())
}

/// All of the target calendars, before anything is written to one.
fn writable(app: &App, state: &State, link: &SchedulingLink) -> Result<Vec<(Subject, String)>, Refusal> {
    let mut writable = Vec::new();
    for target in &link.wish.targets {
        let subject = auth::account(state, &link.wish.client_id, &target.sub);
        let subject = subject.ok_or_else(|| Refusal::not_found("the authorization was revoked"))?;
        reach::writable(app, state, &subject, &target.calendar_id)?;
        writable.push((subject, target.calendar_id.clone()));
    }
    Ok(writable)
}
