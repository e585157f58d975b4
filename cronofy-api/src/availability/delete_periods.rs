//! `DELETE /v1/available_periods`.
//!
//! Takes back that an account can be booked in a period, or in all of them (`developers/api/scheduling/available-periods/delete`,
//! `developers/api/scheduling/available-periods/bulk-delete`). Of a period that is unknown nobody says.

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_nothing};
use cronofy_types::Timestamp;
use serde::Serialize;

use crate::AvailablePeriodId;
use crate::credential::{Caller, ForAccount};

/// Deletes one period, or all.
#[derive(Debug, Clone)]
pub struct DeleteAvailablePeriods {
    caller: Caller,
    which: Which,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Which {
    One { available_period_id: AvailablePeriodId },
    All { delete_all: bool },
}

impl DeleteAvailablePeriods {
    /// Deletes the period that the application calls so.
    pub fn one(who: impl ForAccount, period: AvailablePeriodId) -> Self {
        Self { caller: who.into_caller(), which: Which::One { available_period_id: period } }
    }

    /// Deletes all periods of the account that the application made.
    pub fn all(who: impl ForAccount) -> Self {
        Self { caller: who.into_caller(), which: Which::All { delete_all: true } }
    }
}

crate::batch::entry!(DeleteAvailablePeriods);

impl Endpoint for DeleteAvailablePeriods {
    type Output = ();

    // What is gone cannot go again.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        self.caller.delete("/v1/available_periods").json(&self.which)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<(), Error> {
        read_nothing(&response, now)
    }
}
