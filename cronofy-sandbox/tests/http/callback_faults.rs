//! What goes wrong with callbacks, on demand.

use std::time::Duration;

use cronofy_sandbox::{CallbackFault, CallbackKind, CallbackState, Sandbox};
use serde_json::{Value, json};

use crate::support::*;

const FAULTS: &str = "/_sandbox/callback_faults";

fn plant(sandbox: &Sandbox, fault: &Value) -> Value {
    control(sandbox, "POST", FAULTS, fault).is(201).json()
}

fn place(sandbox: &Sandbox, fault: CallbackFault) -> String {
    sandbox.callback_fault(fault).expect("a sensible fault")
}

fn states(sandbox: &Sandbox) -> Vec<CallbackState> {
    sandbox.callbacks().iter().map(|callback| callback.state).collect()
}

#[test]
fn a_duplicate_is_the_same_a_second_time() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    plant(&sandbox, &json!({ "effect": "duplicate", "count": 1 }));
    delegate(&sandbox, &receiver.url);
    let (one, two) = (receiver.next(), receiver.next());
    assert_eq!((&one.body, one.signature()), (&two.body, two.signature()));
    assert!(sandbox.callbacks_settled());
    let callbacks = sandbox.callbacks();
    assert_eq!(callbacks[1].copy_of.as_ref(), Some(&callbacks[0].id));
    assert_eq!(sandbox.callbacks_delivered(), 2);

    delegate(&sandbox, &receiver.url);
    receiver.next();
    assert!(sandbox.callbacks_settled() && receiver.is_quiet(), "once, unless more were asked for");
}

#[test]
fn a_reordered_callback_lets_the_next_one_pass() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    place(&sandbox, CallbackFault::on_everything().count(1).reorder());
    let first = format!("{}&n=1", receiver.url);
    delegate(&sandbox, &first);
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    assert_eq!(sandbox.callbacks()[0].next_attempt_at, None);
    delegate(&sandbox, &format!("{}&n=2", receiver.url));
    assert!(receiver.next().head.contains("n=2"));
    assert!(receiver.next().head.contains("n=1"));
    assert!(sandbox.callbacks_settled());
    assert_eq!(states(&sandbox), [CallbackState::Delivered; 2]);
}

#[test]
fn a_delayed_callback_comes_by_the_clock() {
    let sandbox = start();
    sandbox.freeze();
    let receiver = Receiver::start(&[]);
    let planted = plant(&sandbox, &json!({ "effect": "delay", "delay_seconds": 600 }));
    assert_eq!(planted["delay_seconds"], 600);
    delegate(&sandbox, &receiver.url);
    let due = sandbox.now() + Duration::from_secs(600);
    sandbox.advance(Duration::from_secs(599));
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    assert_eq!(sandbox.callbacks()[0].next_attempt_at, Some(due));
    sandbox.advance(Duration::from_secs(1));
    receiver.next();
}

#[test]
fn forged_altered_and_unsigned_callbacks_do_not_verify() {
    let sandbox = builder().callback_retries([Duration::ZERO]).start_blocking().expect("a sandbox starts");
    let receiver = Receiver::start(&[401, 200, 200].repeat(3));
    let genuine = |arrived: &Arrived| {
        arrived.header("cronofy-hmac-sha256") == Some(digest(sandbox.client_secret(), &arrived.body).as_str())
    };
    let next = || CallbackFault::on_everything().count(1);
    for fault in [next().forged(), next().altered(), next().unsigned()] {
        place(&sandbox, fault.clone());
        delegate(&sandbox, &receiver.url);
        let (one, two) = (receiver.next(), receiver.next());
        assert!(!genuine(&one) && !genuine(&two), "{fault:?}");
        assert_eq!(one.header("cronofy-hmac-sha256").is_none(), fault == next().unsigned());
        assert!(sandbox.callbacks_settled());
        let id = sandbox.callbacks().pop().expect("it is remembered").id;
        sandbox.resend_callback(&id).expect("it is remembered");
        assert!(genuine(&receiver.next()), "sent again, it is what it should have been");
    }
    let faults: Vec<_> = sandbox.callbacks().iter().filter_map(|callback| callback.fault).collect();
    assert_eq!(faults, ["forged", "altered", "unsigned"]);
}

