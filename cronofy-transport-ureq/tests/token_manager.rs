//! Every failure of `token-manager-suite`, over ureq.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use cronofy_store::manager::SetupError;
use cronofy_transport_ureq::{TokenManager, UreqTransport};
use token_manager_suite::{Blocking, Process, Subject, Wired, failures, roll_outs};

failures!(make);
roll_outs!(make);

fn make(process: Process) -> Result<Box<dyn Subject>, SetupError> {
    let Process { store, wire, app, settings } = process;
    let transport = Wired::new(UreqTransport::new().unwrap(), wire);
    Ok(Box::new(Blocking(TokenManager::with_settings(store, transport, app, &settings)?)))
}
