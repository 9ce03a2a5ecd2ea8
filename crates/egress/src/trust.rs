//! Which authorities vouch for other servers.

use std::{fs::File, io::Read as _, path::Path, sync::Arc};

use fiador_ports::FetchError;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use tokio::{sync::OnceCell, task::spawn_blocking};

/// A file of 1 MiB is no list of authorities.
const MAX_FILE: u64 = 1024 * 1024;

/// Authorities whose certificates are accepted from other servers.
#[derive(Clone, Debug)]
pub struct Authorities {
    /// Those of the operating system, read when they are first needed.
    system: bool,
    named: RootCertStore,
}

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
    /// Those of the operating system.
    pub fn of_system() -> Self {
        Self { system: true, ..Self::none() }
    }

    /// Nobody yet.
    pub fn none() -> Self {
        Self { system: false, named: RootCertStore::empty() }
    }

    /// These, and the ones in PEM text.
    pub fn with_pem(self, pem: &[u8]) -> Result<Self, AuthoritiesError> {
        self.with("the text", pem)
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
        self.with(&name, &pem)
    }

    fn with(mut self, name: &str, pem: &[u8]) -> Result<Self, AuthoritiesError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.ok().filter(|found| !found.is_empty());
        let Some(certificates) = certificates else {
            return Err(AuthoritiesError::NotCertificates(name.to_owned()));
        };
        for certificate in certificates {
            self.named.add(certificate)?;
        }
        Ok(self)
    }

    /// What cannot be read of the system's authorities is left out.
    fn roots(self) -> RootCertStore {
        let mut roots = self.named;
        if self.system {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        if roots.is_empty() {
            tracing::warn!(
                "the system trusts no certificate authority, so nothing is fetched by https; \
                 install the system's authorities or set egress.ca_file"
            );
        }
        roots
    }
}

/// TLS towards other servers. It is made at the first use: reading the system's authorities takes
/// longer than the rest of the gateway's start.
pub(crate) struct Tls {
    authorities: Authorities,
    config: OnceCell<Arc<ClientConfig>>,
}

impl Tls {
    pub(crate) fn new(authorities: Authorities) -> Self {
        Self { authorities, config: OnceCell::new() }
    }

    /// TLS 1.2 or 1.3, HTTP/1.1 inside.
    pub(crate) async fn config(&self) -> Result<Arc<ClientConfig>, FetchError> {
        let make = || async {
            let authorities = self.authorities.clone();
            let made = spawn_blocking(move || client_config(authorities.roots())).await;
            made.ok().and_then(Result::ok).map(Arc::new).ok_or(FetchError::Tls)
        };
        self.config.get_or_try_init(make).await.cloned()
    }
}

fn client_config(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
