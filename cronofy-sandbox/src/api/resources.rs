//! `GET /v1/resources`
//!
//! Rooms and equipment of a service account's domain.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth;
use crate::ledger::{Operation, documented};
use crate::scope;
use crate::wire::{Call, Refusal, json as answer};
use crate::world::Room;

pub(crate) const OPERATION: Operation = Operation {
    name: "GET /v1/resources",
    rules: &[
        documented(
            "It needs a service account with `service_account/resources/manage`",
            "api/enterprise-connect/list-resources",
        ),
        documented(
            "Each has `email` and `name`; there are no pages",
            "api/enterprise-connect/list-resources",
        ),
        documented(
            "`include_details` with `capacity` and `location` adds what is known",
            "api/enterprise-connect/list-resources",
        ),
    ],
};

pub(crate) async fn handle(State(app): State<App>, call: Call) -> Result<Response, Refusal> {
    let state = app.state();
    let (key, _) = auth::service_account(&call, &state, app.clock.now(), &[scope::MANAGE_RESOURCES])?;
    let query = call.query();
    let details = query.get("include_details").unwrap_or_default();
    let domain = state.world.organization(&key.sub).map(|organization| &organization.domain);
    let rooms = state.world.logins.iter().filter(|login| login.domain.as_ref() == domain);
    let resources: Vec<Value> = rooms
        .filter_map(|login| {
            let room = login.room.as_ref()?;
            let mut body = json!({ "email": login.email, "name": login.name });
            if scope::holds(details, "capacity")
                && let Some(capacity) = room.capacity
            {
                body["capacity"] = json!(capacity);
            }
            if scope::holds(details, "location")
                && let Some(location) = location(room)
            {
                body["location"] = location;
            }
            Some(body)
        })
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "resources": resources })))
}

/// Resources without details omit them.
fn location(room: &Room) -> Option<Value> {
    let building = room.building.as_ref()?;
    let mut location = json!({ "building_name": building });
    if let Some(floor) = &room.floor {
        location["floor_name"] = json!(floor);
    }
    if let Some(section) = &room.section {
        location["floor_section"] = json!(section);
    }
    if let Some(address) = &room.address {
        location["address"] = json!({
            "lines": address.lines,
            "locality": address.locality,
            "region": address.region,
            "postal_code": address.postal_code,
            "country": address.country,
        });
    }
    if let Some(coordinates) = room.coordinates {
        location["coordinates"] = json!(coordinates);
    }
    Some(location)
}
