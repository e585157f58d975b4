//! The token and the revocation endpoint.

pub(crate) mod answer;
pub(crate) mod revoke;
pub(crate) mod token;

use crate::state::State;
use crate::wire::{Fields, Refusal};

/// The client, authenticated by the credentials in the body.
fn client<'a>(fields: &'a Fields<'_>, state: &State) -> Result<&'a str, Refusal> {
    let (Some(client_id), Some(secret)) = (fields.get("client_id"), fields.get("client_secret")) else {
        return Err(Refusal::oauth("invalid_client", "client_id or client_secret is missing from the body"));
    };
    match state.applications.get(client_id) {
        None => Err(Refusal::oauth("invalid_client", "unknown client_id")),
        Some(application) if !application.knows_secret(secret) => {
            Err(Refusal::oauth("invalid_client", "client_secret is none of the active ones"))
        }
        Some(_) => Ok(client_id),
    }
}
