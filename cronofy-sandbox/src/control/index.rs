//! `GET /_sandbox/`, `GET /_sandbox/openapi.json` and `GET /_sandbox/ready`
//!
//! What can be done here, and who is here.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::ready::describe;
use crate::wire::{Call, json as answer};

/// Every control call, as a document of `OpenAPI` 3.1. Kept by hand; a test holds it to the routes.
const OPENAPI: &str = include_str!("../../openapi.json");

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/", get(index))
        .route("/_sandbox/openapi.json", get(openapi))
        .route("/_sandbox/ready", get(ready))
}

/// Whoever asks for a page, as a browser does, is sent to the one for people.
async fn index(call: Call) -> Response {
    if call.header("accept").is_some_and(|accepted| accepted.contains("text/html")) {
        return Redirect::to("/_sandbox/dashboard").into_response();
    }
    let calls: Vec<Value> = calls(&document())
        .into_iter()
        .map(|(method, path, operation)| json!({ "method": method, "path": path, "summary": operation["summary"] }))
        .collect();
    answer(
        StatusCode::OK,
        &json!({ "banner": "not Cronofy", "openapi": "/_sandbox/openapi.json", "calls": calls }),
    )
}

async fn openapi() -> Response {
    answer(StatusCode::OK, &document())
}

/// The line that the sandbox started with, as it would be now.
async fn ready(State(app): State<App>) -> Response {
    let tenant = app.ready.tenant.as_deref();
    answer(StatusCode::OK, &describe(&app.base_url, tenant, &app.state(), &app.ids))
}

fn document() -> Value {
    // It is part of the program, and a test reads it.
    serde_json::from_str(OPENAPI).unwrap_or_default()
}

/// Method, path and description of every call in the document.
fn calls(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten().filter(|(key, _)| *key != "parameters");
            operations.map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::{fs, path::Path};

    use super::*;

    /// Methods and paths as the sources of this folder write them, in calls of `route`. The dashboard is for people,
    /// and not in it.
    fn routes() -> BTreeSet<(String, String)> {
        let mut routes = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/control")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder of sources") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|kind| kind == "rs") {
                    routes.extend(routes_of(&fs::read_to_string(path).expect("a source")));
                }
            }
        }
        routes
    }

    fn routes_of(source: &str) -> Vec<(String, String)> {
        let mut routes = Vec::new();
        for call in source.split(".route(").skip(1) {
            let Some(path) = call.trim_start().strip_prefix("\"/_sandbox/") else { continue };
            let (path, handlers) = path.split_once('"').expect("a path ends");
            let handlers = handlers.split("\n}").next().unwrap_or_default();
            let mut words =
                handlers.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
            while let Some(method) = words.next() {
                if ["get", "put", "post", "patch", "delete"].contains(&method) {
                    routes.push((method.to_uppercase(), format!("/_sandbox/{path}")));
                    // The handler, which can be called like a method.
                    words.next();
                }
            }
        }
        routes
    }

    #[test]
    fn the_document_has_every_route_and_no_other() {
        let declared: BTreeSet<(String, String)> =
            calls(&document()).into_iter().map(|(method, path, _)| (method, path)).collect();
        let missing: Vec<_> = routes().difference(&declared).cloned().collect();
        assert!(missing.is_empty(), "openapi.json lacks {missing:?}");
        let surplus: Vec<_> = declared.difference(&routes()).cloned().collect();
        assert!(surplus.is_empty(), "openapi.json has {surplus:?}, which no source routes");
    }
}
