//! Clients that keep their connection, and cost as little as can be: they share two cores with what is measured.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// How many clients there are at once.
pub(crate) const CLIENTS: usize = 500;

/// One client.
pub(crate) struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(8 * 1024) })
    }

    /// Sends a whole request and reads the whole answer, head and body, which must have this status.
    pub(crate) async fn ask(&mut self, request: &[u8], status: &str) -> Result<&str> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        let mut end = None;
        while end.is_none_or(|end| self.answer.len() < end) {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if end.is_none() {
                end = whole(&self.answer);
            }
        }
        let answer = str::from_utf8(&self.answer).map_err(Error::other)?;
        if answer.get(9..12) != Some(status) {
            return Err(Error::other(format!("not {status}, but: {answer}")));
        }
        Ok(answer)
    }
}

/// How long the answer is, once its head is there.
fn whole(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let lines = str::from_utf8(&answer[..head]).ok()?.lines();
    let length = lines.filter_map(|line| line.split_once(": ")).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
    });
    Some(head + length.unwrap_or(0))
}

/// The clients of one server.
pub(crate) struct Clients(Vec<Client>);

/// What is expected of the answers.
#[derive(Clone, Copy)]
pub(crate) struct Wave {
    pub(crate) status: &'static str,
    /// What of an answer is kept.
    pub(crate) keep: fn(&str) -> Option<String>,
}

impl Wave {
    /// Answers with this status, of which nothing is kept.
    pub(crate) const fn of(status: &'static str) -> Self {
        Self { status, keep: |_| None }
    }
}

impl Clients {
    pub(crate) async fn connect(server: SocketAddr) -> Result<Self> {
        let mut clients = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            clients.push(Client::connect(server).await?);
        }
        Ok(Self(clients))
    }

    /// Every client sends `times` requests, each as soon as the one before is answered: together they take them from
    /// `requests`, round and round. Gives the time from the first to the last, and what was kept of the answers.
    pub(crate) async fn drive(
        &mut self,
        times: usize,
        requests: Arc<[Bytes]>,
        wave: Wave,
    ) -> Result<(Duration, Vec<String>)> {
        let ready = Arc::new(Barrier::new(self.0.len() + 1));
        let mut running = JoinSet::new();
        for (number, mut client) in self.0.drain(..).enumerate() {
            let (ready, requests) = (Arc::clone(&ready), Arc::clone(&requests));
            running.spawn(async move {
                ready.wait().await;
                let mut kept = Vec::new();
                for round in 0..times {
                    let request = &requests[(round * CLIENTS + number) % requests.len()];
                    kept.extend((wave.keep)(client.ask(request, wave.status).await?));
                }
                Ok::<_, Error>((client, kept))
            });
        }
        ready.wait().await;
        let start = Instant::now();
        let mut kept = Vec::new();
        while let Some(ended) = running.join_next().await {
            let (client, of_client) = ended.map_err(Error::other)??;
            self.0.push(client);
            kept.extend(of_client);
        }
        Ok((start.elapsed(), kept))
    }
}
