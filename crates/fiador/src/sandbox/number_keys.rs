//! Keys for encrypted numbers of every sandbox, for ever the same and known to everybody, like its
//! signing keys: a sandbox is ready at once, and a test may encrypt to it.

use anyhow::Context as _;
use fiador_jose::{
    jwe::{self, KeyManagement},
    pkcs1,
};
use fiador_kernel::OperatorId;
use fiador_keys::{FirstNumberKeys, OperatorKeyRing};
use fiador_sandbox::OTHER_OPERATOR;
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};

const JWE: &[u8] = include_bytes!("test-number-key-jwe.pem");
const PKCS1: &[u8] = include_bytes!("test-number-key-pkcs1.pem");
/// Public keys alone: nobody has the private ones.
const OTHER_OPERATORS: &str = include_str!("test-operator-key.json");

/// The built-in test keys.
pub fn built_in() -> anyhow::Result<FirstNumberKeys> {
    let der = |pem| PrivatePkcs8KeyDer::from_pem_slice(pem).context("built-in test key");
    let (jwe, pkcs1) = (der(JWE)?, der(PKCS1)?);
    Ok(FirstNumberKeys {
        jwe: jwe::DecryptionKey::from_pkcs8_der(KeyManagement::RsaOaep256, jwe.secret_pkcs8_der())?,
        pkcs1: pkcs1::DecryptionKey::from_pkcs8_der(pkcs1.secret_pkcs8_der())?,
    })
}

/// Registers the other operator's key, unless a test has put another one there.
pub async fn register_other_operator(keys: &OperatorKeyRing) -> anyhow::Result<()> {
    let operator = OperatorId::new(OTHER_OPERATOR)?;
    if keys.registered(&operator).is_none() {
        keys.register(&operator, OTHER_OPERATORS.as_bytes()).await?;
    }
    Ok(())
}
