//! Channels, and what comes by them.

use cronofy_api::channels::{Channel, ChannelList, CloseChannel, CreateChannel, ListChannels};
use cronofy_api::core::RefusalKind;
use cronofy_types::{CalendarId, CallbackUrl, ChannelId};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{answered, body, calendar, member, sent, survives, user};

fn create() -> CreateChannel {
    CreateChannel::new(user(), CallbackUrl::new("https://hooks.example/881").unwrap())
}

#[test]
fn create_channel() {
    assert_eq!(
        sent(&create()),
        "POST https://api.cronofy.com/v1/channels\nauthorization: Bearer token\n\
         {\"callback_url\":\"https://hooks.example/881\"}"
    );
    let filtered = create().calendar(calendar()).calendar(CalendarId::new("cal_2").unwrap()).only_managed();
    assert_eq!(
        body(&filtered),
        json!({ "callback_url": "https://hooks.example/881",
            "filters": { "calendar_ids": ["cal_a@b_c", "cal_2"], "only_managed": true } })
    );
    assert_eq!(body(&create().only_managed())["filters"], json!({ "only_managed": true }));
    let made =
        r#"{"channel":{"channel_id":"chn_1","callback_url":"https://hooks.example/881","filters":{}}}"#;
    let channel = answered(create(), 200, made).unwrap();
    assert_eq!(channel.channel_id.as_str(), "chn_1");
    assert_eq!((channel.filters.calendar_ids, channel.filters.only_managed), (None, false));
    assert!(answered(create(), 200, "{}").is_err());
    let error = answered(create(), 403, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::Forbidden);
}

/// `developers/api/push-notifications/list-channels`
fn documented() -> Value {
    json!({ "channel_id": "chn_1", "callback_url": "https://hooks.example/881",
        "filters": { "calendar_ids": ["cal_1"], "only_managed": true } })
}

#[test]
fn list_channels() {
    assert_eq!(
        sent(&ListChannels::new(member())),
        "GET https://api.cronofy.com/v1/channels\nauthorization: Bearer token\ncronofy-impersonate: acc_1\n"
    );
    survives::<ChannelList>(json!({ "channels": [documented(), { "channel_id": "chn_2" }] }), &[]);
    let listed = r#"{"channels":[{"channel_id":"chn_1","callback_url":null,"filters":null}]}"#;
    let listed = answered(ListChannels::new(user()), 200, listed).unwrap();
    assert_eq!(listed.channels[0].callback_url, None);
    for broken in ["{}", "[]", r#"{"channels":[{}]}"#] {
        assert!(answered(ListChannels::new(user()), 200, broken).is_err(), "{broken}");
    }
}

#[test]
fn close_channel() {
    let call = CloseChannel::new(user(), ChannelId::new("chn_1/2").unwrap());
    assert_eq!(
        sent(&call),
        "DELETE https://api.cronofy.com/v1/channels/chn_1%2F2\nauthorization: Bearer token\n"
    );
    assert!(answered(call.clone(), 202, "").is_ok());
    let error = answered(call, 404, "").unwrap_err();
    assert_eq!(error.refusal().unwrap().kind(), RefusalKind::NotFound);
}

#[test]
fn where_a_channel_sends_is_in_no_log() {
    let channel: Channel = serde_json::from_value(documented()).unwrap();
    assert!(!format!("{channel:?}").contains("hooks.example"));
    assert!(!format!("{:?}", create()).contains("hooks.example"));
}

proptest! {
    /// Whatever a channel is made of, it is read, and written as it was.
    #[test]
    fn any_channel_is_written_as_it_was_read(
        url in prop::option::of("\\PC{0,20}"),
        calendars in prop::option::of(prop::collection::vec("[a-z_@]{1,9}", 1..4)),
        name in "x_[a-z]{1,9}",
        text in "\\PC{0,20}",
    ) {
        let mut channel = json!({ "channel_id": "c", name.clone(): text });
        if let Some(url) = url {
            channel["callback_url"] = json!(url);
        }
        if let Some(calendars) = calendars {
            channel["filters"] = json!({ "calendar_ids": calendars, name: [text] });
        }
        let read: Channel = serde_json::from_value(channel.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), channel);
    }
}
