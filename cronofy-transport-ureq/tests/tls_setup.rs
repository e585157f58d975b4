//! TLS as it is set up by default, and as somebody else sets it up. Run with `--all-features` this has both
//! providers compiled in, where the process-wide default of rustls panics.

use cronofy_transport_ureq::{BuildError, UreqTransport};

#[test]
fn the_platforms_authorities_or_an_error() {
    match UreqTransport::new() {
        Ok(transport) => assert!(format!("{transport:?}").contains("30s")),
        // A machine without certificate files.
        Err(error) => assert!(matches!(error, BuildError::Tls { .. }), "{error:?}"),
    }
}

#[test]
fn the_application_is_named_or_refused() {
    let named = |name| UreqTransport::builder().application(name).build();
    if let Ok(transport) = named("my-app/1.2") {
        assert!(format!("{transport:?}").contains("my-app/1.2 cronofy-rust/"));
    }
    let error = named("my-app\n").err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("the application's name cannot be sent in a header"));
}

#[cfg(feature = "rustls-0_23")]
mod blocking;

/// Somebody's own configuration, which offers a protocol that is not spoken here.
#[cfg(feature = "rustls-0_23")]
mod given {
    #![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

    use std::sync::Arc;

    use cronofy_transport_ureq::UreqTransport;
    use rustls::{ClientConfig, RootCertStore};
    use transport_exchanges::{Limits, Subject, tls_exchanges};

    use super::blocking::Blocking;

    tls_exchanges!(make);

    fn make(limits: &Limits) -> Box<dyn Subject> {
        let mut roots = RootCertStore::empty();
        for root in &limits.roots {
            roots.add(root.clone().into()).unwrap();
        }
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let builder = UreqTransport::builder().connect_timeout(limits.connect).deadline(limits.deadline);
        Box::new(Blocking(builder.tls_config(config).build().unwrap()))
    }
}
