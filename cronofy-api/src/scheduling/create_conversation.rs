//! `POST /v1/scheduling_conversations`.
//!
//! Begins to agree on a time (alpha: `developers/api-alpha/scheduling-conversations/create`). The credential is an
//! access token; which scope it needs nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit};
use cronofy_types::{EmailAddress, Sub, Timestamp};
use serde::Serialize;

use super::conversation::{SchedulingConversation, SelectionMethod, read_conversation};
use crate::availability::{Period, at_least_a_minute};
use crate::credential::{Caller, ForAccount};
use crate::events::Location;
use crate::time::Duration;
use crate::{ParticipantId, Tzid};

/// Begins to agree on a time.
#[derive(Debug, Clone)]
pub struct CreateSchedulingConversation {
    caller: Caller,
    conversation: RequestBody,
}

#[derive(Debug, Clone, Serialize)]
struct RequestBody {
    participants: Vec<Participant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tzid: Option<Tzid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventBody>,
    required_duration: Duration,
    available_periods: Vec<Period>,
}

#[derive(Debug, Clone, Serialize)]
struct EventBody {
    location: Location,
}

/// How many there may be.
const PARTICIPANTS: usize = 2;

/// Somebody who is to agree on a time.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Participant {
    #[serde(rename = "participant_id", skip_serializing_if = "Option::is_none")]
    name: Option<ParticipantId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<Sub>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<EmailAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<String>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    managed_availability: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    slots: Option<Slots>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Slots {
    selection_method: SelectionMethod,
}

impl Participant {
    /// Somebody whom the application calls so.
    pub fn named(participant: ParticipantId) -> Self {
        Self { name: Some(participant), ..Self::default() }
    }

    /// Somebody with this account.
    pub fn with_account(sub: Sub) -> Self {
        Self::default().account(sub)
    }

    /// Somebody with this address.
    pub fn with_email(email: EmailAddress) -> Self {
        Self::default().email(email)
    }

    /// And this account.
    pub fn account(mut self, sub: Sub) -> Self {
        self.sub = Some(sub);
        self
    }

    /// And this address.
    pub fn email(mut self, email: EmailAddress) -> Self {
        self.email = Some(email);
        self
    }

    /// And this name.
    pub fn common_name(mut self, name: impl Into<String>) -> Self {
        self.common_name = Some(name.into());
        self
    }

    /// Only within the account's [availability rules](crate::availability::UpsertAvailabilityRule) and
    /// [available periods](crate::availability::UpsertAvailablePeriod).
    pub fn managed(mut self) -> Self {
        self.managed_availability = true;
        self
    }

    /// Selects a time so.
    pub fn selecting(mut self, method: SelectionMethod) -> Self {
        self.slots = Some(Slots { selection_method: method });
        self
    }
}

impl CreateSchedulingConversation {
    /// Is there a time of this length, a minute at least, within these periods, on which these people agree? There are
    /// two of them at most, and the first invites.
    pub fn new<P: Into<Period>>(
        who: impl ForAccount,
        participants: impl IntoIterator<Item = Participant>,
        duration: Duration,
        periods: impl IntoIterator<Item = P>,
    ) -> Self {
        let conversation = RequestBody {
            participants: participants.into_iter().collect(),
            tzid: None,
            subject: None,
            event: None,
            required_duration: duration,
            available_periods: periods.into_iter().map(Into::into).collect(),
        };
        Self { caller: who.into_caller(), conversation }
    }

    /// The zone of those who have none of their own.
    pub fn tzid(mut self, tzid: Tzid) -> Self {
        self.conversation.tzid = Some(tzid);
        self
    }

    /// What it is about.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.conversation.subject = Some(subject.into());
        self
    }

    /// Where the event is to be.
    pub fn location(mut self, location: Location) -> Self {
        self.conversation.event = Some(EventBody { location });
        self
    }
}

impl Endpoint for CreateSchedulingConversation {
    type Output = SchedulingConversation;

    // The second time there are two of them, and whoever selects by being free does so in both.
    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let body = &self.conversation;
        Limit::not_empty("participants", &body.participants)?;
        Limit::items("participants", &body.participants, PARTICIPANTS)?;
        at_least_a_minute("required_duration", body.required_duration)?;
        Limit::not_empty("available_periods", &body.available_periods)?;
        Period::check("available_periods", &body.available_periods)?;
        self.caller.post("/v1/scheduling_conversations").json(body)
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<SchedulingConversation, Error> {
        read_conversation(&response, now)
    }
}
