//! From file and environment to [`Config`].

use std::path::{Path, PathBuf};

use super::Config;

/// The configuration cannot be used; the message names file, place and cause.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file or a variable is malformed, or a key is unknown or missing.
    #[error("configuration {path}: {source}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: config::ConfigError,
    },
}

/// Reads the file, then lets variables `FIADOR__SECTION__KEY` override it.
pub fn load(path: &Path) -> Result<Config, LoadError> {
    let malformed = |source| LoadError::Malformed { path: path.to_owned(), source };
    config::Config::builder()
        .add_source(config::File::from(path).format(config::FileFormat::Toml))
        .add_source(
            config::Environment::with_prefix("FIADOR").prefix_separator("__").separator("__"),
        )
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(malformed)
}
