//! Invitations by e-mail, and what comes back.

use cronofy_api::SmartInviteId;
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::events::{EventDetails, Location};
use cronofy_api::smart_invites::{
    CancelSmartInvite, InviteStatus, ReadSmartInvite, Recipient, RemoveSmartInviteRecipient, SmartInvite,
    SmartInviteCallback, UpsertSmartInvite,
};
use cronofy_api::time::DateTime;
use cronofy_types::{CallbackUrl, EmailAddress, NotificationKind, Verified};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, api_key, body, refused, sent, survives};

fn id() -> SmartInviteId {
    SmartInviteId::new("visit 1&2").unwrap()
}

fn rui() -> EmailAddress {
    EmailAddress::new("rui+x@orchard.example").unwrap()
}

fn ana() -> EmailAddress {
    EmailAddress::new("ana@orchard.example").unwrap()
}

fn span() -> (DateTime, DateTime) {
    ("2031-03-04T09:00:00Z".parse().unwrap(), "2031-03-04T09:40:00Z".parse().unwrap())
}

fn upsert(details: EventDetails) -> UpsertSmartInvite {
    UpsertSmartInvite::new(&api_key(), id(), rui(), span(), details)
}

fn url() -> CallbackUrl {
    CallbackUrl::new("https://hooks.example/?secret=canary").unwrap()
}

/// `developers/api/smart-invites/invite-status`, `developers/api/smart-invites/create-smart-invite`
fn documented() -> Value {
    let reply = json!({ "email": "rui+x@orchard.example", "status": "declined", "comment": "At noon?",
        "proposal": { "start": { "time": "2031-03-04T14:00:00+02:00", "tzid": "Europe/Paris" },
            "end": { "time": "2031-03-04T14:40:00+02:00", "tzid": "Europe/Paris" } } });
    json!({
        "recipient": reply,
        "replies": [{ "email": "ana@orchard.example", "status": "accepted" }, reply],
        "smart_invite_id": "visit 1&2",
        "callback_url": "https://hooks.example/?secret=canary",
        "event": {
            "summary": "Check-up",
            "description": "First visit.",
            "start": { "time": "2031-03-04T09:00:00Z", "tzid": "Europe/Lisbon" },
            "end": { "time": "2031-03-04T09:40:00Z", "tzid": "Europe/Lisbon" },
            "location": { "description": "Room 2" }
        },
        "attachments": { "icalendar": "BEGIN:VCALENDAR\nVERSION:2.0\n" }
    })
}

