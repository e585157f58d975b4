//! Notification channels: who hears of what, and until when.

use std::time::Duration;

use cronofy_sandbox::{BlockingSandbox, CallbackFault, CallbackKind, CallbackState, Sandbox};
use serde_json::{Value, json};

use crate::events::{Diary, delete_json, visit, with, writable};
use crate::invitations;
use crate::support::*;

const CHANNELS: &str = "/v1/channels";

/// A sandbox with a second application, whose clock stands on a whole second and a bit.
fn start_with_two() -> BlockingSandbox {
    let other =
        "[[applications]]\nname = \"Rota\"\nclient_id = \"rota\"\nclient_secrets = [\"rota-secret\"]\n";
    let sandbox = builder().scenario(other).start_blocking().expect("a sandbox starts");
    let body = json!({ "now": "2031-03-01T10:15:00.750Z", "frozen": true });
    control(&sandbox, "PUT", "/_sandbox/clock", &body).is(200);
    sandbox
}

/// The same person, connected to the second application.
fn diary_of_other(sandbox: &Sandbox, account: &str) -> Diary {
    let code = allow(sandbox, &target(sandbox, INDIVIDUAL, &[("client_id", "rota")]), account);
    let pairs = [
        ("client_id", "rota"),
        ("client_secret", "rota-secret"),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT_URI),
    ];
    let tokens = Connected(post_form(sandbox, "/oauth/token", &pairs).is(200).json());
    let calendar = writable(sandbox, tokens.token());
    Diary { tokens, calendar }
}

#[track_caller]
fn open(sandbox: &Sandbox, token: &str, body: &Value) -> Value {
    post_json(sandbox, CHANNELS, token, body).is(200).json()["channel"].clone()
}

/// Opens a channel to `receiver`, which takes its verification.
#[track_caller]
fn open_verified(sandbox: &BlockingSandbox, token: &str, receiver: &Receiver, filters: &Value) -> Value {
    let channel = open(sandbox, token, &json!({ "callback_url": receiver.url, "filters": filters }));
    assert_eq!(receiver.next().json()["notification"], json!({ "type": "verification" }));
    assert!(sandbox.callbacks_settled());
    channel
}

fn listed(sandbox: &Sandbox, token: &str) -> Vec<Value> {
    get(sandbox, CHANNELS, token).is(200).json()["channels"].as_array().expect("a list").clone()
}

#[test]
fn a_channel_is_opened_verified_listed_and_closed() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = Diary::of(&sandbox, "ada@orchard.example");
    let token = ada.tokens.token();
    let filters = json!({ "calendar_ids": [ada.calendar], "only_managed": false });
    let channel = open(&sandbox, token, &json!({ "callback_url": receiver.url, "filters": filters }));
    let id = channel["channel_id"].as_str().expect("an identifier");
    assert!(id.starts_with("chn_") && id.len() == 28, "{id}");
    let filters = json!({ "calendar_ids": [ada.calendar] });
    let expected = json!({ "channel_id": id, "callback_url": receiver.url, "filters": filters });
    assert_eq!(channel, expected);

    let arrived = receiver.next();
    assert_eq!(arrived.json(), json!({ "notification": { "type": "verification" }, "channel": expected }));
    assert_eq!(arrived.signature(), digest(sandbox.client_secret(), &arrived.body));
    assert_eq!(arrived.header("content-type"), Some("application/json; charset=utf-8"));

    assert_eq!(listed(&sandbox, token), [expected]);
    let path = format!("{CHANNELS}/{id}");
    let closed = delete_json(&sandbox, &path, token, &json!({})).is(202);
    assert_eq!(closed.body, "");
    assert!(listed(&sandbox, token).is_empty());
    delete_json(&sandbox, &path, token, &json!({})).refused(404);
}

