//! What an application may do with an event: `options` of a row, and what decides about calls.

use serde_json::{Value, json};

use crate::calendars::{Event, Seen};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) struct Options {
    pub(in crate::api) delete: bool,
    pub(in crate::api) update: bool,
    pub(in crate::api) change_participation_status: bool,
}

impl Options {
    /// Own events, always. Those of others where the calendar is unrestricted and the event no series (docs:
    /// events/edit-external-events), and changed only by who organizes them.
    pub(in crate::api) fn of(event: &Event, calendar: &Seen, client_id: &str) -> Self {
        let person = calendar.key.owner.person().unwrap_or_default();
        let invited = event.is_invitation_to(person);
        let managed = event.is_managed_by(client_id);
        let writable = !calendar.readonly && !event.deleted;
        let reachable = writable && calendar.unrestricted && event.recurrence.is_none();
        Self {
            delete: writable && (managed || reachable),
            update: writable && (managed || (reachable && !invited)),
            change_participation_status: writable && !managed && invited,
        }
    }

    pub(super) fn body(self) -> Value {
        json!({
            "delete": self.delete,
            "update": self.update,
            "change_participation_status": self.change_participation_status,
        })
    }
}
