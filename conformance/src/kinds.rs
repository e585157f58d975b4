//! From a line to its answer: one kind of question, one function.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::{Answer, Instead};
use crate::{api, connect, delegate, discovery, token, webhook};

/// What can be read of a line even where its input cannot.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    kind: String,
}

#[derive(Deserialize)]
struct Line<T> {
    input: T,
}

/// Answers any line at all, in one line.
pub(crate) fn answer(line: &[u8]) -> String {
    let (id, answer) = match serde_json::from_slice(line) {
        Ok(Head { id, kind }) => (id, of_kind(&kind, line)),
        Err(error) => (Value::Null, Err(Instead::Unsupported(format!("not a line of this format: {error}")))),
    };
    ascii(&answer.unwrap_or_else(Answer::from).with("id", id).into_json())
}

/// JSON of ASCII alone: some readers take U+2028 and its like for the end of a line.
fn ascii(answer: &Value) -> String {
    let mut text = String::new();
    for character in answer.to_string().chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            text.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

fn of_kind(kind: &str, line: &[u8]) -> Result<Answer, Instead> {
    match kind {
        "authorize_url" => connect::authorize_url(input(line)?),
        "redirect" => connect::redirect(input(line)?),
        "token_request" => token::token_request(input(line)?),
        "token_response" => token::token_response(input(line)?),
        "refresh" => token::refresh(input(line)?),
        "revoke" => token::revoke(input(line)?),
        "revoke_profile" => token::revoke_profile(input(line)?),
        "error_response" => token::error_response(input(line)?),
        "service_account_authorizations" => delegate::service_account_authorizations(input(line)?),
        "delegated_authorization" => delegate::delegated_authorization(input(line)?),
        "accessible_calendars" => discovery::accessible_calendars(input(line)?),
        "resources" => discovery::resources(input(line)?),
        "callback" => webhook::callback(&input(line)?),
        "hmac" => Ok(webhook::hmac(input(line)?)),
        "notification" => webhook::notification(&input(line)?),
        "events" => api::events(input(line)?),
        "free_busy" => api::free_busy(input(line)?),
        "event_time" => api::event_time(input(line)?),
        "date" => Ok(api::date(&input(line)?)),
        "timestamp" => Ok(webhook::timestamp(&input(line)?)),
        other => Err(Instead::Unsupported(format!("no questions of kind {other:?} are answered"))),
    }
}

fn input<T: DeserializeOwned>(line: &[u8]) -> Result<T, Instead> {
    serde_json::from_slice(line)
        .map(|Line { input }| input)
        .map_err(|error| Instead::Unsupported(format!("not an input of this kind: {error}")))
}
