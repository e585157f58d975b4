//! Which accounts fit a request.

use std::sync::Arc;

use super::request::{AuthorizationRequest, Mode};
use crate::app::App;
use crate::world::{AccessMode, Login, Provider, World};

/// An account that can be chosen.
#[derive(Debug)]
pub(super) struct Choice {
    /// The address: the value in the form.
    pub(super) email: String,
    pub(super) name: String,
    /// For people: where it is, what it stands for.
    pub(super) detail: String,
    /// Whether the account can be connected with free/busy access only.
    pub(super) has_free_busy: bool,
}

impl Choice {
    /// The access modes that `request` offers for this account, the one that was asked for first.
    pub(super) fn modes(&self, request: &AuthorizationRequest) -> Vec<AccessMode> {
        let possible = |mode: &AccessMode| *mode != AccessMode::FreeBusy || self.has_free_busy;
        // No access makes no sense for a whole domain.
        let sensible = |mode: &AccessMode| {
            *mode != AccessMode::NoAccess || !matches!(request.mode, Mode::Enterprise { .. })
        };
        request.modes.iter().copied().filter(possible).filter(sensible).collect()
    }
}

/// The accounts that fit, in the order of the page.
pub(super) fn choices(app: &App, request: &AuthorizationRequest) -> Vec<Choice> {
    let state = app.state();
    let world = &state.world;
    match &request.mode {
        Mode::Individual | Mode::Business { .. } => people(world, request),
        Mode::Enterprise { .. } => world
            .organizations
            .iter()
            .map(|organization| Choice {
                email: organization.administrator.clone(),
                name: format!("Administrator of {}", organization.name),
                detail: format!(
                    "{}, service account {}",
                    organization.provider.label(),
                    organization.service_account_email
                ),
                has_free_busy: organization.provider.free_busy().is_some(),
            })
            .collect(),
        Mode::Organization => {
            let may = |role: &String| matches!(role.as_str(), "owner" | "developer_admin");
            let members = world.unit.members.iter().filter(|member| member.roles.iter().any(may));
            members
                .map(|member| Choice {
                    email: member.email.clone(),
                    name: world.login(&member.email).map(|login| login.name.clone()).unwrap_or_default(),
                    detail: format!("{} ({})", world.unit.name, member.roles.join(", ")),
                    has_free_busy: false,
                })
                .collect()
        }
    }
}

/// The providers that somebody who fits has, whichever one the request names.
pub(super) fn providers(app: &App, request: &AuthorizationRequest) -> Vec<Provider> {
    let state = app.state();
    let people = state.world.logins.iter().filter(|login| login.room.is_none() && fits(login, request));
    let mut providers = Vec::new();
    for login in people {
        if !providers.contains(&login.provider) {
            providers.push(login.provider);
        }
    }
    providers
}

/// Sharing within an organization is what Business Connect builds on.
fn fits(login: &Login, request: &AuthorizationRequest) -> bool {
    login.domain.is_some() || !matches!(request.mode, Mode::Business { .. })
}

fn people(world: &World, request: &AuthorizationRequest) -> Vec<Choice> {
    let wanted = |login: &&Arc<Login>| match request.provider_name.as_deref() {
        None => true,
        Some(name) => serves(login.provider, name),
    };
    let people = world.logins.iter().filter(|login| login.room.is_none());
    people
        .filter(|login| fits(login, request))
        .filter(wanted)
        .map(|login| Choice {
            email: login.email.clone(),
            name: login.name.clone(),
            detail: login.provider.label().to_owned(),
            has_free_busy: login.provider.free_busy().is_some(),
        })
        .collect()
}

/// Whether `provider_name` of a request means this provider: by technology, by service, or by reduced access.
fn serves(provider: Provider, name: &str) -> bool {
    provider.name() == name || provider.service() == name || provider.free_busy() == Some(name)
}
