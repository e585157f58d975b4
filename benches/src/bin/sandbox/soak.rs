//! What is lost, and what stays in memory.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use bytes::Bytes;
use cronofy_sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::Done;
use crate::client::{CLIENTS, Clients, Wave};
use crate::requests::{self, Application};
use crate::server::Server;

/// Of all clients together, between two looks at the memory.
const READS: usize = 100_000;
const DELEGATIONS: usize = 20_000;
const LOOKS: usize = 5;

/// Short, so that codes expire within the run as they do within ten minutes of a long one.
const CODE_LIFETIME: Duration = Duration::from_secs(1);

/// How long the last callbacks are waited for.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run() -> Done {
    let here = Runtime::new()?;
    let server = Server::new("sandbox")?;
    let sandbox = server.runtime.block_on(requests::sandbox().code_lifetime(CODE_LIFETIME).start())?;
    let application = Application::of(&sandbox)?;
    let user = here.block_on(application.connect(&application.authorize()))?;
    let service = here.block_on(application.connect(&application.authorize_domain()))?;
    let mut clients = here.block_on(Clients::connect(application.server))?;

    println!("{CLIENTS} clients\n");
    let userinfo: Arc<[Bytes]> =
        [requests::userinfo(user["access_token"].as_str().unwrap_or_default())].into();
    let mut memory = Vec::new();
    for _ in 0..=LOOKS {
        here.block_on(clients.drive(READS / CLIENTS, Arc::clone(&userinfo), Wave::of("200")))?;
        memory.push(resident()?);
    }
    println!("memory after each {READS} of userinfo, MiB: {}", shown(&memory));

    let receiver = here.block_on(Receiver::start(DELEGATIONS * (LOOKS + 1)))?;
    let token = service["access_token"].as_str().unwrap_or_default();
    let email = &sandbox.ready().service_account.users[0];
    let mut memory = Vec::new();
    let mut times = Vec::new();
    for look in 0..=LOOKS {
        let numbers = look * DELEGATIONS..(look + 1) * DELEGATIONS;
        let asked: Vec<Bytes> =
            numbers.map(|number| requests::delegate(token, email, &receiver.url(number))).collect();
        let start = Instant::now();
        here.block_on(clients.drive(DELEGATIONS / CLIENTS, asked.into(), Wave::of("202")))?;
        let answered = start.elapsed();
        here.block_on(over(&sandbox, (look + 1) * DELEGATIONS))?;
        times.push(format!(
            "{:.1}+{:.1}",
            answered.as_secs_f64(),
            start.elapsed().saturating_sub(answered).as_secs_f64()
        ));
        memory.push(resident()?);
    }
    println!("memory after each {DELEGATIONS} callbacks, MiB: {}", shown(&memory));
    println!("seconds until the last answer, and then until the last callback: {}", times.join(", "));
    let undelivered = sandbox.undelivered_callbacks();
    println!(
        "callbacks: {} asked for, {} arrived once, {} more often, {} never, {} given up by the sandbox{}",
        receiver.arrived.len(),
        receiver.count(|times| times == 1),
        receiver.count(|times| times > 1),
        receiver.count(|times| times == 0),
        undelivered.len(),
        undelivered.first().map(|first| format!(", the first because: {}", first.reason)).unwrap_or_default(),
    );
    if receiver.count(|times| times == 0) > 0 {
        return Err("callbacks were lost".into());
    }
    Ok(())
}

/// Waits until the sandbox has sent, or given up, that many callbacks.
async fn over(sandbox: &Sandbox, callbacks: usize) -> io::Result<()> {
    let settled = || sandbox.callbacks_delivered() + sandbox.undelivered_callbacks().len() as u64;
    let end = Instant::now() + PATIENCE;
    while settled() < callbacks as u64 {
        if Instant::now() > end {
            return Err(io::Error::other("callbacks are still under way"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Takes callbacks, each of which has an address of its own.
struct Receiver {
    base: String,
    arrived: Arc<[AtomicU32]>,
}

impl Receiver {
    async fn start(callbacks: usize) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}/hook/", listener.local_addr()?);
        let arrived: Arc<[AtomicU32]> = (0..callbacks).map(|_| AtomicU32::new(0)).collect();
        let router = Router::new().route("/hook/{number}", post(arrives)).with_state(Arc::clone(&arrived));
        tokio::spawn(axum::serve(listener, router).into_future());
        Ok(Self { base, arrived })
    }

    fn url(&self, number: usize) -> String {
        format!("{}{number}", self.base)
    }

    fn count(&self, which: fn(u32) -> bool) -> usize {
        self.arrived.iter().filter(|times| which(times.load(Ordering::Relaxed))).count()
    }
}

async fn arrives(State(arrived): State<Arc<[AtomicU32]>>, Path(number): Path<usize>, _: Bytes) {
    arrived[number].fetch_add(1, Ordering::Relaxed);
}

/// Resident memory of this process in MiB: sandbox, clients and receiver together.
fn resident() -> io::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other("/proc/self/status has no VmRSS"))
}

fn shown(memory: &[f64]) -> String {
    memory.iter().map(|mib| format!("{mib:.1}")).collect::<Vec<_>>().join(", ")
}
