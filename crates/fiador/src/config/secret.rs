//! Secrets in files of their own.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use fiador_kernel::Secret;
use serde::{Deserialize, Deserializer};

/// A text of the configuration that is a secret, or may hold one: masked in `Debug`.
#[derive(Clone, Debug)]
pub struct SecretText(Secret<String>);

impl SecretText {
    /// Takes a text into custody.
    pub fn new(text: &str) -> Self {
        Self(Secret::new(text.to_owned()))
    }

    /// The text itself. Every call is a place to review.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// Why a secret file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It cannot be read.
    #[error("cannot read the secret file {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others can read it.
    #[error("the secret file {path} is readable by others; run `chmod 600 {path}`")]
    Mode {
        /// Which file.
        path: PathBuf,
    },
    /// There is nothing in it.
    #[error("the secret file {path} is empty")]
    Empty {
        /// Which file.
        path: PathBuf,
    },
}

/// Reads a secret from a file that only its owner can read; a trailing line end is dropped.
pub fn read_secret_file(path: &Path) -> Result<Secret<String>, SecretError> {
    let read = |source| SecretError::Read { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(read)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(SecretError::Mode { path: path.to_owned() });
    }
    let text = fs::read_to_string(path).map_err(read)?;
    let secret = text.trim_end_matches(['\r', '\n']).to_owned();
    if secret.is_empty() {
        return Err(SecretError::Empty { path: path.to_owned() });
    }
    Ok(Secret::new(secret))
}
