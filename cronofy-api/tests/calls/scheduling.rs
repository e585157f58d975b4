//! Pages on which somebody else picks the time.

use cronofy_api::availability::{AvailabilityQuery, Group, SequencedEvent};
use cronofy_api::core::types::{
    CalendarId, CallbackUrl, ClientId, ClientSecret, DataCenter, EmailAddress, RedirectUri, Scope, Scopes,
    State, Sub,
};
use cronofy_api::core::{App, Endpoint, RefusalKind};
use cronofy_api::events::{EventDetails, Invitee};
use cronofy_api::scheduling::{
    AddToCalendar, AddToCalendarLink, CreateSchedulingLink, CreateSequencingLink, DisableSchedulingLink,
    DisableSequencingLink, FindSchedulingLink, HourFormat, LinkStatus, ReadSchedulingLink, SchedulingLink,
    SchedulingPage, SequenceStep, SequencingLink,
};
use cronofy_api::time::{DateTime, Duration};
use cronofy_api::{EventId, SchedulingLinkId, SequenceId, SequencingLinkId, Tzid};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, api_key, body, calendar, refused, sent, survives};

fn sub(text: &str) -> Sub {
    Sub::new(text).unwrap()
}

fn redirect(url: &str) -> RedirectUri {
    RedirectUri::new(url).unwrap()
}

fn callback(url: &str) -> CallbackUrl {
    CallbackUrl::new(url).unwrap()
}

fn day() -> (DateTime, DateTime) {
    ("2031-03-04T08:00:00Z".parse().unwrap(), "2031-03-04T17:00:00Z".parse().unwrap())
}

fn query() -> AvailabilityQuery {
    AvailabilityQuery::new(Group::all([sub("acc_1")]), Duration::minutes(45), [day()])
}

fn page(details: EventDetails) -> SchedulingPage {
    let lisbon: Tzid = "Europe/Lisbon".parse().unwrap();
    SchedulingPage::new(redirect("https://app.example/picked"), EventId::new("i-7").unwrap(), lisbon, details)
}

fn interview() -> SchedulingPage {
    page(EventDetails::new("Interview"))
}

fn create(page: SchedulingPage) -> CreateSchedulingLink {
    CreateSchedulingLink::new(&api_key(), page, query())
}

fn link() -> SchedulingLinkId {
    SchedulingLinkId::new("sch_1/2").unwrap()
}

#[test]
fn create_a_scheduling_link() {
    assert_eq!(
        sent(&create(interview())),
        "POST https://api.cronofy.com/v1/real_time_scheduling\nauthorization: Bearer CRN_secret\n\
         {\"oauth\":{\"redirect_uri\":\"https://app.example/picked\"},\
         \"event\":{\"event_id\":\"i-7\",\"summary\":\"Interview\",\"tzid\":\"Europe/Lisbon\"},\
         \"availability\":{\"participants\":[{\"members\":[{\"sub\":\"acc_1\"}],\"required\":\"all\"}],\
         \"required_duration\":{\"minutes\":45},\
         \"query_periods\":[{\"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}]}}"
    );
}

#[test]
fn all_that_can_be_said_of_a_page() {
    let page = page(EventDetails::new("Interview").description("With Ines."))
        .scope(Scopes::from([Scope::ReadEvents, Scope::CreateEvent]))
        .state(State::new("s-1").unwrap())
        .target(sub("acc_1"), calendar())
        .target(sub("acc_2"), CalendarId::new("cal_d").unwrap())
        .hour_format(HourFormat::TwentyFour)
        .minimum_notice(Duration::hours(2))
        .without_confirmation();
    let call = CreateSchedulingLink::new(&api_key(), page, query().in_slots())
        .as_one_event()
        .redirect_when_completed(redirect("https://app.example/thanks"))
        .redirect_when_no_times_suit(redirect("https://app.example/sorry"))
        .call_when_completed(callback("https://app.example/hooks/done"))
        .call_when_no_times_suit(callback("https://app.example/hooks/none"))
        .call_when_no_times_are_displayed(callback("https://app.example/hooks/empty"));
    assert!(!format!("{call:?}").contains("hooks"), "{call:?}");
    assert_eq!(
        body(&call),
        json!({
            "oauth": { "redirect_uri": "https://app.example/picked", "scope": "read_events create_event",
                       "state": "s-1" },
            "event": { "event_id": "i-7", "summary": "Interview", "description": "With Ines.",
                       "tzid": "Europe/Lisbon" },
            "availability": {
                "participants": [{ "required": "all", "members": [{ "sub": "acc_1" }] }],
                "required_duration": { "minutes": 45 }, "response_format": "slots",
                "query_periods": [{ "start": "2031-03-04T08:00:00Z", "end": "2031-03-04T17:00:00Z" }],
            },
            "target_calendars": [{ "sub": "acc_1", "calendar_id": "cal_a@b_c" },
                                 { "sub": "acc_2", "calendar_id": "cal_d" }],
            "formatting": { "hour_format": "H" },
            "minimum_notice": { "minutes": 120 },
            "selection_mode": "no_confirm",
            "event_creation": "single",
            "redirect_urls": { "completed_url": "https://app.example/thanks",
                               "no_times_suitable_url": "https://app.example/sorry" },
            "callback_urls": { "completed_url": "https://app.example/hooks/done",
                               "no_times_suitable_url": "https://app.example/hooks/none",
                               "no_times_displayed_url": "https://app.example/hooks/empty" },
        })
    );
    assert_eq!(
        body(&create(interview().hour_format(HourFormat::Twelve)))["formatting"],
        json!({ "hour_format": "h" })
    );
}

