//! Redeeming the code that a callback brought, or taking its refusal down.

use core::time::Duration;
use std::sync::Arc;

use cronofy_auth_core::DriveError;
use cronofy_types::{DelegationCallback, DelegationOutcome, EmailAddress, State, Sub, Timestamp};

use super::verdict::{self, Verdict};
use super::{Event, Onboarding, OnboardingError};
use crate::drive::Brought;
use crate::manager::{Background, Mismatch, RedeemError};
use crate::rollout::{Command, Reason, Report, Stage, Ticket};
use crate::{GrantId, Outcome};

/// It could not be done now, for no fault of anybody's: it is done again after this.
const PAUSE: Duration = Duration::from_secs(5);

impl<T: Background> Onboarding<T> {
    /// Redeems what came, not before `permitted`, and reports what came of it.
    pub(super) async fn redeem(
        &self,
        ticket: Ticket,
        address: EmailAddress,
        (state, callback): (State, Arc<DelegationCallback>),
        permitted: Timestamp,
    ) -> Result<(), OnboardingError> {
        self.until(permitted).await;
        let declined = matches!(callback.outcome, DelegationOutcome::Failed(_));
        let came = Brought::Callback(DelegationCallback::clone(&callback));
        let report = match self.0.manager.complete(state, came).await {
            Ok(Outcome::Granted(id)) => Report::Granted(id.subject),
            Ok(Outcome::Failed(why)) if declined => Report::Failed { reason: Reason::Declined(why) },
            Ok(Outcome::Failed(why)) => again(why),
            Err(RedeemError::Store(error)) => return Err(OnboardingError::Store(error)),
            Err(RedeemError::NotNow(error)) => self.not_now(error.as_ref()).await?,
            // Nobody takes it over before the claim on its wait has run out.
            Err(RedeemError::Unknown(_)) => Report::Later { pause: self.0.manager.lease().duration() },
            Err(RedeemError::Unsaved(_) | RedeemError::Interrupted) => Report::Later { pause: PAUSE },
            Err(error) => again(error.to_string().into()),
        };
        let stages = self.report_on(vec![ticket], report.clone()).await?;
        if let Some(Some(stage)) = stages.first() {
            self.tell_outcome(address, report, *stage);
        }
        Ok(())
    }

    /// The code is unspent.
    async fn not_now(&self, error: Option<&Mismatch>) -> Result<Report<Sub>, OnboardingError> {
        let error = error.and_then(|Mismatch(cause)| cause.downcast_ref::<DriveError<T::Error>>());
        Ok(match error.map(verdict::of_call) {
            None | Some(Verdict::Later | Verdict::Unsure) => Report::Later { pause: PAUSE },
            Some(Verdict::Invalid(why)) => again(why),
            Some(Verdict::Slower(asked)) => {
                self.command(Command::Slower { asked }).await?;
                Report::Later { pause: Duration::ZERO }
            }
            Some(Verdict::Pause(why)) => {
                self.stop(why).await?;
                Report::Later { pause: Duration::ZERO }
            }
        })
    }

    fn tell_outcome(&self, address: EmailAddress, report: Report<Sub>, stage: Stage) {
        self.tell(&match report {
            Report::Granted(subject) => {
                Event::Authorized { address, id: GrantId::new(self.0.manager.app(), subject) }
            }
            Report::Failed { reason } => Event::Failed { address, reason },
            Report::Again { reason } if stage == Stage::Failed => Event::Failed { address, reason },
            Report::Again { reason } => Event::NotRedeemed { address, why: reason.to_string().into() },
            _ => return,
        });
    }
}

fn again(why: Box<str>) -> Report<Sub> {
    Report::Again { reason: Reason::NotRedeemed(why) }
}
