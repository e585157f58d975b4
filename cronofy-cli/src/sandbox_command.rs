//! `cronofy sandbox`: serves until it is stopped.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use cronofy_sandbox::{AutoConsent, RefreshMode, Sandbox};
use tokio::runtime;

use crate::demo::Paint;
use crate::sandbox_log::Log;
use crate::{Complaint, Exit};

/// What is served, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether other machines may reach it there.
    pub listen_beyond_loopback: bool,
    /// The base of the URLs in its answers, unless where it listens.
    pub public_url: Option<String>,
    /// Who decides on the authorization pages, unless as the scenarios have it.
    pub auto_consent: Option<AutoConsent>,
    /// Worlds to start with.
    pub scenarios: Vec<PathBuf>,
    /// Makes identifiers and secrets the same in every run.
    pub seed: Option<u64>,
    /// How long every access token lives, unless as the sandbox has it.
    pub token_lifetime: Option<Duration>,
    /// How long a code can be redeemed, unless as the sandbox has it.
    pub code_lifetime: Option<Duration>,
    /// What a refresh does to the refresh token, unless as the scenarios have it.
    pub refresh_mode: Option<RefreshMode>,
    /// Where callbacks may go besides this machine.
    pub callback_hosts: Vec<String>,
    /// How to print a line for each request on standard error; `None` prints none.
    pub log: Option<Paint>,
}

impl Settings {
    /// Whether other machines reach it there.
    fn is_exposed(&self) -> bool {
        !self.listen.ip().is_loopback()
    }
}

/// Serves until the program is told to stop by Ctrl-C or SIGTERM.
///
/// The first line on `out` is one JSON object with all that a test needs; what is meant for people goes to
/// `err`.
///
/// # Errors
///
/// Where it cannot listen, auto-consent names nobody, callbacks cannot go to a host, or `out` is closed.
pub fn run(settings: &Settings, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Complaint> {
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(&error))?;
    runtime.block_on(async {
        let mut builder = Sandbox::builder().listen(settings.listen);
        if settings.listen_beyond_loopback {
            builder = builder.listen_beyond_loopback(settings.listen);
        }
        if let Some(url) = &settings.public_url {
            builder = builder.public_url(url);
        }
        if let Some(policy) = &settings.auto_consent {
            builder = builder.auto_consent(policy.clone());
        }
        if let Some(mode) = settings.refresh_mode {
            builder = builder.refresh_mode(mode);
        }
        if let Some(lifetime) = settings.token_lifetime {
            builder = builder.token_lifetimes(lifetime, lifetime);
        }
        if let Some(lifetime) = settings.code_lifetime {
            builder = builder.code_lifetime(lifetime);
        }
        if let Some(seed) = settings.seed {
            builder = builder.seed(seed);
        }
        for scenario in &settings.scenarios {
            builder = builder.scenario_file(scenario);
        }
        for host in &settings.callback_hosts {
            builder = builder.allow_callbacks_to(host);
        }
        let sandbox = builder.start().await.map_err(|error| not_started(settings, &error))?;
        // Before anybody is told that it is ready: whoever reads that line may stop it at once.
        let stop = stop_signal().map_err(|error| broken(&error))?;
        // Nor is a request of theirs left out.
        let watch = sandbox.watch();
        announce(&sandbox, out).map_err(|error| broken(&error))?;
        // A person who reads no hints is not a reason to stop serving.
        let _ = hint(&sandbox, settings, err);
        let log = settings.log.map(|paint| Log::start(watch, paint, io::stderr()));
        stop.await;
        sandbox.shutdown().await;
        if log.is_none_or(Log::finish) {
            let _ = writeln!(err, "stopped");
        }
        Ok(())
    })
}

fn announce(sandbox: &Sandbox, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, sandbox.ready())?;
    writeln!(out)?;
    out.flush()
}

fn hint(sandbox: &Sandbox, settings: &Settings, err: &mut dyn Write) -> io::Result<()> {
    if settings.is_exposed() {
        let warning =
            "!!! Other machines reach this sandbox, and whoever reaches it gets a token for everybody in it.";
        writeln!(err, "{warning}")?;
    }
    for warning in sandbox.warnings() {
        writeln!(err, "warning: {warning}")?;
    }
    let url = sandbox.api_url();
    writeln!(
        err,
        "The sandbox serves at {url} until Ctrl-C. It is not Cronofy, and everybody in it is invented."
    )?;
    writeln!(err, "  watch    {url}/_sandbox/dashboard")?;
    writeln!(err, "  health   curl {url}/_sandbox/health")?;
    // Of the flag and the scenarios, whichever counted.
    let who = match sandbox.auto_consent() {
        AutoConsent::Email(email) => format!("{email} agrees at once"),
        AutoConsent::Deny => "everybody says no at once".to_owned(),
        AutoConsent::Auto => "the first account that fits agrees at once".to_owned(),
        _ => "a person decides; --auto-consent auto agrees at once".to_owned(),
    };
    writeln!(err, "  consent  {url}/oauth/authorize: {who}")?;
    writeln!(err, "  secrets  the line on standard output has the client secret, the people and the rooms")
}

/// Resolves when the program is told to stop. Set up, and so in force, once this function has returned.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where Ctrl-C cannot be listened to, the system ends the program by itself.
        let _ = tokio::signal::ctrl_c().await;
    })
}

fn not_started(settings: &Settings, error: &io::Error) -> Complaint {
    let (next, exit) = match error.kind() {
        _ if settings.is_exposed() && !settings.listen_beyond_loopback => {
            ("cronofy sandbox --listen 127.0.0.1:0", Exit::Usage)
        }
        _ if !settings.scenarios.is_empty() => ("cronofy sandbox", Exit::Usage),
        ErrorKind::InvalidInput if !settings.callback_hosts.is_empty() => {
            ("cronofy sandbox --callback-host host.docker.internal", Exit::Usage)
        }
        ErrorKind::InvalidInput => ("cronofy sandbox --auto-consent auto", Exit::Usage),
        _ => ("cronofy sandbox --listen 127.0.0.1:0", Exit::Failure),
    };
    Complaint {
        what: format!("the sandbox does not serve at {}", settings.listen),
        why: error.to_string(),
        next: next.to_owned(),
        exit,
    }
}

fn broken(error: &io::Error) -> Complaint {
    Complaint {
        what: "the sandbox cannot run".to_owned(),
        why: error.to_string(),
        next: "cronofy sandbox".to_owned(),
        exit: Exit::Failure,
    }
}
