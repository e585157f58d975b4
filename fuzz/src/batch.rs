//! Answers to batches.

use bytes::Bytes;
use cronofy_api::EventId;
use cronofy_api::batch::{SendBatch, Write};
use cronofy_api::credential::UserToken;
use cronofy_api::events::DeleteEvent;
use cronofy_auth_core::types::{AccessToken, CalendarId, DataCenter};
use cronofy_auth_core::{Endpoint as _, Error};
use serde_json::Value;

use crate::NOW;

/// The body of an answer to a batch of two.
///
/// It is read whole or not at all, in a tuple as in a list; an entry went well if and only if its status says so and
/// its own body can be read; and what failed repeats nothing.
pub fn batch_answer(data: &[u8]) {
    let response = || http::Response::new(Bytes::copy_from_slice(data));
    let listed =
        SendBatch::new(vec![Write::from(delete("1")), Write::from(delete("2"))]).read(response(), NOW);
    let tuple = SendBatch::new((delete("1"), delete("2"))).read(response(), NOW);
    let (listed, (first, second)) = match (listed, tuple) {
        (Ok(listed), Ok(tuple)) => (listed, tuple),
        (Err(Error::BadAnswer(listed)), Err(Error::BadAnswer(tuple))) => return assert_eq!(listed, tuple),
        (listed, tuple) => panic!("{listed:?}, {tuple:?}"),
    };
    let body: Value = serde_json::from_slice(data).unwrap();
    let parts = body["batch"].as_array().unwrap();
    assert_eq!((listed.len(), parts.len()), (2, 2));
    for ((part, answer), other) in parts.iter().zip(&listed).zip([&first, &second]) {
        assert_eq!(answer.as_ref().ok(), other.as_ref().ok());
        let status = part["status"].as_u64().unwrap_or_default();
        match answer {
            Ok(_) => assert!((200..300).contains(&status)),
            Err(Error::Refused(refusal)) => {
                assert_eq!(u64::from(refusal.status.as_u16()), status);
                assert!(!(200..300).contains(&status));
            }
            Err(error) => assert!(matches!(error, Error::BadAnswer(_)), "{error}"),
        }
    }
}

fn delete(name: &str) -> DeleteEvent {
    let user = UserToken::new(DataCenter::Us, AccessToken::new("token").unwrap());
    DeleteEvent::new(user, CalendarId::new("cal_1").unwrap(), EventId::new(name).unwrap())
}
