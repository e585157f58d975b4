//! What becomes of a change.

use crate::app::App;
use crate::calendars::{CalendarKey, Changed};
use crate::state::State;

/// The one place where a change that an application made leaves its calendar: channels will be told from here, all
/// but those of the application itself.
pub(super) fn tell(
    _app: &App,
    _state: &mut State,
    _changed: &Changed,
    _written: &CalendarKey,
    _client_id: &str,
) {
}
