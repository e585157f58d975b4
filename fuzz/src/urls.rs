//! URLs that a person typed into a configuration.

use cronofy_auth_core::Endpoint as _;
use cronofy_auth_core::authorize::IndividualConnect;
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::types::{
    AccessToken, CallbackUrl, CustomBase, DataCenter, RedirectUri, Scope, Scopes, State,
};
use url::{Host, Url};

use crate::model::every_flow::app;

/// A text that may be a URL, an origin or the name of a data center.
///
/// A URL that is accepted comes out of an authorize URL exactly as it went in. An origin that is accepted is one
/// to the parser that connects and to the one that browsers have, and never plain `http` to another machine.
pub fn redirect_uri(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let redirect_uri = RedirectUri::new(&*text);
    assert_eq!(redirect_uri.is_ok(), CallbackUrl::new(&*text).is_ok());
    if let Ok(redirect_uri) = redirect_uri {
        assert_eq!(redirect_uri.as_str(), text);
        assert_eq!(redirect_uri.is_secure(), text[..5].eq_ignore_ascii_case("https"));
        sent_out_exactly(redirect_uri, &text);
    }
    if let Ok(data_center) = text.parse::<DataCenter>() {
        assert!(DataCenter::ALL.contains(&data_center));
        assert!(text.is_empty() || data_center.id().unwrap().eq_ignore_ascii_case(&text));
    }
    if let Ok(base) = CustomBase::new(&text, &text) {
        assert!(RedirectUri::new(&*text).is_ok(), "an origin is a URL");
        connects_where_it_says(base);
    }
}

fn sent_out_exactly(redirect_uri: RedirectUri, text: &str) {
    let connect = IndividualConnect::new(redirect_uri, Scopes::from([Scope::ReadEvents])).unwrap();
    let url = connect.url(&app(), &State::from_random([1; 16]));
    assert!(url.parse::<http::Uri>().is_ok());
    let url = Url::parse(&url).unwrap();
    assert_eq!(url.origin().ascii_serialization(), "https://app.cronofy.com");
    assert_eq!(url.fragment(), None);
    let sent: Vec<String> = url
        .query_pairs()
        .filter(|(name, _)| name == "redirect_uri")
        .map(|(_, value)| value.into_owned())
        .collect();
    assert_eq!(sent, [text]);
}

fn connects_where_it_says(base: CustomBase) {
    let data_center = DataCenter::Custom(base);
    let origin = data_center.api_origin().to_owned();
    let request = UserinfoOf::new(data_center, AccessToken::new("token").unwrap()).request().unwrap();
    let uri = request.uri();
    assert_eq!((uri.path(), uri.query()), ("/v1/userinfo", None));
    assert!(uri.host().is_some_and(|host| !host.is_empty()));

    // Where the other parser knows better what a host is, it refuses; it never reads another one.
    let Ok(url) = Url::parse(&origin) else { return };
    let loopback = match url.host().unwrap() {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    assert!(url.scheme() == "https" || loopback, "plain http to {url}");
    assert_eq!(url.port_or_known_default(), uri.port_u16().or(url.port_or_known_default()));
    assert!(url.username().is_empty() && url.path() == "/" && url.query().is_none());
}
