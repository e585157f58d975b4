//! One process of several: it works on the roll-out and takes callbacks, until it is finished or killed.

use std::io::{self, Read as _, Write as _};
use std::process;
use std::thread;
use std::time::Duration;

use cronofy_store::manager::{Settings, TokenManager};
use cronofy_store::onboarding::Ended;
use cronofy_transport_hyper::{HyperTransport, Roots};
use cronofy_webhook::Verifier;
use tokio::runtime;

use super::desk;
use super::orders::{Orders, PATIENCE};
use crate::demo::failure::Failure;

/// What one call may take; the sandbox is on this machine.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// Whoever was killed is taken for dead after this.
pub(super) const LEASE: Duration = Duration::from_secs(6);

/// Works by the orders on standard input, tells on standard output where it takes callbacks, and ends when that input
/// does: nobody is left behind.
///
/// # Errors
///
/// Where the roll-out cannot be gone on with.
pub fn work() -> Result<(), Failure> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let orders: Orders = serde_json::from_str(&line)?;
    thread::spawn(|| {
        // It ends, or it is closed: whoever gave the orders is gone.
        let _ = io::stdin().read(&mut [0]);
        process::exit(0);
    });
    runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(carry_out(orders))
}

async fn carry_out(orders: Orders) -> Result<(), Failure> {
    let app = orders.app()?;
    let verifier = Verifier::new(app.client_secret());
    let mut settings = Settings::default();
    settings.lease = Some(LEASE);
    let manager = TokenManager::with_settings(orders.store()?, transport(&orders.name)?, app, &settings)?;
    let rollout = orders.rollout(&manager, PATIENCE).await?;
    let (listener, address) = desk::listen().await?;
    desk::open(listener, verifier, rollout.clone());
    writeln!(io::stdout(), "{address}")?;
    match rollout.run().await? {
        Ended::Finished => Ok(()),
        Ended::Paused(why) => Err(Failure::new(format!("the roll-out stands still: {why}"))),
    }
}

/// With nobody trusted, as in the rest of the demo.
pub(super) fn transport(name: &str) -> Result<HyperTransport, Failure> {
    let nobody = Roots::Only(Vec::new());
    Ok(HyperTransport::builder().application(name).deadline(DEADLINE).roots(nobody).build()?)
}