#[test]
fn a_callback_that_never_comes_is_told_of() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    plant(&sandbox, &json!({ "kind": "delegated_authorization", "effect": "never" }));
    plant(&sandbox, &json!({ "kind": "service_account_authorization", "effect": "never", "count": 2 }));
    for _ in 0..3 {
        delegate(&sandbox, &receiver.url);
    }
    receiver.next();
    assert!(sandbox.callbacks_settled() && receiver.is_quiet());
    let withheld = CallbackState::Withheld;
    assert_eq!(states(&sandbox), [withheld, withheld, CallbackState::Delivered]);
    assert_eq!(control(&sandbox, "GET", FAULTS, &Value::Null).json()["callback_faults"][0]["matched"], 0);
    let fired: Vec<u64> = sandbox.callback_faults().iter().map(|placed| placed.fired).collect();
    assert_eq!(fired, [0, 2]);
}

#[test]
fn a_fault_is_spent_on_what_would_be_sent_only() {
    let sandbox = start();
    let receiver = Receiver::start(&[]);
    place(&sandbox, CallbackFault::on(CallbackKind::ServiceAccountAuthorization).nth(1).never());
    delegate(&sandbox, "http://192.0.2.1/hook");
    delegate(&sandbox, &receiver.url);
    assert_eq!(states(&sandbox), [CallbackState::NotSent, CallbackState::Withheld]);
}

#[test]
fn faults_are_listed_and_taken_back() {
    let sandbox = start();
    let planted = plant(&sandbox, &json!({ "kind": "*", "effect": "unsigned", "count": null }));
    let id = planted["id"].as_str().expect("an identifier");
    let expected =
        json!({ "id": id, "kind": "*", "count": null, "effect": "unsigned", "matched": 0, "fired": 0 });
    assert_eq!(planted, expected);
    let one = format!("{FAULTS}/{id}");
    assert_eq!(control(&sandbox, "GET", &one, &Value::Null).is(200).json(), expected);
    control(&sandbox, "DELETE", &one, &Value::Null).is(204);
    control(&sandbox, "DELETE", &one, &Value::Null).refused(404);
    control(&sandbox, "GET", &one, &Value::Null).refused(404);
    plant(&sandbox, &json!({ "effect": "forged" }));
    control(&sandbox, "DELETE", FAULTS, &Value::Null).is(204);
    assert_eq!(control(&sandbox, "GET", FAULTS, &Value::Null).json(), json!({ "callback_faults": [] }));
    let id = place(&sandbox, CallbackFault::on_everything().never());
    assert!(sandbox.remove_callback_fault(&id) && !sandbox.remove_callback_fault(&id));
}

#[test]
fn slips_are_named_and_plant_nothing() {
    let sandbox = start();
    for (body, field) in [
        (json!({}), "effect"),
        (json!({ "effect": "explode" }), "effect"),
        (json!({ "effect": "delay" }), "delay_seconds"),
        (json!({ "effect": "delay", "delay_seconds": "5" }), "delay_seconds"),
        (json!({ "effect": "never", "delay_seconds": 5 }), "delay_seconds"),
        (json!({ "effect": "never", "nth": 0 }), "nth"),
        (json!({ "effect": "never", "kind": "post" }), "kind"),
        (json!({ "effect": "never", "count": 0 }), "count"),
        (json!({ "effect": "never", "conut": 2 }), "conut"),
    ] {
        let answer = control(&sandbox, "POST", FAULTS, &body).refused(422).json();
        assert!(answer["errors"][field][0]["key"].is_string(), "{body}: {answer}");
    }
    assert_eq!(control(&sandbox, "GET", FAULTS, &Value::Null).json(), json!({ "callback_faults": [] }));
}
