//! Kinds `callback`, `hmac`, `notification` and `timestamp`.

use cronofy_auth_core::types::{State, Timestamp};
use cronofy_webhook::{
    ClientSecret, DelegationCallback, DelegationOutcome, Notification, Verified, Verifier,
};
use serde::Deserialize;
use serde_json::json;

use crate::answer::{Answer, Instead};

/// A body whose signature is taken as verified.
#[derive(Deserialize)]
pub(crate) struct Posted {
    body: String,
}

impl Posted {
    fn verified(&self) -> Verified<'_> {
        Verified::vouched_for_elsewhere(self.body.as_bytes())
    }
}

pub(crate) fn callback(input: &Posted) -> Result<Answer, Instead> {
    let callback = DelegationCallback::parse(&input.verified()).map_err(|error| Instead::rejected(&error))?;
    let answer = match callback.outcome {
        DelegationOutcome::Granted(code) => Answer::of("code", code.expose()),
        DelegationOutcome::Failed(failure) => Answer::of("error", failure.error)
            .with("error_key", failure.error_key)
            .with("error_description", failure.error_description),
    };
    Ok(answer.with("state", callback.state.as_ref().map(State::as_str)))
}

#[derive(Deserialize)]
pub(crate) struct Signed {
    secrets: Vec<String>,
    header: Option<String>,
    body: String,
}

pub(crate) fn hmac(input: Signed) -> Answer {
    let secrets: Result<Vec<_>, _> = input.secrets.into_iter().map(ClientSecret::new).collect();
    match secrets.map_err(|error| Instead::refused(&error)).and_then(|secrets| verifier(&secrets)) {
        Ok(verifier) => {
            let header = input.header.as_deref().map(str::as_bytes);
            Answer::of("valid", verifier.verify_headers(input.body.as_bytes(), header).is_ok())
        }
        // Where no verifier can be made, nothing is ever valid.
        Err(refused) => Answer::from(refused).with("valid", false),
    }
}

fn verifier(secrets: &[ClientSecret]) -> Result<Verifier, Instead> {
    let (first, more) = secrets
        .split_first()
        .ok_or_else(|| Instead::Refused("a verifier is made with a secret".to_owned()))?;
    more.iter()
        .try_fold(Verifier::new(first), Verifier::with_secret)
        .map_err(|error| Instead::refused(&error))
}

pub(crate) fn notification(input: &Posted) -> Result<Answer, Instead> {
    let notification = Notification::parse(&input.verified()).map_err(|error| Instead::rejected(&error))?;
    let (channel_id, calendar_ids) = match notification.channel {
        Some(channel) => (Some(channel.channel_id), channel.filters.calendar_ids),
        None => (None, None),
    };
    Ok(Answer::of("type", notification.kind.as_str())
        .with("changes_since", notification.changes_since.map(|instant| instant.to_string()))
        .with("channel_id", json!(channel_id))
        .with("calendar_ids", json!(calendar_ids)))
}

#[derive(Deserialize)]
pub(crate) struct Text {
    pub(crate) text: String,
}

pub(crate) fn timestamp(input: &Text) -> Answer {
    Answer::of("valid", input.text.parse::<Timestamp>().is_ok())
}
