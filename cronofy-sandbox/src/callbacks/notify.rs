//! Notifications: what channels are told, and which of them.

use jiff::Timestamp;
use serde_json::json;

use super::{CallbackKind, Letter, send};
use crate::app::App;
use crate::calendars::{CalendarKey, Changed, Owner, Seen};
use crate::state::{Channel, ChannelKey, GrantKey, State};
use crate::world::Profile;

/// What a channel is told. None of it says what happened: the application asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Notification {
    Verification,
    Change,
    ProfileDisconnected,
    ProfileInitialSyncCompleted,
}

/// Something that happened in a calendar.
pub(crate) struct Change<'a> {
    pub(crate) calendar: &'a CalendarKey,
    /// The application that manages the event, if one does.
    pub(crate) managed_by: Option<&'a str>,
    /// The application that did it: it is not told. `None` for people.
    pub(crate) cause: Option<&'a str>,
}

/// Tells every channel that sees the calendar, of every application but the one that did it.
pub(crate) fn calendar_changed(app: &App, state: &mut State, change: &Change<'_>) {
    for owner in state.channel_owners() {
        if change.cause == Some(owner.client_id.as_str()) || state.channels_of(&owner).is_empty() {
            continue;
        }
        let Some(calendar) = seen(app, state, &owner, change.calendar) else { continue };
        let wants = |channel: &Channel| {
            let calendars = &channel.filters.calendar_ids;
            (calendars.is_empty() || calendars.contains(&calendar.id))
                && (!channel.filters.only_managed || change.managed_by == Some(&owner.client_id))
        };
        let channels: Vec<Channel> =
            state.channels_of(&owner).iter().filter(|channel| wants(channel)).cloned().collect();
        for channel in channels {
            // Whoever has yet to hear of an earlier change asks for all that came since.
            if !app.callbacks.owes_change(&channel.id) {
                notify(app, state, &owner, &channel, Notification::Change);
            }
        }
    }
}

/// The same for what a person did, in all calendars where it changed something.
pub(crate) fn person_changed(app: &App, state: &mut State, changed: &Changed, managed_by: Option<&str>) {
    for calendar in changed {
        let managed_by = match &calendar.owner {
            Owner::Login(_) => managed_by,
            // Nobody else writes there.
            Owner::Hosted { client_id, .. } => Some(client_id.as_str()),
        };
        calendar_changed(app, state, &Change { calendar, managed_by, cause: None });
    }
}

/// Tells every channel of an account, and gives the identifiers of the callbacks.
pub(crate) fn tell(
    app: &App,
    state: &mut State,
    owner: &GrantKey,
    notification: Notification,
) -> Vec<String> {
    let channels = state.channels_of(owner).to_vec();
    channels.iter().map(|channel| notify(app, state, owner, channel, notification)).collect()
}

/// Tells the channels of everybody who has this profile of the account.
pub(crate) fn profile_changed(
    app: &App,
    state: &mut State,
    sub: &str,
    profile_id: &str,
    notification: Notification,
) {
    let has = |owner: &GrantKey| {
        let profiles = state.authorization(owner).map(|authorization| &authorization.profiles);
        owner.sub == sub && profiles.is_some_and(|all| all.iter().any(|profile| profile.id == profile_id))
    };
    let owners: Vec<GrantKey> = state.channel_owners().into_iter().filter(has).collect();
    for owner in owners {
        tell(app, state, &owner, notification);
    }
}

/// Tells one channel, and gives the identifier of the callback.
pub(crate) fn notify(
    app: &App,
    state: &mut State,
    owner: &GrantKey,
    channel: &Channel,
    notification: Notification,
) -> String {
    let mut told = json!({ "type": notification.word() });
    if matches!(notification, Notification::Change) {
        let now = Timestamp::try_from(app.clock.now()).unwrap_or(Timestamp::MAX);
        // Whole seconds, and none too late.
        told["changes_since"] = json!(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
    let letter = Letter {
        kind: notification.kind(),
        client_id: owner.client_id.clone(),
        url: channel.callback_url.clone(),
        body: json!({ "notification": told, "channel": channel.body() }),
        channel: Some(ChannelKey { owner: owner.clone(), id: channel.id.clone() }),
    };
    send(app, state, letter)
}

/// The calendar as the owner of a channel sees it, through a profile that is read.
fn seen(app: &App, state: &State, owner: &GrantKey, calendar: &CalendarKey) -> Option<Seen> {
    let profiles: Vec<Profile> = match state.authorization(owner) {
        Some(authorization) => authorization.profiles.clone(),
        // A member of an Organizational Unit, which was impersonated.
        None => state.world.profiles_of(&owner.sub, &app.ids),
    };
    let working = profiles.iter().filter(|profile| profile.connected && profile.synced);
    working
        .flat_map(|profile| state.calendars.seen(&owner.client_id, profile, &app.ids))
        .find(|seen| seen.key == *calendar)
}

impl Notification {
    pub(crate) const ALL: [Self; 4] =
        [Self::Verification, Self::Change, Self::ProfileDisconnected, Self::ProfileInitialSyncCompleted];

    /// The value of `notification.type`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Change => "change",
            Self::ProfileDisconnected => "profile_disconnected",
            Self::ProfileInitialSyncCompleted => "profile_initial_sync_completed",
        }
    }

    fn kind(self) -> CallbackKind {
        match self {
            Self::Verification => CallbackKind::ChannelVerification,
            Self::Change => CallbackKind::ChannelChange,
            Self::ProfileDisconnected => CallbackKind::ChannelProfileDisconnected,
            Self::ProfileInitialSyncCompleted => CallbackKind::ChannelProfileInitialSyncCompleted,
        }
    }
}
