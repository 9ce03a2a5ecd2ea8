//! Logos that came by the admin listener, one file each.
//!
//! A logo is configuration, not state: it is kept in a folder beside the configuration, under a name
//! made from its owner. Nodes that share the folder show the same logos ([`super::Brands::follow`]).

use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use http::StatusCode;

use super::{BrandError, BrandOwner, Logo, LogoError, owner::is_key};
use crate::Problem;

/// Logos of all owners together: 64 MiB of memory at the most.
const MAX_LOGOS: usize = 1_000;

/// The logo was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The bytes are no logo.
    #[error(transparent)]
    Logo(#[from] LogoError),
    /// There are 1,000 logos.
    #[error("there are {MAX_LOGOS} uploaded logos; remove some of clients that are gone")]
    TooMany,
    /// The folder cannot be written to.
    #[error("{path}: {error}; check the free space and that the gateway's user may write there")]
    Folder {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
}

/// 422 `brand.logo` for bytes that are no logo, 409 `brand.too_many_logos`, 500 `server.internal`.
impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let (status, code, title) = match &error {
            UploadError::Logo(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "brand.logo", "The logo cannot be used")
            }
            UploadError::TooMany => {
                (StatusCode::CONFLICT, "brand.too_many_logos", "There are too many logos")
            }
            UploadError::Folder { .. } => {
                tracing::error!(%error, "a logo could not be kept");
                return Self::internal();
            }
        };
        Self::new(status, code, title).detail(error.to_string())
    }
}

/// Where uploaded logos are, and those that were there at the start.
#[derive(Clone, Debug, Default)]
pub struct Uploads {
    folder: Option<PathBuf>,
    pub(super) found: HashMap<String, Logo>,
}

/// What tells one state of a file from another.
pub(super) type FileState = (String, Option<SystemTime>, u64);

impl Uploads {
    /// Kept as long as the process runs.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Kept in a folder, which is made if need be. Files in it that are no logos are passed over
    /// with a line in the log.
    pub fn open(folder: &Path) -> Result<Self, BrandError> {
        let failed = |error| BrandError::Uploads { path: folder.to_owned(), error };
        fs::create_dir_all(folder).map_err(failed)?;
        let uploads = Self { folder: Some(folder.to_owned()), found: HashMap::new() };
        let found = uploads.load().map_err(failed)?;
        Ok(Self { found, ..uploads })
    }

    /// Whether another process may change what is kept.
    pub(super) fn are_shared(&self) -> bool {
        self.folder.is_some()
    }

    /// All logos in the folder.
    pub(super) fn load(&self) -> io::Result<HashMap<String, Logo>> {
        let Some(folder) = &self.folder else { return Ok(HashMap::new()) };
        let mut logos = HashMap::new();
        for (key, _, _) in self.states()? {
            match Logo::read(&folder.join(&key)) {
                Ok(logo) => {
                    logos.insert(key, logo);
                }
                Err(error) => tracing::error!(%error, file = key, "not an uploaded logo"),
            }
        }
        Ok(logos)
    }

    /// Names, times and sizes of the files, by name; at most [`MAX_LOGOS`].
    pub(super) fn states(&self) -> io::Result<Vec<FileState>> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let mut states = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if let Some(name) = entry.file_name().to_str().filter(|name| is_key(name)) {
                let metadata = entry.metadata()?;
                states.push((name.to_owned(), metadata.modified().ok(), metadata.len()));
            }
        }
        states.sort();
        states.truncate(MAX_LOGOS);
        Ok(states)
    }

    /// Writes a logo beside its place and moves it there, so that nobody reads half of it.
    pub(super) fn put(
        &self,
        owner: &BrandOwner,
        logo: &Logo,
        kept: usize,
    ) -> Result<(), UploadError> {
        if kept >= MAX_LOGOS {
            return Err(UploadError::TooMany);
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        let place = folder.join(owner.key());
        let beside = folder.join(format!(".{}.new", owner.key()));
        let write = || {
            let mut file = fs::File::create(&beside)?;
            file.write_all(logo.bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &place)
        };
        write().map_err(|error| UploadError::Folder { path: place.clone(), error })
    }

    /// Removes a logo; it may be gone already.
    pub(super) fn remove(&self, owner: &BrandOwner) -> Result<(), UploadError> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let path = folder.join(owner.key());
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(UploadError::Folder { path, error })
            }
            _ => Ok(()),
        }
    }
}