/// What stands beside a time and its zone is passed over, so there is nothing for it to survive.
fn without_zones(value: Value) -> Value {
    match value {
        Value::Object(mut members) if members.contains_key("tzid") => members["time"].take(),
        Value::Object(members) => {
            members.into_iter().map(|(name, member)| (name, without_zones(member))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_zones).collect(),
        other => other,
    }
}

#[test]
fn upsert_smart_invite() {
    assert_eq!(
        sent(&upsert(EventDetails::new("Check-up"))),
        "POST https://api.cronofy.com/v1/smart_invites\nauthorization: Bearer CRN_secret\n\
         {\"method\":\"request\",\"smart_invite_id\":\"visit 1&2\",\"recipient\":{\"email\":\"rui+x@orchard.example\"},\
         \"event\":{\"start\":\"2031-03-04T09:00:00Z\",\"end\":\"2031-03-04T09:40:00Z\",\"summary\":\"Check-up\"}}"
    );
    let details = EventDetails::new("Check-up")
        .description("First visit.")
        .location(Location::new().description("Room 2"))
        .tzid("Europe/Lisbon".parse().unwrap())
        .reminder(60);
    let most = upsert(details).organizer("Dr. Pais").organizer_email(ana()).callback_url(url());
    assert_eq!(
        body(&most),
        json!({ "method": "request", "smart_invite_id": "visit 1&2",
            "recipient": { "email": "rui+x@orchard.example" },
            "callback_url": "https://hooks.example/?secret=canary",
            "event": { "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T09:40:00Z", "summary": "Check-up",
                "description": "First visit.", "location": { "description": "Room 2" },
                "tzid": "Europe/Lisbon", "reminders": [{ "minutes": 60 }] },
            "organizer": { "name": "Dr. Pais", "email": "ana@orchard.example" } })
    );
    assert!(!format!("{most:?}").contains("canary"));
    assert_eq!(refused(&upsert(EventDetails::new(""))), "summary is empty");
    let halves: (DateTime, DateTime) = ("2031-03-04T09:00:00.5Z".parse().unwrap(), span().1);
    let halves = UpsertSmartInvite::new(&api_key(), id(), rui(), halves, EventDetails::new("x"));
    assert_eq!(refused(&halves), "start has a fraction of a second, which is refused");
    for status in [200, 202] {
        let made = answered(most.clone(), status, &documented().to_string()).unwrap();
        assert_eq!(made.icalendar(), Some("BEGIN:VCALENDAR\nVERSION:2.0\n"));
        assert_eq!(made.recipient.unwrap().status, Some(InviteStatus::Declined));
    }
    assert!(answered(most.clone(), 200, "{}").is_err());
    let error = answered(most, 402, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::PaymentRequired);
}

/// `developers/api-alpha/smart-invites/multiple-recipients`, `developers/api-alpha/smart-invites/initial-status`
#[test]
fn an_invite_to_many() {
    let to = |recipients: Vec<Recipient>| {
        UpsertSmartInvite::to_many(&api_key(), id(), recipients, span(), EventDetails::new("Check-up"))
    };
    let both = to(vec![Recipient::new(rui()).status(InviteStatus::Accepted), ana().into()]);
    assert_eq!(
        body(&both)["recipients"],
        json!([{ "email": "rui+x@orchard.example", "status": "accepted" }, { "email": "ana@orchard.example" }])
    );
    assert!(body(&both).get("recipient").is_none());
    assert_eq!(refused(&to(Vec::new())), "recipients is empty");
    let made = json!({ "smart_invite_id": "visit 1&2",
        "recipients": [{ "email": "rui+x@orchard.example", "status": "accepted" },
            { "email": "ana@orchard.example", "status": "pending" }] });
    survives::<SmartInvite>(made.clone(), &["status"]);
    let made = answered(both, 200, &made.to_string()).unwrap();
    assert_eq!(made.recipients[1].status, Some(InviteStatus::Pending));
    assert_eq!((made.recipient, made.attachments), (None, None));
}

#[test]
fn cancel_smart_invite() {
    let one = CancelSmartInvite::new(&api_key(), id(), rui());
    assert_eq!(
        sent(&one),
        "POST https://api.cronofy.com/v1/smart_invites\nauthorization: Bearer CRN_secret\n\
         {\"method\":\"cancel\",\"smart_invite_id\":\"visit 1&2\",\"recipient\":{\"email\":\"rui+x@orchard.example\"}}"
    );
    let many = CancelSmartInvite::to_many(&api_key(), id(), [rui(), ana()]);
    assert_eq!(
        body(&many),
        json!({ "method": "cancel", "smart_invite_id": "visit 1&2",
            "recipients": [{ "email": "rui+x@orchard.example" }, { "email": "ana@orchard.example" }] })
    );
    assert_eq!(refused(&CancelSmartInvite::to_many(&api_key(), id(), [])), "recipients is empty");
    assert!(answered(one, 200, &documented().to_string()).unwrap().icalendar().is_some());
}

#[test]
fn remove_recipient() {
    let remove = RemoveSmartInviteRecipient::new(&api_key(), id(), rui());
    assert_eq!(
        sent(&remove),
        "POST https://api.cronofy.com/v1/smart_invites\nauthorization: Bearer CRN_secret\n\
         {\"method\":\"remove\",\"smart_invite_id\":\"visit 1&2\",\"recipient\":{\"email\":\"rui+x@orchard.example\"}}"
    );
    // As in the tests of Cronofy's own client.
    let left = json!({ "smart_invite_id": "visit 1&2", "attachments": { "removed": { "email": "rui@x" } } });
    let left = answered(remove, 202, &left.to_string()).unwrap().attachments.unwrap();
    assert_eq!((left.icalendar, &left.extra["removed"]["email"]), (None, &json!("rui@x")));
}

#[test]
fn read_smart_invite() {
    let one = ReadSmartInvite::new(&api_key(), id(), rui());
    assert_eq!(
        sent(&one),
        "GET https://api.cronofy.com/v1/smart_invites?smart_invite_id=visit%201%262\
         &recipient_email=rui%2Bx%40orchard.example\nauthorization: Bearer CRN_secret\n"
    );
    assert_eq!(
        ReadSmartInvite::to_many(&api_key(), id()).request().unwrap().uri().query(),
        Some("smart_invite_id=visit%201%262")
    );
    survives::<SmartInvite>(without_zones(documented()), &["status"]);
    let found = answered(one, 200, &documented().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&found).unwrap(), documented());
    assert_eq!(found.callback_url.as_ref().unwrap().as_str(), "https://hooks.example/?secret=canary");
    assert!(!format!("{found:?}").contains("canary"), "where an invite calls back is in no log");
    assert_eq!(found.replies.len(), 2);
    let proposal = found.replies[1].proposal.as_ref().unwrap();
    let start = proposal.start.as_ref().unwrap();
    assert_eq!(start.date_time().unwrap().to_string(), "2031-03-04T14:00:00+02:00");
    assert_eq!(start.tzid.as_ref().unwrap().as_str(), "Europe/Paris");
    let event = found.event.unwrap();
    assert_eq!(event.location.unwrap().description.as_deref(), Some("Room 2"));
}

