//! TLS: whose cryptography, and which authorities. Neither is left to the process-wide default of rustls,
//! which panics as soon as two providers are compiled into one program.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};

use crate::builder::BuildError;

/// The authorities that a server's certificate has to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Those of the operating system, a company's own among them.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// Mozilla's, as they were when the program was built.
    #[cfg(feature = "webpki-roots")]
    Mozilla,
    /// These and no others, each a certificate in DER.
    Only(Vec<Vec<u8>>),
}

impl Roots {
    /// The first of those that are compiled in.
    #[allow(clippy::unnecessary_wraps, reason = "with neither feature on there are none")]
    fn compiled_in() -> Result<Self, BuildError> {
        #[cfg(feature = "platform-verifier")]
        return Ok(Self::Platform);
        #[cfg(all(feature = "webpki-roots", not(feature = "platform-verifier")))]
        return Ok(Self::Mozilla);
        #[cfg(not(any(feature = "webpki-roots", feature = "platform-verifier")))]
        Err(BuildError::NoRoots)
    }
}

pub(crate) fn config(roots: Option<Roots>) -> Result<ClientConfig, BuildError> {
    let provider = provider()?;
    let roots = roots.map_or_else(Roots::compiled_in, Ok)?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(BuildError::tls)?;
    let builder = match roots {
        #[cfg(feature = "platform-verifier")]
        Roots::Platform => {
            let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(BuildError::tls)?;
            // `dangerous` is how rustls calls any verifier that is not its own; this one verifies.
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
        #[cfg(feature = "webpki-roots")]
        Roots::Mozilla => {
            builder.with_root_certificates(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
        }
        Roots::Only(certificates) => {
            let mut store = RootCertStore::empty();
            for certificate in certificates {
                store.add(certificate.into()).map_err(BuildError::tls)?;
            }
            builder.with_root_certificates(store)
        }
    };
    Ok(builder.with_no_client_auth())
}

/// Whatever was configured, one protocol is spoken here. Offering another would be answered in it.
pub(crate) fn only_http1(mut config: ClientConfig) -> Arc<ClientConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

#[allow(clippy::unnecessary_wraps, reason = "with neither feature on there is none")]
fn provider() -> Result<Arc<CryptoProvider>, BuildError> {
    #[cfg(feature = "aws-lc-rs")]
    return Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    Err(BuildError::NoProvider)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also where both providers are compiled in, which is when the process-wide default panics.
    #[test]
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn a_provider_is_named() {
        config(Some(Roots::Only(Vec::new()))).unwrap();
    }

    #[test]
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn what_is_no_certificate_is_refused() {
        let error = config(Some(Roots::Only(vec![b"canary".to_vec()]))).unwrap_err();
        assert_eq!(error.to_string(), "TLS cannot be set up");
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    #[cfg(all(feature = "webpki-roots", any(feature = "ring", feature = "aws-lc-rs")))]
    fn mozillas_authorities() {
        config(Some(Roots::Mozilla)).unwrap();
    }

    #[test]
    #[cfg(all(
        any(feature = "ring", feature = "aws-lc-rs"),
        not(any(feature = "webpki-roots", feature = "platform-verifier"))
    ))]
    fn no_authorities() {
        assert!(matches!(config(None), Err(BuildError::NoRoots)));
    }

    #[test]
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    fn no_provider() {
        assert!(matches!(config(None), Err(BuildError::NoProvider)));
    }
}
