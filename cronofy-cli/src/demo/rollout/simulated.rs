//! One process, in the sandbox's time, at Cronofy's own limits: how long it takes is what those limits allow.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cronofy_sandbox::RateLimits;
use cronofy_store::SqliteStore;
use cronofy_store::manager::TokenManager;
use cronofy_store::onboarding::{Ended, Event, Pace};
use cronofy_webhook::Verifier;

use super::clock::Simulated;
use super::ground::{Ground, Medium};
use super::orders::Orders;
use super::report::{Found, Report};
use super::tally::Tallying;
use super::{Plan, desk, worker, world};
use crate::demo::failure::Failure;

/// How many parts of the way are told.
const PARTS: usize = 20;

pub(super) fn perform(plan: &Plan) -> Result<Report, Failure> {
    let limits = RateLimits::documented();
    let ground = Ground::new(plan.mailboxes, limits, Medium::Memory)?;
    ground.sandbox.freeze();
    let listening = ground.runtime.block_on(desk::listen())?;
    let orders = Orders::new(&ground, listening.1, Pace::default().limits)?;
    let clock = Arc::clone(&ground.sandbox);
    let store = SqliteStore::open(ground.folder.file(), orders.keys())?;
    let store = Arc::new(store.with_clock(move || clock.now().into()));
    let transport =
        Simulated { transport: worker::transport("one-process")?, sandbox: Arc::clone(&ground.sandbox) };
    let app = orders.app()?;
    let verifier = Verifier::new(app.client_secret());
    let manager = TokenManager::new(store, transport, app)?;
    let orders = orders.through(&ground.connect(&manager)?);
    let tallying = Tallying::begin(&ground.sandbox);
    let began = ground.sandbox.now();
    let found = ground.runtime.block_on(async {
        let rollout = orders.rollout(&manager, Pace::default().patience).await?;
        rollout.add(world::addresses(plan.mailboxes)?).await?;
        desk::open(listening.0, verifier, rollout.clone());
        let progress = told(plan.mailboxes);
        let _telling = rollout.subscribe(move |event| progress(event));
        match rollout.run().await? {
            Ended::Finished => Found::in_the_store(&rollout).await,
            Ended::Paused(why) => Err(Failure::new(format!("the roll-out stands still: {why}"))),
        }
    })?;
    let took = ground.sandbox.now().duration_since(began).unwrap_or_default();
    let tally = tallying.end(&ground.sandbox)?;
    Ok(Report::new(plan, limits.per_minute, &found, &tally, &[], took, ground.folder.bytes()))
}

/// Tells people how far it is.
fn told(mailboxes: usize) -> impl Fn(&Event) {
    let authorized = AtomicUsize::new(0);
    move |event| {
        if let Event::Authorized { .. } = event {
            let now = authorized.fetch_add(1, Ordering::Relaxed) + 1;
            if now.is_multiple_of(mailboxes.div_ceil(PARTS)) {
                // Where nobody can be told, nobody is.
                let _ = writeln!(io::stderr(), "  {now} of {mailboxes} authorized");
            }
        }
    }
}
