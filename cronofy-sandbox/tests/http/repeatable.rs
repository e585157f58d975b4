//! The promise of a seed: the same session twice, the same answers.

use serde_json::{Value, json};

use crate::support::*;

/// A session of all that issues anything, and every answer to it.
fn session() -> Vec<Value> {
    let more = "[[users]]\nemail = \"ida@orchard.example\"\nname = \"Ida\"\nevents = [\n\
                { summary = \"Twice\", day = [1, 1], start = \"09:00\", end = \"10:00\" },\n]\n";
    let sandbox = builder().seed(42).scenario(more).start_blocking().expect("the scenario can be");
    let frozen = json!({ "now": "2031-03-04T09:00:00Z", "frozen": true });
    let post = |path: &str, body: Value| control(&sandbox, "POST", path, &body);
    let hook = Receiver::start(&[]);
    let mut answers = vec![serde_json::to_value(sandbox.ready()).expect("it serialises")];
    control(&sandbox, "PUT", "/_sandbox/clock", &frozen).is(200);
    answers.push(
        control(&sandbox, "GET", "/_sandbox/users/ida@orchard.example/events", &json!({})).is(200).json(),
    );
    let ida = connect_user(&sandbox, "ida@orchard.example");
    answers.push(ida.0.clone());
    answers.push(refresh(&sandbox, ida.text("refresh_token")).is(200).json());

    let domain = connect_domain(&sandbox, "admin@orchard.example", "read_write");
    let body = json!({
        "email": "bram@orchard.example", "callback_url": hook.url, "scope": "read_write", "state": "s-9",
    });
    post_json(&sandbox, "/v1/service_account_authorizations", domain.token(), &body).is(202);
    let arrived = hook.next();
    answers.push(domain.0);
    answers.push(json!(arrived.header("cronofy-hmac-sha256")));
    let bram = exchange_as(&sandbox, &arrived.code(), "redirect_uri", &hook.url);
    answers.push(arrived.authorization());
    answers.push(bram.is(200).json());

    let link = post_json(&sandbox, "/v1/link_tokens", ida.token(), &json!({}));
    answers.push(link.json());
    answers.push(get(&sandbox, "/v1/userinfo", ida.token()).is(200).json());
    answers.push(get(&sandbox, "/v1/events?tzid=Etc/UTC", ida.token()).json());
    answers.push(
        post("/_sandbox/users", json!({ "email": "jo@mill.example", "name": "Jo", "provider": "google" }))
            .json(),
    );
    let dig = json!({ "summary": "Dig", "day": [1, 2], "start": "06:00Z", "end": "07:00Z" });
    answers.push(post("/_sandbox/users/jo@mill.example/events", dig).is(201).json());
    answers.push(post("/_sandbox/applications", json!({ "name": "Second" })).is(201).json());
    answers.push(
        post(&format!("/_sandbox/applications/{}/secrets", sandbox.client_id()), json!({})).is(201).json(),
    );
    answers.push(post("/_sandbox/tenants", json!({ "name": "de" })).is(201).json());
    answers.push(post("/_sandbox/snapshots", json!({})).is(201).json());
    answers
}

/// Ports are the machine's to give, and the day on which a world begins is today.
fn without_chance(answer: &Value) -> String {
    let text = answer.to_string();
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("127.0.0.1:") {
        kept.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    kept + rest
}

#[test]
fn the_same_seed_and_the_same_requests_give_the_same_answers() {
    let (one, two) = (session(), session());
    assert_eq!(one.len(), two.len());
    for (one, two) in one.iter().zip(&two) {
        assert_eq!(without_chance(one), without_chance(two));
    }
}
