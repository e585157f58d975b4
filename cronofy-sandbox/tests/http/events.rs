//! Events, as applications write and read them.

use cronofy_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::*;

/// A connected account and its primary calendar.
pub(crate) struct Diary {
    pub(crate) tokens: Connected,
    pub(crate) calendar: String,
}

impl Diary {
    #[track_caller]
    pub(crate) fn of(sandbox: &Sandbox, account: &str) -> Self {
        let tokens = connect_user(sandbox, account);
        let calendar = writable(sandbox, tokens.token());
        Self { tokens, calendar }
    }

    pub(crate) fn path(&self) -> String {
        format!("/v1/calendars/{}/events", self.calendar)
    }

    #[track_caller]
    pub(crate) fn write(&self, sandbox: &Sandbox, body: &Value) -> Answer {
        post_json(sandbox, &self.path(), self.tokens.token(), body)
    }

    #[track_caller]
    pub(crate) fn delete(&self, sandbox: &Sandbox, body: &Value) -> Answer {
        delete_json(sandbox, &self.path(), self.tokens.token(), body)
    }

    /// The rows of `GET /v1/events?tzid=Etc/UTC` and `query`.
    #[track_caller]
    pub(crate) fn read(&self, sandbox: &Sandbox, query: &str) -> Vec<Value> {
        rows(sandbox, &format!("/v1/events?tzid=Etc/UTC{query}"), self.tokens.token(), "events")
    }

    /// The application's own events, all of them.
    #[track_caller]
    pub(crate) fn own(&self, sandbox: &Sandbox) -> Vec<Value> {
        self.read(sandbox, "&only_managed=true")
    }
}

/// The first calendar that can be written to.
#[track_caller]
pub(crate) fn writable(sandbox: &Sandbox, token: &str) -> String {
    let body = get(sandbox, "/v1/calendars", token).is(200).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let writable = calendars.iter().find(|calendar| calendar["calendar_readonly"] == false);
    writable.expect("a calendar to write to")["calendar_id"].as_str().expect("an identifier").to_owned()
}

/// Every row of a list, page after page.
#[track_caller]
pub(crate) fn rows(sandbox: &Sandbox, path: &str, token: &str, list: &str) -> Vec<Value> {
    let (mut path, mut rows) = (path.to_owned(), Vec::new());
    loop {
        let page = get(sandbox, &path, token).is(200).json();
        rows.extend(page[list].as_array().expect("a list").clone());
        let Some(next) = page["pages"]["next_page"].as_str() else { return rows };
        next.strip_prefix(sandbox.api_url()).expect("our own address").clone_into(&mut path);
    }
}

pub(crate) fn delete_json(sandbox: &Sandbox, target: &str, token: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json; charset=utf-8")];
    send(sandbox.api_url(), "DELETE", target, &headers, body.to_string().as_bytes())
}

pub(crate) fn visit(id: &str) -> Value {
    json!({
        "event_id": id,
        "summary": "Check-up",
        "description": "First visit.",
        "start": "2031-03-04T09:00:00Z",
        "end": "2031-03-04T09:40:00Z",
    })
}

/// `base` with other members.
pub(crate) fn with(mut base: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        base[name] = value.clone();
    }
    base
}

/// The sandbox's present as a Time.
pub(crate) fn present(sandbox: &Sandbox) -> String {
    let seconds = sandbox.now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).expect("not so late")).expect("a time");
    time.to_string()
}

