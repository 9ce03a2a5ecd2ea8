//! Seals and signatures.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_domain::client::SigningAlgorithm;
use fiador_jose::{Algorithm, Expect, ExpectTyp, SigningKey, VerificationKey, verify_compact};
use fiador_kernel::Digest;
use fiador_ports::{SealKind, Sealer, SignError, Signer};
use serde_json::Value;

static RS256: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Rs256));
static ES256: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256));

/// The key of [`super::ROBOT`] and its twin.
pub(super) static CLIENT: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256));

/// The public half of it, as a client registers it.
pub(crate) fn client_keys() -> String {
    serde_json::json!({ "keys": [CLIENT.public_jwk()] }).to_string()
}

fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(algorithm).unwrap()
}

/// Not secret, but as strict and as long as the real seal: 37 bytes around the content, every one
/// of them checked.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) sealing_is_broken: AtomicBool,
    pub(crate) signing_is_broken: AtomicBool,
}

const FRONT: usize = 5;

fn tag(kind: SealKind, content: &[u8]) -> Digest {
    Digest::of([format!("{kind:?} of the tests").as_bytes(), content].concat())
}

impl Sealer for Keys {
    fn seal(&self, kind: SealKind, content: &[u8]) -> Option<String> {
        let whole = [&[0; FRONT], content, tag(kind, content).as_bytes()].concat();
        (!self.sealing_is_broken.load(Ordering::SeqCst)).then(|| URL_SAFE_NO_PAD.encode(whole))
    }

    fn open(&self, kind: SealKind, sealed: &str) -> Option<Vec<u8>> {
        let whole = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (content, seal) = whole.strip_prefix(&[0; FRONT])?.split_last_chunk::<32>()?;
        (tag(kind, content) == Digest::from_bytes(*seal)).then(|| content.to_vec())
    }
}

#[async_trait]
impl Signer for Keys {
    async fn sign_as(
        &self,
        typ: &str,
        algorithm: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError> {
        if self.signing_is_broken.load(Ordering::SeqCst) {
            return Err(SignError::NoKey(algorithm));
        }
        let key: &SigningKey = match algorithm {
            SigningAlgorithm::Rs256 => &RS256,
            SigningAlgorithm::Es256 => &ES256,
        };
        key.sign_compact_bytes(Some(typ), payload).map_err(|_| SignError::Unavailable)
    }

    fn can_sign(&self, _: SigningAlgorithm) -> bool {
        !self.signing_is_broken.load(Ordering::SeqCst)
    }

    fn verify_own(&self, token: &str) -> Option<Vec<u8>> {
        let keys = [&RS256, &ES256].map(|key| VerificationKey::from_jwk(key.public_jwk()).unwrap());
        let expect = Expect { algorithms: &Algorithm::ALL, typ: ExpectTyp::AbsentOrJwt };
        verify_compact(token, &keys, expect).ok().map(|payload| payload.bytes)
    }

    fn public_keys(&self) -> Arc<str> {
        Arc::from("{\"keys\":[]}")
    }
}

/// Checks the signature as a service provider would and gives the claims.
pub(crate) fn verified_claims(token: &str, algorithm: Algorithm) -> Value {
    verified_as(ExpectTyp::AbsentOrJwt, token, algorithm)
}

/// The same for a JWT of another type.
pub(crate) fn verified_as(typ: ExpectTyp<'_>, token: &str, algorithm: Algorithm) -> Value {
    let key: &SigningKey = match algorithm {
        Algorithm::Es256 => &ES256,
        Algorithm::Rs256 => &RS256,
        Algorithm::Ps256 => panic!("no key of the gateway signs PS256"),
    };
    let key = VerificationKey::from_jwk(key.public_jwk()).unwrap();
    let expect = Expect { algorithms: &[algorithm], typ };
    verify_compact(token, &[key], expect).unwrap().claims().unwrap()
}
