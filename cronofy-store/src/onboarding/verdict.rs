//! What a failed call says about those that come after it.

use core::time::Duration;

use cronofy_auth_core::{DriveError, Error, Fault, Refusal, RefusalKind, TransportError};

use crate::manager::TokenError;
use crate::rollout::Paused;

/// What is to follow.
pub(super) enum Verdict {
    /// The request itself was wrong, and is so however often it is sent.
    Invalid(Box<str>),
    /// Nothing happened, and the server wants to be left alone.
    Slower(Option<Duration>),
    /// Nothing happened.
    Later,
    /// Nobody knows what happened.
    Unsure,
    /// It would be the same for every mailbox.
    Pause(Paused),
}

pub(super) fn of_call<E: TransportError>(error: &DriveError<E>) -> Verdict {
    match error {
        DriveError::Flow(Error::Refused(refusal)) => of_refusal(refusal),
        DriveError::Flow(Error::Unsendable(_) | Error::Misuse(_)) => {
            Verdict::Invalid(error.to_string().into())
        }
        DriveError::NoAnswer { fault: Fault::NotSent, .. }
        | DriveError::Flow(Error::NoAnswer(Fault::NotSent)) => Verdict::Later,
        _ => Verdict::Unsure,
    }
}

fn of_refusal(refusal: &Refusal) -> Verdict {
    let said = || refusal.to_string().into();
    match refusal.kind() {
        _ if refusal.was_not_acted_on() => Verdict::Slower(refusal.retry_after),
        RefusalKind::BadRequest | RefusalKind::InvalidRequest | RefusalKind::InvalidScope => {
            Verdict::Invalid(said())
        }
        RefusalKind::PaymentRequired => Verdict::Pause(Paused::PaymentRequired(said())),
        _ if refusal.status.is_server_error() => Verdict::Unsure,
        _ => Verdict::Pause(Paused::Forbidden(said())),
    }
}

/// There are no tokens to ask with.
pub(super) fn of_token(error: &TokenError) -> Verdict {
    if error.is_lasting() { Verdict::Pause(Paused::Ended(error.to_string().into())) } else { Verdict::Later }
}
