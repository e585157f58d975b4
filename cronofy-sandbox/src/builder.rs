//! How a sandbox is set up.

mod start;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::callbacks;
use crate::limits::RateLimits;
use crate::policy::{AutoConsent, RefreshMode};
use crate::scenario::{Scenario, Settings, form};

/// Sets up a [`Sandbox`](crate::Sandbox).
///
/// Defaults: a free port of 127.0.0.1, identifiers unlike any other sandbox's, a person who consents, codes for
/// 10 minutes, access tokens for 3600 s (users) and 1800 s (service accounts, docs:
/// api/enterprise-connect/request-token), stable refresh tokens, an unverified application with everything
/// enabled.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    listen: SocketAddr,
    allowed_hosts: Vec<String>,
    beyond_loopback: bool,
    public_url: Option<String>,
    tenant: Option<Tenant>,
    seed: Option<u64>,
    scenarios: Vec<Source>,
    settings: Settings,
    callbacks: callbacks::Settings,
    callback_hosts: Vec<String>,
    features: form::Features,
    redirect_uris: Option<Vec<String>>,
}

/// What is a tenant's own.
#[derive(Clone, Debug)]
struct Tenant {
    name: String,
    /// They count more than those of its parent.
    settings: Settings,
}

/// Where a scenario is.
#[derive(Clone, Debug)]
enum Source {
    Text(String),
    File(PathBuf),
    Read(Box<Scenario>),
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            allowed_hosts: Vec::new(),
            beyond_loopback: false,
            public_url: None,
            tenant: None,
            seed: None,
            scenarios: Vec::new(),
            settings: Settings::default(),
            callbacks: callbacks::Settings::default(),
            callback_hosts: Vec::new(),
            features: form::Features::default(),
            redirect_uris: None,
        }
    }
}

impl Builder {
    /// Where to listen. Port 0 takes a free one. Anything but a loopback address is refused at start: whoever
    /// reaches the sandbox gets a token for everybody in it.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Lets `/_sandbox/` be asked for under this name too, besides loopback addresses and `localhost`: that of a
    /// container or a proxy. Whatever page a browser has from this name can do to the sandbox what it likes.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Where to listen, even if other machines can reach it: in a container, say. Whoever reaches the sandbox gets a
    /// token for everybody in it, and can change everything in it.
    pub fn listen_beyond_loopback(mut self, address: SocketAddr) -> Self {
        self.beyond_loopback = true;
        self.listen(address)
    }

    /// The base of the URLs that the sandbox writes into its answers, such as `http://sandbox:8080`, where clients
    /// know it by another name than the one that it listens on.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Makes identifiers, codes, tokens and secrets the same in every run with this seed, given the same requests
    /// in the same order.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Adds a world written as TOML to the built-in one or, where it says `world = "replace"`, starts with it alone.
    /// Several are added one after the other. Settings made here count more than those in a scenario.
    pub fn scenario(mut self, toml: impl Into<String>) -> Self {
        self.scenarios.push(Source::Text(toml.into()));
        self
    }

