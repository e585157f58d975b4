//! Who has to have time (`developers/api/scheduling/availability`, `developers/scheduling/managed-availability`).

use cronofy_auth_core::{Limit, Rule};
use cronofy_types::{CalendarId, Sub, Userinfo};
use serde::{Serialize, Serializer};

use super::when::{Buffer, Period};
use crate::free_busy::AccountProfiles;
use crate::{AvailabilityRuleId, Tzid};

/// Some people or rooms, and how many of them have to have time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    members: Vec<Member>,
    required: Required,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Required {
    All,
    AtLeast(u32),
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::AtLeast(number) => serializer.serialize_u32(*number),
        }
    }
}

impl Group {
    /// Each of these.
    pub fn all<M: Into<Member>>(members: impl IntoIterator<Item = M>) -> Self {
        Self { members: members.into_iter().map(Into::into).collect(), required: Required::All }
    }

    /// So many of these at least; from one to all of them.
    pub fn at_least<M: Into<Member>>(number: u32, members: impl IntoIterator<Item = M>) -> Self {
        Self { required: Required::AtLeast(number), ..Self::all(members) }
    }

    pub(super) fn check(groups: &[Self]) -> Result<(), Limit> {
        Limit::not_empty("participants", groups)?;
        for Self { members, required } in groups {
            Limit::not_empty("members", members)?;
            let most = u64::try_from(members.len()).unwrap_or(u64::MAX);
            match *required {
                Required::AtLeast(number) if !(1..=most).contains(&number.into()) => {
                    return Err(Limit { parameter: "required", rule: Rule::Between { least: 1, most } });
                }
                Required::All | Required::AtLeast(_) => {}
            }
            members.iter().try_for_each(Member::check)?;
        }
        Ok(())
    }
}

/// An account, an application calendar or a room, and what makes it busy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    sub: Sub,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    managed_availability: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability_rule_ids: Option<Vec<AvailabilityRuleId>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    available_periods: Vec<Period>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calendar_ids: Vec<CalendarId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buffer: Option<Buffer>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    only_managed_events: bool,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    ignore_tentative: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    availability_constraints: Vec<Constraint>,
}

impl Member {
    /// Somebody, whom anything in any of their calendars keeps busy.
    pub fn new(sub: Sub) -> Self {
        Self {
            sub,
            managed_availability: false,
            availability_rule_ids: None,
            available_periods: Vec::new(),
            calendar_ids: Vec::new(),
            buffer: None,
            only_managed_events: false,
            ignore_tentative: false,
            availability_constraints: Vec::new(),
        }
    }

    /// The account that this userinfo is of, with the calendars of each of its profiles by name. Of an account with
    /// free/busy access, one profile alone gives a rosier answer than the truth: see [`free_busy`](crate::free_busy).
    ///
    /// A calendar that came to be after the userinfo does not count, so it should be a fresh one. Where it cannot name
    /// all calendars yet, none is named, which means all.
    pub fn for_account(userinfo: &Userinfo) -> Self {
        let calendars = AccountProfiles::of(userinfo).calendars().into_iter().flatten().cloned();
        Self { calendar_ids: calendars.collect(), ..Self::new(userinfo.sub.clone()) }
    }

    /// What is in this calendar counts, and in any others that are named. Without any, all do.
    pub fn calendar(mut self, calendar: CalendarId) -> Self {
        self.calendar_ids.push(calendar);
        self
    }

    /// Only within the account's [availability rules](super::UpsertAvailabilityRule) and
    /// [available periods](super::UpsertAvailablePeriod).
    pub fn managed(mut self) -> Self {
        self.managed_availability = true;
        self
    }

    /// The same, with these of its rules alone; with none of them, if none is given.
    pub fn managed_by(mut self, rules: impl IntoIterator<Item = AvailabilityRuleId>) -> Self {
        self.availability_rule_ids = Some(rules.into_iter().collect());
        self.managed()
    }

    /// Only within this period, or another that is given.
    pub fn available(mut self, period: impl Into<Period>) -> Self {
        self.available_periods.push(period.into());
        self
    }

    /// Needs this much before and after, whatever the others need.
    pub fn buffer(mut self, buffer: Buffer) -> Self {
        self.buffer = Some(buffer);
        self
    }

    /// Is busy with the application's own events alone.
    pub fn only_managed_events(mut self) -> Self {
        self.only_managed_events = true;
        self
    }

    /// Is not busy with what may not take place.
    pub fn ignoring_tentative(mut self) -> Self {
        self.ignore_tentative = true;
        self
    }

    /// Has had enough once there are so many of the application's own events.
    pub fn constraint(mut self, constraint: Constraint) -> Self {
        self.availability_constraints.push(constraint);
        self
    }

    fn check(&self) -> Result<(), Limit> {
        Period::check("available_periods", &self.available_periods)?;
        self.buffer.as_ref().map_or(Ok(()), Buffer::check)
    }
}

impl From<Sub> for Member {
    fn from(sub: Sub) -> Self {
        Self::new(sub)
    }
}

/// As [`Member::for_account`].
impl From<&Userinfo> for Member {
    fn from(userinfo: &Userinfo) -> Self {
        Self::for_account(userinfo)
    }
}

/// How many of the application's own events somebody takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Constraint {
    limit: u32,
    period: Every,
    #[serde(skip_serializing_if = "Option::is_none")]
    tzid: Option<Tzid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Every {
    Day,
    Week,
}

impl Constraint {
    /// So many a day.
    pub fn per_day(limit: u32) -> Self {
        Self { limit, period: Every::Day, tzid: None }
    }

    /// So many a week.
    pub fn per_week(limit: u32) -> Self {
        Self { limit, period: Every::Week, tzid: None }
    }

    /// Days and weeks are those of this zone.
    pub fn in_zone(mut self, tzid: Tzid) -> Self {
        self.tzid = Some(tzid);
        self
    }
}
