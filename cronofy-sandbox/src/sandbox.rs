//! A running sandbox.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::{App, Shared};
use crate::callbacks::Callbacks;
use crate::invitations::{self, Invitation};
use crate::routes::router;
use crate::server;
use crate::{
    AutoConsent, Builder, Callback, CallbackFault, Expectation, Fault, InvalidFault, InvitationAnswer,
    InvitationUnanswerable, JournalEntry, PlacedCallbackFault, PlacedFault, RateLimits, Ready, RefreshMode,
    Snapshot, TooManySnapshots, UndeliveredCallback, Unmet, Watch,
};

/// A local server that answers like Cronofy, until it is shut down or dropped.
///
/// It holds no global state: any number of them run side by side. All methods may be called while requests are
/// being served.
pub struct Sandbox {
    app: App,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

/// A bound for waiting on callbacks: several attempts that time out fit in.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl Sandbox {
    /// Starts a sandbox with all defaults on a free port of 127.0.0.1, on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::start`].
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts a sandbox with all defaults on a thread of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::start_blocking`].
    pub fn start_blocking() -> io::Result<crate::BlockingSandbox> {
        Self::builder().start_blocking()
    }

    /// Sets up a sandbox.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn serve(listener: TcpListener, shared: Shared) -> Self {
        let app = App::new(shared);
        // Stopped on request and, because the sender is dropped with the handle, without one.
        let (stop, stopped) = oneshot::channel::<()>();
        let journal = app.journal.clone();
        let stopped = async move {
            let _ = stopped.await;
            // Answers that follow the journal end by this.
            journal.close();
        };
        let serving = tokio::spawn(server::serve(listener, router(app.clone()), stopped));
        Self { app, stop: Some(stop), serving: Some(serving) }
    }

    /// Stops listening, lets answers under way finish for at most two seconds, and returns. Callbacks that wait are
    /// not sent any more.
    pub async fn shutdown(mut self) {
        self.stop.take();
        if let Some(serving) = self.serving.take() {
            // It fails only if it panicked, which was printed, or if the runtime is ending, too.
            let _ = serving.await;
        }
        for tenant in self.app.tenants.take_all() {
            tenant.stop().await;
        }
    }

    /// Everything that a test needs to know; serialises to one JSON object.
    pub fn ready(&self) -> &Ready {
        &self.app.ready
    }

    /// The base of API URLs: `http://127.0.0.1:PORT`.
    pub fn api_url(&self) -> &str {
        &self.app.base_url
    }

    /// The base of the authorization pages' URLs: the same listener as [`Sandbox::api_url`].
    pub fn app_url(&self) -> &str {
        &self.app.base_url
    }

    /// The application's identifier.
    pub fn client_id(&self) -> &str {
        &self.app.ready.client_id
    }

    /// The application's first secret.
    pub fn client_secret(&self) -> &str {
        &self.app.ready.client_secret
    }

    /// What was odd about the scenarios that it started with, and yet no error.
    pub fn warnings(&self) -> &[String] {
        &self.app.warnings
    }

    /// How many requests to Cronofy there were; those below `/_sandbox/` do not count.
    pub fn requests_served(&self) -> u64 {
        self.app.journal.served()
    }

