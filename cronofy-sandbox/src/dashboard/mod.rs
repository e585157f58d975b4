//! `GET /_sandbox/dashboard`
//!
//! What happens in the sandbox, for people to watch: a page and a script that speak the control API and nothing
//! else. They are served as they are written, with nothing built.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderName, HeaderValue, header};

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/_sandbox/dashboard", get(page))
        .route("/_sandbox/dashboard/style.css", get(style))
        .route("/_sandbox/dashboard/script.js", get(script))
}

async fn page() -> Response {
    served("text/html; charset=utf-8", include_str!("page.html"))
}

async fn style() -> Response {
    served("text/css; charset=utf-8", include_str!("style.css"))
}

async fn script() -> Response {
    served("text/javascript; charset=utf-8", include_str!("script.js"))
}

/// The page runs its own script, speaks to its own origin, and is framed by nobody.
fn served(kind: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(text.into());
    let fixed: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, kind),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
