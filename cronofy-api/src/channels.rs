//! Push notification channels: being told that something changed, rather than asking again and again.
//!
//! A channel is made once for each account. What it posts is read by `cronofy-webhook`; it says since when there are
//! changes, and reading those is a call:
//!
//! ```
//! use cronofy_api::Tzid;
//! use cronofy_api::channels::CreateChannel;
//! use cronofy_api::core::types::{CallbackUrl, NotificationKind};
//! use cronofy_api::credential::UserToken;
//! use cronofy_api::events::ReadEvents;
//! use cronofy_webhook::Notification;
//!
//! # #[allow(unused)]
//! fn watch(user: &UserToken) -> Result<CreateChannel, Box<dyn std::error::Error>> {
//!     // Which account it was: nothing in a notification but the channel says so.
//!     let callback_url = CallbackUrl::new("https://app.example/cronofy/changes/881")?;
//!     Ok(CreateChannel::new(user, callback_url))
//! }
//!
//! # #[allow(unused)]
//! /// After it was verified, and away from the handler that has five seconds to answer.
//! fn changed(notification: &Notification, user: &UserToken, tzid: Tzid) -> Option<ReadEvents> {
//!     let since = notification.changes_since.filter(|_| notification.kind == NotificationKind::Change)?;
//!     let mut changes = ReadEvents::new(user, tzid).modified_since(since).including_deleted();
//!     let filters = notification.channel.as_ref().map(|channel| &channel.filters);
//!     for calendar in filters.and_then(|filters| filters.calendar_ids.as_ref()).into_iter().flatten() {
//!         changes = changes.calendar(calendar.clone());
//!     }
//!     Some(changes)
//! }
//!
//! # use cronofy_api::core::Endpoint;
//! # use cronofy_api::core::types::{AccessToken, DataCenter, Verified};
//! # let body = br#"{"notification":{"type":"change","changes_since":"2031-03-04T10:15:00Z"},
//! #     "channel":{"channel_id":"chn_1","filters":{"calendar_ids":["cal_1"]}}}"#;
//! # let user = UserToken::new(DataCenter::Us, AccessToken::new("secret")?);
//! # let notification = Notification::parse(&Verified::vouched_for_elsewhere(body))?;
//! # let request = changed(&notification, &user, Tzid::utc()).ok_or("no change")?.request()?;
//! # assert_eq!(
//! #     request.uri().query(),
//! #     Some("tzid=Etc%2FUTC&calendar_ids%5B%5D=cal_1&last_modified=2031-03-04T10%3A15%3A00Z&include_deleted=true")
//! # );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Changes that the application made itself are not told of. Personal and sandbox tokens make no channels
//! (`developers/push-notifications`).

mod close;
mod create;
mod list;

pub use close::CloseChannel;
pub use create::CreateChannel;
pub use cronofy_types::{Channel, Filters};
pub use list::{ChannelList, ListChannels};
