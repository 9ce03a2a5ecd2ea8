//! TLS with a certificate that can be replaced while serving (T-010).

mod certificate;
mod files;
mod watch;

use std::sync::Arc;

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs::{self, Ticketer},
    version::{TLS12, TLS13},
};

pub use certificate::ReloadableCertificate;
pub use files::{CertificateError, CertificateFiles};

/// A server configuration: TLS 1.3 and 1.2, HTTP/2 and HTTP/1.1, no client certificates.
///
/// The provider is given by name: a second one compiled in by some dependency would otherwise make
/// the choice at run time.
pub fn server_config(
    certificate: &Arc<ReloadableCertificate>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(Arc::clone(certificate) as _);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Stateless tickets: resumption costs no memory. Their keys live in this process and rotate.
    config.ticketer = Ticketer::new()?;
    Ok(Arc::new(config))
}
