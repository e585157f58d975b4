//! Requests a second: the sandbox and a bare server in turns, so that a neighbour slows both.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cronofy_sandbox::Sandbox;
use tokio::runtime::Runtime;

use crate::client::{CLIENTS, Client, Clients, Wave};
use crate::requests::{self, Application, body, code};
use crate::server::Server;
use crate::{Done, bare, median};

const ROUNDS: usize = 15;
/// Of each client in each round.
const TIMES: usize = 20;

pub(crate) const ALL: [&str; 3] = ["userinfo", "exchange", "refresh"];

pub(crate) fn run(calls: &[&str]) -> Done {
    let here = Runtime::new()?;
    let (ours, bare) = (Server::new("sandbox")?, Server::new("bare")?);
    let sandbox = ours.runtime.block_on(requests::sandbox().start())?;
    let application = Application::of(&sandbox)?;

    let tokens = here.block_on(application.connect(&application.authorize()))?;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default();
    let userinfo = requests::userinfo(text("access_token"));
    let refresh = application.refresh(text("refresh_token"));
    let mut first = here.block_on(Client::connect(application.server))?;
    let answer = here.block_on(first.ask(&userinfo, "200")).map(|answer| body(answer).to_owned())?;
    println!("{CLIENTS} clients, {ROUNDS} rounds of {} requests", CLIENTS * TIMES);
    println!("userinfo {} bytes, token answer {} bytes\n", answer.len(), tokens.to_string().len());

    let address = bare.runtime.block_on(bare::serve(answer.into(), tokens.to_string().into()))?;
    let mut ours = Side { clients: here.block_on(Clients::connect(application.server))?, server: ours };
    let mut bare = Side { clients: here.block_on(Clients::connect(address))?, server: bare };

    let mut rows: Vec<Row<'_>> = calls.iter().map(|call| Row { call, rounds: Vec::new() }).collect();
    // The first round fills what is kept between requests, and is not counted.
    for round in 0..=ROUNDS {
        for row in &mut rows {
            let requests: Arc<[Bytes]> = match row.call {
                "userinfo" => [userinfo.clone()].into(),
                "refresh" => [refresh.clone()].into(),
                "exchange" => {
                    let consent = [application.authorize()].into();
                    let (_, codes) = here.block_on(ours.clients.drive(TIMES, consent, CODES))?;
                    codes.iter().map(|code| application.exchange(code)).collect()
                }
                unknown => return Err(format!("no call is named {unknown}").into()),
            };
            let pair = if round % 2 == 0 {
                let ours = here.block_on(ours.round(&requests))?;
                (ours, here.block_on(bare.round(&requests))?)
            } else {
                let bare = here.block_on(bare.round(&requests))?;
                (here.block_on(ours.round(&requests))?, bare)
            };
            row.rounds.extend((round > 0).then_some(pair));
        }
    }
    report(&rows, &sandbox);
    Ok(())
}

const CODES: Wave = Wave { status: "302", keep: code };

/// A server with its clients.
struct Side {
    server: Server,
    clients: Clients,
}

/// What one round took.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    /// Of the server's threads.
    processor: Duration,
}

impl Side {
    async fn round(&mut self, requests: &Arc<[Bytes]>) -> io::Result<Taken> {
        let before = self.server.taken();
        let (time, _) = self.clients.drive(TIMES, Arc::clone(requests), Wave::of("200")).await?;
        Ok(Taken { time, processor: self.server.taken().saturating_sub(before) })
    }
}

/// What was asked for, and the rounds: the sandbox's first, the bare server's second.
struct Row<'a> {
    call: &'a str,
    rounds: Vec<(Taken, Taken)>,
}

fn report(rows: &[Row<'_>], sandbox: &Sandbox) {
    let requests = (CLIENTS * TIMES) as f64;
    println!("{:<10} {:>10} {:>10} {:>8}   processor time of the server", "", "sandbox/s", "bare/s", "ratio");
    for Row { call, rounds } in rows {
        let a_second = |taken: &Taken| requests / taken.time.as_secs_f64();
        let each = |taken: &Taken| taken.processor.as_secs_f64() * 1e6 / requests;
        println!(
            "{call:<10} {:>10.0} {:>10.0} {:>8.2}   {:>6.1} us, bare {:.1} us",
            median(rounds.iter().map(|(ours, _)| a_second(ours))),
            median(rounds.iter().map(|(_, bare)| a_second(bare))),
            median(rounds.iter().map(|(ours, bare)| a_second(ours) / a_second(bare))),
            median(rounds.iter().map(|(ours, _)| each(ours))),
            median(rounds.iter().map(|(_, bare)| each(bare))),
        );
    }
    println!("\n{} requests served by the sandbox", sandbox.requests_served());
}
