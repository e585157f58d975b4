//! Connections: how they are accepted, what they may take, and how they end.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Further ones wait until one ends: enough for any test, and within what a process may have open.
const MOST_CONNECTIONS: usize = 512;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// How long a request's head may take to come, and an idle connection may stay.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// How long answers under way are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(2);
/// After a failed accept: whatever the process ran out of is not back at once.
const BREATH: Duration = Duration::from_millis(50);

/// Listens with room for everybody who comes at once. With less, the system resets connections that seemed made.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A port that was left just now can be taken again. On Windows the option would take it from its owner.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// What becomes of a connection instead of an answer: an extension of the response that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing is sent, and the other side's next word is answered with a reset.
    Reset,
    /// Nothing is sent, and it ends in good order.
    Close,
    /// Nothing is sent until the client goes away or the sandbox stops.
    Hang,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is ended on purpose")
    }
}

impl Error for Ending {}

/// Serves until `stopped` resolves. When this returns, every connection has ended.
pub(crate) async fn serve(listener: TcpListener, router: Router, stopped: impl Future<Output = ()>) {
    let mut stopped = pin!(stopped);
    let mut connections = JoinSet::new();
    let ending = watch::Sender::new(());
    loop {
        tokio::select! {
            () = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), ending.subscribe(), HEAD_PATIENCE));
                }
                Err(_) => sleep(BREATH).await,
            },
        }
    }
    drop((listener, ending));
    let farewell = async { while connections.join_next().await.is_some() {} };
    // Those who did not say it in time are cut off.
    let _ = timeout(FAREWELL, farewell).await;
    connections.shutdown().await;
}

/// One connection, until either side has had enough. `ending` changes when its sender is dropped.
async fn connection(stream: TcpStream, router: Router, mut ending: watch::Receiver<()>, patience: Duration) {
    let (router, stopped) = (TowerToHyperService::new(router), ending.clone());
    let service = service_fn(|request: Request<Incoming>| answer(router.call(request), &stopped));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = ending.changed() => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    // Any other end is that of a client that broke the protocol or went away: nobody is left to be told.
    if let Err(error) = ended
        && error.source().and_then(|cause| cause.downcast_ref()) == Some(&Ending::Reset)
    {
        // What the system does to a socket that is closed while it may not linger. If it refuses, the client sees
        // the connection end all the same.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// The answer, or the end of the connection: hyper ends it when a service fails.
async fn answer(
    answered: impl Future<Output = Result<Response, Infallible>>,
    stopped: &watch::Receiver<()>,
) -> Result<Response, Ending> {
    let Ok(response) = answered.await;
    match response.extensions().get::<Ending>() {
        None => Ok(response),
        Some(Ending::Hang) => {
            // It fails when the sandbox stops, and is dropped when the client goes.
            let _ = stopped.clone().changed().await;
            Err(Ending::Close)
        }
        Some(ending) => Err(*ending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn s28_a_head_is_waited_for_only_so_long() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        for beginning in [&b""[..], b"GET /_sandbox/health HT"] {
            let client = TcpStream::connect(address).await.expect("it listens");
            client.writable().await.expect("it is open");
            client.try_write(beginning).expect("there is room");
            let (stream, _) = listener.accept().await.expect("a connection");
            let ending = watch::Sender::new(());
            let one = connection(stream, Router::new(), ending.subscribe(), Duration::from_millis(50));
            timeout(Duration::from_secs(10), one).await.expect("it ends by itself");
        }
    }
}
