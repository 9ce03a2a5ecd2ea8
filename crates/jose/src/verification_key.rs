use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256,
};

use crate::{Algorithm, Jwk, JwkSet, PublicNumbers};

/// A public key ready for use: parsed once, its algorithms fixed.
///
/// A key has one algorithm, but for an RSA key without `alg`: its owner leaves the choice between
/// RS256 and PS256 to what was registered, that is to [`crate::Expect`].
#[derive(Clone, Debug)]
pub struct VerificationKey {
    kid: Option<String>,
    public: Vec<(Algorithm, ParsedPublicKey)>,
}

/// The key is not meant for signatures, or its numbers do not make a public key: the point is not on
/// the curve, or modulus and exponent are impossible (T-073).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key is not for signatures, or its numbers do not form a valid public key")]
pub struct VerificationKeyError;

impl VerificationKey {
    /// Parses the key of a [`Jwk`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, VerificationKeyError> {
        let permitted = Algorithm::ALL.into_iter().filter(|one| jwk.permits_signature(*one));
        let parsed = permitted.map(|one| Ok((one, parse(jwk.numbers(), one)?)));
        let public = parsed.collect::<Result<Vec<_>, VerificationKeyError>>()?;
        if public.is_empty() {
            return Err(VerificationKeyError);
        }
        Ok(Self { kid: jwk.kid().map(str::to_owned), public })
    }

    /// Parses all signature keys of a set, leaving out those that are no valid keys.
    pub fn from_set(set: &JwkSet) -> Vec<Self> {
        set.keys.iter().filter_map(|jwk| Self::from_jwk(jwk).ok()).collect()
    }

    /// The algorithms this key verifies: one, or RS256 and PS256.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.public.iter().map(|(algorithm, _)| *algorithm)
    }

    /// The key's id, if its owner gave it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// A header without `kid`, or a key without one, leaves the choice to the signature itself.
    pub(crate) fn may_be(&self, kid: Option<&str>) -> bool {
        match (self.kid(), kid) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        }
    }

    pub(crate) fn verifies(&self, algorithm: Algorithm, input: &[u8], signature: &[u8]) -> bool {
        let public = self.public.iter().find(|(own, _)| *own == algorithm);
        public.is_some_and(|(_, public)| public.verify_sig(input, signature).is_ok())
    }
}

fn parse(
    numbers: &PublicNumbers,
    algorithm: Algorithm,
) -> Result<ParsedPublicKey, VerificationKeyError> {
    match numbers {
        PublicNumbers::Rsa { n, e } => {
            let padding = if algorithm == Algorithm::Ps256 {
                &RSA_PSS_2048_8192_SHA256
            } else {
                &RSA_PKCS1_2048_8192_SHA256
            };
            signature::RsaPublicKeyComponents { n, e }.to_parsed_public_key(padding)
        }
        PublicNumbers::P256 { x, y } => {
            let point = PublicNumbers::uncompressed_point(x, y);
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        }
    }
    .map_err(|_| VerificationKeyError)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::KeyUsage;

    #[derive(Deserialize)]
    struct Group {
        /// An uncompressed point.
        key: String,
        tests: Vec<Test>,
    }

    #[derive(Deserialize)]
    struct Test {
        id: u32,
        comment: String,
        message: String,
        signature: String,
        valid: bool,
    }

    fn hex(text: &str) -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn es256_signatures_are_told_from_forgeries_under_odd_keys_too() {
        // T-073, Wycheproof: r and s of zero, n and above, special points, wrong lengths.
        let groups = include_str!("../tests/vectors/ecdsa_secp256r1_sha256_p1363.json");
        let mut counts = [0, 0];
        for Group { key, tests } in serde_json::from_str::<Vec<Group>>(groups).unwrap() {
            let numbers = PublicNumbers::from_uncompressed_point(&hex(&key)).unwrap();
            let jwk = Jwk::with_thumbprint(numbers, KeyUsage::Unstated).unwrap();
            let key = VerificationKey::from_jwk(&jwk).unwrap();
            for Test { id, comment, message, signature, valid } in tests {
                let verified = key.verifies(Algorithm::Es256, &hex(&message), &hex(&signature));
                assert_eq!(verified, valid, "{id} {comment}");
                counts[usize::from(!valid)] += 1;
            }
        }
        assert_eq!(counts, [173, 89]);
    }
}
