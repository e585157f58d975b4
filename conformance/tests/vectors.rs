//! The shim, run over the cases in `vectors.json` as whoever checks it from outside would run it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Feeds the shim these lines and reads its answers, in the order they came.
fn answers(lines: &[u8]) -> Vec<Value> {
    let mut shim = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shim.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Beside the reading: neither pipe holds all of it.
        scope.spawn(move || input.write_all(lines).unwrap());
        shim.wait_with_output().unwrap()
    });
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_vector_is_answered_as_it_should_be() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors.json")).unwrap();
    let question = |vector: &Value| {
        json!({ "id": vector["id"], "kind": vector["kind"], "input": vector["input"] }).to_string() + "\n"
    };
    let lines: String = vectors.iter().map(question).collect();
    let answers = answers(lines.as_bytes());
    assert_eq!(answers.len(), vectors.len());
    let wrong: Vec<String> = vectors
        .iter()
        .zip(&answers)
        .filter(|(vector, answer)| vector["id"] != answer["id"] || !agrees(&vector["expect"], answer))
        .map(|(vector, answer)| format!("{}: {answer}", vector["id"]))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

#[test]
fn what_cannot_be_asked_is_answered_too() {
    let lines: &[u8] = b"no JSON\n[]\n\n{\"id\":1}\n{\"id\":2,\"kind\":\"events\",\"input\":{}}\n\
        {\"id\":3,\"kind\":\"callback\",\"input\":{}}\n{\"id\":4,\"kind\":\"callback\",\"input\":{\"body\":\"\\ud800\"}}\n\
        \xFF\xFE\n{\"id\":5,\"kind\":\"callback\"}";
    let answers = answers(lines);
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(json!(ids), json!([null, null, 1, 2, 3, 4, null, 5]));
    assert!(answers.iter().all(|answer| answer["unsupported"].is_string()), "{answers:?}");
}

/// Whether an answer is what a vector expects. What is expected may be less than what is answered.
fn agrees(expect: &Value, answer: &Value) -> bool {
    if expect["refused_locally"] == true {
        return answer["refused"].is_string() && answer["request"].is_null();
    }
    if expect["host"].is_string() {
        return is_url(expect, &answer["url"]);
    }
    expect.as_object().unwrap().iter().all(|(member, expect)| match member.as_str() {
        "rejected" => answer["rejected"].is_string(),
        "request" => is_request(expect, &answer["request"]),
        member => holds(expect, &answer[member]),
    })
}

fn is_request(expect: &Value, request: &Value) -> bool {
    let bearer = expect["bearer"].as_str().map(|token| format!("Bearer {token}"));
    expect["method"] == request["method"]
        && is_url(expect, &request["url"])
        && request["headers"]["authorization"].as_str() == bearer.as_deref()
        && (expect["json"].is_null() || expect["json"] == body(request))
}

fn body(request: &Value) -> Value {
    assert_eq!(request["headers"]["content-type"], "application/json; charset=utf-8");
    serde_json::from_str(request["body"].as_str().unwrap()).unwrap()
}

/// Compares everything of a URL; `ignore` names the parameters whose value does not matter.
fn is_url(expect: &Value, url: &Value) -> bool {
    let url = url.as_str().unwrap_or_default();
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let expected_place =
        format!("https://{}{}", expect["host"].as_str().unwrap(), expect["path"].as_str().unwrap());
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut given: BTreeMap<String, String> = pairs.iter().cloned().collect();
    let repeated = given.len() != pairs.len();
    for ignored in expect["ignore"].as_array().into_iter().flatten() {
        given.remove(ignored.as_str().unwrap());
    }
    let expected = if expect["query"].is_null() { json!({}) } else { expect["query"].clone() };
    place == expected_place && !repeated && json!(given) == expected
}

/// Whether `given` has all that is expected: null is absent, and an empty object expects an empty one.
fn holds(expect: &Value, given: &Value) -> bool {
    match (expect, given) {
        (Value::Object(expect), Value::Object(given)) if expect.is_empty() => given.is_empty(),
        (Value::Object(expect), Value::Object(_)) => {
            expect.iter().all(|(member, expect)| holds(expect, &given[member]))
        }
        (Value::Array(expect), Value::Array(given)) => {
            expect.len() == given.len()
                && expect.iter().zip(given).all(|(expect, given)| holds(expect, given))
        }
        (expect, given) => expect == given,
    }
}
