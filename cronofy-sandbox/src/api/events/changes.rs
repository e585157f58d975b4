//! What becomes of a change.

use crate::app::App;
use crate::calendars::{CalendarKey, Changed};
use crate::callbacks::notify::{self, Change};
use crate::state::State;

/// The one place where a change that an application made leaves its calendar: channels are told from here. In the
/// calendar that it wrote to, the application knows it already; an invitation comes to others from outside.
pub(in crate::api) fn tell(
    app: &App,
    state: &mut State,
    changed: &Changed,
    written: &CalendarKey,
    client_id: &str,
) {
    for calendar in changed {
        let cause = (calendar == written).then_some(client_id);
        notify::calendar_changed(app, state, &Change { calendar, managed_by: None, cause });
    }
}