#[test]
fn an_identical_request_gets_the_channel_that_is_there() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = Diary::of(&sandbox, "ada@orchard.example");
    let token = ada.tokens.token();
    let channel = open_verified(&sandbox, token, &receiver, &json!({}));
    let same = json!({ "callback_url": receiver.url, "filters": { "only_managed": "False" }, "extra": 1 });
    assert_eq!(open(&sandbox, token, &same), channel);
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    let managed = json!({ "callback_url": receiver.url, "filters": { "only_managed": true } });
    assert_ne!(open(&sandbox, token, &managed)["channel_id"], channel["channel_id"]);
    let of_somebody_else = connect_user(&sandbox, "bram@orchard.example");
    let body = json!({ "callback_url": receiver.url });
    assert_ne!(open(&sandbox, of_somebody_else.token(), &body)["channel_id"], channel["channel_id"]);
    assert_eq!(listed(&sandbox, token).len(), 2);
}

#[test]
fn an_account_has_at_most_128_channels() {
    let sandbox = start();
    sandbox.callback_fault(CallbackFault::on_everything().never()).expect("a sensible fault");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let body = |number: usize| json!({ "callback_url": format!("http://127.0.0.1:9/{number}") });
    for number in 0..128 {
        open(&sandbox, ada.token(), &body(number));
    }
    let refused = post_json(&sandbox, CHANNELS, ada.token(), &body(128)).refused(422).json();
    assert_eq!(refused["errors"]["base"][0]["key"], "errors.too_many");
    open(&sandbox, ada.token(), &body(5));
    assert_eq!(listed(&sandbox, ada.token()).len(), 128);
}

#[test]
fn slips_are_named_and_open_nothing() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let url = "http://127.0.0.1:9/hook";
    for (body, field) in [
        (json!({}), "callback_url"),
        (json!({ "callback_url": "" }), "callback_url"),
        (json!({ "callback_url": "mailto:ada@orchard.example" }), "callback_url"),
        (json!({ "callback_url": 5 }), "callback_url"),
        (json!({ "callback_url": url, "filters": "all" }), "filters"),
        (json!({ "callback_url": url, "filters": { "calendar_ids": [] } }), "filters.calendar_ids"),
        (json!({ "callback_url": url, "filters": { "calendar_ids": "cal_a" } }), "filters.calendar_ids"),
        (json!({ "callback_url": url, "filters": { "calendar_ids": ["cal_a"] } }), "filters.calendar_ids"),
        (json!({ "callback_url": url, "filters": { "only_managed": "perhaps" } }), "filters.only_managed"),
    ] {
        let answer = post_json(&sandbox, CHANNELS, ada.token(), &body).refused(422).json();
        assert!(answer["errors"][field][0]["key"].is_string(), "{body}: {answer}");
    }
    assert!(listed(&sandbox, ada.token()).is_empty() && sandbox.callbacks().is_empty());
    post_json(&sandbox, CHANNELS, "nonsense", &json!({ "callback_url": url })).refused(401);
    let service = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    post_json(&sandbox, CHANNELS, service.token(), &json!({ "callback_url": url })).refused(403);
}

#[test]
fn a_change_is_told_to_all_but_the_application_that_made_it() {
    let sandbox = start_with_two();
    let (ours, theirs) = (Receiver::start(&[]), Receiver::start(&[]));
    let (ada, other) =
        (Diary::of(&sandbox, "ada@orchard.example"), diary_of_other(&sandbox, "ada@orchard.example"));
    let channel = open_verified(&sandbox, ada.tokens.token(), &ours, &json!({}));
    open_verified(&sandbox, other.tokens.token(), &theirs, &json!({}));

    other.write(&sandbox, &visit("v-1")).is(202);
    let told = json!({ "type": "change", "changes_since": "2031-03-01T10:15:00Z" });
    assert_eq!(ours.next().json(), json!({ "notification": told, "channel": channel }));
    let rows = ada.read(&sandbox, "&last_modified=2031-03-01T10:15:00Z");
    assert!(rows.iter().any(|row| row["summary"] == "Check-up"), "{rows:?}");
    assert!(sandbox.callbacks_settled() && theirs.is_quiet());

    ada.write(&sandbox, &visit("v-2")).is(202);
    assert_eq!(theirs.next().json()["notification"]["type"], "change");
    ada.write(&sandbox, &visit("v-2")).is(202);
    assert!(sandbox.callbacks_settled() && theirs.is_quiet() && ours.is_quiet(), "nothing changed");
    ada.delete(&sandbox, &json!({ "event_id": "v-2" })).is(202);
    theirs.next();
    assert!(sandbox.callbacks_settled() && ours.is_quiet());
}

