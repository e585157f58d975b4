//! Answers about availability, which are read into one table.

use cronofy_api::SequenceId;
use cronofy_api::availability::{
    Availability, AvailabilityQuery, FindAvailability, FindSequencedAvailability, Group, SequencedEvent,
};
use cronofy_api::credential::ApiKey;
use cronofy_api::time::Duration;
use cronofy_auth_core::types::{ClientSecret, DataCenter, Sub};
use cronofy_auth_core::{Endpoint, Error};

use crate::NOW;
use crate::answers::{ok, written_and_read};

/// The body of an answer about availability, or about a sequence.
///
/// What is accepted has a list of times, each with the people that the JSON has; it can be written down and read back
/// as it was. What is refused is not understood, never refused as if the server had said no.
pub fn availability(data: &[u8]) {
    let key = || ApiKey::new(DataCenter::Us, ClientSecret::new("secret").unwrap());
    let group = || Group::all([Sub::new("acc_1").unwrap()]);
    let query = AvailabilityQuery::new(group(), Duration::hours(1), [(NOW, NOW)]);
    match FindAvailability::new(key(), query).read(ok(data), NOW) {
        Ok(found) => {
            as_the_json_has_it(&found, &serde_json::from_slice(data).unwrap());
            written_and_read(&found);
        }
        Err(Error::BadAnswer(_)) => {}
        Err(error) => panic!("{error}"),
    }
    let event = SequencedEvent::new(SequenceId::new("1").unwrap(), group(), Duration::hours(1));
    let mut sequenced = FindSequencedAvailability::new(key(), [event], [(NOW, NOW)]);
    if let Ok(found) = sequenced.read(ok(data), NOW) {
        written_and_read(&found);
    }
}

fn as_the_json_has_it(found: &Availability, body: &serde_json::Value) {
    let lists = ["available_periods", "available_slots"].map(|name| body.get(name));
    let lists = lists.into_iter().flatten().filter_map(serde_json::Value::as_array);
    let times = lists.filter(|times| times.len() == found.len()).find(|times| {
        found.iter().zip(*times).all(|(time, came)| {
            let participants = came["participants"].as_array().map(Vec::as_slice).unwrap_or_default();
            time.start().to_string() == came["start"]
                && time.end().to_string() == came["end"]
                && time.participants().len() == participants.len()
                && time.participants().zip(participants).all(|(one, came)| one.sub().as_str() == came["sub"])
        })
    });
    assert!(times.is_some(), "other times than came");
}
