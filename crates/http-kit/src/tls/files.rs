//! A certificate chain and its key from PEM files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustls::{crypto::aws_lc_rs, sign::CertifiedKey};
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};

/// A file of 1 MiB is no certificate.
const MAX_FILE: u64 = 1024 * 1024;

/// Where the certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// PEM: the server's certificate first, then the intermediate ones.
    pub chain: PathBuf,
    /// PEM: PKCS#8, PKCS#1 or SEC1, not encrypted, readable by the owner and at most its group.
    pub key: PathBuf,
}

/// Why a certificate cannot be used; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file cannot be read.
    #[error("{path}: {error}; check the path and that the gateway's user may read it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
    /// Far too large for what it should be.
    #[error("{path}: larger than 1 MiB; this is not a certificate or key file")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Others may read the key.
    #[error("{path}: mode {mode:03o} lets others at the private key; use `chmod 600` (or 640)")]
    KeyExposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not PEM, or nothing of the wanted kind inside.
    #[error("{path}: {error}; a PEM file with {wanted} is needed")]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What should be inside.
        wanted: &'static str,
        /// What the reader said.
        #[source]
        error: pem::Error,
    },
    /// The key does not belong to the certificate, or is of a kind that is not supported.
    #[error(
        "{chain}: {error}; the first certificate and the key must be a pair (RSA, ECDSA or Ed25519)"
    )]
    Unusable {
        /// The chain file.
        chain: PathBuf,
        /// What rustls said.
        #[source]
        error: rustls::Error,
    },
}

impl CertificateFiles {
    /// Reads and checks both files.
    pub(super) fn read(&self) -> Result<CertifiedKey, CertificateError> {
        refuse_exposed_key(&self.key)?;
        let chain = read_bounded(&self.chain)?;
        let chain = CertificateDer::pem_slice_iter(&chain)
            .collect::<Result<Vec<_>, _>>()
            .and_then(
                |chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) },
            )
            .map_err(|error| not_pem(&self.chain, "a certificate chain", error))?;
        let key = PrivateKeyDer::from_pem_slice(&read_bounded(&self.key)?)
            .map_err(|error| not_pem(&self.key, "a private key", error))?;
        CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())
            .map_err(|error| CertificateError::Unusable { chain: self.chain.clone(), error })
    }
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let unreadable = |error| CertificateError::Unreadable { path: path.to_owned(), error };
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_FILE {
        return Err(CertificateError::TooLarge { path: path.to_owned() });
    }
    fs::read(path).map_err(unreadable)
}

fn not_pem(path: &Path, wanted: &'static str, error: pem::Error) -> CertificateError {
    CertificateError::NotPem { path: path.to_owned(), wanted, error }
}

/// The group may read, as secrets mounted by container platforms need; nobody else may do anything.
#[cfg(unix)]
fn refuse_exposed_key(path: &Path) -> Result<(), CertificateError> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = fs::metadata(path)
        .map_err(|error| CertificateError::Unreadable { path: path.to_owned(), error })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o027 != 0 {
        return Err(CertificateError::KeyExposed { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed_key(_: &Path) -> Result<(), CertificateError> {
    Ok(())
}