#[test]
fn filters_choose_calendars_and_managed_events() {
    let sandbox = start_with_two();
    let other = diary_of_other(&sandbox, "ada@orchard.example");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let body = get(&sandbox, "/v1/calendars", ada.token()).json();
    let calendars = body["calendars"].as_array().expect("a list");
    let id = |primary: bool| {
        let found = calendars.iter().find(|calendar| calendar["calendar_primary"] == primary);
        found.expect("such a calendar")["calendar_id"].clone()
    };
    let [primary, holidays, managed] = [(); 3].map(|()| Receiver::start(&[]));
    open_verified(&sandbox, ada.token(), &primary, &json!({ "calendar_ids": [id(true), id(false)] }));
    open_verified(&sandbox, ada.token(), &holidays, &json!({ "calendar_ids": [id(false)] }));
    open_verified(&sandbox, ada.token(), &managed, &json!({ "only_managed": true }));
    other.write(&sandbox, &visit("v-1")).is(202);
    primary.next();
    assert!(sandbox.callbacks_settled() && holidays.is_quiet() && managed.is_quiet());
}

#[test]
fn what_a_person_does_is_told_and_managed_events_to_all() {
    let sandbox = start_with_two();
    let ada = Diary::of(&sandbox, "ada@orchard.example");
    let [all, managed] = [(); 2].map(|()| Receiver::start(&[]));
    open_verified(&sandbox, ada.tokens.token(), &all, &json!({}));
    open_verified(&sandbox, ada.tokens.token(), &managed, &json!({ "only_managed": true }));
    ada.write(&sandbox, &visit("v-1")).is(202);
    assert!(sandbox.callbacks_settled() && all.is_quiet() && managed.is_quiet());

    let events = "/_sandbox/users/ada@orchard.example/events";
    let lunch = json!({ "summary": "Lunch", "start": "2031-03-05T12:00:00", "end": "2031-03-05T13:00:00" });
    control(&sandbox, "POST", events, &lunch).is(201);
    all.next();
    assert!(sandbox.callbacks_settled() && managed.is_quiet());

    let uid = ada.own(&sandbox)[0]["event_uid"].as_str().expect("an identifier").to_owned();
    let event = format!("{events}/{uid}");
    control(&sandbox, "PATCH", &event, &json!({ "summary": "Check-up, moved" })).is(200);
    all.next();
    managed.next();
    assert!(sandbox.callbacks_settled());
    control(&sandbox, "DELETE", &event, &Value::Null).is(204);
    all.next();
    managed.next();
}

#[test]
fn an_answer_to_an_invitation_is_told_as_a_change_of_a_managed_event() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = invitations::free_busy(&sandbox);
    open_verified(&sandbox, ada.tokens.token(), &receiver, &json!({ "only_managed": true }));
    ada.write(&sandbox, &visit("v-1")).is(202);
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    invitations::answer(&sandbox, "accept");
    assert_eq!(receiver.next().json()["notification"]["type"], "change");
}

#[test]
fn what_happens_to_a_profile_is_told() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    let act = |action: &str| {
        let path = format!("/_sandbox/accounts/{}/profiles/{}/{action}", ada.text("sub"), ada.profile_id());
        control(&sandbox, "POST", &path, &json!({})).is(200);
        assert!(sandbox.callbacks_settled());
    };
    act("disconnect");
    assert_eq!(receiver.next().json()["notification"], json!({ "type": "profile_disconnected" }));
    let events = "/_sandbox/users/ada@orchard.example/events";
    let lunch = json!({ "summary": "Lunch", "start": "2031-03-05T12:00:00", "end": "2031-03-05T13:00:00" });
    control(&sandbox, "POST", events, &lunch).is(201);
    act("disconnect");
    act("reconnect");
    act("complete_initial_sync");
    act("begin_initial_sync");
    assert!(receiver.is_quiet(), "nobody knows, or nothing is new");
    act("complete_initial_sync");
    assert_eq!(receiver.next().json()["notification"], json!({ "type": "profile_initial_sync_completed" }));
}

