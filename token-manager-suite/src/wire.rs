//! Between a transport and the sandbox: what is held, lost, made up and counted.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use cronofy_auth_core::types::Timestamp;
use cronofy_auth_core::{BlockingTransport, Body, Fault, Transport, TransportError};
use cronofy_sandbox::{BlockingSandbox, Sandbox};
use cronofy_store::manager::blocking::Deadline;
use cronofy_store::manager::{Background, Work};

/// A test that hangs for that long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the token endpoint. A clone is the same.
#[derive(Clone)]
pub struct Wire(Arc<Inner>, Duration);

struct Inner {
    sandbox: Arc<BlockingSandbox>,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Where those who come are held.
    held: Option<Cut>,
    /// Whether those who are held go on being so.
    closed: bool,
    /// How many have come to where they are held, and how many of these were let go before the others.
    came: usize,
    let_go: usize,
    waiting: usize,
    losses: usize,
    answers: Vec<(u16, &'static str)>,
    sent: usize,
    /// Whether those who sleep move the clock.
    passing: bool,
    /// What no request may have in its body.
    refused: Option<&'static str>,
}

/// Where the wire is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before a request reaches the server.
    Before,
    /// After the server acted, before its answer is there.
    After,
}

impl Wire {
    pub(crate) fn new(sandbox: Arc<BlockingSandbox>) -> Self {
        let inner = Inner { sandbox, state: Mutex::default(), moved: Condvar::new() };
        Self(Arc::new(inner), Duration::ZERO)
    }

    /// The same, for a process whose clock is ahead.
    pub(crate) fn ahead(&self, by: Duration) -> Self {
        Self(Arc::clone(&self.0), by)
    }

    /// Holds token requests there, until they are released.
    pub(crate) fn hold(&self, cut: Cut) {
        let mut state = self.state();
        (state.held, state.closed, state.came, state.let_go) = (Some(cut), true, 0, 0);
    }

    /// Waits until that many are held.
    pub(crate) fn until_held(&self, requests: usize) {
        self.until(|state| state.waiting >= requests);
    }

    /// Lets those pass that come from now on. Those that are held stay so.
    pub(crate) fn let_others_pass(&self) {
        self.state().held = None;
    }

    /// Lets the one go that was held first.
    pub(crate) fn let_the_first_go(&self) {
        self.state().let_go += 1;
        self.0.moved.notify_all();
    }

    /// Lets all of them go, and those that come.
    pub(crate) fn release(&self) {
        let mut state = self.state();
        (state.held, state.closed) = (None, false);
        drop(state);
        self.0.moved.notify_all();
    }

    /// Loses the next answers.
    pub(crate) fn lose(&self, answers: usize) {
        self.state().losses = answers;
    }

    /// Answers the next token request in the server's place.
    pub(crate) fn answer(&self, status: u16, body: &'static str) {
        self.state().answers.push((status, body));
    }

    /// Refuses every other request in whose body that is, in the server's place: 422.
    pub(crate) fn refuse(&self, text: &'static str) {
        self.state().refused = Some(text);
    }

    fn refuses(&self, request: &http::Request<Body>) -> Option<http::Response<Bytes>> {
        let text = self.state().refused?;
        let holds = request.body().as_bytes().windows(text.len()).any(|part| part == text.as_bytes());
        let refusal = r#"{"errors":{"email":[{"key":"errors.invalid_format","description":"no"}]}}"#;
        holds.then(|| http::Response::builder().status(422).body(refusal.into()).unwrap())
    }

    /// From now on time passes for those who sleep, and only for them: once every callback is where it belongs.
    pub(crate) fn let_time_pass(&self) {
        self.state().passing = true;
    }

    fn passes(&self) -> bool {
        self.state().passing
    }

    /// Several may sleep at once: the clock is moved once for all of them.
    fn pass(&self, until: Timestamp) {
        let _state = self.state();
        self.0.sandbox.advance(until.saturating_since(self.0.sandbox.now().into()));
    }

    /// How many token requests were sent.
    pub(crate) fn sent(&self) -> usize {
        self.state().sent
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from(self.0.sandbox.now()).saturating_add(self.1)
    }

    /// A token request is on its way: where it stands among those that are held, if it is.
    fn sends(&self) -> Option<usize> {
        self.state().sent += 1;
        self.arrives(Cut::Before)
    }

    fn arrives(&self, cut: Cut) -> Option<usize> {
        let mut state = self.state();
        if state.held != Some(cut) {
            return None;
        }
        state.waiting += 1;
        state.came += 1;
        let place = state.came;
        drop(state);
        self.0.moved.notify_all();
        Some(place)
    }

    fn goes_on(&self) {
        self.state().waiting -= 1;
    }

    fn made_up(&self) -> Option<http::Response<Bytes>> {
        let mut state = self.state();
        if state.answers.is_empty() {
            return None;
        }
        let (status, body) = state.answers.remove(0);
        Some(http::Response::builder().status(status).body(body.into()).unwrap())
    }