#[test]
fn an_event_id_creates_once_and_then_updates() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let answer = diary.write(&sandbox, &visit("v-1")).is(202);
    assert_eq!(answer.body, "");
    let created = diary.own(&sandbox);
    assert_eq!(created.len(), 1);
    assert_eq!(created[0]["event_id"], "v-1");
    assert_eq!(created[0]["calendar_id"], *diary.calendar);
    assert_eq!(created[0]["start"], "2031-03-04T09:00:00Z");
    let options = json!({ "delete": true, "update": true, "change_participation_status": false });
    assert_eq!(created[0]["options"], options);
    sandbox.advance(std::time::Duration::from_secs(60));
    diary.write(&sandbox, &visit("v-1")).is(202);
    assert_eq!(diary.own(&sandbox), created, "the same again changes nothing");
    diary.write(&sandbox, &with(visit("v-1"), &json!({ "summary": "Moved", "description": null }))).is(202);
    let updated = diary.own(&sandbox);
    assert_eq!((&updated[0]["summary"], &updated[0]["description"]), (&json!("Moved"), &json!("")));
    assert_eq!(updated[0]["event_uid"], created[0]["event_uid"]);
    assert_eq!(updated[0]["created"], created[0]["created"]);
    assert_ne!(updated[0]["updated"], created[0]["updated"]);
}

#[test]
fn calendars_that_cannot_be_written_to() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let body = get(&sandbox, "/v1/calendars", diary.tokens.token()).is(200).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let readonly = calendars.iter().find(|calendar| calendar["calendar_readonly"] == true).expect("holidays");
    let id = readonly["calendar_id"].as_str().expect("an identifier");
    let token = diary.tokens.token();
    post_json(&sandbox, &format!("/v1/calendars/{id}/events"), token, &visit("v-1")).refused(403);
    post_json(&sandbox, "/v1/calendars/cal_other/events", token, &visit("v-1")).refused(404);
    delete_json(&sandbox, "/v1/calendars/cal_other/events", token, &json!({ "event_id": "v" })).refused(404);
    let other = Diary::of(&sandbox, "bram@orchard.example");
    post_json(&sandbox, &other.path(), token, &visit("v-1")).refused(404);
    let reader = connect(&sandbox, INDIVIDUAL, "cleo@orchard.example", &[("scope", "read_events")]);
    let path = format!("/v1/calendars/{}/events", writable(&sandbox, reader.token()));
    post_json(&sandbox, &path, reader.token(), &visit("v-1")).refused(403);
    delete_json(&sandbox, &path, reader.token(), &json!({ "event_id": "v-1" })).refused(403);
    delete_json(&sandbox, "/v1/events", reader.token(), &json!({ "delete_all": true })).refused(403);
    let writer = connect(&sandbox, INDIVIDUAL, "dov@orchard.example", &[("scope", "create_event")]);
    get(&sandbox, "/v1/events?tzid=Etc/UTC", writer.token()).refused(403);
}

#[test]
fn a_write_can_answer_with_the_identity() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let userinfo = get(&sandbox, "/v1/userinfo", diary.tokens.token()).json();
    let body = with(visit("v-1"), &json!({ "include_userinfo": true }));
    assert_eq!(diary.write(&sandbox, &body).is(202).json(), json!({ "userinfo": userinfo }));
    let body = json!({ "event_id": "v-1", "include_userinfo": true });
    assert_eq!(diary.delete(&sandbox, &body).is(202).json(), json!({ "userinfo": userinfo }));
}

#[test]
fn everything_of_the_application_is_deleted_at_once() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let token = diary.tokens.token();
    let before = diary.read(&sandbox, "").len();
    for (method, body) in [
        ("", json!({ "delete_all": true })),
        ("", json!({ "calendar_ids": [diary.calendar] })),
        ("?delete_all=True", json!({})),
        (&*format!("?calendar_ids%5B%5D={}", diary.calendar), json!({})),
    ] {
        diary.write(&sandbox, &visit("v-1")).is(202);
        diary.write(&sandbox, &visit("v-2")).is(202);
        delete_json(&sandbox, &format!("/v1/events{method}"), token, &body).is(202);
        assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
        assert_eq!(diary.read(&sandbox, "").len(), before, "events of others stay");
    }
    for (body, field) in [
        (json!({}), "delete_all"),
        (json!({ "delete_all": false }), "delete_all"),
        (json!({ "calendar_ids": [] }), "calendar_ids"),
        (json!({ "calendar_ids": [5] }), "calendar_ids[0]"),
        (json!({ "delete_all": true, "calendar_ids": [diary.calendar] }), "calendar_ids"),
    ] {
        let errors = delete_json(&sandbox, "/v1/events", token, &body).refused(422).json();
        assert!(errors["errors"][field][0]["key"].is_string(), "{body}: {errors}");
    }
    delete_json(&sandbox, "/v1/events", token, &json!({ "calendar_ids": ["cal_other"] })).refused(404);
}

