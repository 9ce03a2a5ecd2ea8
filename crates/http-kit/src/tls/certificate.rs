//! The certificate in use.

use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{CertificateError, CertificateFiles};

/// A certificate that new connections take and [`reload`](Self::reload) replaces; connections that
/// stand keep theirs.
#[derive(Debug)]
pub struct ReloadableCertificate {
    pub(super) files: CertificateFiles,
    current: ArcSwap<CertifiedKey>,
}

impl ReloadableCertificate {
    /// Reads the files for the first time.
    pub fn load(files: CertificateFiles) -> Result<Arc<Self>, CertificateError> {
        let current = ArcSwap::from_pointee(files.read()?);
        Ok(Arc::new(Self { files, current }))
    }

    /// Reads the files again. On an error the certificate in use stays.
    pub fn reload(&self) -> Result<(), CertificateError> {
        self.current.store(Arc::new(self.files.read()?));
        Ok(())
    }
}

impl ResolvesServerCert for ReloadableCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}
