//! The sandbox's time: the machine's, shifted, or standing still.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::sleep;

/// A clock that can be set, moved and stopped while the sandbox serves.
#[derive(Debug)]
pub(crate) struct Clock {
    setting: watch::Sender<Setting>,
}

/// How the sandbox's time follows from the machine's. Plain data: snapshots keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// It runs, this far ahead of the machine's or, where negative, behind it.
    Running(SignedDuration),
    /// It stands.
    Frozen(SystemTime),
}

impl Default for Clock {
    fn default() -> Self {
        Self { setting: watch::Sender::new(Setting::Running(SignedDuration::ZERO)) }
    }
}

impl Clock {
    /// The sandbox's present.
    pub(crate) fn now(&self) -> SystemTime {
        self.setting().at(SystemTime::now())
    }

    pub(crate) fn setting(&self) -> Setting {
        *self.setting.borrow()
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.change(|setting, machine| setting.moved_to(after(setting.at(machine), by), machine));
    }

    /// Moves the present to `moment`, which may lie in the past.
    pub(crate) fn set(&self, moment: SystemTime) {
        self.change(|setting, machine| setting.moved_to(moment, machine));
    }

    pub(crate) fn freeze(&self) {
        self.change(|setting, machine| Setting::Frozen(setting.at(machine)));
    }

    /// Lets the clock run on from where it stands.
    pub(crate) fn run(&self) {
        self.change(|setting, machine| Setting::running(setting.at(machine), machine));
    }

    /// For whoever waits for a moment of the sandbox. It does not keep the clock alive.
    pub(crate) fn waiter(&self) -> Waiter {
        Waiter(self.setting.subscribe())
    }

    /// Puts the setting that `to` makes of the present one and of the machine's time. What was taken by
    /// [`Clock::setting`] can be put back: a clock that ran then has run on since.
    pub(crate) fn change(&self, to: impl FnOnce(Setting, SystemTime) -> Setting) {
        self.setting.send_modify(|setting| *setting = to(*setting, SystemTime::now()));
    }
}

impl Setting {
    /// What the sandbox's clock shows when the machine's shows `machine`.
    fn at(self, machine: SystemTime) -> SystemTime {
        match self {
            Self::Running(offset) if offset.is_negative() => {
                within(machine.checked_sub(offset.unsigned_abs()).unwrap_or(SystemTime::UNIX_EPOCH))
            }
            Self::Running(offset) => within(machine.checked_add(offset.unsigned_abs()).unwrap_or(machine)),
            Self::Frozen(moment) => moment,
        }
    }

    /// The same, but showing `moment`: what stood stands, what ran runs.
    fn moved_to(self, moment: SystemTime, machine: SystemTime) -> Self {
        match self {
            Self::Running(_) => Self::running(moment, machine),
            Self::Frozen(_) => Self::Frozen(within(moment)),
        }
    }

    fn running(moment: SystemTime, machine: SystemTime) -> Self {
        // Both lie within ten thousand years: a duration counts further than that.
        Self::Running(SignedDuration::system_until(machine, within(moment)).unwrap_or_default())
    }
}

/// Sees the clock, and wakes when it is moved.
pub(crate) struct Waiter(watch::Receiver<Setting>);

impl Waiter {
    /// Returns once the sandbox's present is not before `moment`, or the sandbox is gone.
    pub(crate) async fn until(&mut self, moment: SystemTime) {
        loop {
            let setting = *self.0.borrow_and_update();
            let left = moment.duration_since(setting.at(SystemTime::now())).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            let moved = match setting {
                Setting::Frozen(_) => self.0.changed().await,
                Setting::Running(_) => tokio::select! {
                    moved = self.0.changed() => moved,
                    () = sleep(left) => Ok(()),
                },
            };
            if moved.is_err() {
                return;
            }
        }
    }
}