#[test]
fn a_snapshot_keeps_channels_and_faults() {
    let sandbox = start();
    sandbox.freeze();
    let receiver = Receiver::start(&[]);
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    sandbox.callback_fault(CallbackFault::on_everything().nth(1).unsigned()).expect("a sensible fault");
    let snapshot = sandbox.snapshot().expect("there is room");
    let tell = || {
        let body = json!({ "type": "change", "sub": ada.text("sub") });
        let told = control(&sandbox, "POST", "/_sandbox/notifications", &body).is(202).json();
        assert_eq!(receiver.next().header("cronofy-hmac-sha256"), None);
        assert!(sandbox.callbacks_settled());
        told
    };
    assert!(sandbox.restore(&snapshot.id) && sandbox.callbacks().is_empty());
    let first = tell();
    assert!(sandbox.restore(&snapshot.id));
    assert_eq!(tell(), first, "the same requests get the same answers");
    sandbox.reset();
    get(&sandbox, CHANNELS, ada.token()).refused(401);
}

#[test]
fn changes_are_merged_while_the_first_is_yet_to_be_told() {
    let sandbox = start_with_two();
    let receiver = Receiver::start(&[]);
    let other = diary_of_other(&sandbox, "ada@orchard.example");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    let late = CallbackFault::on_everything().nth(1).delay(Duration::from_secs(60));
    sandbox.callback_fault(late).expect("a sensible fault");
    for number in 0..5 {
        other.write(&sandbox, &visit(&format!("v-{number}"))).is(202);
        sandbox.advance(Duration::from_secs(1));
    }
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(receiver.next().json()["notification"]["changes_since"], "2031-03-01T10:15:00Z");
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    other.write(&sandbox, &with(visit("v-1"), &json!({ "summary": "Moved" }))).is(202);
    assert_eq!(receiver.next().json()["notification"]["changes_since"], "2031-03-01T10:16:05Z");
}

#[test]
fn a_change_can_be_overtaken() {
    let sandbox = start_with_two();
    let receiver = Receiver::start(&[]);
    let other = diary_of_other(&sandbox, "ada@orchard.example");
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    let held = CallbackFault::on(CallbackKind::ChannelChange).nth(1).reorder();
    sandbox.callback_fault(held).expect("a sensible fault");
    other.write(&sandbox, &visit("v-1")).is(202);
    sandbox.advance(Duration::from_secs(60));
    other.write(&sandbox, &visit("v-2")).is(202);
    let since = || receiver.next().json()["notification"]["changes_since"].clone();
    assert_eq!((since(), since()), (json!("2031-03-01T10:16:00Z"), json!("2031-03-01T10:15:00Z")));
}

#[test]
fn s30_a_notification_is_tried_for_a_day_and_then_the_channel_is_closed_for_good() {
    let sandbox = start();
    sandbox.freeze();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let receiver = Receiver::start(&[500; 11]);
    open(&sandbox, ada.token(), &json!({ "callback_url": receiver.url }));
    let day = Duration::from_secs(24 * 3600);
    sandbox.advance(day.saturating_sub(Duration::from_secs(1)));
    assert!(sandbox.callbacks_settled());
    assert_eq!(sandbox.callbacks()[0].attempts.len(), 10);
    let renewed = Connected(refresh(&sandbox, ada.text("refresh_token")).is(200).json());
    assert_eq!(listed(&sandbox, renewed.token()).len(), 1);
    sandbox.advance(Duration::from_secs(1));
    assert!(sandbox.callbacks_settled());
    let callback = &sandbox.callbacks()[0];
    assert_eq!((callback.attempts.len(), callback.state), (11, CallbackState::Failed));
    assert!(listed(&sandbox, renewed.token()).is_empty());
}