#[test]
fn limits_of_a_page_are_kept_before_anything_is_sent() {
    let guest = Invitee::new(EmailAddress::new("rui@orchard.example").unwrap());
    let invited = "attendees has 1 items, and may have no more than 0";
    for (wrong, why) in [
        (create(page(EventDetails::new(""))), "summary is empty"),
        (create(page(EventDetails::new("x").invite(guest.clone()))), invited),
        (create(page(EventDetails::new("x").uninvite(guest))), invited),
        (
            create(interview().minimum_notice(Duration::minutes(u32::MAX))),
            "minimum_notice is not between 0 and 2147483647",
        ),
        (
            CreateSchedulingLink::new(&api_key(), interview(), query().starting_every(Duration::minutes(0))),
            "start_interval is not between 1 and 2147483647",
        ),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn read_and_find_a_scheduling_link() {
    assert_eq!(
        sent(&ReadSchedulingLink::new(&api_key(), link())),
        "GET https://api.cronofy.com/v1/real_time_scheduling/sch_1%2F2\nauthorization: Bearer CRN_secret\n"
    );
    assert_eq!(
        sent(&FindSchedulingLink::new(&api_key(), "VF&nU".parse().unwrap())),
        "GET https://api.cronofy.com/v1/real_time_scheduling?token=VF%26nU\nauthorization: Bearer CRN_secret\n"
    );
}

#[test]
fn disable_a_scheduling_link() {
    let disable = |message: &str| DisableSchedulingLink::new(&api_key(), link(), message);
    assert_eq!(
        sent(&disable("Let us wait.\nUntil May.")),
        "POST https://api.cronofy.com/v1/real_time_scheduling/sch_1%2F2/disable\n\
         authorization: Bearer CRN_secret\n{\"display_message\":\"Let us wait.\\nUntil May.\"}"
    );
    assert!(disable(&"é".repeat(500)).request().is_ok());
    assert_eq!(
        refused(&disable(&"é".repeat(501))),
        "display_message is 501 characters long, and may be no longer than 500"
    );
    assert_eq!(refused(&disable("")), "display_message is empty");
}

fn documented(status: &str) -> Value {
    json!({ "real_time_scheduling_id": "sch_64b1859e", "url": "https://app.cronofy.com/rts/VFbnUVCv", "status": status,
        "event": { "event_id": "i-7", "summary": "Interview", "tzid": "Europe/Lisbon", "description": "x",
            "start": "2031-03-04T09:00:00Z", "end": "2031-03-04T09:45:00Z",
            "location": { "description": "Room 2" }, "event_private": true } })
}

#[test]
fn a_link_keeps_what_nobody_knows_yet() {
    survives::<SchedulingLink>(documented("open"), &["status"]);
    survives::<SchedulingLink>(
        json!({ "real_time_scheduling_id": "sch_1", "url": "https://a.example/b" }),
        &[],
    );
}

#[test]
fn every_call_answers_with_the_link() {
    let text = |status| json!({ "real_time_scheduling": documented(status) }).to_string();
    // One of Cronofy's own clients is answered with a 202, and with a `url` beside it.
    let created = json!({ "url": "https://app.cronofy.com/rts/VFbnUVCv",
        "real_time_scheduling": { "real_time_scheduling_id": "sch_64b1859e",
                                  "url": "https://app.cronofy.com/rts/VFbnUVCv" } });
    let created = answered(create(interview()), 202, &created.to_string()).unwrap();
    assert_eq!((created.status, created.event), (None, None));
    let read = answered(ReadSchedulingLink::new(&api_key(), link()), 200, &text("completed")).unwrap();
    assert_eq!(read.status, Some(LinkStatus::Completed));
    assert_eq!(read.event.unwrap().start, Some("2031-03-04T09:00:00Z".parse::<DateTime>().unwrap().into()));
    let found = FindSchedulingLink::new(&api_key(), "VFbnUVCv".parse().unwrap());
    assert_eq!(answered(found, 200, &text("open")).unwrap().status, Some(LinkStatus::Open));
    let disabled = DisableSchedulingLink::new(&api_key(), link(), "no");
    assert_eq!(answered(disabled, 200, &text("disabled")).unwrap().status, Some(LinkStatus::Disabled));
    for nothing in ["{}", "", r#"{"real_time_scheduling":{"real_time_scheduling_id":"sch_1"}}"#] {
        assert!(answered(ReadSchedulingLink::new(&api_key(), link()), 200, nothing).is_err(), "{nothing}");
    }
    let unknown = answered(ReadSchedulingLink::new(&api_key(), link()), 404, "").unwrap_err();
    assert_eq!(unknown.refusal().unwrap().kind(), RefusalKind::NotFound);
}

#[test]
fn the_token_is_the_end_of_the_url() {
    for (url, token) in [
        ("https://app.cronofy.com/rts/VFbnUVCv", Some("VFbnUVCv")),
        ("https://app.cronofy.com/rts/VFbnUVCv?locale=en/x#/y", Some("VFbnUVCv")),
        ("https://app.cronofy.com/rts/", None),
        ("https://app.cronofy.com", None),
        ("rts/VFbnUVCv", None),
    ] {
        let link = json!({ "real_time_scheduling_id": "sch_1", "url": url });
        let link: SchedulingLink = serde_json::from_value(link).unwrap();
        assert_eq!(link.token().as_ref().map(AsRef::as_ref), token, "{url}");
    }
}

fn step(name: &str, minutes: u32) -> SequenceStep {
    let when = SequencedEvent::new(
        SequenceId::new(name).unwrap(),
        Group::all([sub("acc_1")]),
        Duration::minutes(minutes),
    );
    SequenceStep::new(when, EventId::new(format!("i-7-{name}")).unwrap(), EventDetails::new("Talk"))
}

#[test]
fn create_a_sequencing_link() {
    let call = CreateSequencingLink::new(&api_key(), interview(), [step("1", 60)], [day()]);
    assert_eq!(
        sent(&call),
        "POST https://api.cronofy.com/v1/real_time_sequencing\nauthorization: Bearer CRN_secret\n\
         {\"oauth\":{\"redirect_uri\":\"https://app.example/picked\"},\
         \"event\":{\"event_id\":\"i-7\",\"summary\":\"Interview\",\"tzid\":\"Europe/Lisbon\"},\
         \"availability\":{\"sequence\":[{\"sequence_id\":\"1\",\
         \"participants\":[{\"members\":[{\"sub\":\"acc_1\"}],\"required\":\"all\"}],\
         \"required_duration\":{\"minutes\":60},\"event\":{\"event_id\":\"i-7-1\",\"summary\":\"Talk\"}}],\
         \"query_periods\":[{\"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}]}}"
    );
    let call = call.call_when_completed(callback("https://app.example/hooks/done"));
    assert!(!format!("{call:?}").contains("hooks"), "{call:?}");
    assert_eq!(body(&call)["callback_url"], "https://app.example/hooks/done");
}

#[test]
fn limits_of_a_sequence_are_kept_too() {
    let create = |steps: Vec<SequenceStep>, periods: Vec<(DateTime, DateTime)>| {
        CreateSequencingLink::new(&api_key(), interview(), steps, periods)
    };
    let halves = (day().0, "2031-03-04T08:00:00.5Z".parse().unwrap());
    let nameless =
        SequencedEvent::new(SequenceId::new("1").unwrap(), Group::all([sub("acc_1")]), Duration::hours(1));
    let nameless = SequenceStep::new(nameless, EventId::new("i-8").unwrap(), EventDetails::new(""));
    for (wrong, why) in [
        (create(vec![], vec![day()]), "sequence is empty"),
        (create(vec![step("1", 60)], vec![]), "query_periods is empty"),
        (create(vec![step("1", 0)], vec![day()]), "required_duration is not between 1 and 2147483647"),
        (create(vec![nameless], vec![day()]), "summary is empty"),
        (
            create(vec![step("1", 60)], vec![halves]),
            "query_periods has a fraction of a second, which is refused",
        ),
    ] {
        assert_eq!(refused(&wrong), why);
    }
}

#[test]
fn disable_a_sequencing_link() {
    let disable = |message: &str| {
        DisableSequencingLink::new(&api_key(), SequencingLinkId::new("seq_1").unwrap(), message)
    };
    assert_eq!(
        sent(&disable("Let us wait.")),
        "POST https://api.cronofy.com/v1/real_time_sequencing/seq_1/disable\n\
         authorization: Bearer CRN_secret\n{\"display_message\":\"Let us wait.\"}"
    );
    assert_eq!(
        refused(&disable(&"x".repeat(501))),
        "display_message is 501 characters long, and may be no longer than 500"
    );
}

#[test]
fn a_sequencing_link_keeps_what_nobody_knows_yet() {
    let link = json!({ "real_time_sequencing_id": "seq_1", "url": "https://app.cronofy.com/rts/x", "status": "disabled",
        "event": { "event_id": "i-7", "summary": "Interview" } });
    survives::<SequencingLink>(link.clone(), &["status"]);
    let text = json!({ "real_time_sequencing": link }).to_string();
    let disable = DisableSequencingLink::new(&api_key(), SequencingLinkId::new("seq_1").unwrap(), "no");
    assert_eq!(answered(disable, 200, &text).unwrap().status, Some(LinkStatus::Disabled));
    let create = || CreateSequencingLink::new(&api_key(), interview(), [step("1", 60)], [day()]);
    assert_eq!(answered(create(), 202, &text).unwrap().real_time_sequencing_id.as_str(), "seq_1");
    assert!(answered(create(), 200, "{}").is_err());
}

fn add_to_calendar(span: (DateTime, DateTime)) -> AddToCalendar {
    let app =
        App::new(ClientId::new("id").unwrap(), ClientSecret::new("CRN_secret").unwrap(), DataCenter::De);
    let back = redirect("https://app.example/added");
    AddToCalendar::new(app, back, EventId::new("i-7").unwrap(), span, EventDetails::new("Interview"))
}

#[test]
fn add_an_event_to_somebodys_calendar() {
    assert_eq!(
        sent(&add_to_calendar(day())),
        "POST https://api-de.cronofy.com/v1/add_to_calendar\n\
         {\"client_id\":\"id\",\"client_secret\":\"CRN_secret\",\
         \"oauth\":{\"redirect_uri\":\"https://app.example/added\"},\
         \"event\":{\"event_id\":\"i-7\",\"summary\":\"Interview\",\
         \"start\":\"2031-03-04T08:00:00Z\",\"end\":\"2031-03-04T17:00:00Z\"}}"
    );
    let call = add_to_calendar(day())
        .scope(Scopes::from([Scope::CreateEvent]))
        .state(State::new("s-1").unwrap())
        .hour_format(HourFormat::Twelve);
    assert!(!format!("{call:?}").contains("CRN_secret"));
    let body = body(&call);
    assert_eq!(
        body["oauth"],
        json!({ "redirect_uri": "https://app.example/added", "scope": "create_event", "state": "s-1" })
    );
    assert_eq!(body["formatting"], json!({ "hour_format": "h" }));
    let halves = (day().0, "2031-03-04T17:00:00.5Z".parse().unwrap());
    assert_eq!(refused(&add_to_calendar(halves)), "end has a fraction of a second, which is refused");
}

#[test]
fn the_page_is_found_under_either_name() {
    for (answer, page) in [
        (json!({ "url": "https://a.example/1" }), Some("https://a.example/1")),
        (json!({ "oauth_url": "https://a.example/2" }), Some("https://a.example/2")),
        (json!({}), None),
    ] {
        let link = answered(add_to_calendar(day()), 200, &answer.to_string()).unwrap();
        assert_eq!(link.page(), page);
        survives::<AddToCalendarLink>(answer, &["url", "oauth_url"]);
    }
}

fn decoded(query: &str) -> String {
    let mut parts = query.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}

proptest! {
    /// Whatever URL comes, its token is a piece of it, and is asked for as it came.
    #[test]
    fn any_token_is_sent_as_it_came(url in "https://[a-z.]{1,9}(/[!-~é]{0,9}){0,3}(\\?[!-~]{0,9})?") {
        let link = json!({ "real_time_scheduling_id": "sch_1", "url": url });
        let link: SchedulingLink = serde_json::from_value(link).unwrap();
        if let Some(token) = link.token() {
            prop_assert!(url.contains(token.as_str()) && !token.as_str().contains(['/', '?', '#']));
            let request = FindSchedulingLink::new(&api_key(), token.clone()).request().unwrap();
            let sent = request.uri().query().unwrap().strip_prefix("token=").unwrap();
            prop_assert_eq!(decoded(sent), token.as_str());
        }
    }
}
