//! Several processes over one store, killed at random while they work.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use cronofy_sandbox::RateLimits;
use cronofy_store::manager::TokenManager;
use cronofy_store::onboarding::Progress;
use cronofy_store::rollout::Limits;

use super::balancer::Balancer;
use super::chance::Chance;
use super::fleet::Fleet;
use super::ground::{Ground, Medium};
use super::orders::{Orders, PATIENCE, Place};
use super::report::{Found, Report};
use super::tally::Tallying;
use super::{Plan, desk, worker, world};
use crate::demo::failure::Failure;

/// What the sandbox lets through: faster than Cronofy, since this runs in real time.
pub(super) const ENFORCED: (u32, u32) = (40, 1600);
/// What the processes share of it.
pub(super) const SHARED: Limits = Limits { per_second: 25, per_minute: 1200 };
/// Between one kill and the next, in milliseconds.
const PAUSE: (usize, usize) = (100, 500);
/// One is killed for so many mailboxes.
const MAILBOXES_A_KILL: usize = 8;

pub(super) fn perform(plan: &Plan, processes: usize) -> Result<Report, Failure> {
    let (per_second, per_minute) = ENFORCED;
    let limits = RateLimits { per_second, per_minute, ..RateLimits::documented() };
    let ground = Ground::new(plan.mailboxes, limits, Medium::Disk)?;
    let balancer = Balancer::default();
    let address = ground.runtime.block_on(async {
        let (listener, address) = desk::listen().await?;
        balancer.open(listener);
        Ok::<_, Failure>(address)
    })?;
    let mut orders = Orders::new(&ground, address, SHARED)?;
    if let Some(url) = &plan.postgres {
        orders.place = Place::Postgres(url.clone());
    }
    let manager = TokenManager::new(orders.store()?, worker::transport("whoever-watches")?, orders.app()?)?;
    let orders = orders.through(&ground.connect(&manager)?);
    let rollout = ground.runtime.block_on(orders.rollout(&manager, PATIENCE))?;
    ground.runtime.block_on(rollout.add(world::addresses(plan.mailboxes)?))?;

    let tallying = Tallying::begin(&ground.sandbox);
    let began = Instant::now();
    let mut fleet = Fleet::start(orders, balancer, processes)?;
    let progress = || Ok(ground.runtime.block_on(rollout.progress())?);
    kill_while_it_goes(plan, &mut fleet, progress)?;
    let took = began.elapsed();
    let killed: BTreeSet<String> = std::mem::take(&mut fleet.killed);
    drop(fleet);
    let found = ground.runtime.block_on(Found::in_the_store(&rollout))?;
    let tally = tallying.end(&ground.sandbox)?;
    let killed: Vec<String> = killed.into_iter().collect();
    Ok(Report::new(plan, SHARED.per_minute, &found, &tally, &killed, took, ground.folder.bytes()))
}

fn kill_while_it_goes(
    plan: &Plan,
    fleet: &mut Fleet,
    progress: impl Fn() -> Result<Progress, Failure>,
) -> Result<(), Failure> {
    let mut chance = Chance(plan.seed);
    let most = plan.mailboxes.div_ceil(MAILBOXES_A_KILL);
    // Far longer than it takes: a process that was killed holds up what it was at for six seconds.
    let patience = Duration::from_secs(60) + Duration::from_millis(200) * u32::try_from(plan.mailboxes)?;
    let (began, mut told) = (Instant::now(), String::new());
    while began.elapsed() < patience {
        thread::sleep(chance.between(PAUSE.0, PAUSE.1));
        fleet.check()?;
        let Progress { queued, asked, came, authorized, failed, paused, .. } = progress()?;
        if let Some(why) = paused {
            return Err(Failure::new(format!("the roll-out stands still: {why}")));
        }
        if queued + asked + came == 0 {
            return Ok(());
        }
        let kills = fleet.killed.len();
        let news = format!(
            "  {queued} to ask for, {asked} asked for, {came} called back, {authorized} authorized, {failed} failed; \
             {kills} processes killed"
        );
        if news != told {
            // Where nobody can be told, nobody is.
            let _ = writeln!(io::stderr(), "{news}");
            told = news;
        }
        if kills < most {
            fleet.kill(chance.below(fleet.len()))?;
        }
    }
    Err(Failure::new(format!("it was not finished after {} seconds", patience.as_secs())))
}
