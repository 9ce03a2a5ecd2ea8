use std::io::Read as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::random::{self, NONCE_BYTES};

/// Length of the root key in bytes.
pub const ROOT_KEY_BYTES: usize = 32;

/// First byte of wrapped material: format 1, AES-256-GCM-SIV.
const FORMAT: u8 = 1;

/// A key file holds 44 characters and a line end; what is far longer is some other file.
const MAX_FILE_BYTES: u64 = 1024;

/// The one key every node of a cluster is given (decision 0001); all other keys lie in the
/// database wrapped under it, so a dump of the database alone opens nothing (T-075, T-247).
///
/// Wiped from memory when dropped; `Debug` shows nothing of it.
pub struct RootKey(Zeroizing<[u8; ROOT_KEY_BYTES]>);

/// Why the root key could not be had, or could not open what lies in the database.
#[derive(Debug, thiserror::Error)]
pub enum RootKeyError {
    /// The file is missing or not readable by this process.
    #[error("cannot read the root key file {}: {source}", path.display())]
    Unreadable {
        /// The configured path.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Others than the owner may read, write or execute the file.
    #[error(
        "the root key file {} has mode {mode:03o}; make it private with `chmod 600`, and replace \
         the key if others may have read it",
        path.display()
    )]
    TooOpen {
        /// The configured path.
        path: PathBuf,
        /// The permission bits found.
        mode: u32,
    },
    /// A directory, a device or a pipe.
    #[error("the root key file {} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Not the base64 text of 32 bytes.
    #[error(
        "the root key must be 32 random bytes in base64; make one with `openssl rand -base64 32`"
    )]
    Malformed,
    /// All bytes are equal: a placeholder.
    #[error("the root key is a placeholder; make one with `openssl rand -base64 32`")]
    Placeholder,
    /// Stored material does not open under this root key.
    #[error(
        "key {key} in the database was not wrapped under this root key; configure the root key the \
         database was set up with, the same on every node (a restored database needs the root key of \
         its time)"
    )]
    DoesNotOpen {
        /// The row that did not open.
        key: String,
    },
    /// The random generator or the cipher failed; nothing was written.
    #[error("the cryptographic library could not {0}")]
    Library(&'static str),
}

impl RootKey {
    /// Reads the key from a file with base64 text, see [`RootKey::from_base64`]. The file must be
    /// regular and private to its owner (T-075); the check is made on the opened file, so it cannot
    /// be swapped in between.
    pub fn from_file(path: &Path) -> Result<Self, RootKeyError> {
        let unreadable = |source| RootKeyError::Unreadable { path: path.to_owned(), source };
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(RootKeyError::NotAFile(path.to_owned()));
        }
        refuse_shared(path, &metadata)?;
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(unreadable)?;
        Self::from_base64(&text)
    }

    /// Makes a new key and writes it to a new file that only its owner can read. An existing file is
    /// never overwritten: losing a root key means losing every key in the database.
    pub fn create_file(path: &Path) -> Result<Self, RootKeyError> {
        use std::io::Write as _;
        let unreadable = |source| RootKeyError::Unreadable { path: path.to_owned(), source };
        let key = Self::generate()?;
        let text = Zeroizing::new(BASE64.encode(key.0.as_slice()) + "\n");
        let mut file = private_file(path).map_err(unreadable)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unreadable)?;
        Ok(key)
    }

    /// A new random key. The bytes come from the operating system, never from a seeded source.
    pub fn generate() -> Result<Self, RootKeyError> {
        let mut bytes = Zeroizing::new([0; ROOT_KEY_BYTES]);
        random::fill(bytes.as_mut_slice()).map_err(|_| RootKeyError::Library("draw a key"))?;
        Ok(Self(bytes))
    }

    /// Reads 32 bytes in base64, standard or URL alphabet, padded or not, white space around it
    /// ignored: the forms in which tools and secret stores hand it over.
    pub fn from_base64(text: &str) -> Result<Self, RootKeyError> {
        let text = Zeroizing::new(text.trim().replace('-', "+").replace('_', "/"));
        let bytes =
            Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(|_| RootKeyError::Malformed)?);
        Self::from_bytes(&bytes)
    }

    /// Takes the 32 bytes themselves, such as a key derived by a key management service.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RootKeyError> {
        let bytes: [u8; ROOT_KEY_BYTES] = bytes.try_into().map_err(|_| RootKeyError::Malformed)?;
        let key = Self(Zeroizing::new(bytes));
        if key.0.iter().all(|byte| *byte == key.0[0]) {
            return Err(RootKeyError::Placeholder);
        }
        Ok(key)
    }

    /// Wraps key material for the database: format ‖ nonce ‖ ciphertext and tag. Key id and purpose
    /// are bound to it, so a row cannot be moved to another place in the table.
    pub(crate) fn wrap(
        &self,
        key_id: &str,
        purpose: &str,
        material: &[u8],
    ) -> Result<Vec<u8>, RootKeyError> {
        let failed = |_| RootKeyError::Library("wrap a key");
        let nonce = random::nonce().map_err(failed)?;
        let mut wrapped = vec![FORMAT];
        wrapped.extend_from_slice(&nonce);
        let mut sealed = Zeroizing::new(material.to_vec());
        let tag = self
            .cipher()
            .map_err(failed)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated_data(key_id, purpose)),
                &mut sealed,
            )
            .map_err(failed)?;
        wrapped.extend_from_slice(&sealed);
        wrapped.extend_from_slice(tag.as_ref());
        Ok(wrapped)
    }

    /// Opens what [`RootKey::wrap`] made for the same key id and purpose.
    pub(crate) fn unwrap(
        &self,
        key_id: &str,
        purpose: &str,
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RootKeyError> {
        let refused = || RootKeyError::DoesNotOpen { key: key_id.to_owned() };
        let (format, rest) = wrapped.split_first().ok_or_else(refused)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(refused)?;
        if *format != FORMAT {
            return Err(refused());
        }
        let mut material = Zeroizing::new(sealed.to_vec());
        let length = self
            .cipher()
            .map_err(|_| RootKeyError::Library("use the root key"))?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(associated_data(key_id, purpose)),
                &mut material,
            )
            .map_err(|_| refused())?
            .len();
        material.truncate(length);
        Ok(material)
    }

    fn cipher(&self) -> Result<LessSafeKey, aws_lc_rs::error::Unspecified> {
        UnboundKey::new(&AES_256_GCM_SIV, self.0.as_slice()).map(LessSafeKey::new)
    }
}

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootKey(…)")
    }
}

/// Standard alphabet; [`RootKey::from_base64`] maps the URL alphabet onto it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Neither part holds a NUL, so the separator keeps the two apart.
fn associated_data(key_id: &str, purpose: &str) -> Vec<u8> {
    [b"fiador wrapped key\0", &[FORMAT][..], key_id.as_bytes(), b"\0", purpose.as_bytes()].concat()
}

#[cfg(unix)]
fn refuse_shared(path: &Path, metadata: &std::fs::Metadata) -> Result<(), RootKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RootKeyError::TooOpen { path: path.to_owned(), mode });
    }
    Ok(())
}

/// Elsewhere access control lists rule, and the operator keeps the folder private.
#[cfg(not(unix))]
fn refuse_shared(_: &Path, _: &std::fs::Metadata) -> Result<(), RootKeyError> {
    Ok(())
}

fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
