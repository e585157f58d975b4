//! What the sandbox is held against: the same framework, answering with bytes that it has.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::net::TcpListener;

/// Serves `userinfo` to `GET` and `tokens` to `POST`, where the sandbox has both, on the current runtime.
pub(crate) async fn serve(userinfo: Bytes, tokens: Bytes) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/v1/userinfo", get(|| async move { json(userinfo) }))
        // The body is read, as every handler of a token request would.
        .route("/oauth/token", post(|_: Bytes| async move { json(tokens) }));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(address)
}

fn json(body: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body)
}
