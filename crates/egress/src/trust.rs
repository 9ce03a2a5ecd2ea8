//! Which authorities vouch for other servers.

use std::{fs::File, io::Read as _, path::Path, sync::Arc};

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};

/// A file of 1 MiB is no list of authorities.
const MAX_FILE: u64 = 1024 * 1024;

/// Authorities whose certificates are accepted from other servers.
#[derive(Clone, Debug)]
pub struct Authorities(Arc<RootCertStore>);

/// Why there are no authorities.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// The file cannot be read.
    #[error("cannot read {file}: {source}")]
    File {
        /// Which file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no certificate, or something that is none.
    #[error("{0} does not hold certificates in PEM, up to 1 MiB")]
    NotCertificates(String),
    /// A certificate that cannot vouch for others.
    #[error("an authority's certificate cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl Authorities {
    /// Those of the operating system. What cannot be read there is left out; none at all is
    /// possible, and then no TLS server is trusted.
    pub fn of_system() -> Self {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (usable, _) = roots.add_parsable_certificates(found.certs);
        if usable == 0 {
            tracing::warn!(
                "the system trusts no certificate authority, so no https address can be fetched; \
                 install the system's authorities or set egress.ca_file"
            );
        }
        Self(Arc::new(roots))
    }

    /// Only these, as PEM.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AuthoritiesError> {
        Self(Arc::new(RootCertStore::empty())).with_pem(pem, "the text")
    }

    /// These, and the ones in a PEM file.
    pub fn with_file(self, file: &Path) -> Result<Self, AuthoritiesError> {
        let name = file.display().to_string();
        let mut pem = Vec::new();
        File::open(file)
            .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut pem))
            .map_err(|source| AuthoritiesError::File { file: name.clone(), source })?;
        if pem.len() as u64 > MAX_FILE {
            return Err(AuthoritiesError::NotCertificates(name));
        }
        self.with_pem(&pem, &name)
    }

    fn with_pem(self, pem: &[u8], name: &str) -> Result<Self, AuthoritiesError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.ok().filter(|found| !found.is_empty());
        let Some(certificates) = certificates else {
            return Err(AuthoritiesError::NotCertificates(name.to_owned()));
        };
        let mut roots = Arc::unwrap_or_clone(self.0);
        for certificate in certificates {
            roots.add(certificate)?;
        }
        Ok(Self(Arc::new(roots)))
    }

    /// TLS 1.2 or 1.3, HTTP/1.1 inside.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, AuthoritiesError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.0.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}
