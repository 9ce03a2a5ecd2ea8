use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::client::SigningAlgorithm;
use fiador_jose::{Algorithm, Expect, ExpectTyp, verify_compact};
use fiador_ports::{SignError, Signer};

use crate::KeyRing;

#[async_trait]
impl Signer for KeyRing {
    async fn sign_as(
        &self,
        typ: &str,
        algorithm: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError> {
        let view = self.view();
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => &view.rs256,
            SigningAlgorithm::Es256 => &view.es256,
        };
        let pair = pair.as_ref().ok_or(SignError::NoKey(algorithm))?;
        pair.private.sign_compact_bytes(Some(typ), payload).map_err(|error| {
            tracing::error!(%error, "a signature could not be made");
            SignError::Unavailable
        })
    }

    fn can_sign(&self, algorithm: SigningAlgorithm) -> bool {
        let view = self.view();
        match algorithm {
            SigningAlgorithm::Rs256 => view.rs256.is_some(),
            SigningAlgorithm::Es256 => view.es256.is_some(),
        }
    }

    fn verify_own(&self, token: &str) -> Option<Vec<u8>> {
        let expect = Expect { algorithms: &Algorithm::ALL, typ: ExpectTyp::AbsentOrJwt };
        let verified = verify_compact(token, &self.view().verification, expect);
        verified.ok().map(|payload| payload.bytes)
    }

    fn public_keys(&self) -> Arc<str> {
        self.view().public_keys.clone()
    }
}
