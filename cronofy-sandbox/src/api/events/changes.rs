//! What becomes of a change.

use crate::app::App;
use crate::calendars::{CalendarKey, Changed};
use crate::state::State;

/// The one place where a change that an application made leaves its calendar: channels will be told from here, all
/// but those of the application itself.
pub(in crate::api) fn tell(
    _app: &App,
    _state: &mut State,
    _changed: &Changed,
    _written: &CalendarKey,
    _client_id: &str,
) {
}

/// The same for what a person did: every application is told.
pub(crate) fn tell_everybody(_app: &App, _state: &mut State, _changed: &Changed) {}
