//! A worker, as the test has it in hand.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::SETUP;
use crate::orders::{Said, Setup, Task};

/// A worker that says nothing for that long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A worker. It is killed when it is dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    told: Option<ChildStdin>,
    said: Receiver<Said>,
}

impl Worker {
    /// Starts one.
    pub fn start(program: &str, setup: &Setup) -> Self {
        let (sender, said) = mpsc::channel();
        Self::start_saying(program, setup, said, move |said| drop(sender.send(said)))
    }

    /// Starts one that says everything to `hears`.
    pub fn start_telling(program: &str, setup: &Setup, hears: impl FnMut(Said) + Send + 'static) -> Self {
        Self::start_saying(program, setup, mpsc::channel().1, hears)
    }

    fn start_saying(
        program: &str,
        setup: &Setup,
        said: Receiver<Said>,
        mut hears: impl FnMut(Said) + Send + 'static,
    ) -> Self {
        let mut command = Command::new(program);
        command.env(SETUP, serde_json::to_string(setup).unwrap());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            // The last line of one that is killed may be half a line.
            for said in lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()) {
                hears(said);
            }
        });
        let told = child.stdin.take();
        Self { child, told, said }
    }

    /// Tells it to do something. One that has died does not mind.
    pub fn tell(&mut self, task: &Task) {
        if let Some(told) = &mut self.told {
            let _ = writeln!(told, "{}", serde_json::to_string(task).unwrap());
        }
    }

    /// What it says next; nothing once it has ended.
    pub fn hear(&self) -> Option<Said> {
        match self.said.recv_timeout(PATIENCE) {
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("it says nothing"),
            said => said.ok(),
        }
    }

    /// Waits for its end, and tells whether it came to it, or was killed by that signal.
    pub fn end(mut self) -> Option<i32> {
        self.told = None;
        let status = self.child.wait().unwrap();
        assert!(status.success() || status.signal().is_some(), "{status}");
        status.signal()
    }

    /// Stops it, lets it go on, or kills it.
    pub fn signal(&self, signal: Signal) {
        // It may have ended.
        let _ = kill_process(Pid::from_child(&self.child), signal);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
