//! The flows: a function each, written once for every transport.

mod business;
mod enterprise;
mod free_busy;
mod free_busy_times;
mod individual;
mod organization;
mod refresh;
mod revoke;

use std::fmt;

use super::driver::Driver;
use super::failure::Failure;
use super::stage::Stage;

macro_rules! flows {
    ($($name:ident, $text:literal, $title:literal, $perform:path;)*) => {
        /// A flow of the demo by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FlowName {
            $(#[doc = $title] $name,)*
        }

        impl FlowName {
            /// All of them, in the order of the demo.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// As it is written in the report.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What happens in it.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// Plays it, and says what came of it.
            pub(super) fn perform<D: Driver>(self, stage: &mut Stage<'_, D>) -> Result<String, Failure> {
                match self {
                    $(Self::$name => $perform(stage),)*
                }
            }
        }
    };
}

flows! {
    Individual, "individual",
        "a user connects calendars of their own.", individual::granted;
    IndividualDenied, "individual_denied",
        "the user says no, which is an answer and not an error.", individual::denied;
    Refresh, "refresh",
        "the access token expires, and another is bought.", refresh::stable;
    RefreshRotated, "refresh_rotated",
        "a refresh replaces both tokens, and a session lets one worker do it.",
        refresh::rotated;
    RevokeToken, "revoke_token",
        "an authorization is ended by its refresh token.", revoke::by_token;
    RevokeSub, "revoke_sub",
        "an authorization is ended by its subject, and personal data with it.", revoke::by_sub;
    RevokeProfile, "revoke_profile",
        "one of two calendar logins is given up; the authorization goes on.", revoke::one_profile;
    Business, "business",
        "calendars that colleagues share with the user come within reach.", business::business;
    EnterpriseSingle, "enterprise_single",
        "an administrator authorizes a service account, and it opens one mailbox.", enterprise::single;
    EnterpriseBatch, "enterprise_batch",
        "a service account opens several users and a room with one request.", enterprise::batch;
    EnterpriseCallbackError, "enterprise_callback_error",
        "one mailbox of two cannot be opened, and Cronofy says why.", enterprise::callback_error;
    EnterpriseRevokeCascade, "enterprise_revoke_cascade",
        "ending the service account ends every mailbox that it opened.", enterprise::revoke_cascade;
    Organization, "organization",
        "an organization is connected, and the application acts for a member.", organization::organization;
    OrganizationEventAsMember, "organization_event_as_member",
        "the application puts an event into a member's calendar, as that person.", organization::event_as_member;
    FreeBusyIndividual, "free_busy_individual",
        "a user shows when they are busy, and nothing more.", free_busy::individual;
    FreeBusyEnterprise, "free_busy_enterprise",
        "an administrator opens a domain for free/busy times only.", free_busy::enterprise;
    FreeBusyInvitation, "free_busy_invitation",
        "a booking goes out as an invitation, and until it is accepted one calendar alone knows of it.",
        free_busy_times::invitation;
    FreeBusyAvailability, "free_busy_availability",
        "free time is asked of both profiles; of one alone, the answer is rosier than the truth.",
        free_busy_times::availability;
}

impl fmt::Display for FlowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
