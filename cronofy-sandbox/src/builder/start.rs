//! From what was set up to a sandbox that serves.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Mutex;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use url::Url;

use super::{Builder, Source};
use crate::app::Shared;
use crate::callbacks::Callbacks;
use crate::clock::Clock;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::policy::Policy;
use crate::ready::describe;
use crate::scenario::{Ground, Scenario};
use crate::snapshots::Moment;
use crate::state::State;
use crate::tenants::Tenants;
use crate::{BlockingSandbox, Sandbox, server};

/// The world of a sandbox that was told nothing else.
const ORCHARD: &str = include_str!("../world/orchard.toml");

impl Builder {
    /// Starts serving on the current Tokio runtime, which needs its I/O and time drivers.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the address is not loopback, a scenario cannot be, auto-consent names nobody or callbacks
    /// cannot be allowed to a host; else what reading and listening gave.
    #[expect(clippy::unused_async, reason = "it needs a runtime to run on, and so says its signature")]
    pub async fn start(self) -> io::Result<Sandbox> {
        let (listener, shared) = self.prepare()?;
        Ok(Sandbox::serve(listener, shared))
    }

    /// Starts serving on a thread of its own, for programs without a runtime.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::start`], and that of starting a thread.
    pub fn start_blocking(self) -> io::Result<BlockingSandbox> {
        BlockingSandbox::start_with(self)
    }

    fn prepare(mut self) -> io::Result<(TcpListener, Shared)> {
        if !self.beyond_loopback && !self.listen.ip().is_loopback() {
            return Err(invalid(format!(
                "{} is not a loopback address: the sandbox hands tokens to whoever asks, so it stays on this machine \
                 unless it is told in so many words to listen beyond loopback",
                self.listen.ip()
            )));
        }
        let listener = server::listen(self.listen)?;
        let mut listening = listener.local_addr()?;
        if listening.ip().is_unspecified() {
            // Where it is reached from this machine; others know it by a name that it cannot know.
            listening.set_ip(if listening.is_ipv4() {
                Ipv4Addr::LOCALHOST.into()
            } else {
                Ipv6Addr::LOCALHOST.into()
            });
        }
        let mut base_url = format!("http://{listening}");
        if let Some(url) = &self.public_url {
            let (base, host) = base(url).map_err(|why| invalid(format!("the public URL {why}")))?;
            base_url = base;
            self.allowed_hosts.push(host);
        }
        let shared = self.build(base_url)?;
        Ok((listener, shared))
    }

    fn build(mut self, base_url: String) -> io::Result<Shared> {
        let recipe = self.clone();
        for host in &self.callback_hosts {
            let refused = |why| invalid(format!("callbacks cannot be allowed to {host:?}: {why}"));
            self.callbacks.places.allow(host).map_err(refused)?;
        }
        let ids = match (self.seed, &self.tenant) {
            (None, _) => Ids::unique()?,
            (Some(seed), None) => Ids::from_seed(seed),
            (Some(seed), Some(tenant)) => Ids::from_seed(seed).of_tenant(&tenant.name),
        };
        let clock = Clock::default();
        let (state, warnings) = self.state(&Ground::at_start(&ids, clock.now(), &base_url))?;
        Ok(Shared {
            ready: describe(&base_url, self.tenant.as_ref().map(|tenant| tenant.name.as_str()), &state, &ids),
            base_url,
            allowed_hosts: self.allowed_hosts,
            clock,
            ids,
            callbacks: Callbacks::new(self.callbacks, Handle::current()),
            journal: Journal::default(),
            warnings,
            recipe,
            tenants: Tenants::default(),
            beginning: Moment::at_start(&state),
            kept: Mutex::default(),
            memory: Mutex::new(state),
        })
    }

    /// The world to start with, and what is odd about it.
    fn state(&self, ground: &Ground<'_>) -> io::Result<(State, Vec<String>)> {
        let scenarios = self.scenarios.iter().map(Source::read).collect::<io::Result<Vec<_>>>()?;
        let mut state = State::empty(Policy::default());
        let orchard = Scenario::parse(ORCHARD).map_err(invalid)?;
        // Whatever stands before a scenario that replaces is replaced.
        let first = scenarios.iter().rposition(|(_, scenario)| scenario.replaces());
        match first.map(|first| &scenarios[first..]) {
            None => orchard.apply(&mut state, ground).map_err(invalid)?,
            Some(left) if left.iter().any(|(_, scenario)| scenario.has_applications()) => {}
            // There is always one to ask with.
            Some(_) => orchard.applications().apply(&mut state, ground).map_err(invalid)?,
        }
        let mut warnings = Vec::new();
        for (name, scenario) in &scenarios[first.unwrap_or(0)..] {
            scenario.apply(&mut state, ground).map_err(|error| invalid(format!("{name}: {error}")))?;
            warnings.extend(scenario.warnings().into_iter().map(|warning| format!("{name}: {warning}")));
        }
        let of_tenant = self.tenant.as_ref().map(|tenant| &tenant.settings);
        for settings in [Some(&self.settings), of_tenant].into_iter().flatten() {
            let settings = Scenario::of_settings(settings.clone()).map_err(invalid)?;
            settings.apply(&mut state, ground).map_err(invalid)?;
        }
        if let Some(application) = state.applications.get_mut(&state.main_application) {
            self.features.apply(&mut application.features);
            if let Some(redirect_uris) = &self.redirect_uris {
                application.verified = true;
                application.redirect_uris.clone_from(redirect_uris);
            }
        }
        Ok((state, warnings))
    }
}

impl Source {
    /// The scenario, and what to call it.
    fn read(&self) -> io::Result<(String, Scenario)> {
        let (name, read) = match self {
            Self::Text(text) => ("scenario".to_owned(), Scenario::parse(text)),
            Self::File(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path)
                    .map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
                (name, Scenario::parse(&text))
            }
            Self::Read(scenario) => ("scenario".to_owned(), Ok(Scenario::clone(scenario))),
        };
        let scenario = read.map_err(|error| invalid(format!("{name}: {error}")))?;
        Ok((name, scenario))
    }
}

/// The base that links begin with, a URL without a slash at its end, and the host in it.
fn base(text: &str) -> Result<(String, String), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL such as http://sandbox:8080")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http nor https");
    }
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err("has more than a host, a port and a path");
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    Ok((text.trim_end_matches('/').to_owned(), host))
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
