//! Where callbacks arrive: at a process that works on the roll-out, or at one that hands them on.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use cronofy_store::manager::Background;
use cronofy_store::onboarding::Onboarding;
use cronofy_webhook::{VerifiedBody, Verifier};
use http::StatusCode;
use tokio::net::TcpListener;

pub(super) const PATH: &str = "/cronofy/callback";

struct Desk<T> {
    verifier: Verifier,
    rollout: Onboarding<T>,
}

impl<T> Clone for Desk<T> {
    fn clone(&self) -> Self {
        Self { verifier: self.verifier.clone(), rollout: self.rollout.clone() }
    }
}

impl<T> FromRef<Desk<T>> for Verifier {
    fn from_ref(desk: &Desk<T>) -> Self {
        desk.verifier.clone()
    }
}

/// A listener on a free port of this machine.
pub(super) async fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Takes callbacks for the roll-out, until the runtime ends.
pub(super) fn open<T: Background>(listener: TcpListener, verifier: Verifier, rollout: Onboarding<T>) {
    let desk = Desk { verifier, rollout };
    let router = Router::new().route(PATH, post(receive::<T>)).with_state(desk);
    tokio::spawn(async move { axum::serve(listener, router).await });
}

/// Cronofy is answered once the callback is in the store.
async fn receive<T: Background>(State(desk): State<Desk<T>>, body: VerifiedBody) -> StatusCode {
    match desk.rollout.receive(&body.verified()).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