/// `moment` plus `by`, or `moment` itself where the platform cannot count that far.
pub(crate) fn after(moment: SystemTime, by: Duration) -> SystemTime {
    moment.checked_add(by.min(FURTHEST)).unwrap_or(moment)
}

/// `moment` as the sandbox writes it about itself: UTC, to the millisecond.
pub(crate) fn written(moment: SystemTime) -> String {
    let timestamp = Timestamp::try_from(moment).unwrap_or(Timestamp::MAX);
    Timestamp::from_millisecond(timestamp.as_millisecond()).unwrap_or(timestamp).to_string()
}

/// The nearest moment from 1970 to the end of 9998: within what every platform and calendar can count.
fn within(moment: SystemTime) -> SystemTime {
    moment.clamp(SystemTime::UNIX_EPOCH, after_epoch(END))
}

fn after_epoch(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// 9999-01-01T00:00:00Z.
const END: u64 = 253_370_764_800;
/// A thousand years: longer than anything lives.
const FURTHEST: Duration = Duration::from_secs(1_000 * 366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Advance(Duration),
        Set(SystemTime),
        Freeze,
        Run,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..u64::MAX).prop_map(|nanos| Step::Advance(Duration::from_nanos(nanos))),
            (0..2 * END).prop_map(|seconds| Step::Set(after_epoch(seconds))),
            Just(Step::Freeze),
            Just(Step::Run),
        ]
    }

    impl Step {
        fn apply(&self, setting: Setting, machine: SystemTime) -> Setting {
            match self {
                Self::Advance(by) => setting.moved_to(after(setting.at(machine), *by), machine),
                Self::Set(moment) => setting.moved_to(*moment, machine),
                Self::Freeze => Setting::Frozen(setting.at(machine)),
                Self::Run => Setting::running(setting.at(machine), machine),
            }
        }
    }

    proptest! {
        /// Whatever is done to it while the machine's clock goes on, it shows what was asked for, to the nanosecond.
        #[test]
        fn the_clock_shows_what_it_was_told(
            steps in prop::collection::vec((step(), 0..10_000_000_000_u64), 0..20),
            start in 1_500_000_000..2_500_000_000_u64,
        ) {
            let mut machine = after_epoch(start);
            let (mut setting, mut shown, mut frozen) = (Setting::Running(SignedDuration::ZERO), machine, false);
            for (step, passed) in steps {
                setting = step.apply(setting, machine);
                match step {
                    Step::Advance(by) => shown = within(after(shown, by)),
                    Step::Set(moment) => shown = within(moment),
                    Step::Freeze => frozen = true,
                    Step::Run => frozen = false,
                }
                prop_assert_eq!(setting.at(machine), shown);
                let passed = Duration::from_nanos(passed);
                machine += passed;
                if !frozen {
                    shown = within(shown + passed);
                }
                prop_assert_eq!(setting.at(machine), shown);
            }
        }
    }

    #[tokio::test]
    async fn whoever_waits_wakes_when_the_clock_is_moved() {
        let clock = Clock::default();
        clock.freeze();
        let (hour, mut waiter) = (Duration::from_secs(3600), clock.waiter());
        let moment = clock.now() + hour;
        let waiting = tokio::spawn(async move { waiter.until(moment).await });
        clock.advance(hour / 2);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(hour / 2);
        waiting.await.expect("it waits without a panic");
    }

    #[tokio::test]
    async fn nobody_waits_for_a_sandbox_that_is_gone() {
        let clock = Clock::default();
        clock.freeze();
        let mut waiter = clock.waiter();
        let moment = clock.now() + Duration::from_secs(1);
        drop(clock);
        waiter.until(moment).await;
    }

    #[test]
    fn a_setting_can_be_taken_and_put_back() {
        let clock = Clock::default();
        clock.freeze();
        let (setting, now) = (clock.setting(), clock.now());
        clock.advance(Duration::MAX);
        clock.run();
        clock.change(|_, _| setting);
        assert_eq!(clock.now(), now);
    }
}
