//! The same application in both frameworks: `/` echoes what was verified, `/why` says what was not, and
//! `/notification` and `/delegation` parse.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use cronofy_webhook::{Rejection, VerifiedBody, Verifier};

/// Starts a server that lives as long as the test process.
pub(crate) type Start = fn(Verifier) -> SocketAddr;

pub(crate) fn axum_0_8(verifier: Verifier) -> SocketAddr {
    use axum::Router;
    use axum::extract::{DefaultBodyLimit, FromRef};
    use axum::routing::post;

    #[derive(Clone)]
    struct State {
        verifier: Verifier,
    }

    impl FromRef<State> for Verifier {
        fn from_ref(state: &State) -> Self {
            state.verifier.clone()
        }
    }

    let app = Router::new()
        .route("/", post(async |body: VerifiedBody| body.bytes().to_vec()))
        .route("/why", post(async |body: Result<VerifiedBody, Rejection>| why(body)))
        .route("/notification", post(async |body: VerifiedBody| notification(&body)))
        .route("/delegation", post(async |body: VerifiedBody| delegation(&body)))
        // The extractor's own limit must not lean on this one.
        .layer(DefaultBodyLimit::disable())
        .with_state(State { verifier });
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    receive.recv().unwrap()
}

pub(crate) fn actix_4(verifier: Verifier) -> SocketAddr {
    actix_4_with(move |app| {
        app.app_data(verifier.clone());
    })
}

pub(crate) fn actix_4_with(
    data: impl Fn(&mut actix_web::web::ServiceConfig) + Clone + Send + 'static,
) -> SocketAddr {
    use actix_web::web::post;
    use actix_web::{App, HttpServer, rt};

    let app = move || {
        App::new()
            .configure(&data)
            .route("/", post().to(async |body: VerifiedBody| body.bytes().to_vec()))
            .route("/why", post().to(async |body: Result<VerifiedBody, Rejection>| why(body)))
            .route("/notification", post().to(async |body: VerifiedBody| notification(&body)))
            .route("/delegation", post().to(async |body: VerifiedBody| delegation(&body)))
    };
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        rt::System::new().block_on(async {
            let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
            send.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    receive.recv().unwrap()
}

fn why(body: Result<VerifiedBody, Rejection>) -> String {
    match body {
        Ok(body) => format!("{body:?}"),
        Err(error) => match std::error::Error::source(&error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        },
    }
}

fn notification(body: &VerifiedBody) -> String {
    body.notification().unwrap().kind.to_string()
}

fn delegation(body: &VerifiedBody) -> String {
    body.delegation_callback().unwrap().state.unwrap().as_str().to_owned()
}
