//! TLS, with a server that has it.

use std::sync::Arc;
use std::time::Duration;

use cronofy_store::seal::Seal;
use cronofy_store::store::{StoreError, ask_blocking};
use cronofy_store::suite::{Clock, checks};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::database::Schema;
use crate::list;
use crate::support::{authorize, grant, keys};

list![it_passes_the_suite_by_tls, a_server_that_nobody_vouches_for_is_refused];

/// The environment variable with the file of the server's certificate.
const CERTIFICATE: &str = "CRONOFY_TEST_POSTGRES_CERTIFICATE";

/// Trusts the server, and says that there is one.
fn trusting() -> Option<MakeRustlsConnect> {
    let Ok(file) = std::env::var(CERTIFICATE) else {
        println!("SKIPPED: TLS was not tested: {CERTIFICATE} names no certificate, as .ci/postgres does");
        return None;
    };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file).unwrap()).unwrap();
    Some(connector(roots))
}

fn connector(roots: RootCertStore) -> MakeRustlsConnect {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn it_passes_the_suite_by_tls() {
    let Some(trusting) = trusting() else { return };
    for check in checks() {
        let (schema, clock) = (Schema::new(), Clock::default());
        let store = schema.options().tls(trusting.clone()).open(keys(1, &[])).unwrap().with_clock({
            let clock = clock.clone();
            move || clock.now()
        });
        check.run(store, clock);
    }
    let schema = Schema::new();
    let name = format!("tls_{}", schema.name);
    let named = format!("{}?application_name={name}", crate::database::address().unwrap());
    let options = cronofy_store::PostgresOptions::new(&named).unwrap().schema(schema.name.as_str());
    let store = options.tls(trusting).open(keys(1, &[])).unwrap();
    ask_blocking(&store, authorize("acc_1")).unwrap();
    assert!(grant(&store, "acc_1").unwrap().is_some());
    let encrypted = format!(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = '{name}'"
    );
    assert_eq!(schema.database.rows(&encrypted), [["t"]]);
}

fn a_server_that_nobody_vouches_for_is_refused() {
    if trusting().is_none() {
        return;
    }
    let schema = Schema::new();
    let public = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // It is not tried again: the test would take until then.
    let options = schema.options().tls(connector(public)).patience(Duration::from_secs(3600));
    let refused = options.open(Seal::plaintext()).unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable { doing: "connect", .. }), "{refused:?}");
    let text = std::error::Error::source(&refused).unwrap().to_string();
    assert!(text.contains("invalid peer certificate: UnknownIssuer"), "{text}");
}
