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
        "An outcome of delegated access that did not arrive is sent again after 100, 300 and 900 \
             milliseconds, and then given up",
        "no schedule is documented for delegated access, and a test should see one soon",
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
