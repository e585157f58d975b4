//! Everybody's calendar, through the service account that an administrator connected.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use cronofy_auth_core::types::{CallbackUrl, EmailAddress, Scope, Scopes, Sub};
use cronofy_store::onboarding::{Onboarding, Pace};
use cronofy_store::rollout::Settings;
use cronofy_store::store::{Ask, Told, ask};
use cronofy_store::{GrantId, Origin};
use cronofy_transport_hyper::HyperTransport;
use cronofy_webhook::VerifiedBody;
use serde::{Deserialize, Serialize};

use crate::Application;
use crate::refusal::{Failure, Refusal};

/// How many requests one instance has under way at once.
const WORKERS: usize = 2;

/// How long a new list waits at most.
const LOOK: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(crate) struct Through {
    service_account: String,
}

#[derive(Serialize)]
pub(crate) struct Progress {
    open: u32,
    authorized: u32,
    failed: u32,
}

/// Adds the addresses in the body, one in a line. The same ones again change nothing.
pub(crate) async fn add(
    State(application): State<Application>,
    Query(through): Query<Through>,
    addresses: String,
) -> Result<StatusCode, Refusal> {
    let rollout = application.rollout(&through.service_account).await?;
    let addresses: Result<Vec<_>, _> = addresses.lines().map(EmailAddress::new).collect();
    rollout.add(addresses?).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(crate) async fn progress(
    State(application): State<Application>,
    Query(through): Query<Through>,
) -> Result<Json<Progress>, Refusal> {
    let now = application.rollout(&through.service_account).await?.progress().await?;
    let open = now.queued + now.asked + now.came;
    Ok(Json(Progress { open, authorized: now.authorized, failed: now.failed }))
}

/// Cronofy calls back, whichever instance it finds. What it says is in the store before it is answered.
pub(crate) async fn callback(
    State(application): State<Application>,
    body: VerifiedBody,
) -> Result<StatusCode, Refusal> {
    let received = application.tokens.receive(&body.verified()).await?;
    println!("a callback: {received:?}");
    Ok(StatusCode::OK)
}

/// Works on whatever any instance was told to do, for as long as this one lives.
pub(crate) async fn keep_working(application: Application) {
    loop {
        if let Err(error) = work(&application).await {
            eprintln!("the roll-outs stand still for a moment: {error}");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// One service account after the other, until there is nothing to do for any of them.
async fn work(application: &Application) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = Ask::Grants { after: after.take(), limit: 100 };
        let Told::Grants(grants) = ask(&**application.tokens.store(), page).await? else { return Ok(()) };
        let Some(last) = grants.last() else { return Ok(()) };
        after = Some(last.id.clone());
        for grant in grants.iter().filter(|grant| grant.origin == Origin::ServiceAccount) {
            application.rollout(grant.id.subject.as_str()).await?.workers(WORKERS).await?;
        }
    }
}

impl Application {
    async fn rollout(&self, service_account: &str) -> Result<Onboarding<HyperTransport>, Failure> {
        let settings = Settings {
            through: GrantId::new(self.tokens.app(), Sub::new(service_account)?),
            profile: None,
            callback_url: CallbackUrl::new(format!("{}/cronofy", self.public_url))?,
            scope: Scopes::from([Scope::ReadOnly]),
        };
        Ok(Onboarding::begin(&self.tokens, "everybody", settings, Pace::default()).await?)
    }
}
