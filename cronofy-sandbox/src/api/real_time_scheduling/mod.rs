//! `/v1/real_time_scheduling`: pages on which somebody picks a time (docs: scheduling/real-time-scheduling). The pages
//! themselves are [`consent`](crate::consent)'s.

pub(crate) mod create;
pub(crate) mod disable;
mod pick;
pub(crate) mod read;
mod wish;

pub(crate) use self::pick::{NotPicked, offers, pick};

use serde_json::{Value, json};

use super::time;
use crate::app::App;
use crate::state::{LinkStatus, SchedulingLink};

/// The answer about one.
fn document(app: &App, link: &SchedulingLink) -> Value {
    let mut event = link.wish.event.clone();
    if let LinkStatus::Completed { start, end } = &link.status {
        event.insert("start".to_owned(), time::utc(*start).into());
        event.insert("end".to_owned(), time::utc(*end).into());
    }
    json!({ "real_time_scheduling": {
        "real_time_scheduling_id": link.id,
        "url": url(app, link),
        "event": event,
        "status": link.status.word(),
    } })
}

fn url(app: &App, link: &SchedulingLink) -> String {
    format!("{}/rts/{}", app.base_url, link.token)
}
