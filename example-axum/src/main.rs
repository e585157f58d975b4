//! An application that connects people and whole organizations, for any number of instances behind one PostgreSQL:
//! whatever one of them began any other can go on with. The README at the root of the workspace runs two.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its log")]

mod mailboxes;
mod refusal;
mod settings;
mod sign_in;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use cronofy_auth_core::App;
use cronofy_store::PostgresStore;
use cronofy_store::manager::TokenManager;
use cronofy_transport_hyper::HyperTransport;
use cronofy_webhook::Verifier;

use self::refusal::Failure;
use self::settings::Settings;

/// How long Cronofy may take to answer. What an instance had in hand when it died is taken over by another after twice
/// this and ten seconds.
const DEADLINE: Duration = Duration::from_secs(5);

/// What every handler shares.
#[derive(Clone)]
struct Application {
    tokens: TokenManager<HyperTransport>,
    verifier: Verifier,
    /// Where browsers and callbacks find us: in front of all instances.
    public_url: Arc<str>,
}

impl FromRef<Application> for Verifier {
    fn from_ref(application: &Application) -> Self {
        application.verifier.clone()
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_environment()?;
    let store = PostgresStore::open(&settings.database_url, settings.keys)?;
    let app = App::new(settings.client_id, settings.client_secret, settings.data_center);
    let verifier = Verifier::new(app.client_secret());
    let transport = HyperTransport::builder().deadline(DEADLINE).build()?;
    let tokens = TokenManager::new(Arc::new(store), transport, app)?;
    let application = Application { tokens, verifier, public_url: settings.public_url };

    let router = Router::new()
        .route("/connect", get(sign_in::person))
        .route("/connect/organization", get(sign_in::organization))
        .route("/connected", get(sign_in::connected))
        .route("/accounts/{account}", get(sign_in::account))
        .route("/mailboxes", post(mailboxes::add).get(mailboxes::progress))
        .route("/cronofy", post(mailboxes::callback))
        .with_state(application.clone());
    tokio::spawn(mailboxes::keep_working(application.clone()));
    let listener = tokio::net::TcpListener::bind(&settings.listen).await?;
    axum::serve(listener, router).with_graceful_shutdown(interrupted()).await?;
    // A refresh or a redemption that is under way ends in the store before we do.
    application.tokens.settled().await;
    Ok(())
}

async fn interrupted() {
    // Where there is no such signal the process is stopped by other means, and nothing is lost by that either.
    let _ = tokio::signal::ctrl_c().await;
}