    /// [`Builder::scenario`] from a file, which is read at the start.
    pub fn scenario_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.scenarios.push(Source::File(path.into()));
        self
    }

    /// Who decides on the authorization pages.
    pub fn auto_consent(mut self, policy: AutoConsent) -> Self {
        self.settings.auto_consent = Some(policy);
        self
    }

    /// How long an authorization code can be redeemed. No figure is documented.
    pub fn code_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.code_seconds = Some(lifetime);
        self
    }

    /// How long access tokens live, in whole seconds on the wire: those of accounts, application calendars and
    /// Organizational Units first, those of service accounts second.
    pub fn token_lifetimes(mut self, users: Duration, service_accounts: Duration) -> Self {
        self.settings.user_token_seconds = Some(users);
        self.settings.service_account_token_seconds = Some(service_accounts);
        self
    }

    /// What a refresh does to the refresh token.
    pub fn refresh_mode(mut self, mode: RefreshMode) -> Self {
        self.settings.set_refresh_mode(mode);
        self
    }

    /// Whether a code that comes a second time ends the authorization, as RFC 6749, section 4.1.2, recommends.
    /// Off by default: nothing is known of what Cronofy does, and a callback can be delivered twice.
    pub fn revoke_on_replay(mut self, revoke: bool) -> Self {
        self.settings.revoke_on_replay = Some(revoke);
        self
    }

    /// How many requests each application may send: as many as it likes, unless set.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.settings.rate_limits = Some(limits.into());
        self
    }

    /// How many rows a page of a paged list holds: 50 by default, at least 1.
    pub fn page_size(mut self, rows: usize) -> Self {
        self.settings.page_size = Some(rows.max(1));
        self
    }

    /// How long after its request a callback is sent: 10 ms by default, so that the requester has its `202` first.
    /// It is time of this machine, so that callbacks come while the sandbox's clock stands.
    pub fn callback_delay(mut self, delay: Duration) -> Self {
        self.callbacks.delay = delay;
        self
    }

    /// The pauses, on the sandbox's clock, before further attempts to tell the outcome of delegated access to one
    /// who did not answer 2xx within five seconds. By default three: 100, 300 and 900 ms. Cronofy documents no
    /// schedule.
    pub fn callback_retries(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.callbacks.retries = pauses.into_iter().collect();
        self
    }

    /// The same for notifications, whose channel is closed after the last. By default ten pauses that add up to the
    /// 24 hours of Cronofy: 1, 4, 10, 15 and 30 minutes, and 1, 2, 4, 8 and 8 hours.
    pub fn notification_retries(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.callbacks.notification_retries = pauses.into_iter().collect();
        self
    }

    /// Lets callbacks go to this host, too, which is the name or the IP address that stands in their URL, such as
    /// `host.docker.internal`. By default they go to this machine only.
    ///
    /// A name stands for itself and not for names below it. Wherever it leads, nothing is sent to an address that
    /// is link-local or for many machines.
    pub fn allow_callbacks_to(mut self, host: impl Into<String>) -> Self {
        self.callback_hosts.push(host.into());
        self
    }

    /// Makes the application a verified one, which gets codes at these redirect URIs only (docs:
    /// faqs/verify-application). A leading `*` label in the host stands for one label.
    pub fn verified<S: Into<String>>(mut self, redirect_uris: impl IntoIterator<Item = S>) -> Self {
        self.redirect_uris = Some(redirect_uris.into_iter().map(Into::into).collect());
        self
    }

    /// Whether Business Connect is enabled for the application.
    pub fn business_connect(mut self, enabled: bool) -> Self {
        self.features.business_connect = Some(enabled);
        self
    }

    /// Whether accounts may be connected with free/busy access only.
    pub fn free_busy(mut self, enabled: bool) -> Self {
        self.features.free_busy = Some(enabled);
        self
    }

    /// Whether accounts may be connected without access to any calendar but Cronofy's own.
    pub fn no_access(mut self, enabled: bool) -> Self {
        self.features.no_access = Some(enabled);
        self
    }

    /// Whether the application may ask for link tokens.
    pub fn explicit_linking(mut self, enabled: bool) -> Self {
        self.features.explicit_linking = Some(enabled);
        self
    }
}

impl Builder {
    /// The same for a tenant, which has a name, a port and settings of its own. What the seed makes depends on the
    /// name, so that no tenant takes what was issued by another.
    pub(crate) fn tenant(mut self, name: &str, port: u16, settings: Settings) -> Self {
        self.tenant = Some(Tenant { name: name.to_owned(), settings });
        self.listen.set_port(port);
        self.public_url = None;
        self
    }

    /// Adds a scenario that was read already.
    pub(crate) fn read_scenario(mut self, scenario: Scenario) -> Self {
        self.scenarios.push(Source::Read(Box::new(scenario)));
        self
    }

    pub(crate) fn is_tenant(&self) -> bool {
        self.tenant.is_some()
    }
}
