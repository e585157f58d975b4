//! `POST /v1/available_periods`.
//!
//! Says that an account can be booked in a period, or changes one that was said
//! (`developers/api/scheduling/available-periods/upsert`). It counts where a query asks for
//! [managed availability](super::Member::managed).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::Timestamp;
use serde::Serialize;

use super::name;
use crate::credential::{Caller, ForAccount};
use crate::events::EventSpan;
use crate::{AvailablePeriodId, Tzid};

/// Makes or changes a period.
#[derive(Debug, Clone)]
pub struct UpsertAvailablePeriod {
    caller: Caller,
    period: AvailablePeriodId,
    span: EventSpan,
    tzid: Option<Tzid>,
}

impl UpsertAvailablePeriod {
    /// A period from a start to an end, under a name of the application's own: of at most 64 characters, all ASCII. By
    /// the same name it is changed later.
    ///
    /// Whatever zone they are to be shown in, the times are UTC's.
    pub fn new(who: impl ForAccount, period: AvailablePeriodId, span: impl Into<EventSpan>) -> Self {
        Self { caller: who.into_caller(), period, span: span.into(), tzid: None }
    }

    /// The zone to show times in that have none of their own.
    pub fn tzid(mut self, tzid: Tzid) -> Self {
        self.tzid = Some(tzid);
        self
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    available_period_id: &'a AvailablePeriodId,
    #[serde(flatten)]
    span: &'a EventSpan,
    #[serde(skip_serializing_if = "Option::is_none")]
    tzid: Option<&'a Tzid>,
}

crate::batch::entry!(UpsertAvailablePeriod);

impl Endpoint for UpsertAvailablePeriod {
    type Output = ();

    // The second time it changes nothing.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        name::check("available_period_id", self.period.as_str())?;
        self.span.check()?;
        self.caller.post("/v1/available_periods").json(&RequestBody {
            available_period_id: &self.period,
            span: &self.span,
            tzid: self.tzid.as_ref(),
        })
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
