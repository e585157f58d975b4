//! `/v1/smart_invites`
//!
//! Invitations that the application mails, and of whose answers it is told (docs: smart-invites).

mod draft;
mod icalendar;
mod row;

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use self::draft::proposal;
use self::draft::{Draft, Recipients};
use self::icalendar::{File, Method};
pub(crate) use self::row::{callback, invite as row};
use super::time::timestamp;
use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented, guessed, observed};
use crate::state::{InviteKey, InviteReply, SmartInvite, State, TooManyInvites};
use crate::wire::{Call, FieldErrors, Refusal, json as answer};

const CREATE: &str = "api/smart-invites/create-smart-invite";
const CANCEL: &str = "api/smart-invites/cancel-invite";
const STATUS: &str = "api/smart-invites/invite-status";
const MANY: &str = "api-alpha/smart-invites/multiple-recipients";

pub(crate) const WRITE: Operation = Operation {
    name: "POST /v1/smart_invites",
    rules: &[
        documented("The credential is the client secret", CREATE),
        documented(
            "`smart_invite_id` and `recipient.email` name an invitation; by both it is changed later",
            CREATE,
        ),
        documented(
            "`event` has at least `summary`, `start` and `end`; `callback_url` need not be there",
            CREATE,
        ),
        documented(
            "The answer is 200 with `recipient`, `event` and `attachments.icalendar`; times of the event come as \
             `time`, in UTC, with `tzid`",
            CREATE,
        ),
        documented("`recipients` in place of `recipient` invites many", MANY),
        documented(
            "Each of `recipients` may have a `status` to begin with: `pending`, `accepted`, `tentative` or `declined`",
            "api-alpha/smart-invites/initial-status",
        ),
        observed("Without `method` it is `request`", "cronofy-ruby 0.41 and pycronofy 2.0.7 send none"),
        documented(
            "`method` `cancel` cancels; the answer has the file that takes it out of calendars",
            CANCEL,
        ),
        observed("`recipients` cancels one to many", "pycronofy 2.0.7"),
        observed(
            "`method` `remove` takes `recipient` off one to many; he or she is `attachments.removed.email`",
            "cronofy-ruby 0.41, in its tests",
        ),
        guessed(
            "`attachments.removed.icalendar` is the file for who was removed, `icalendar` that for those who are left",
            "no page shows the answer, and both have something to be told",
        ),
        guessed("Who is the last cannot be removed: it is 422", "there is `cancel` for that"),
        guessed(
            "An event at another time is not answered yet: all are `pending` again",
            "RFC 5546, section 3.2.2.1",
        ),
        guessed(
            "`callback_url` and `organizer` stay unless they are sent",
            "a URL could not be known to be meant gone",
        ),
        guessed("Without `tzid` times come with `Etc/UTC`", "as events without a zone do"),
        guessed(
            "The file's `ORGANIZER` is an address of the sandbox",
            "replies have to come to whoever tells of them",
        ),
        guessed("Nothing is mailed", "the answer has what the application mails"),
        guessed(
            "What is cancelled can be requested again; to cancel what is not there is 404",
            "a later call can mean it",
        ),
        guessed("An application has at most 1000 of them, to at most 100 people", "memory has to be bounded"),
    ],
};

pub(crate) const READ: Operation = Operation {
    name: "GET /v1/smart_invites",
    rules: &[
        documented("`smart_invite_id` and `recipient_email` name it", STATUS),
        observed("Without `recipient_email` it is the one to many", "Cronofy .NET 1.12"),
        documented("The answer is as that of a write, with `replies` and without `attachments`", STATUS),
        documented(
            "A reply has `email` and `status`, and may have `comment` and `proposal`, whose times are local",
            STATUS,
        ),
        guessed("An unknown invitation is 404", "as everything that an authorization does not see"),
    ],
};

pub(crate) async fn write(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let object = call.object()?;
    let body = match draft::read(&object)? {
        Draft::Request(request) => request_one(&app, &mut state, &client_id, *request)?,
        Draft::Cancel { id, recipients } => cancel(&app, &mut state, &client_id, &id, &recipients)?,
        Draft::Remove { id, email } => remove(&app, &mut state, &client_id, &id, &email)?,
    };
    Ok(answer(StatusCode::OK, &body))
}

