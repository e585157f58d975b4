//! What is up to whoever runs the sandbox, as it is written: in a file, and in calls at run time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::flaw::{Flaw, flaw};
use crate::limits::RateLimitSettings;
use crate::policy::{AutoConsent, Policy, RefreshMode};

/// What is there changes; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// `off`, `auto`, `deny`, or the address of who consents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auto_consent: Option<AutoConsent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_mode: Option<RefreshWord>,
    /// How long a replaced refresh token still gets an answer.
    #[serde(with = "seconds", skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_grace_seconds: Option<Duration>,
    /// Access tokens of accounts, application calendars and Organizational Units.
    #[serde(with = "seconds", skip_serializing_if = "Option::is_none")]
    pub(crate) user_token_seconds: Option<Duration>,
    #[serde(with = "seconds", skip_serializing_if = "Option::is_none")]
    pub(crate) service_account_token_seconds: Option<Duration>,
    #[serde(with = "seconds", skip_serializing_if = "Option::is_none")]
    pub(crate) code_seconds: Option<Duration>,
    /// Whether a code that comes a second time ends the authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revoke_on_replay: Option<bool>,
    /// Rows of a page of a paged list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rate_limits: Option<RateLimitSettings>,
}

/// [`RefreshMode`], without its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RefreshWord {
    Stable,
    RotateStrict,
    RotateWithGrace,
}

/// What a grace is where nobody says.
const GRACE: Duration = Duration::from_secs(60);

/// A hundred years: far beyond any test, and a number that every client can read.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

impl Settings {
    /// Everything that a policy says.
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut settings = Self {
            auto_consent: Some(policy.auto_consent.clone()),
            user_token_seconds: Some(policy.user_token_lifetime),
            service_account_token_seconds: Some(policy.service_token_lifetime),
            code_seconds: Some(policy.code_lifetime),
            revoke_on_replay: Some(policy.revoke_on_replay),
            page_size: Some(policy.page_size),
            rate_limits: Some(policy.rate_limits.into()),
            ..Self::default()
        };
        settings.set_refresh_mode(policy.refresh_mode);
        settings
    }

    pub(crate) fn set_refresh_mode(&mut self, mode: RefreshMode) {
        let (word, grace) = match mode {
            RefreshMode::Stable => (RefreshWord::Stable, None),
            RefreshMode::RotateStrict => (RefreshWord::RotateStrict, None),
            RefreshMode::RotateWithGrace(grace) => (RefreshWord::RotateWithGrace, Some(grace)),
        };
        (self.refresh_mode, self.refresh_grace_seconds) = (Some(word), grace);
    }

    /// What cannot be, whatever the policy is.
    pub(super) fn check(&self) -> Result<(), Flaw> {
        if self.page_size == Some(0) {
            return Err(flaw!(["settings", "page_size"], "a page holds at least one row"));
        }
        if let Some(member) = self.rate_limits.and_then(RateLimitSettings::zero) {
            return Err(flaw!(["settings", "rate_limits", member], "a limit is at least one request"));
        }
        let lives = [
            ("user_token_seconds", self.user_token_seconds),
            ("service_account_token_seconds", self.service_account_token_seconds),
            ("code_seconds", self.code_seconds),
            ("refresh_grace_seconds", self.refresh_grace_seconds),
        ];
        if let Some((member, _)) = lives.iter().find(|(_, life)| life.is_some_and(|life| life > LONGEST)) {
            return Err(flaw!(["settings", *member], "nothing lives longer than a hundred years"));
        }
        let graceless = matches!(self.refresh_mode, Some(RefreshWord::Stable | RefreshWord::RotateStrict));
        if graceless && self.refresh_grace_seconds.is_some() {
            return Err(flaw!(
                ["settings", "refresh_grace_seconds"],
                "only `refresh_mode = \"rotate-with-grace\"` has a grace"
            ));
        }
        Ok(())
    }

    pub(crate) fn apply(&self, policy: &mut Policy) {
        fn set<T: Clone>(place: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                place.clone_from(value);
            }
        }
        set(&mut policy.auto_consent, self.auto_consent.as_ref());
        set(&mut policy.user_token_lifetime, self.user_token_seconds.as_ref());
        set(&mut policy.service_token_lifetime, self.service_account_token_seconds.as_ref());
        set(&mut policy.code_lifetime, self.code_seconds.as_ref());
        set(&mut policy.revoke_on_replay, self.revoke_on_replay.as_ref());
        set(&mut policy.page_size, self.page_size.as_ref());
        if let Some(limits) = self.rate_limits {
            limits.apply(&mut policy.rate_limits);
        }
        let current = match policy.refresh_mode {
            RefreshMode::RotateWithGrace(grace) => Some(grace),
            RefreshMode::Stable | RefreshMode::RotateStrict => None,
        };
        policy.refresh_mode = match (self.refresh_mode, self.refresh_grace_seconds) {
            (Some(RefreshWord::Stable), _) => RefreshMode::Stable,
            (Some(RefreshWord::RotateStrict), _) => RefreshMode::RotateStrict,
            (Some(RefreshWord::RotateWithGrace), grace) => {
                RefreshMode::RotateWithGrace(grace.or(current).unwrap_or(GRACE))
            }
            (None, Some(grace)) => RefreshMode::RotateWithGrace(grace),
            (None, None) => policy.refresh_mode,
        };
    }
}

/// A time as a whole number of seconds.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(time.unwrap_or_default().as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        u64::deserialize(deserializer).map(|seconds| Some(Duration::from_secs(seconds)))
    }
}