    fn is_lost(&self) -> Result<(), Unanswered> {
        let mut state = self.state();
        if state.losses == 0 {
            return Ok(());
        }
        state.losses -= 1;
        Err(Unanswered { fault: Fault::Unknown, why: "the answer was lost".into() })
    }

    fn until(&self, condition: impl Fn(&State) -> bool) {
        let waited = self.0.moved.wait_timeout_while(self.state(), PATIENCE, |state| !condition(state));
        let late = waited.unwrap().1;
        assert!(!late.timed_out(), "nothing came of it");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

/// A transport whose way to the sandbox is that wire, and whose clock is the sandbox's.
#[derive(Debug, Clone)]
pub struct Wired<T> {
    transport: T,
    wire: Wire,
}

impl<T> Wired<T> {
    /// Goes by that wire.
    pub fn new(transport: T, wire: Wire) -> Self {
        Self { transport, wire }
    }
}

/// No answer came.
#[derive(Debug)]
pub struct Unanswered {
    fault: Fault,
    why: String,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Unanswered {}

impl TransportError for Unanswered {
    fn fault(&self) -> Fault {
        self.fault
    }
}

impl State {
    fn holds(&self, place: usize) -> bool {
        self.closed && place > self.let_go
    }
}

fn of(error: &impl TransportError) -> Unanswered {
    Unanswered { fault: error.fault(), why: error.to_string() }
}

/// Nothing here waits for time: a pause is long enough for others to get their turn.
fn shortened(pause: Duration) -> Duration {
    pause.min(Duration::from_millis(1))
}

impl<T: Transport + Sync> Wired<T> {
    /// A task must not block its thread: it looks again and again.
    async fn until_released(&self, place: usize) {
        for _ in 0..PATIENCE.as_millis() {
            if !self.wire.state().holds(place) {
                return self.wire.goes_on();
            }
            self.transport.sleep(Duration::from_millis(1)).await;
        }
        panic!("nobody released it");
    }
}

impl<T: Transport + Sync> Transport for Wired<T> {
    type Error = Unanswered;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Unanswered> {
        let wire = &self.wire;
        if !is_for_tokens(&request) {
            if let Some(refusal) = wire.refuses(&request) {
                return Ok(refusal);
            }
            return self.transport.send(request).await.map_err(|error| of(&error));
        }
        if let Some(place) = wire.sends() {
            self.until_released(place).await;
        }
        if let Some(answer) = wire.made_up() {
            return Ok(answer);
        }
        let answer = self.transport.send(request).await.map_err(|error| of(&error))?;
        if let Some(place) = wire.arrives(Cut::After) {
            self.until_released(place).await;
        }
        wire.is_lost().map(|()| answer)
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.wire.now().saturating_add(duration);
        self.transport.sleep(shortened(duration)).await;
        if self.wire.passes() {
            let sandbox: &Sandbox = &self.wire.0.sandbox;
            sandbox.callbacks_settled().await;
            self.wire.pass(until);
        }
    }

    fn now(&self) -> Timestamp {
        self.wire.now()
    }
}

impl<T: BlockingTransport> Wired<T> {
    fn wait_until_released(&self, place: usize) {
        self.wire.until(|state| !state.holds(place));
        self.wire.goes_on();
    }
}

impl<T: BlockingTransport> BlockingTransport for Wired<T> {
    type Error = Unanswered;

    fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, Unanswered> {
        let wire = &self.wire;
        if !is_for_tokens(&request) {
            if let Some(refusal) = wire.refuses(&request) {
                return Ok(refusal);
            }
            return self.transport.send(request).map_err(|error| of(&error));
        }
        if let Some(place) = wire.sends() {
            self.wait_until_released(place);
        }
        if let Some(answer) = wire.made_up() {
            return Ok(answer);
        }
        let answer = self.transport.send(request).map_err(|error| of(&error))?;
        if let Some(place) = wire.arrives(Cut::After) {
            self.wait_until_released(place);
        }
        wire.is_lost().map(|()| answer)
    }

    fn sleep(&self, duration: Duration) {
        let until = self.wire.now().saturating_add(duration);
        self.transport.sleep(shortened(duration));
        if self.wire.passes() {
            self.wire.0.sandbox.callbacks_settled();
            self.wire.pass(until);
        }
    }

    fn now(&self) -> Timestamp {
        self.wire.now()
    }
}

fn is_for_tokens(request: &http::Request<Body>) -> bool {
    request.uri().path() == "/oauth/token"
}

impl<T: Background> Background for Wired<T> {
    fn deadline(&self) -> Duration {
        self.transport.deadline()
    }

    fn spawn(&self, work: Work) {
        self.transport.spawn(work);
    }
}

impl<T: Deadline> Deadline for Wired<T> {
    fn deadline(&self) -> Duration {
        self.transport.deadline()
    }
}
