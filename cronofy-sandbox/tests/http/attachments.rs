//! Files that events refer to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::events::{Diary, visit, with};
use crate::support::*;

fn file(content: &[u8]) -> Value {
    let content = STANDARD.encode(content);
    json!({ "attachment": { "file_name": "form.pdf", "content_type": "application/pdf", "base64_content": content } })
}

#[test]
fn a_file_is_taken_and_named() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    // RFC 1321, appendix A.5.
    let answer = post_json(&sandbox, "/v1/attachments", &secret, &file(b"message digest")).is(200).json();
    let made = &answer["attachment"];
    assert_eq!(made["md5"], "f96b697d7cb7938d525a2f31aaf161d0");
    assert_eq!((&made["file_name"], &made["content_type"]), (&json!("form.pdf"), &json!("application/pdf")));
    let other = post_json(&sandbox, "/v1/attachments", &secret, &file(b"message digest")).is(200).json();
    assert_ne!(made["attachment_id"], other["attachment"]["attachment_id"]);
}

#[test]
fn what_is_no_file_is_refused() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    for (body, field, key) in [
        (json!({}), "attachment", "errors.required"),
        (json!({ "attachment": 7 }), "attachment", "errors.invalid_format"),
        (json!({ "attachment": { "file_name": "x" } }), "attachment.content_type", "errors.required"),
        (
            json!({ "attachment": { "file_name": "x", "content_type": "y", "base64_content": "?" } }),
            "attachment.base64_content",
            "errors.invalid_format",
        ),
    ] {
        let errors = post_json(&sandbox, "/v1/attachments", &secret, &body).refused(422).json();
        assert_eq!(errors["errors"][field][0]["key"], key, "{errors}");
    }
    let tokens = connect_user(&sandbox, "ada@orchard.example");
    post_json(&sandbox, "/v1/attachments", tokens.token(), &file(b"x")).refused(403);
    post_json(&sandbox, "/v1/attachments", "unknown", &file(b"x")).refused(401);
}

#[test]
fn events_refer_to_files_of_the_application() {
    let sandbox = start();
    let secret = sandbox.client_secret().to_owned();
    let answer = post_json(&sandbox, "/v1/attachments", &secret, &file(b"x")).is(200).json();
    let id = &answer["attachment"]["attachment_id"];
    let diary = Diary::of(&sandbox, "ada@orchard.example");
    let attached = |id: &Value| with(visit("v-1"), &json!({ "attachments": [{ "attachment_id": id }] }));
    diary.write(&sandbox, &attached(id)).is(202);
    let errors = diary.write(&sandbox, &attached(&json!("att_unknown"))).refused(422).json();
    assert_eq!(errors["errors"]["attachments[0].attachment_id"][0]["key"], "errors.not_recognized");
    // A calendar that Cronofy hosts takes none.
    let credentials = json!({
        "client_id": sandbox.client_id(), "client_secret": secret, "application_calendar_id": "a",
    });
    let tokens = post_json(&sandbox, "/v1/application_calendars", "", &credentials).is(200).json();
    let token = tokens["access_token"].as_str().expect("a token");
    let calendars = get(&sandbox, "/v1/calendars", token).is(200).json();
    let calendar = &calendars["calendars"][0];
    assert_eq!(calendar["calendar_attachments_available"], false);
    let path = format!("/v1/calendars/{}/events", calendar["calendar_id"].as_str().expect("an id"));
    let errors = post_json(&sandbox, &path, token, &attached(id)).refused(422).json();
    assert_eq!(errors["errors"]["attachments"][0]["key"], "errors.not_supported");
}
