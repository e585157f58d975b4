//! `POST /v1/scheduling_requests`.
//!
//! Asks people to pick a time for a meeting with somebody of an organizational unit (beta:
//! `developers/api/scheduling-requests/create`). Cronofy sends them to pick. Needs the scope
//! `organizational_unit_scheduler`. The form of `availability_mode` is nowhere to be read, so it is left out.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, Limit, Rule, read_json};
use cronofy_types::{EmailAddress, Sub, Timestamp};
use serde::Serialize;

use super::request::CreatedSchedulingRequest;
use crate::SelectionRuleId;
use crate::availability::at_least_a_minute;
use crate::credential::{Caller, Impersonation, OrganizationalUnit, Sealed as _};
use crate::events::EventDetails;
use crate::time::Duration;

/// Asks people to pick a time for a meeting.
#[derive(Debug, Clone)]
pub struct CreateSchedulingRequest {
    caller: Caller,
    request: RequestBody,
}

#[derive(Debug, Clone, Serialize)]
struct RequestBody {
    #[serde(flatten)]
    host: Option<Host>,
    recipients: Vec<Recipient>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    collaborator_groups: Vec<StaffGroup>,
    event: EventBody,
}

#[derive(Debug, Clone, Serialize)]
struct EventBody {
    #[serde(flatten)]
    details: EventDetails,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Duration>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
enum Host {
    Host { sub: Sub },
    HostGroup(HostGroup),
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum HostGroup {
    Staff(StaffGroup),
    Rule { sub: SelectionRuleId },
}

/// Some people of the unit, and how many of them have to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaffGroup {
    name: String,
    members: Vec<StaffMember>,
    required: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct StaffMember {
    sub: Sub,
}

impl StaffGroup {
    /// So many of these, from one to all of them.
    pub fn new(name: impl Into<String>, required: u32, members: impl IntoIterator<Item = Sub>) -> Self {
        let members = members.into_iter().map(|sub| StaffMember { sub }).collect();
        Self { name: name.into(), members, required }
    }

    fn check(&self) -> Result<(), Limit> {
        Limit::not_empty("members", &self.members)?;
        let most = u64::try_from(self.members.len()).unwrap_or(u64::MAX);
        if (1..=most).contains(&self.required.into()) {
            return Ok(());
        }
        Err(Limit { parameter: "required", rule: Rule::Between { least: 1, most } })
    }
}

/// Somebody whom the unit meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    email: EmailAddress,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot_selector: Option<bool>,
}

impl Recipient {
    /// Somebody with this address.
    pub fn new(email: EmailAddress) -> Self {
        Self { email, display_name: None, slot_selector: None }
    }

    /// And this name.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Whether it is he or she who picks the time.
    pub fn slot_selector(mut self, picks: bool) -> Self {
        self.slot_selector = Some(picks);
        self
    }
}

impl CreateSchedulingRequest {
    /// A meeting with this account of the unit.
    pub fn with_host(
        unit: &OrganizationalUnit,
        host: Sub,
        recipients: impl IntoIterator<Item = Recipient>,
        details: EventDetails,
    ) -> Self {
        Self::asking(unit.into_caller(), Some(Host::Host { sub: host }), recipients, details)
    }

    /// A meeting with some of these people, whoever they are once the time is picked.
    pub fn with_host_group(
        unit: &OrganizationalUnit,
        group: StaffGroup,
        recipients: impl IntoIterator<Item = Recipient>,
        details: EventDetails,
    ) -> Self {
        let host = Host::HostGroup(HostGroup::Staff(group));
        Self::asking(unit.into_caller(), Some(host), recipients, details)
    }

    /// A meeting with whom this rule of the unit selects.
    pub fn with_selection_rule(
        unit: &OrganizationalUnit,
        rule: SelectionRuleId,
        recipients: impl IntoIterator<Item = Recipient>,
        details: EventDetails,
    ) -> Self {
        let host = Host::HostGroup(HostGroup::Rule { sub: rule });
        Self::asking(unit.into_caller(), Some(host), recipients, details)
    }

    /// A meeting with the member that the unit acts for.
    pub fn of_member(
        member: &Impersonation,
        recipients: impl IntoIterator<Item = Recipient>,
        details: EventDetails,
    ) -> Self {
        Self::asking(member.into_caller(), None, recipients, details)
    }

    fn asking(
        caller: Caller,
        host: Option<Host>,
        recipients: impl IntoIterator<Item = Recipient>,
        details: EventDetails,
    ) -> Self {
        let request = RequestBody {
            host,
            recipients: recipients.into_iter().collect(),
            collaborator_groups: Vec::new(),
            event: EventBody { details, duration: None },
        };
        Self { caller, request }
    }

    /// Some of these have to come, too.
    pub fn collaborators(mut self, group: StaffGroup) -> Self {
        self.request.collaborator_groups.push(group);
        self
    }

    /// How long it is to be, a minute at least (`developers/api-alpha/scheduler-requests/create`, the older form of the
    /// call); else as its host prefers.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.request.event.duration = Some(duration);
        self
    }
}

impl Endpoint for CreateSchedulingRequest {
    type Output = CreatedSchedulingRequest;

    // The second time people are asked twice.
    const REPEATABLE: bool = false;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let body = &self.request;
        if let Some(Host::HostGroup(HostGroup::Staff(group))) = &body.host {
            group.check()?;
        }
        Limit::not_empty("recipients", &body.recipients)?;
        body.collaborator_groups.iter().try_for_each(StaffGroup::check)?;
        body.event.details.check()?;
        body.event.duration.map_or(Ok(()), |duration| at_least_a_minute("duration", duration))?;
        self.caller.post("/v1/scheduling_requests").json(body)
    }

    fn read(
        &mut self,
        response: http::Response<Bytes>,
        now: Timestamp,
    ) -> Result<CreatedSchedulingRequest, Error> {
        read_json("scheduling request", &response, now)
    }
}
