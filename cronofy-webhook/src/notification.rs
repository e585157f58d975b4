//! Push notifications (`developers/push-notifications`).

use cronofy_types::{Channel, NotificationKind, ParseError, Timestamp, Verified, from_json};
use serde::Deserialize;
use serde_json::{Map, Value};

const WHAT: &str = "notification";

/// What Cronofy posts to the callback URL of a channel.
///
/// It says that something happened and hardly what: verify it, put it in a queue and answer 2xx at once. Cronofy
/// is said to wait for five seconds and to try again for a day. It may come twice and out of order, and several
/// changes may be one notification: see [`fingerprint`](crate::fingerprint()).
///
/// ```
/// use cronofy_webhook::{ClientSecret, Notification, NotificationKind, Verifier, sign};
///
/// let body = br#"{"notification": {"type": "change", "changes_since": "2031-03-04T10:15:00Z"},
///     "channel": {"channel_id": "chn_64f0d0aa1b2c3d4e5f607182", "callback_url": "https://app.example/c",
///     "filters": {"calendar_ids": ["cal_Fb22_01"]}}}"#;
/// # let secret = ClientSecret::new("s")?;
/// # let (verifier, header) = (Verifier::new(&secret), sign(&secret, body));
/// let notification = Notification::parse(&verifier.verify(body, header.as_bytes())?)?;
///
/// assert_eq!(notification.kind, NotificationKind::Change);
/// assert_eq!(notification.changes_since, Some("2031-03-04T10:15:00Z".parse()?));
/// assert_eq!(notification.channel.unwrap().channel_id.as_str(), "chn_64f0d0aa1b2c3d4e5f607182");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is not `Deserialize`, so that no bytes become one without a proof:
///
/// ```compile_fail
/// let _: cronofy_webhook::Notification = serde_json::from_slice(b"{}")?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Notification {
    /// What it is about.
    pub kind: NotificationKind,
    /// Of a [`Change`](NotificationKind::Change): read the events modified since then.
    pub changes_since: Option<Timestamp>,
    /// The channel that it came by. Every kind that is documented has one.
    pub channel: Option<Channel>,
    /// Members of `notification` that this version has no name for.
    pub extra: Map<String, Value>,
    /// Members beside `notification` and `channel`.
    pub beside: Map<String, Value>,
}

impl Notification {
    /// Reads a body that was verified.
    ///
    /// # Errors
    ///
    /// Refuses what is not JSON, has no `notification` with a `type`, repeats a member that is read, or gives
    /// one another shape. A type that is not known is no error.
    pub fn parse(body: &Verified<'_>) -> Result<Self, ParseError> {
        let Body { notification, channel, beside } = from_json(WHAT, body.bytes())?;
        let Event { kind, changes_since, extra } = notification;
        Ok(Self { kind, changes_since, channel, extra, beside })
    }
}

#[derive(Deserialize)]
struct Body {
    notification: Event,
    channel: Option<Channel>,
    #[serde(flatten)]
    beside: Map<String, Value>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: NotificationKind,
    changes_since: Option<Timestamp>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use cronofy_types::{CalendarId, Filters};

    use super::*;

    fn parse(body: &str) -> Result<Notification, ParseError> {
        Notification::parse(&Verified::vouched_for_elsewhere(body.as_bytes()))
    }

    #[test]
    fn every_kind_is_known_and_keeps_its_name() {
        for kind in [
            NotificationKind::Verification,
            NotificationKind::Change,
            NotificationKind::ProfileDisconnected,
            NotificationKind::ConferencingProfileDisconnected,
            NotificationKind::ProfileInitialSyncCompleted,
            NotificationKind::GdprRequested,
            NotificationKind::SmartInvite,
        ] {
            let body =
                format!(r#"{{"notification":{{"type":"{kind}"}},"channel":{{"channel_id":"chn_1"}}}}"#);
            let notification = parse(&body).unwrap();
            assert_eq!(notification.kind, kind);
            assert_eq!(notification.changes_since, None);
            assert_eq!(notification.channel.unwrap().filters, Filters::default());
        }
    }

    /// `developers/push-notifications`
    #[test]
    fn a_change_says_since_when_and_where() {
        let notification = parse(
            r#"{"notification":{"type":"change","changes_since":"2031-03-04T10:15:00Z"},
                "channel":{"channel_id":"chn_1","callback_url":"https://hooks.example/?secret=canary",
                "filters":{"calendar_ids":["cal_1","cal_2"],"only_managed":true}}}"#,
        )
        .unwrap();
        assert_eq!(notification.changes_since.unwrap().to_string(), "2031-03-04T10:15:00Z");
        assert!(!format!("{notification:?}").contains("canary"));
        let channel = notification.channel.unwrap();
        assert_eq!(channel.channel_id.as_str(), "chn_1");
        assert_eq!(channel.callback_url.as_deref(), Some("https://hooks.example/?secret=canary"));
        let ids = channel.filters.calendar_ids.unwrap();
        assert_eq!(ids.iter().map(CalendarId::as_str).collect::<Vec<_>>(), ["cal_1", "cal_2"]);
        assert!(channel.filters.only_managed);
    }

    #[test]
    fn what_is_not_known_is_kept() {
        let notification = parse(
            r#"{"notification":{"type":"weather","wind":3},"when":"now",
                "channel":{"channel_id":"c","filters":{"color":"red"},"scheduling_conversations":true}}"#,
        )
        .unwrap();
        assert_eq!(notification.kind.as_str(), "weather");
        assert!(matches!(&notification.kind, NotificationKind::Unknown(kind) if kind.as_str() == "weather"));
        assert_eq!(notification.extra["wind"], 3);
        assert_eq!(notification.beside["when"], "now");
        let channel = notification.channel.unwrap();
        assert_eq!(channel.extra["scheduling_conversations"], true);
        assert_eq!(channel.filters.extra["color"], "red");
    }

    #[test]
    fn null_is_the_same_as_absent() {
        let bare = parse(r#"{"notification":{"type":"change"},"channel":{"channel_id":"c"}}"#).unwrap();
        let null = parse(
            r#"{"notification":{"type":"change","changes_since":null},"channel":{"channel_id":"c",
                "callback_url":null,"filters":null}}"#,
        )
        .unwrap();
        assert_eq!(bare, null);
        let null = parse(
            r#"{"notification":{"type":"change"},"channel":{"channel_id":"c",
                "filters":{"calendar_ids":null,"only_managed":null}}}"#,
        )
        .unwrap();
        assert_eq!(bare, null);
        assert_eq!(parse(r#"{"notification":{"type":"new"},"channel":null}"#).unwrap().channel, None);
    }

    #[test]
    fn what_is_refused_is_named() {
        for (body, why) in [
            ("{}", "notification has an unexpected shape at line 1, column 2"),
            (r#"{"notification":{}}"#, "notification has an unexpected shape at line 1, column 18"),
            (r#"{"notification":{"type":7}}"#, "notification has an unexpected shape at line 1, column 25"),
            (
                r#"{"notification":{"type":"change","changes_since":"soon"}}"#,
                "notification has an unexpected shape at line 1, column 56",
            ),
            (
                r#"{"notification":{"type":"change","type":"change"}}"#,
                "notification has an unexpected shape at line 1, column 39",
            ),
            (
                r#"{"notification":{"type":"change"},"channel":{}}"#,
                "notification has an unexpected shape at line 1, column 46",
            ),
            ("", "notification ends too early, at line 1, column 0"),
            ("{]", "notification is not JSON at line 1, column 2"),
        ] {
            assert_eq!(parse(body).unwrap_err().to_string(), why, "{body}");
        }
    }
}