pub(crate) async fn read(Extract(app): Extract<App>, call: Call) -> Result<Response, Refusal> {
    let mut state = app.state();
    let client_id = auth::application(&call, &state, app.clock.now())?;
    let query = call.query();
    let id = query.get("smart_invite_id").ok_or_else(|| {
        let mut errors = FieldErrors::default();
        errors.required("smart_invite_id");
        errors.into_refusal()
    })?;
    let key = InviteKey::new(&client_id, id, query.get("recipient_email"));
    let invite = state.smart_invite(&key).ok_or_else(unknown)?;
    let mut body = row(&key, invite);
    body["replies"] = invite.replies.iter().map(row::reply).collect();
    Ok(answer(StatusCode::OK, &body))
}

fn request_one(
    app: &App,
    state: &mut State,
    client_id: &str,
    request: draft::Request,
) -> Result<Value, Refusal> {
    let key = request.recipients.key(client_id, &request.id);
    let recipients = request.recipients.into_vec();
    if let Some(known) = state.smart_invite(&key) {
        let moved = known.event.when != request.event.when;
        let before = std::mem::take(&mut known.recipients);
        let as_before = |asked: InviteReply| {
            let known = before.iter().find(|known| known.is_of(&asked.email) && !moved);
            known.filter(|_| asked.status == InviteReply::pending("").status).cloned().unwrap_or(asked)
        };
        known.recipients = recipients.into_iter().map(as_before).collect();
        known.event = request.event;
        known.callback_url = request.callback_url.or(known.callback_url.take());
        known.organizer = request.organizer.or(known.organizer.take());
        known.cancelled = false;
        known.sequence = known.sequence.saturating_add(1);
    } else {
        let invite = SmartInvite {
            callback_url: request.callback_url,
            event: request.event,
            organizer: request.organizer,
            recipients,
            replies: Vec::new(),
            cancelled: false,
            sequence: 0,
        };
        state.add_smart_invite(&key, invite).map_err(|TooManyInvites| {
            let what = "an application has at most 1000 smart invites";
            Refusal::fields(FieldErrors::of("base", "errors.too_many", what), what)
        })?;
    }
    let invite = state.smart_invite(&key).ok_or_else(unknown)?;
    Ok(with_file(app, &key, invite, Method::Request))
}

fn cancel(
    app: &App,
    state: &mut State,
    client_id: &str,
    id: &str,
    recipients: &Recipients,
) -> Result<Value, Refusal> {
    let key = recipients.key(client_id, id);
    let invite = state.smart_invite(&key).ok_or_else(unknown)?;
    invite.cancelled = true;
    invite.sequence = invite.sequence.saturating_add(1);
    Ok(with_file(app, &key, invite, Method::Cancel))
}

fn remove(app: &App, state: &mut State, client_id: &str, id: &str, email: &str) -> Result<Value, Refusal> {
    let key = InviteKey::new(client_id, id, None);
    let invite = state.smart_invite(&key).ok_or_else(unknown)?;
    let place = invite.recipients.iter().position(|recipient| recipient.is_of(email));
    let place = place.ok_or_else(|| Refusal::not_found("the smart invite is not to this address"))?;
    if invite.recipients.len() == 1 {
        let what = "nobody else is invited: cancel it";
        return Err(Refusal::fields(FieldErrors::of("recipient.email", "errors.not_supported", what), what));
    }
    let removed = invite.recipients.remove(place);
    invite.sequence = invite.sequence.saturating_add(1);
    let mut body = with_file(app, &key, invite, Method::Request);
    let file = file(app, &key, invite, Method::Cancel, &[removed]);
    body["attachments"]["removed"] = json!({ "email": email, "icalendar": file });
    Ok(body)
}

fn with_file(app: &App, key: &InviteKey, invite: &SmartInvite, method: Method) -> Value {
    let mut body = row(key, invite);
    body["attachments"] = json!({ "icalendar": file(app, key, invite, method, &invite.recipients) });
    body
}

fn file(app: &App, key: &InviteKey, invite: &SmartInvite, method: Method, to: &[InviteReply]) -> String {
    let now: Timestamp = timestamp(app.clock.now());
    File { uid: &app.ids.record("smi_", &key.name()), now, method, invite, to }.write()
}

fn unknown() -> Refusal {
    Refusal::not_found("the application has no such smart invite")
}
