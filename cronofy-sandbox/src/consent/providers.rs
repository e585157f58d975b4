//! Which provider first: links that narrow the accounts, as Cronofy's own first page does.

use super::choices::providers;
use super::html::escape;
use super::request::{AuthorizationRequest, Mode};
use crate::app::App;
use crate::wire::Call;

/// Links to the same request for one provider each. Nothing where there is none to choose.
pub(super) fn navigation(app: &App, call: &Call, request: &AuthorizationRequest) -> String {
    if !matches!(request.mode, Mode::Individual | Mode::Business { .. }) {
        return String::new();
    }
    let chosen = request.provider_name.as_deref();
    let all = link(call, None, "All providers", chosen.is_none());
    let each = providers(app, request).into_iter().map(|provider| {
        link(call, Some(provider.service()), provider.label(), chosen == Some(provider.service()))
    });
    let links: String = std::iter::once(all).chain(each).collect();
    format!("<nav aria-label=\"Provider\">\n{links}</nav>\n")
}

fn link(call: &Call, provider: Option<&str>, label: &str, current: bool) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(
        form_urlencoded::parse(call.raw_query().as_bytes()).filter(|(name, _)| name != "provider_name"),
    );
    if let Some(provider) = provider {
        query.append_pair("provider_name", provider);
    }
    let href = escape(&format!("{}?{}", call.path(), query.finish()));
    let current = if current { " aria-current=\"true\"" } else { "" };
    format!("<a href=\"{href}\"{current}>{}</a>\n", escape(label))
}