#[test]
fn events_of_others_need_an_unrestricted_calendar() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let uid = diary.read(&sandbox, "")[0]["event_uid"].clone();
    let edit = json!({ "event_uid": uid, "summary": "x", "start": "2031-03-04", "end": "2031-03-05" });
    diary.write(&sandbox, &edit).refused(403);
    diary.delete(&sandbox, &json!({ "event_uid": uid })).refused(403);
    diary.write(&sandbox, &with(edit, &json!({ "event_uid": "evt_external_0" }))).refused(404);
    diary.delete(&sandbox, &json!({ "event_uid": "evt_external_0" })).refused(404);
}

#[test]
fn a_calendar_of_an_application_takes_events_but_no_guests() {
    let sandbox = start();
    let body = json!({
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "application_calendar_id": "desk-1",
    });
    let tokens = Connected(post_json(&sandbox, "/v1/application_calendars", "", &body).is(200).json());
    let calendar = writable(&sandbox, tokens.token());
    let diary = Diary { tokens, calendar };
    diary.write(&sandbox, &visit("v-1")).is(202);
    let row = &diary.own(&sandbox)[0];
    assert_eq!((&row["summary"], &row["participation_status"]), (&json!("Check-up"), &json!("accepted")));
    for (change, field, key) in [
        (
            json!({ "attendees": { "invite": [{ "email": "a@b.example" }] } }),
            "attendees",
            "errors.event.cannot_set_attendees",
        ),
        (
            json!({ "conferencing": { "profile_id": "integrated" } }),
            "conferencing.profile_id",
            "errors.integrated_conferencing_not_available",
        ),
    ] {
        let errors = diary.write(&sandbox, &with(visit("v-1"), &change)).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key);
    }
    let empty =
        json!({ "attendees": { "invite": [], "remove": [] }, "conferencing": { "profile_id": "default" } });
    diary.write(&sandbox, &with(visit("v-1"), &empty)).is(202);
    assert!(diary.own(&sandbox)[0].get("conferencing").is_none(), "the default of a calendar that has none");
}

#[test]
fn a_disconnected_profile_is_locked() {
    let sandbox = start();
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    diary.write(&sandbox, &visit("v-1")).is(202);
    let (sub, profile_id) = (diary.tokens.text("sub"), diary.tokens.profile_id());
    let profile = format!("/_sandbox/accounts/{sub}/profiles/{profile_id}");
    control(&sandbox, "POST", &format!("{profile}/disconnect"), &json!({})).is(200);
    let token = diary.tokens.token();
    diary.write(&sandbox, &visit("v-2")).refused(423);
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).refused(423);
    delete_json(&sandbox, "/v1/events", token, &json!({ "delete_all": true })).refused(423);
    let calendar = json!({ "profile_id": profile_id, "name": "Home visits" });
    post_json(&sandbox, "/v1/calendars", token, &calendar).refused(423);
    assert_eq!(diary.own(&sandbox).len(), 1, "what was read before can be read still");
    control(&sandbox, "POST", &format!("{profile}/reconnect"), &json!({})).is(200);
    diary.delete(&sandbox, &json!({ "event_id": "v-1" })).is(202);
    assert_eq!(diary.own(&sandbox), [] as [Value; 0]);
}
