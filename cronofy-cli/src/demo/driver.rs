//! The two ways that a flow is driven. Everything else in the demo is written once, for both.

use std::fmt;

use cronofy_auth_core::{DriveError, Flow, TransportError, drive, drive_blocking};
use cronofy_transport_hyper::HyperTransport;
use cronofy_transport_ureq::UreqTransport;
use tokio::runtime::{self, Runtime};

use super::failure::Failure;

/// A transport by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransportName {
    /// Asynchronous.
    Hyper,
    /// Blocking.
    Ureq,
}

impl TransportName {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Hyper, Self::Ureq];

    /// As it is written on the command line and in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hyper => "hyper",
            Self::Ureq => "ureq",
        }
    }
}

impl fmt::Display for TransportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Drives a flow to its end.
pub trait Driver {
    /// Why a request went unanswered.
    type Error: TransportError;

    /// Which transport it sends over.
    fn transport(&self) -> TransportName;

    /// Drives the flow.
    ///
    /// # Errors
    ///
    /// What the flow says, or that nobody answered.
    fn drive<F: Flow>(&self, flow: F) -> Result<F::Output, DriveError<Self::Error>>;
}

/// Drives over hyper, waiting on a runtime of its own: an asynchronous application awaits instead.
#[derive(Debug)]
pub struct HyperDriver {
    runtime: Runtime,
    transport: HyperTransport,
}

impl HyperDriver {
    /// The transport with its production defaults, and nobody trusted: a sandbox speaks plain http on this
    /// machine, and the demo is to run on a machine without certificate files, too.
    ///
    /// # Errors
    ///
    /// Where a runtime or TLS cannot be set up.
    pub fn new() -> Result<Self, Failure> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let nobody = cronofy_transport_hyper::Roots::Only(Vec::new());
        Ok(Self { runtime, transport: HyperTransport::builder().roots(nobody).build()? })
    }
}

impl Driver for HyperDriver {
    type Error = <HyperTransport as cronofy_auth_core::Transport>::Error;

    fn transport(&self) -> TransportName {
        TransportName::Hyper
    }

    fn drive<F: Flow>(&self, flow: F) -> Result<F::Output, DriveError<Self::Error>> {
        self.runtime.block_on(drive(&self.transport, flow))
    }
}

/// Drives over ureq, on the thread that asks and without any runtime.
#[derive(Debug)]
pub struct UreqDriver(UreqTransport);

impl UreqDriver {
    /// The transport with its production defaults, and nobody trusted, as for [`HyperDriver::new`].
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn new() -> Result<Self, Failure> {
        let nobody = cronofy_transport_ureq::Roots::Only(Vec::new());
        Ok(Self(UreqTransport::builder().roots(nobody).build()?))
    }
}

impl Driver for UreqDriver {
    type Error = <UreqTransport as cronofy_auth_core::BlockingTransport>::Error;

    fn transport(&self) -> TransportName {
        TransportName::Ureq
    }

    fn drive<F: Flow>(&self, flow: F) -> Result<F::Output, DriveError<Self::Error>> {
        drive_blocking(&self.0, flow)
    }
}
