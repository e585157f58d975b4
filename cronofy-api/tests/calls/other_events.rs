//! Events of others, many events at once, answers to invitations, and files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cronofy_api::EventUid;
use cronofy_api::core::{Endpoint, RefusalKind};
use cronofy_api::events::{
    Attachment, ChangeParticipationStatus, CreateAttachment, DeleteEvents, DeleteExternalEvent,
    EditExternalEvent, EventDetails, InvitationAnswer,
};
use cronofy_api::time::DateTime;
use cronofy_types::CalendarId;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{answered, api_key, body, calendar, member, refused, sent, survives, user};

fn uid() -> EventUid {
    EventUid::new("evt_external_1/2").unwrap()
}

fn edit(details: EventDetails) -> EditExternalEvent {
    let time = |text: &str| text.parse::<DateTime>().unwrap();
    let span = (time("2031-03-04T09:00:00Z"), time("2031-03-04T09:40:00Z"));
    EditExternalEvent::new(user(), calendar(), uid(), span, details)
}

#[test]
fn edit_external_event() {
    assert_eq!(
        sent(&edit(EventDetails::new("Check-up"))),
        "POST https://api.cronofy.com/v1/calendars/cal_a%40b_c/events\nauthorization: Bearer token\n\
         {\"event_uid\":\"evt_external_1/2\",\"start\":\"2031-03-04T09:00:00Z\",\"end\":\"2031-03-04T09:40:00Z\",\
         \"summary\":\"Check-up\"}"
    );
    let most = edit(EventDetails::new("Check-up").description("")).with_userinfo();
    assert_eq!(
        body(&most),
        json!({ "event_uid": "evt_external_1/2", "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T09:40:00Z",
            "summary": "Check-up", "description": "", "include_userinfo": true })
    );
    assert_eq!(answered(most, 202, "").unwrap(), None);
    assert_eq!(refused(&edit(EventDetails::new(""))), "summary is empty");
    let time = |text: &str| text.parse::<DateTime>().unwrap();
    let halves = (time("2031-03-04T09:00:00.5Z"), time("2031-03-04T09:00:01Z"));
    let halves = EditExternalEvent::new(user(), calendar(), uid(), halves, EventDetails::new("x"));
    assert_eq!(refused(&halves), "start has a fraction of a second, which is refused");
    let error = answered(edit(EventDetails::new("x")), 403, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::Forbidden);
}

#[test]
fn delete_external_event() {
    let call = DeleteExternalEvent::new(user(), calendar(), uid());
    assert_eq!(
        sent(&call),
        "DELETE https://api.cronofy.com/v1/calendars/cal_a%40b_c/events\nauthorization: Bearer token\n\
         {\"event_uid\":\"evt_external_1/2\"}"
    );
    for status in [200, 202, 204] {
        assert!(answered(call.clone(), status, "").is_ok());
    }
    assert!(answered(call, 404, "").is_err());
}

#[test]
fn delete_many_events() {
    assert_eq!(
        sent(&DeleteEvents::all(user())),
        "DELETE https://api.cronofy.com/v1/events\nauthorization: Bearer token\n{\"delete_all\":true}"
    );
    let two = DeleteEvents::of_calendars(member(), [calendar(), CalendarId::new("cal_2").unwrap()]);
    assert_eq!(
        sent(&two),
        "DELETE https://api.cronofy.com/v1/events\nauthorization: Bearer token\ncronofy-impersonate: acc_1\n\
         {\"calendar_ids\":[\"cal_a@b_c\",\"cal_2\"]}"
    );
    assert!(answered(two, 202, "").is_ok());
    // Nothing that was named must not become everything.
    assert_eq!(refused(&DeleteEvents::of_calendars(user(), [])), "calendar_ids is empty");
}

#[test]
fn change_participation_status() {
    for (answer, text) in [
        (InvitationAnswer::Accepted, "accepted"),
        (InvitationAnswer::Tentative, "tentative"),
        (InvitationAnswer::Declined, "declined"),
    ] {
        let call = ChangeParticipationStatus::new(user(), calendar(), uid(), answer);
        assert_eq!(
            sent(&call),
            format!(
                "POST https://api.cronofy.com/v1/calendars/cal_a%40b_c/events/evt_external_1%2F2/\
                 participation_status\nauthorization: Bearer token\n{{\"status\":\"{text}\"}}"
            )
        );
        assert!(answered(call, 202, "").is_ok());
    }
}

fn file(content: &'static [u8]) -> CreateAttachment {
    CreateAttachment::new(&api_key(), "form.pdf", "application/pdf", content)
}

#[test]
fn create_attachment() {
    assert_eq!(
        sent(&file(b"%PDF")),
        "POST https://api.cronofy.com/v1/attachments\nauthorization: Bearer CRN_secret\n\
         {\"attachment\":{\"file_name\":\"form.pdf\",\"content_type\":\"application/pdf\",\
         \"base64_content\":\"JVBERg==\"}}"
    );
    assert!(!format!("{:?}", file(b"canary")).contains("canary"), "what is in a file is in no log");
    let made = json!({ "attachment_id": "att_1", "file_name": "form.pdf", "content_type": "application/pdf",
        "md5": "0f343b0931126a20f133d67c2b018a3b" });
    survives::<Attachment>(made.clone(), &[]);
    let read = answered(file(b""), 200, &json!({ "attachment": made }).to_string()).unwrap();
    assert_eq!(read.attachment_id.as_str(), "att_1");
    assert!(answered(file(b""), 200, "{}").is_err());
}

/// RFC 4648 section 10.
#[test]
fn base64_of_the_rfc() {
    for (content, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(body(&file(content.as_bytes()))["attachment"]["base64_content"], text);
    }
}

proptest! {
    #[test]
    fn any_content_is_sent_whole(content in prop::collection::vec(any::<u8>(), 0..64)) {
        let call = CreateAttachment::new(&api_key(), "x", "y", content.clone());
        let sent: serde_json::Value = serde_json::from_slice(call.request().unwrap().body().as_bytes()).unwrap();
        prop_assert_eq!(STANDARD.decode(sent["attachment"]["base64_content"].as_str().unwrap()).unwrap(), content);
    }
}
