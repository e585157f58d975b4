//! How long a sandbox takes to be ready, and to be gone.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cronofy_sandbox::Sandbox;
use rustix::process::{Pid, Signal, kill_process};
use tokio::runtime::Runtime;

use crate::{Done, median};

const TIMES: usize = 51;

pub(crate) fn run(program: &str) -> Done {
    println!("{:<44} {:>9} {:>9}   of {TIMES}, ms", "", "median", "most");
    let runtime = Runtime::new()?;
    let mut started = Vec::new();
    let mut ended = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        let sandbox = runtime.block_on(Sandbox::start())?;
        started.push(start.elapsed());
        let start = Instant::now();
        runtime.block_on(sandbox.shutdown());
        ended.push(start.elapsed());
    }
    row("in a program: Sandbox::start()", &started);
    row("in a program: shutdown()", &ended);

    for (name, signal) in [("SIGINT", Signal::INT), ("SIGTERM", Signal::TERM)] {
        for connected in [false, true] {
            let runs = (0..TIMES).map(|_| one(program, signal, connected));
            let runs = runs.collect::<io::Result<Vec<_>>>()?;
            let (started, ended): (Vec<Duration>, Vec<Duration>) = runs.into_iter().unzip();
            let idle = if connected { ", an idle connection open" } else { "" };
            row("the program: to its first line", &started);
            row(&format!("the program: {name} to its end{idle}"), &ended);
        }
    }
    Ok(())
}

/// Starts the program and ends it: how long it took to its first line, and from the signal to its end.
fn one(program: &str, signal: Signal, connected: bool) -> io::Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut child =
        Command::new(program).arg("sandbox").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let started = start.elapsed();
    let connection = connected.then(|| connect(&line)).transpose()?;
    let start = Instant::now();
    kill_process(Pid::from_child(&child), signal)?;
    let status = child.wait()?;
    let ended = start.elapsed();
    drop(connection);
    if !status.success() {
        return Err(io::Error::other(format!("{program} ended with {status}")));
    }
    Ok((started, ended))
}

/// A connection that was used once and stays.
fn connect(ready: &str) -> io::Result<TcpStream> {
    let ready: serde_json::Value = serde_json::from_str(ready)?;
    let address = ready["api_url"].as_str().unwrap_or_default().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /_sandbox/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")?;
    // The first byte says that it was answered; the rest is in the socket's buffer.
    stream.read_exact(&mut [0])?;
    Ok(stream)
}

fn row(name: &str, times: &[Duration]) {
    let times = || times.iter().map(|time| time.as_secs_f64() * 1e3);
    println!("{name:<44} {:>9.2} {:>9.2}", median(times()), times().fold(0.0, f64::max));
}
