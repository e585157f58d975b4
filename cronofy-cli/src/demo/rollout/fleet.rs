//! Processes of this very program, started and killed.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::balancer::Balancer;
use super::orders::Orders;
use crate::demo::failure::Failure;

/// The hidden command of a worker process.
pub const WORKER: &str = "rollout-worker";

pub(super) struct Fleet {
    orders: Orders,
    balancer: Balancer,
    processes: Vec<Process>,
    started: usize,
    pub(super) killed: BTreeSet<String>,
}

struct Process {
    child: Child,
    /// It ends itself once this is closed.
    _orders: ChildStdin,
    name: String,
    address: SocketAddr,
}

impl Fleet {
    pub(super) fn start(orders: Orders, balancer: Balancer, count: usize) -> Result<Self, Failure> {
        let (processes, killed) = (Vec::new(), BTreeSet::new());
        let mut fleet = Self { orders, balancer, processes, started: 0, killed };
        for _ in 0..count {
            fleet.start_one()?;
        }
        Ok(fleet)
    }

    pub(super) fn len(&self) -> usize {
        self.processes.len()
    }

    fn start_one(&mut self) -> Result<(), Failure> {
        self.started += 1;
        let name = format!("process-{}", self.started);
        let mut command = Command::new(env::current_exe()?);
        command.arg(WORKER).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let missing = || Failure::new("a process was started without pipes");
        let mut input = child.stdin.take().ok_or_else(missing)?;
        let orders = Orders { name: name.clone(), ..self.orders.clone() };
        writeln!(input, "{}", serde_json::to_string(&orders)?)?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or_else(missing)?).read_line(&mut line)?;
        let address = line.trim().parse();
        let address = address.map_err(|_| Failure::new(format!("{name} did not begin to work")))?;
        self.balancer.add(address);
        self.processes.push(Process { child, _orders: input, name, address });
        Ok(())
    }

    /// Kills one in the middle of whatever it does, and starts another in its place.
    pub(super) fn kill(&mut self, index: usize) -> Result<(), Failure> {
        if index < self.processes.len() {
            let mut process = self.processes.swap_remove(index);
            process.child.kill()?;
            process.child.wait()?;
            self.balancer.remove(process.address);
            self.killed.insert(process.name);
        }
        self.start_one()
    }

    /// Fails where a process has ended without having finished.
    pub(super) fn check(&mut self) -> Result<(), Failure> {
        for process in &mut self.processes {
            match process.child.try_wait()? {
                Some(status) if !status.success() => {
                    return Err(Failure::new(format!("{} ended with {status}", process.name)));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // It may have ended by itself.
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}
