//! Proof key for code exchange, method `S256` (RFC 7636; T-032): demanded where the registration
//! says so and of every client without a secret, enforced wherever it is sent.

use fiador_kernel::Digest;
use fiador_wire_oauth::pkce::{CodeChallenge, PkceError};

use super::{Addressed, Failure};

pub(super) fn is_enforced(request: &Addressed) -> Result<Option<Digest>, Failure> {
    let method = request.value("code_challenge_method");
    let Some(challenge) = request.value("code_challenge") else {
        let is_due = request.client.requires_pkce || request.client.is_public();
        // A method alone announces a challenge that got lost on the way.
        return if is_due || method.is_some() {
            Err(Failure::CodeChallengeMissing)
        } else {
            Ok(None)
        };
    };
    match CodeChallenge::parse(challenge, method) {
        Ok(challenge) => Ok(Some(Digest::from_bytes(*challenge.as_bytes()))),
        Err(PkceError::MethodNotS256) => Err(Failure::CodeChallengeMethod),
        Err(PkceError::InvalidChallenge | PkceError::InvalidVerifier) => {
            Err(Failure::CodeChallengeInvalid)
        }
    }
}
