//! What stands before the processes: it hands each callback to one that lives, as a load balancer does.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use cronofy_webhook::SIGNATURE_HEADER;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::desk::PATH;
use crate::demo::failure::Failure;

/// Where the processes listen, as far as anybody knows. A clone is the same.
#[derive(Clone, Default)]
pub(super) struct Balancer(Arc<Known>);

#[derive(Default)]
struct Known {
    processes: Mutex<Vec<SocketAddr>>,
    turn: AtomicUsize,
}

impl Balancer {
    pub(super) fn add(&self, process: SocketAddr) {
        self.0.processes.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }

    pub(super) fn remove(&self, process: SocketAddr) {
        self.0.processes.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| *other != process);
    }

    /// Hands callbacks on, until the runtime ends.
    pub(super) fn open(&self, listener: TcpListener) {
        let router = Router::new().route(PATH, post(pass_on)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    /// Each gets its turn to be the first that is tried.
    fn in_turn(&self) -> Vec<SocketAddr> {
        let mut processes = self.0.processes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        if !processes.is_empty() {
            let first = turn % processes.len();
            processes.rotate_left(first);
        }
        processes
    }
}

async fn pass_on(State(balancer): State<Balancer>, headers: HeaderMap, body: Bytes) -> StatusCode {
    for process in balancer.in_turn() {
        // Whoever was killed does not answer, and the next one is asked.
        if let Ok(status) = send(process, &headers, body.clone()).await {
            return status;
        }
    }
    StatusCode::SERVICE_UNAVAILABLE
}

async fn send(process: SocketAddr, headers: &HeaderMap, body: Bytes) -> Result<StatusCode, Failure> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(TcpStream::connect(process).await?)).await?;
    // The connection moves only while somebody polls it; it ends with the sender.
    tokio::spawn(connection);
    let mut request = Request::post(PATH).header(HOST, process.to_string());
    for name in [CONTENT_TYPE.as_str(), SIGNATURE_HEADER] {
        for value in headers.get_all(name) {
            request = request.header(name, value);
        }
    }
    Ok(sender.send_request(request.body(Full::new(body))?).await?.status())
}