#[test]
fn an_answer_of_410_closes_the_channel_at_once() {
    let sandbox = start();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let receiver = Receiver::start(&[410]);
    open(&sandbox, ada.token(), &json!({ "callback_url": receiver.url }));
    eventually(|| listed(&sandbox, ada.token()).is_empty());
    let callback = &sandbox.callbacks()[0];
    assert_eq!((callback.state, callback.attempts.len()), (CallbackState::Failed, 1));
}

#[test]
fn through_a_closed_channel_nothing_goes_any_more() {
    let sandbox = start();
    sandbox.freeze();
    let ada = connect_user(&sandbox, "ada@orchard.example");
    let receiver = Receiver::start(&[500, 500]);
    let channel = open(&sandbox, ada.token(), &json!({ "callback_url": receiver.url }));
    receiver.next();
    let id = channel["channel_id"].as_str().expect("an identifier");
    delete_json(&sandbox, &format!("{CHANNELS}/{id}"), ada.token(), &json!({})).is(202);
    open(&sandbox, ada.token(), &json!({ "callback_url": receiver.url }));
    receiver.next();
    revoke(&sandbox, "token", ada.token()).is(200);
    assert!(sandbox.callbacks_settled());
    sandbox.advance(Duration::from_secs(24 * 3600));
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    for callback in sandbox.callbacks() {
        assert_eq!(callback.reason.as_deref(), Some("the channel is closed"), "{callback:?}");
    }
}

#[test]
fn a_login_that_is_linked_is_told_to_the_channels_of_its_account() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    let link = post_json(&sandbox, "/v1/link_tokens", ada.token(), &json!({})).is(200).json();
    let link = link["link_token"].as_str().expect("a link token");
    connect(&sandbox, INDIVIDUAL, "bram@orchard.example", &[("link_token", link)]);
    let told = receiver.next().json();
    assert_eq!(told["notification"], json!({ "type": "profile_initial_sync_completed" }));
    connect_user(&sandbox, "ada@orchard.example");
    assert!(sandbox.callbacks_settled() && receiver.is_quiet(), "no login is new");
}

#[test]
fn a_channel_can_be_told_anything_on_demand() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let ada = connect_user(&sandbox, "ada@orchard.example");
    open_verified(&sandbox, ada.token(), &receiver, &json!({}));
    let path = "/_sandbox/notifications";
    let body = json!({ "type": "profile_disconnected", "sub": ada.text("sub") });
    let told = control(&sandbox, "POST", path, &body).is(202).json();
    assert_eq!(receiver.next().json()["notification"], json!({ "type": "profile_disconnected" }));
    assert!(sandbox.callbacks_settled());
    assert_eq!(told, json!({ "callbacks": [sandbox.callbacks().pop().expect("it is remembered").id] }));
    for (body, field) in [
        (json!({ "sub": "acc_1" }), "type"),
        (json!({ "type": "gossip", "sub": "acc_1" }), "type"),
        (json!({ "type": "change" }), "sub"),
        (json!({ "type": "change", "sub": "acc_1", "subject": "x" }), "subject"),
    ] {
        let answer = control(&sandbox, "POST", path, &body).refused(422).json();
        assert!(answer["errors"][field][0]["key"].is_string(), "{body}: {answer}");
    }
    control(&sandbox, "POST", path, &json!({ "type": "change", "sub": "acc_1" })).refused(404);
}

#[test]
fn a_member_of_a_unit_has_channels_too() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    let sub = sandbox.ready().organizational_unit.members[0].sub.clone();
    let bearer = format!("Bearer {}", sandbox.client_secret());
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Cronofy-Impersonate", sub.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = json!({ "callback_url": receiver.url }).to_string();
    send(sandbox.api_url(), "POST", CHANNELS, &headers, body.as_bytes()).is(200);
    receiver.next();
    let list = get_as(&sandbox, CHANNELS, sandbox.client_secret(), &sub).is(200).json();
    assert_eq!(list["channels"].as_array().map(Vec::len), Some(1));
}
