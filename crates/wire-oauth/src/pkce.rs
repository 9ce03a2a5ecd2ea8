//! Proof key for code exchange (RFC 7636), method `S256` alone.
//!
//! `plain` is refused (T-032), so every honest challenge is the base64url of 32 bytes. It is decoded here:
//! the rest of the gateway carries 32 bytes, and a challenge that no verifier can ever answer is refused at
//! the authorization endpoint instead of failing at the token endpoint.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::masked::Masked;

/// A `code_challenge` of method `S256`: the SHA-256 of the verifier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

/// A `code_verifier`: 43 to 128 unreserved characters (RFC 7636 §4.1). `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier(String);

/// Why PKCE parameters cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// The method is not `S256`; an absent method means `plain` (RFC 7636 §4.3).
    #[error("code_challenge_method is not S256")]
    MethodNotS256,
    /// The challenge is not the unpadded base64url of 32 bytes.
    #[error("code_challenge is not the base64url text of a SHA-256 digest")]
    InvalidChallenge,
    /// The verifier is not 43 to 128 unreserved characters.
    #[error("code_verifier is not 43 to 128 unreserved characters")]
    InvalidVerifier,
}

impl CodeChallenge {
    /// Reads `code_challenge` with its `code_challenge_method`.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, PkceError> {
        if method != Some("S256") {
            return Err(PkceError::MethodNotS256);
        }
        let bytes = URL_SAFE_NO_PAD.decode(challenge).map_err(|_| PkceError::InvalidChallenge)?;
        bytes.try_into().map(Self).map_err(|_| PkceError::InvalidChallenge)
    }

    /// Restores a challenge from its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the verifier answers this challenge (RFC 7636 §4.6), in constant time.
    pub fn is_answered_by(&self, verifier: &CodeVerifier) -> bool {
        verify_slices_are_equal(&self.0, &verifier.s256().0).is_ok()
    }
}

/// The challenge on the wire: 43 characters of base64url.
impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeChallenge({self})")
    }
}

impl CodeVerifier {
    /// Reads `code_verifier`.
    pub fn parse(verifier: &str) -> Result<Self, PkceError> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved) {
            Ok(Self(verifier.to_owned()))
        } else {
            Err(PkceError::InvalidVerifier)
        }
    }

    /// The challenge that this verifier answers: `S256` of RFC 7636 §4.2.
    pub fn s256(&self) -> CodeChallenge {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, self.0.as_bytes()).as_ref());
        CodeChallenge(bytes)
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CodeVerifier").field(&Masked).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_vector_of_rfc_7636_appendix_b_holds() {
        let verifier = CodeVerifier::parse(VERIFIER).unwrap();
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert_eq!(verifier.s256().to_string(), CHALLENGE);
        assert!(challenge.is_answered_by(&verifier));
        assert_eq!(CodeChallenge::from_bytes(*challenge.as_bytes()), challenge);
    }

    #[test]
    fn another_verifier_does_not_answer() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        let other = VERIFIER.replace('k', "l");
        assert!(!challenge.is_answered_by(&CodeVerifier::parse(&other).unwrap()));
    }

    /// T-032.
    #[test]
    fn plain_and_an_absent_method_are_refused() {
        for method in [None, Some("plain"), Some("s256"), Some("")] {
            assert_eq!(CodeChallenge::parse(CHALLENGE, method), Err(PkceError::MethodNotS256));
        }
    }

    #[test]
    fn a_challenge_that_no_verifier_answers_is_refused() {
        let (short, long, padded) =
            (&CHALLENGE[..42], CHALLENGE.repeat(2), format!("{CHALLENGE}="));
        // The last character carries bits that no 32 bytes have.
        let loose = CHALLENGE.replace("cM", "cN");
        for text in ["", short, &long, &padded, &loose, &VERIFIER.replace('-', "~")] {
            assert_eq!(CodeChallenge::parse(text, Some("S256")), Err(PkceError::InvalidChallenge));
        }
    }

    /// RFC 7636 §4.1.
    #[test]
    fn verifiers_have_43_to_128_unreserved_characters() {
        for length in [43, 128] {
            assert!(CodeVerifier::parse(&"~".repeat(length)).is_ok());
        }
        for text in ["", &"a".repeat(42), &"a".repeat(129), &"+".repeat(43), &"é".repeat(30)] {
            assert_eq!(CodeVerifier::parse(text), Err(PkceError::InvalidVerifier));
        }
    }
}
