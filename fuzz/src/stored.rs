//! Stored forms, as a database may hand them back.

use core::fmt::Debug;

use cronofy_auth_core::App;
use cronofy_auth_core::authorize::PendingAuthorization;
use cronofy_auth_core::delegate::PendingDelegation;
use cronofy_auth_core::types::{
    ClientId, ClientSecret, CustomBase, DataCenter, DelegationCallback, Redirect, Timestamp, Verified,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The JSON of a pending authorization or a pending delegation.
///
/// What is accepted is written and read back as it was, and can be resumed by the one redirect or callback that
/// belongs to it and by no other.
pub fn stored(data: &[u8]) {
    if let Ok(pending) = serde_json::from_slice::<PendingAuthorization>(data) {
        written_and_read(&pending, data);
        resume_authorization(pending);
    }
    if let Ok(pending) = serde_json::from_slice::<PendingDelegation>(data) {
        written_and_read(&pending, data);
        resume_delegation(pending);
    }
}

fn written_and_read<T: Serialize + DeserializeOwned + PartialEq + Debug>(pending: &T, data: &[u8]) {
    let written = serde_json::to_string(pending).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), pending);

    let (original, written): (Value, Value) =
        (serde_json::from_slice(data).unwrap(), serde_json::from_str(&written).unwrap());
    // A derived reader takes its members from an array too, in their order; then they have no names to compare.
    if !original.is_object() {
        return;
    }
    for member in ["version", "client_id", "state", "redirect_uri", "callback_url", "email"] {
        // The one form has members that the other passes over.
        assert!(written.get(member).is_none_or(|written| *written == original[member]), "{member}");
    }
    for member in ["started_at", "expires_at"] {
        let instant = |form: &Value| form[member].as_str().unwrap().parse::<Timestamp>().unwrap();
        assert_eq!(instant(&original), instant(&written), "{member}");
    }
}

fn resume_authorization(pending: PendingAuthorization) {
    let redirect = |state: &str| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", "code")
            .append_pair("state", state)
            .finish();
        Redirect::from_query(&query).unwrap()
    };
    let state = pending.state().as_str().to_owned();
    let own = own_app(&pending);
    let started_at = pending.started_at();
    let in_time = started_at < pending.expires_at();

    if state != "stray" {
        let error = pending.clone().resume(&redirect("stray"), &own, started_at).unwrap_err();
        assert_eq!(*error.pending, pending);
    }
    if !is_other(&own) {
        let error = pending.clone().resume(&redirect(&state), &other_app(), started_at).unwrap_err();
        assert_eq!(*error.pending, pending);
    }
    assert_eq!(pending.resume(&redirect(&state), &own, started_at).is_ok(), in_time);
}

fn resume_delegation(pending: PendingDelegation) {
    let callback = |state: &str| {
        let body = json!({ "authorization": { "code": "code", "state": state } }).to_string();
        DelegationCallback::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap()
    };
    let state = pending.state().as_str().to_owned();
    let own = own_app(&pending);
    let started_at = pending.started_at();
    let in_time = started_at < pending.expires_at();

    if state != "stray" {
        let error = pending.clone().resume(callback("stray"), &own, started_at).unwrap_err();
        assert_eq!(*error.pending, pending);
    }
    if !is_other(&own) {
        let error = pending.clone().resume(callback(&state), &other_app(), started_at).unwrap_err();
        assert_eq!(*error.pending, pending);
    }
    assert_eq!(pending.resume(callback(&state), &own, started_at).is_ok(), in_time);
}

/// The application that began it, from the stored form, since a pending value does not hand it out.
fn own_app(pending: &impl Serialize) -> App {
    let stored = serde_json::to_value(pending).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let data_center = match &stored["data_center"] {
        Value::String(id) => id.parse().unwrap(),
        custom => DataCenter::Custom(CustomBase::new(&text(&custom["api"]), &text(&custom["app"])).unwrap()),
    };
    App::new(
        ClientId::new(text(&stored["client_id"])).unwrap(),
        ClientSecret::new("secret").unwrap(),
        data_center,
    )
}

fn other_app() -> App {
    App::new(ClientId::new("somebody else").unwrap(), ClientSecret::new("secret").unwrap(), DataCenter::Us)
}

fn is_other(app: &App) -> bool {
    app.client_id() == other_app().client_id() && app.data_center() == other_app().data_center()
}
