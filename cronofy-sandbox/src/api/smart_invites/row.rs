//! An invitation as answers and callbacks show it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::time;
use crate::calendars::When;
use crate::state::{InviteEvent, InviteKey, InviteReply, SmartInvite};

/// In an answer, but for `replies` and `attachments`.
pub(crate) fn invite(key: &InviteKey, invite: &SmartInvite) -> Value {
    let mut row = heading(key, invite);
    row["event"] = event(&invite.event);
    row
}

/// The body of a callback (docs: smart-invites/invite-callback).
pub(crate) fn callback(key: &InviteKey, invite: &SmartInvite, answered: &InviteReply) -> Value {
    let mut row = heading(key, invite);
    row["reply"] = reply(answered);
    json!({ "notification": { "type": "smart_invite" }, "smart_invite": row })
}

fn heading(key: &InviteKey, invite: &SmartInvite) -> Value {
    let mut row = json!({ "smart_invite_id": key.id });
    if let Some(url) = &invite.callback_url {
        row["callback_url"] = json!(url);
    }
    let recipients: Vec<Value> = invite.recipients.iter().map(reply).collect();
    match recipients.first() {
        Some(only) if key.is_to_one() => row["recipient"] = only.clone(),
        _ => row["recipients"] = json!(recipients),
    }
    row
}

pub(super) fn reply(reply: &InviteReply) -> Value {
    let mut row = json!({ "email": reply.email, "status": reply.status });
    if let Some(comment) = &reply.comment {
        row["comment"] = json!(comment);
    }
    if let Some((when, tzid)) = &reply.proposal {
        let (start, end) = time::written(*when, tzid, true);
        row["proposal"] = json!({ "start": start, "end": end });
    }
    row
}

fn event(event: &InviteEvent) -> Value {
    // In UTC, whatever the zone.
    let zoned = |time: String| json!({ "time": time, "tzid": event.tzid });
    let timed = |time: Timestamp| zoned(time::utc(time));
    let (start, end) = match event.when {
        When::Timed { start, end } => (timed(start), timed(end)),
        When::AllDay { start, end } => (zoned(start.to_string()), zoned(end.to_string())),
    };
    let mut row = json!({ "summary": event.summary, "start": start, "end": end });
    if !event.description.is_empty() {
        row["description"] = json!(event.description);
    }
    if let Some(location) = &event.location {
        row["location"] = json!(location);
    }
    row
}
