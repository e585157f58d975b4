//! What every flow is played on: an application, a sandbox of its own, a browser, a place for callbacks, and
//! a driver. Fresh for each flow and transport, so that no flow depends on another.

use std::collections::BTreeMap;
use std::fmt::Debug;

use cronofy_auth_core::types::{
    ClientId, ClientSecret, CustomBase, DataCenter, RedirectUri, State, Timestamp,
};
use cronofy_auth_core::{App, DriveError, Endpoint, Error, Flow, RefusalKind};
use cronofy_sandbox::{BlockingSandbox, Builder, Sandbox};
use cronofy_transport_hyper::random_state;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::{self, Runtime};

use super::browser::Browser;
use super::driver::Driver;
use super::failure::{Failure, holds};
use super::narrate::{Actor, Script};
use super::receiver::Receiver;
use super::watch::{Watched, Witness};

/// Nobody listens there: the demo's browser stops before it.
const REDIRECT_URI: &str = "https://app.example/connected";

pub(super) struct Stage<'a, D> {
    pub(super) app: App,
    pub(super) sandbox: BlockingSandbox,
    pub(super) script: Script,
    pub(super) shelf: Shelf,
    pub(super) browser: Browser,
    pub(super) receiver: Receiver,
    pub(super) witness: &'a dyn Witness,
    driver: &'a D,
    /// The browser and the receiver live on it; it goes last.
    _runtime: Runtime,
}

impl<'a, D: Driver> Stage<'a, D> {
    pub(super) fn open(builder: Builder, driver: &'a D, witness: &'a dyn Witness) -> Result<Self, Failure> {
        let sandbox = builder.start_blocking()?;
        let base = CustomBase::new(sandbox.api_url(), sandbox.app_url())?;
        let secret = ClientSecret::new(sandbox.client_secret())?;
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self {
            receiver: Receiver::listen(runtime.handle(), &secret)?,
            browser: Browser::new(runtime.handle().clone()),
            app: App::new(ClientId::new(sandbox.client_id())?, secret, DataCenter::Custom(base)),
            script: Script::default(),
            shelf: Shelf::default(),
            sandbox,
            witness,
            driver,
            _runtime: runtime,
        })
    }

    pub(super) fn data_center(&self) -> DataCenter {
        self.app.data_center().clone()
    }

    /// The time in the sandbox, by which tokens and pending values expire.
    pub(super) fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    /// Drives a flow over the transport.
    pub(super) fn run<F>(&mut self, flow: F) -> Result<F::Output, DriveError<D::Error>>
    where
        F: Flow,
        F::Output: Debug,
    {
        let clock: &Sandbox = &self.sandbox;
        let watched = Watched { flow, script: &mut self.script, clock, witness: self.witness };
        let result = self.driver.drive(watched);
        self.witness.value(&result);
        if let Err(error) = &result {
            self.witness.value(&format_args!("{error}"));
        }
        result
    }

    /// Drives one API call.
    pub(super) fn call<E>(&mut self, endpoint: E) -> Result<E::Output, DriveError<D::Error>>
    where
        E: Endpoint + Debug,
        E::Output: Debug,
    {
        self.witness.value(&endpoint);
        self.run(endpoint.call())
    }

    /// Drives one API call that is to be refused in this way.
    pub(super) fn refused<E>(&mut self, endpoint: E, kind: RefusalKind) -> Result<(), Failure>
    where
        E: Endpoint + Debug,
        E::Output: Debug,
    {
        match self.call(endpoint) {
            Ok(_) => Err(Failure::new(format!("a refusal was due ({kind:?}), and none came"))),
            Err(error) => match error.flow().and_then(Error::refusal) {
                Some(refusal) if refusal.kind() == kind => Ok(()),
                _ => Err(error.into()),
            },
        }
    }

    /// The application does something without HTTP.
    pub(super) fn app_does(&mut self, text: impl Into<String>) {
        self.script.said(Actor::App, text);
    }

    /// What the latest line came to.
    pub(super) fn fact(&mut self, text: impl Into<String>) {
        self.script.fact(text);
    }

    /// Holds the narrative to what the sandbox saw: nothing was sent that was not told.
    pub(super) fn reconcile(&self) -> Result<(), Failure> {
        let told = self.script.requests() + self.script.requests_of(Actor::Browser);
        let served = self.sandbox.requests_served();
        holds(
            told == served,
            &format!("the sandbox answered the {told} requests of this story (it was {served})"),
        )
    }
}

/// Where the browser is sent back to.
pub(super) fn redirect_uri() -> Result<RedirectUri, Failure> {
    Ok(RedirectUri::new(REDIRECT_URI)?)
}

/// What binds an answer to its request.
pub(super) fn fresh_state() -> Result<State, Failure> {
    Ok(random_state()?)
}

/// Where the application keeps what is pending: text, as in a database, so that any process can go on.
#[derive(Debug, Default)]
pub(super) struct Shelf(BTreeMap<String, String>);

impl Shelf {
    pub(super) fn keep(&mut self, state: &State, pending: &impl Serialize) -> Result<(), Failure> {
        self.0.insert(state.as_str().to_owned(), serde_json::to_string(pending)?);
        Ok(())
    }

    /// Takes what is pending under this state, once.
    pub(super) fn take<T: DeserializeOwned>(&mut self, state: &State) -> Result<T, Failure> {
        let stored = self.0.remove(state.as_str());
        let stored = stored.ok_or_else(|| Failure::new("nothing is pending under this state"))?;
        Ok(serde_json::from_str(&stored)?)
    }

    pub(super) fn stored(&self) -> impl Iterator<Item = &String> {
        self.0.values()
    }
}
