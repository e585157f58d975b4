//! One worker: what it does between two questions to the store is for one claim.

use core::future::{Future as _, poll_fn};
use core::sync::atomic::Ordering;
use core::task::Poll;
use core::time::Duration;

use cronofy_types::Timestamp;

use super::{Event, Onboarding, OnboardingError};
use crate::manager::Background;
use crate::rollout::{Claim, Command, Paused, Reason, Reply, Report, Stage, Ticket, Work};

/// Why workers have nothing to do any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Each mailbox is granted or has failed. There may be more after [`add`](Onboarding::add).
    Finished,
    /// It stands still, for this reason. There is more after [`resume`](Onboarding::resume).
    Paused(Paused),
}

/// Whoever has nothing to do asks again after this: another process may have taken a callback.
const LOOK: Duration = Duration::from_secs(2);
/// And sees within this whether this process has.
const GLANCE: Duration = Duration::from_millis(100);

/// Where the store is busy, a worker tries again so often in a row.
const TRIES: u32 = 10;

impl<T: Background> Onboarding<T> {
    /// Works on the roll-out until it is finished, or is paused by whomever. Run several, in as many processes as you
    /// like: one spends about a request's time on each mailbox, so four keep up with Cronofy's limits where it answers
    /// within half a second.
    ///
    /// Dropped anywhere it loses nothing. What it was at is done by another once its claim has run out: twice the
    /// transport's deadline, and ten seconds.
    ///
    /// # Errors
    ///
    /// Where the store failed, or was busy for long. Run it again.
    pub async fn run(&self) -> Result<Ended, OnboardingError> {
        let mut busy = 0;
        loop {
            match self.turn().await {
                Ok(None) => busy = 0,
                Ok(Some(ended)) => return Ok(ended),
                // Many callbacks at once keep a store from everybody else for a while.
                Err(error) if busy < TRIES && error.is_busy() => {
                    busy += 1;
                    self.0.manager.transport().sleep(LOOK).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// One claim, and what it is for. Says why there is nothing to do any more.
    async fn turn(&self) -> Result<Option<Ended>, OnboardingError> {
        let stirred = self.0.stirred.load(Ordering::Acquire);
        let claim = Claim {
            lease: self.0.manager.lease().duration(),
            outstanding: self.0.pace.outstanding,
            limits: self.0.pace.limits,
        };
        let Reply::Claimed { work, given_up } = self.command(Command::Claim(claim)).await? else {
            return Ok(Some(Ended::Finished));
        };
        // Waits count from the answer: so a request is late by what that took, and never early.
        let now = self.0.manager.transport().now();
        for address in given_up {
            self.tell(&Event::Failed { address, reason: Reason::NoAnswer });
        }
        let ended = match work {
            Work::Ask { mailboxes, wait } => {
                self.tell_standing(None);
                self.ask(mailboxes, now.saturating_add(wait)).await?;
                return Ok(None);
            }
            Work::Redeem { ticket, address, state, callback, wait } => {
                self.tell_standing(None);
                self.redeem(ticket, address, (state, callback), now.saturating_add(wait)).await?;
                return Ok(None);
            }
            Work::Nothing { next } => {
                self.idle(next, stirred).await;
                return Ok(None);
            }
            Work::Paused(why) => Ended::Paused(why),
            Work::Finished => Ended::Finished,
        };
        self.tell_standing(Some(&ended));
        Ok(Some(ended))
    }

    /// So many workers in one.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run): the first that fails ends all.
    pub async fn workers(&self, count: usize) -> Result<Ended, OnboardingError> {
        let mut workers: Vec<_> = (0..count.max(1)).map(|_| Box::pin(self.run())).collect();
        let mut last = Ok(Ended::Finished);
        poll_fn(|context| {
            workers.retain_mut(|worker| match worker.as_mut().poll(context) {
                Poll::Ready(ended) if last.is_ok() => {
                    last = ended;
                    false
                }
                Poll::Ready(_) => false,
                Poll::Pending => true,
            });
            if workers.is_empty() || last.is_err() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        last
    }

    /// Sleeps for that long, and less where something has stirred since.
    async fn idle(&self, next: Duration, stirred: u64) {
        let mut left = next.min(LOOK);
        while !left.is_zero() && self.0.stirred.load(Ordering::Acquire) == stirred {
            let glance = left.min(GLANCE);
            self.0.manager.transport().sleep(glance).await;
            left = left.saturating_sub(glance);
        }
    }

    /// Sleeps until the permit may be used.
    pub(super) async fn until(&self, permitted: Timestamp) {
        let transport = self.0.manager.transport();
        let wait = permitted.saturating_since(transport.now());
        if !wait.is_zero() {
            transport.sleep(wait).await;
        }
    }

    pub(super) async fn report_on(
        &self,
        tickets: Vec<Ticket>,
        report: Report<cronofy_types::Sub>,
    ) -> Result<Vec<Option<Stage>>, OnboardingError> {
        match self.command(Command::Report { tickets, report }).await? {
            Reply::Reported(stages) => Ok(stages),
            _ => Ok(Vec::new()),
        }
    }
}
