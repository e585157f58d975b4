//! How a sandbox is set up.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::Shared;
use crate::callbacks::{Callbacks, Settings};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::policy::{AutoConsent, Policy, RefreshMode};
use crate::ready::{Ready, describe};
use crate::state::{Application, Features, State};
use crate::world::seed;
use crate::{BlockingSandbox, Sandbox};

/// Sets up a [`Sandbox`].
///
/// Defaults: a free port of 127.0.0.1, identifiers unlike any other sandbox's, a person who consents, codes for
/// 10 minutes, access tokens for 3600 s (users) and 1800 s (service accounts, docs:
/// api/enterprise-connect/request-token), stable refresh tokens, an unverified application with everything
/// enabled.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    listen: SocketAddr,
    seed: Option<u64>,
    policy: Policy,
    callbacks: Settings,
    features: Features,
    verified: bool,
    redirect_uris: Vec<String>,
}

impl Default for Builder {
    fn default() -> Self {
        let retries = [100, 300, 900].map(Duration::from_millis).to_vec();
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            seed: None,
            policy: Policy {
                auto_consent: AutoConsent::Off,
                page_size: 50,
                code_lifetime: Duration::from_secs(10 * 60),
                user_token_lifetime: Duration::from_secs(3600),
                service_token_lifetime: Duration::from_secs(1800),
                refresh_mode: RefreshMode::Stable,
                revoke_on_replay: false,
            },
            callbacks: Settings {
                delay: Duration::from_millis(10),
                retries,
                patience: Duration::from_secs(5),
            },
            features: Features {
                business_connect: true,
                free_busy: true,
                no_access: true,
                explicit_linking: true,
            },
            verified: false,
            redirect_uris: Vec::new(),
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

    /// Makes identifiers, codes, tokens and secrets the same in every run with this seed, given the same requests
    /// in the same order.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Who decides on the authorization pages.
    pub fn auto_consent(mut self, policy: AutoConsent) -> Self {
        self.policy.auto_consent = policy;
        self
    }

    /// How long an authorization code can be redeemed. No figure is documented.
    pub fn code_lifetime(mut self, lifetime: Duration) -> Self {
        self.policy.code_lifetime = lifetime;
        self
    }

    /// How long access tokens live, in whole seconds on the wire: those of accounts, application calendars and
    /// Organizational Units first, those of service accounts second.
    pub fn token_lifetimes(mut self, users: Duration, service_accounts: Duration) -> Self {
        self.policy.user_token_lifetime = users;
        self.policy.service_token_lifetime = service_accounts;
        self
    }

    /// What a refresh does to the refresh token.
    pub fn refresh_mode(mut self, mode: RefreshMode) -> Self {
        self.policy.refresh_mode = mode;
        self
    }

    /// Whether a code that comes a second time ends the authorization, as RFC 6749, section 4.1.2, recommends.
    /// Off by default: nothing is known of what Cronofy does, and a callback can be delivered twice.
    pub fn revoke_on_replay(mut self, revoke: bool) -> Self {
        self.policy.revoke_on_replay = revoke;
        self
    }

    /// How many rows a page of a paged list holds: 50 by default, at least 1.
    pub fn page_size(mut self, rows: usize) -> Self {
        self.policy.page_size = rows.max(1);
        self
    }

    /// How long after its request a callback is sent: 10 ms by default, so that the requester has its `202` first.
    pub fn callback_delay(mut self, delay: Duration) -> Self {
        self.callbacks.delay = delay;
        self
    }

    /// The pauses before further attempts at a callback that was not answered 2xx. By default three: 100, 300 and
    /// 900 ms. Cronofy documents no schedule.
    pub fn callback_retries(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.callbacks.retries = pauses.into_iter().collect();
        self
    }

    /// Makes the application a verified one, which gets codes at these redirect URIs only (docs:
    /// faqs/verify-application). A leading `*` label in the host stands for one label.
    pub fn verified<S: Into<String>>(mut self, redirect_uris: impl IntoIterator<Item = S>) -> Self {
        self.verified = true;
        self.redirect_uris = redirect_uris.into_iter().map(Into::into).collect();
        self
    }

    /// Whether Business Connect is enabled for the application.
    pub fn business_connect(mut self, enabled: bool) -> Self {
        self.features.business_connect = enabled;
        self
    }

    /// Whether accounts may be connected with free/busy access only.
    pub fn free_busy(mut self, enabled: bool) -> Self {
        self.features.free_busy = enabled;
        self
    }

    /// Whether accounts may be connected without access to any calendar but Cronofy's own.
    pub fn no_access(mut self, enabled: bool) -> Self {
        self.features.no_access = enabled;
        self
    }

    /// Whether the application may ask for link tokens.
    pub fn explicit_linking(mut self, enabled: bool) -> Self {
        self.features.explicit_linking = enabled;
        self
    }

    /// Starts serving on the current Tokio runtime, which needs its I/O and time drivers.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the address is not loopback or auto-consent names nobody; else what listening gave.
    pub async fn start(self) -> io::Result<Sandbox> {
        if !self.listen.ip().is_loopback() {
            let message = format!(
                "{} is not a loopback address: the sandbox hands tokens to whoever asks, so it stays on this machine",
                self.listen.ip()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(self.listen).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let shared = self.build(base_url)?;
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

    fn build(self, base_url: String) -> io::Result<Shared> {
        let ids = self.seed.map_or_else(Ids::unique, |seed| Ok(Ids::from_seed(seed)))?;
        let clock = Clock::default();
        let today = jiff::Timestamp::try_from(clock.now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let (world, calendars) = seed(&ids, today.to_zoned(jiff::tz::TimeZone::UTC).date(), &base_url);
        if let AutoConsent::Email(email) = &self.policy.auto_consent
            && world.login(email).is_none_or(|login| login.room.is_some())
        {
            let message = format!("auto-consent: nobody in the sandbox has the address {email}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let application = Application {
            client_id: ids.named("", "client_id", 32),
            secrets: vec![ids.named("CRN_", "client_secret", 38)],
            name: "Sandbox application".to_owned(),
            verified: self.verified,
            redirect_uris: self.redirect_uris,
            features: self.features,
        };
        let ready: Ready = describe(&base_url, &application, &world, &ids);
        Ok(Shared {
            base_url,
            clock,
            ids,
            callbacks: Callbacks::new(self.callbacks),
            ready,
            journal: Journal::default(),
            memory: Mutex::new(State::new(self.policy, application, world, calendars)),
        })
    }
}