    /// The latest requests, at most 1000, oldest first.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.app.journal.entries().iter().map(|entry| JournalEntry::clone(entry)).collect()
    }

    /// Forgets the journal's entries. They go on being numbered.
    pub fn clear_journal(&self) {
        self.app.journal.clear();
    }

    /// The journal's entries from now on, as they come.
    pub fn watch(&self) -> Watch {
        self.app.journal.watch()
    }

    /// The entries of the journal that are as expected.
    ///
    /// ```
    /// # use cronofy_sandbox::{Expectation, Sandbox};
    /// # fn main() -> std::io::Result<()> {
    /// let sandbox = Sandbox::start_blocking()?;
    /// let unmet = sandbox.expect(Expectation::of("POST /oauth/token").times(1)).unwrap_err();
    /// assert!(unmet.to_string().starts_with("expected exactly 1, saw 0"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where there are more or fewer: it says so, and which entry came nearest.
    pub fn expect(&self, expectation: Expectation) -> Result<Vec<JournalEntry>, Unmet> {
        expectation.judge(&self.app.journal.entries())
    }

    /// Makes something go wrong, and returns the fault's identifier.
    ///
    /// ```
    /// # use cronofy_sandbox::{Fault, Sandbox};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::start_blocking()?;
    /// sandbox.fault(Fault::on("POST /oauth/token").nth(2).after_commit().reset())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If it makes no sense, or names an operation that there is not.
    pub fn fault(&self, fault: Fault) -> Result<String, InvalidFault> {
        self.app.state().faults.add(&self.app.ids, fault).map(|placed| placed.id.clone())
    }

    /// The faults that are in force, oldest first, and what became of each.
    pub fn faults(&self) -> Vec<PlacedFault> {
        self.app.state().faults.all().to_vec()
    }

    /// Takes a fault away. `false` if there is no such one.
    pub fn remove_fault(&self, id: &str) -> bool {
        self.app.state().faults.remove(id)
    }

    /// Takes every fault away.
    pub fn clear_faults(&self) {
        self.app.state().faults.clear();
    }

    /// Changes how many requests each application may send from now on.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        self.app.state().policy.rate_limits = limits;
    }

    /// Every callback that is under way, and the latest 1000 of those that are over; oldest first.
    pub fn callbacks(&self) -> Vec<Callback> {
        self.app.callbacks.list()
    }

    /// Sends a callback again: a new one with the same body, signed anew, that meets no fault. `None` if there is no
    /// callback with this identifier, or none any more.
    pub fn resend_callback(&self, id: &str) -> Option<Callback> {
        self.app.callbacks.resend(&self.app, id)
    }

    /// Waits until each callback is over, or waits for something else than the next half minute: for a fault, or for
    /// the sandbox's clock, if that stands still or is far away. `false` if that took longer than half a minute.
    pub async fn callbacks_settled(&self) -> bool {
        Callbacks::settled(self.app.clone(), LONGEST_WAIT).await
    }

    pub(crate) fn wait_for_callbacks(&self) -> bool {
        Callbacks::wait_until_settled(&self.app, LONGEST_WAIT)
    }

    /// Makes something go wrong with callbacks, and returns the fault's identifier.
    ///
    /// # Errors
    ///
    /// Where a count is 0, or there are 256 already.
    pub fn callback_fault(&self, fault: CallbackFault) -> Result<String, InvalidFault> {
        self.app.state().callback_faults.add(&self.app.ids, fault).map(|placed| placed.id.clone())
    }

    /// The faults of callbacks that are in force, oldest first, and what became of each.
    pub fn callback_faults(&self) -> Vec<PlacedCallbackFault> {
        self.app.state().callback_faults.all().to_vec()
    }

    /// Takes a fault of callbacks away. `false` if there is no such one.
    pub fn remove_callback_fault(&self, id: &str) -> bool {
        self.app.state().callback_faults.remove(id)
    }

    /// Takes every fault of callbacks away.
    pub fn clear_callback_faults(&self) {
        self.app.state().callback_faults.clear();
    }

    /// How many callbacks were answered 2xx.
    pub fn callbacks_delivered(&self) -> u64 {
        self.app.callbacks.delivered()
    }

    /// Of the callbacks that are remembered, those that were given up, and those that were never sent because they
    /// lead to where nothing is sent.
    pub fn undelivered_callbacks(&self) -> Vec<UndeliveredCallback> {
        self.app.callbacks.undelivered()
    }

    /// Every invitation that was mailed to people in free/busy mode, the oldest first.
    pub fn invitations(&self) -> Vec<Invitation> {
        invitations::list(&self.app.state())
    }

    /// Does what a person wants with an invitation.
    ///
    /// # Errors
    ///
    /// Why there is nothing to answer, or no room for the event.
    pub fn answer_invitation(
        &self,
        id: &str,
        answer: InvitationAnswer,
    ) -> Result<Invitation, InvitationUnanswerable> {
        invitations::answer(&self.app, &mut self.app.state(), id, answer)
    }

    /// The sandbox's present.
    pub fn now(&self) -> SystemTime {
        self.app.clock.now()
    }

    /// Moves the sandbox's clock forward: codes and tokens expire by it, and callbacks are tried again.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Sets the sandbox's clock to a moment from 1970 to 9998. A clock that stands stands there; one that runs
    /// runs on from there.
    ///
    /// The moment may lie in the past. What was due stays due at the same moment, so it is waited for again: a
    /// token lives longer, a callback that is to be tried again is tried later.
    pub fn set_clock(&self, to: SystemTime) {
        self.app.clock.set(to);
    }

    /// Stops the sandbox's clock. [`Sandbox::advance`] and [`Sandbox::set_clock`] still move it.
    pub fn freeze(&self) {
        self.app.clock.freeze();
    }

    /// Lets a stopped clock run on from where it stands.
    pub fn run_clock(&self) {
        self.app.clock.run();
    }

    /// Goes back to how it was when it started to serve, by the machine's clock. Snapshots stay; callbacks that wait
    /// are dropped.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// Keeps this moment: people, calendars, authorizations, tokens, settings, faults, the clock, and the place in
    /// the sequence of identifiers.
    ///
    /// # Errors
    ///
    /// At most 100 are kept.
    pub fn snapshot(&self) -> Result<Snapshot, TooManySnapshots> {
        self.app.take_snapshot()
    }

    /// The snapshots that are kept, oldest first.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        self.app.snapshots().list()
    }

    /// Goes back to a snapshot, which stays: from there the same requests get the same answers. Callbacks that wait
    /// are dropped. `false` if there is no such snapshot.
    pub fn restore(&self, id: &str) -> bool {
        self.app.restore_snapshot(id)
    }

    /// Forgets a snapshot. `false` if there is no such one.
    pub fn forget_snapshot(&self, id: &str) -> bool {
        self.app.snapshots().remove(id)
    }

    /// Who decides on the authorization pages now.
    pub fn auto_consent(&self) -> AutoConsent {
        self.app.state().policy.auto_consent.clone()
    }

    /// Changes what the next refreshes do.
    pub fn set_refresh_mode(&self, mode: RefreshMode) {
        self.app.state().policy.refresh_mode = mode;
    }

    /// Changes how long access tokens issued from now on live: those of users first, those of service accounts
    /// second.
    pub fn set_token_lifetimes(&self, users: Duration, service_accounts: Duration) {
        let mut state = self.app.state();
        state.policy.user_token_lifetime = users;
        state.policy.service_token_lifetime = service_accounts;
    }

    /// Makes every access token issued so far expire now. Refresh tokens live on.
    ///
    /// What a token manager or token source of this workspace got less than half a minute ago it does not refresh for a
    /// 401, and its caller is told that. A manager's `refresh_now` does, and so does a transport on a clock that the test
    /// moves.
    pub fn expire_access_tokens(&self) {
        let now = self.app.clock.now();
        self.app.state().expire_access_tokens(now, None);
    }

    /// Adds an active client secret, as a rotation does, and returns it. From now on callbacks carry one digest per
    /// active secret.
    pub fn add_client_secret(&self) -> String {
        let secret = self.app.ids.client_secret();
        if let Some(application) = self.app.state().applications.get_mut(self.client_id()) {
            application.secrets.push(secret.clone());
        }
        secret
    }

    /// Takes an active client secret away. `false` if there is no such one, or if it is the last.
    pub fn retire_client_secret(&self, secret: &str) -> bool {
        let mut state = self.app.state();
        let Some(application) = state.applications.get_mut(self.client_id()) else { return false };
        if application.secrets.len() < 2 || !application.knows_secret(secret) {
            return false;
        }
        application.secrets.retain(|active| active != secret);
        true
    }
}

impl fmt::Debug for Sandbox {
    /// Without the client secret and without state.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("api_url", &self.app.base_url).finish_non_exhaustive()
    }
}
