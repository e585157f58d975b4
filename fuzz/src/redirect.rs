//! What a browser brings back, which is whatever somebody likes to type.

use cronofy_auth_core::authorize::{IndividualConnect, NotResumed, Resumed};
use cronofy_auth_core::types::{Redirect, RedirectError, RedirectOutcome, RedirectUri, Scope, Scopes, State};

use crate::model::every_flow::app;
use crate::{NOW, is_clean};

/// A URL, or the part of it from its path on.
///
/// Another state than the one sent out never gets through; with the right one, there is a code, a denial whose
/// text is clean and bounded, or an error that says what was wrong.
pub fn redirect(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let redirect = match Redirect::from_url(&text) {
        Ok(redirect) => redirect,
        Err(error) => {
            assert!(matches!(error, RedirectError::TooLong { length } if length <= text.len()));
            return;
        }
    };
    assert!(format!("{redirect:?}").len() < 150, "only words");

    let other = State::from_random([0xA5; 16]);
    if redirect.state().as_ref() != Some(&other) {
        assert!(redirect.outcome(&other).is_err());
    }
    let Some(state) = redirect.state() else { return };
    let outcome = redirect.outcome(&state);
    match &outcome {
        Ok(RedirectOutcome::Code(code)) => {
            assert!(!code.expose().is_empty() && is_clean_ascii(code.expose()));
        }
        Ok(RedirectOutcome::Denied(denial)) => {
            let description = denial.description.as_deref().unwrap_or_default();
            for text in [denial.error.as_str(), description] {
                assert!(is_clean(text) && text.len() <= 512);
            }
        }
        Err(error) => {
            let about_state =
                [RedirectError::StateMissing, RedirectError::StateRepeated, RedirectError::StateDiffers];
            assert!(!about_state.contains(error), "the state was there, once: {error}");
            assert!(is_clean(&error.to_string()));
        }
    }
    resume(&redirect, state, outcome.is_ok());
}

/// The same through what waits for it, which has to survive whatever it refuses.
fn resume(redirect: &Redirect, state: State, readable: bool) {
    let app = app();
    let redirect_uri = RedirectUri::new("https://app.example/cb").unwrap();
    let connect = IndividualConnect::new(redirect_uri, Scopes::from([Scope::ReadEvents])).unwrap();
    let pending = connect.authorize(&app, state, NOW).pending;
    match pending.clone().resume(redirect, &app, NOW) {
        Ok(Resumed::Granted(_) | Resumed::Denied(_)) => assert!(readable),
        Err(error) => {
            assert_eq!(*error.pending, pending);
            let by_issuer = matches!(
                error.reason,
                NotResumed::Redirect(
                    RedirectError::IssuerDiffers
                        | RedirectError::Repeated("iss")
                        | RedirectError::Undecodable("iss")
                )
            );
            assert!(!readable || by_issuer, "{}", error.reason);
        }
    }
}

fn is_clean_ascii(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_control())
}
