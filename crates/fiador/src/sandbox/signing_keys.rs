//! Signing keys of every sandbox, for ever the same and known to everybody.
//!
//! A relying party under test may pin them. They sign nothing outside a sandbox: `fiador serve`
//! refuses a database that has them.

use anyhow::Context as _;
use fiador_jose::{Algorithm, SigningKey};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};

const RS256: &[u8] = include_bytes!("test-signing-key-rs256.pem");
const ES256: &[u8] = include_bytes!("test-signing-key-es256.pem");

/// The built-in test keys.
pub fn built_in() -> anyhow::Result<Vec<SigningKey>> {
    [(Algorithm::Rs256, RS256), (Algorithm::Es256, ES256)]
        .into_iter()
        .map(|(algorithm, pem)| {
            let der = PrivatePkcs8KeyDer::from_pem_slice(pem).context("built-in test key")?;
            Ok(SigningKey::from_pkcs8_der(algorithm, der.secret_pkcs8_der())?)
        })
        .collect()
}

/// Their key ids.
pub fn ids() -> anyhow::Result<Vec<String>> {
    Ok(built_in()?.iter().map(|key| key.kid().to_owned()).collect())
}