fn callback(body: &Value) -> Result<SmartInviteCallback, cronofy_types::ParseError> {
    SmartInviteCallback::parse(&Verified::vouched_for_elsewhere(body.to_string().as_bytes()))
}

/// `developers/api/smart-invites/invite-callback`
#[test]
fn what_comes_back() {
    let reply = json!({ "email": "rui+x@orchard.example", "status": "tentative", "comment": "Perhaps." });
    let posted = json!({ "notification": { "type": "smart_invite" }, "smart_invite": {
        "smart_invite_id": "visit 1&2", "callback_url": "https://hooks.example/?secret=canary",
        "recipient": reply, "reply": reply } });
    let read = callback(&posted).unwrap();
    assert_eq!(read.kind, NotificationKind::SmartInvite);
    let said = read.smart_invite.reply.as_ref().unwrap();
    assert_eq!(
        (said.status.clone(), said.comment.as_deref()),
        (Some(InviteStatus::Tentative), Some("Perhaps."))
    );
    assert!(!format!("{read:?}").contains("canary"));
    survives::<SmartInvite>(posted["smart_invite"].clone(), &["status"]);

    let mut later = posted.clone();
    later["notification"] = json!({ "type": "made_up_later", "x": 1 });
    later["smart_invite"]["reply"]["status"] = json!("made_up_later");
    later["y"] = json!(2);
    let read = callback(&later).unwrap();
    assert_eq!(
        (read.kind.as_str(), &read.extra["x"], &read.beside["y"]),
        ("made_up_later", &json!(1), &json!(2))
    );
    assert_eq!(read.smart_invite.reply.unwrap().status.unwrap().as_str(), "made_up_later");
    for broken in [
        json!([]),
        json!({ "notification": { "type": "smart_invite" } }),
        json!({ "notification": {}, "smart_invite": { "smart_invite_id": "a" } }),
        json!({ "notification": { "type": "smart_invite" }, "smart_invite": {} }),
    ] {
        assert!(callback(&broken).is_err(), "{broken}");
    }
}

proptest! {
    /// Whatever was answered is read, and written as it was.
    #[test]
    fn any_reply_is_written_as_it_was_read(
        status in "[a-z]{1,9}",
        comment in prop::option::of("\\PC{1,20}"),
        hours in prop::option::of(0..23_u8),
        many in any::<bool>(),
    ) {
        let mut reply = json!({ "email": "rui@orchard.example", "status": status });
        if let Some(comment) = comment {
            reply["comment"] = json!(comment);
        }
        if let Some(hour) = hours {
            let time = json!({ "time": format!("2031-03-04T{hour:02}:00:00+02:00"), "tzid": "Europe/Paris" });
            reply["proposal"] = json!({ "start": time, "end": time });
        }
        let mut invite = json!({ "smart_invite_id": "a", "reply": reply });
        if many {
            invite["recipients"] = json!([reply]);
        } else {
            invite["recipient"] = reply;
        }
        let posted = json!({ "notification": { "type": "smart_invite" }, "smart_invite": invite });
        let read = callback(&posted).unwrap();
        prop_assert!(read.smart_invite.extra.is_empty());
        prop_assert_eq!(serde_json::to_value(read.smart_invite).unwrap(), invite);
    }
}
