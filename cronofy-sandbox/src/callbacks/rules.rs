//! How far callbacks can be trusted to be like Cronofy's.

use crate::ledger::{Rule, documented, guessed};

pub(crate) const RULES: &[Rule] = &[
    documented("A callback is a `POST` of JSON", "api/push-notifications; Business Connect guide"),
    documented(
        "`Cronofy-HMAC-SHA256` is the Base64 of the HMAC-SHA256 over the body's bytes, keyed with the \
             client secret",
        "push-notifications/authentication",
    ),
    documented(
        "`Cronofy-HMAC-SHA256` holds one value for each active secret, joined by a comma",
        "api/push-notifications",
    ),
    guessed(
        "A callback that is answered 2xx arrived",
        "the sample application for Ruby answers 200, and 500 when it failed",
    ),
    guessed(
        "An outcome of delegated access, or an answer to a smart invite, that did not arrive is sent again after 100, \
             300 and 900 milliseconds, and then given up",
        "no schedule is documented for either, and a test should see one soon",
    ),
    guessed(
        "Each attempt is signed with the secrets that are active at its moment",
        "no source tells what becomes of a callback that waits while secrets are replaced",
    ),
    guessed(
        "An attempt lasts at most five seconds; the status counts, the rest of the answer is not read",
        "push notifications are said to have as long",
    ),
    guessed("A redirect counts as a failure", "what was signed for one place should not be sent to another"),
    guessed(
        "A callback is sent over plain HTTP, to this machine and to hosts that were allowed by name; \
             for any other URL its state is `not_sent`",
        "nothing should leave a test, though Cronofy asks for a public URL",
    ),
];

pub(crate) const NOTIFICATIONS: &[Rule] = &[
    documented(
        "A notification has `notification.type`, and `channel` as the calls about channels show it",
        "api/push-notifications",
    ),
    documented(
        "A `change` says in `changes_since`, in UTC and whole seconds, from when on to ask, and nothing of what \
             changed",
        "api/push-notifications",
    ),
    guessed("Other types have no `changes_since`", "a digest of the pages by a third party shows none"),
    documented(
        "What an application changes by its own calls is not notified to it",
        "api/events/delete-external-event",
    ),
    guessed(
        "An invitation that such a call sends is notified to the channels of those invited, the application's own \
             among them",
        "it comes to their calendars from their providers",
    ),
    guessed(
        "Changes are merged into a notification that is yet to be sent for the first time",
        "a change is a hint to ask, and one answer tells all that came since",
    ),
    guessed(
        "A notification lasts at most five seconds an attempt, and any 2xx means that it arrived",
        "a digest of the pages by a third party says so",
    ),
    guessed(
        "It is tried for 24 hours: 1, 5, 15, 30 and 60 minutes, and 2, 4, 8, 16 and 24 hours after the first attempt",
        "a digest of the pages by a third party tells how long, and nobody how often",
    ),
    guessed(
        "When the last attempt fails, the channel is closed for good",
        "a digest of the pages by a third party says so",
    ),
    guessed(
        "An answer of 410 closes the channel at once",
        "a service that imitates Cronofy does so, and that is what the status means",
    ),
    guessed(
        "The channels of an authorization are closed when it is revoked",
        "nothing of the account may be told any more",
    ),
    guessed(
        "`profile_initial_sync_completed` is sent when a profile is linked into an account that has channels, and \
             when `/_sandbox/accounts` completes a first sync",
        "a digest of the pages by a third party tells that it comes once the first sync is done",
    ),
    guessed(
        "`profile_disconnected` is sent as soon as `/_sandbox/accounts` disconnects a profile",
        "Cronofy finds out when it next reads the calendar, which a test should not have to wait for",
    ),
];
