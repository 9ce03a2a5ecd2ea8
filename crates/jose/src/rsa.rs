//! What both kinds of RSA encryption have in common: the key, and the way to its numbers.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair, RsaPublicKeyComponents};
use zeroize::Zeroizing;

use crate::{EncryptionKeyError, PrivateKeyError, PublicNumbers};

/// A new RSA-2048 key; takes around 0.1 s.
pub(crate) fn generate() -> Result<PrivateDecryptingKey, PrivateKeyError> {
    PrivateDecryptingKey::generate(KeySize::Rsa2048)
        .map_err(|_| PrivateKeyError::Library("generate a key"))
}

pub(crate) fn from_pkcs8_der(der: &[u8]) -> Result<PrivateDecryptingKey, PrivateKeyError> {
    PrivateDecryptingKey::from_pkcs8(der).map_err(|_| PrivateKeyError::NotAKey("RSA"))
}

pub(crate) fn to_pkcs8_der(
    key: &PrivateDecryptingKey,
) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let failed = |_| PrivateKeyError::Library("write a key");
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(failed)?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}

/// Modulus and exponent of a signature key.
pub(crate) fn public_numbers(pair: &RsaKeyPair) -> PublicNumbers {
    let public = pair.public_key();
    PublicNumbers::Rsa {
        n: public.modulus().big_endian_without_leading_zero().to_vec(),
        e: public.exponent().big_endian_without_leading_zero().to_vec(),
    }
}

/// Modulus and exponent of a decryption key. The library tells them of signature keys only, and the
/// two are written alike.
pub(crate) fn public_numbers_of(
    key: &PrivateDecryptingKey,
) -> Result<PublicNumbers, PrivateKeyError> {
    let pair = RsaKeyPair::from_pkcs8(&to_pkcs8_der(key)?)
        .map_err(|_| PrivateKeyError::Library("read a key it wrote"))?;
    Ok(public_numbers(&pair).checked()?)
}

pub(crate) fn public_key(n: &[u8], e: &[u8]) -> Result<PublicEncryptingKey, EncryptionKeyError> {
    RsaPublicKeyComponents { n, e }.try_into().map_err(|_| EncryptionKeyError)
}
