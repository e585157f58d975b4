//! Whom an invitation is to.

use cronofy_auth_core::Limit;
use cronofy_types::EmailAddress;
use serde::Serialize;

use super::invite::InviteStatus;

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    email: EmailAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<InviteStatus>,
}

impl Recipient {
    /// Somebody with this address.
    pub fn new(email: EmailAddress) -> Self {
        Self { email, status: None }
    }

    /// Who has answered already, in another way (alpha: `developers/api-alpha/smart-invites/initial-status`).
    pub fn status(mut self, status: InviteStatus) -> Self {
        self.status = Some(status);
        self
    }
}

impl From<EmailAddress> for Recipient {
    fn from(email: EmailAddress) -> Self {
        Self::new(email)
    }
}

/// One or many: they are called differently.
#[derive(Debug, Clone, Serialize)]
pub(super) enum Recipients {
    #[serde(rename = "recipient")]
    One(Recipient),
    #[serde(rename = "recipients")]
    Many(Vec<Recipient>),
}

impl Recipients {
    pub(super) fn many<R: Into<Recipient>>(recipients: impl IntoIterator<Item = R>) -> Self {
        Self::Many(recipients.into_iter().map(Into::into).collect())
    }

    /// To nobody there is no invitation.
    pub(super) fn check(&self) -> Result<(), Limit> {
        match self {
            Self::One(_) => Ok(()),
            Self::Many(recipients) => Limit::not_empty("recipients", recipients),
        }
    }
}
