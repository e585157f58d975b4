//! What a push notification is about (`developers/push-notifications`). `cronofy-webhook` reads the rest of it.

use crate::open_enum::{open_enum, open_enum_from_any_text};

open_enum! {
    /// What a notification is about. Cronofy asks to ignore the types that one does not know.
    pub enum NotificationKind {
        /// The channel was just created. There is nothing to do but to answer 2xx.
        Verification = "verification",
        /// Events changed. Changes that the application itself made are not notified.
        Change = "change",
        /// A calendar login stopped working; noticed when it was next used, not when it was revoked. The user
        /// has to reconnect it (`developers/faqs/profile-reconnection-process`).
        ProfileDisconnected = "profile_disconnected",
        /// The same for a conferencing login.
        ConferencingProfileDisconnected = "conferencing_profile_disconnected",
        /// The first synchronisation of a profile is done. Not sent if it was before there was a channel.
        ProfileInitialSyncCompleted = "profile_initial_sync_completed",
        /// The person asked for the erasure of their data.
        GdprRequested = "gdpr_requested",
        /// Somebody answered a smart invite. It comes to the invite's own callback URL and through no channel
        /// (`developers/api/smart-invites/invite-callback`); `cronofy-api` reads the rest of it.
        SmartInvite = "smart_invite",
    }
}
open_enum_from_any_text!(NotificationKind);
