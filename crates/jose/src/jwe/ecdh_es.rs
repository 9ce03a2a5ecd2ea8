//! Key agreement of ECDH-ES (RFC 7518 §4.6): a point and a point give a content encryption key.

use aws_lc_rs::agreement::{
    ECDH_P256, EphemeralPrivateKey, PrivateKey, UnparsedPublicKey, agree, agree_ephemeral,
};
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use aws_lc_rs::rand::SystemRandom;
use zeroize::Zeroizing;

use super::ContentEncryption;
use super::header::Agreement;

/// The reader's side. `None` when the ephemeral point is not on the curve.
pub(super) fn receive(
    key: &PrivateKey,
    agreement: &Agreement,
    content: ContentEncryption,
) -> Option<Zeroizing<Vec<u8>>> {
    let ephemeral = UnparsedPublicKey::new(&ECDH_P256, &agreement.ephemeral);
    agree(key, ephemeral, (), |shared| derive(shared, agreement, content)).ok()
}

/// The sender's side, without `apu` and `apv`: the new ephemeral point, uncompressed, and the content
/// encryption key that only the owner of `point` can derive from it.
pub(super) fn send(
    point: &[u8],
    content: ContentEncryption,
) -> Option<(Vec<u8>, Zeroizing<Vec<u8>>)> {
    let ephemeral = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).ok()?;
    let public = ephemeral.compute_public_key().ok()?.as_ref().to_vec();
    let owner = UnparsedPublicKey::new(&ECDH_P256, point);
    let nobody = Agreement::default();
    let key = agree_ephemeral(ephemeral, owner, (), |z| derive(z, &nobody, content)).ok()?;
    Some((public, key))
}

/// The Concat KDF with SHA-256 (RFC 7518 §4.6.2, NIST SP 800-56A §5.8.1).
fn derive(
    shared: &[u8],
    agreement: &Agreement,
    content: ContentEncryption,
) -> Result<Zeroizing<Vec<u8>>, ()> {
    let mut key = Zeroizing::new(vec![0; content.key_bytes()]);
    let info = other_info(agreement, content).ok_or(())?;
    let hash = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(())?;
    sskdf_digest(hash, shared, &info, &mut key).map_err(|_| ())?;
    Ok(key)
}

/// AlgorithmID ‖ PartyUInfo ‖ PartyVInfo ‖ SuppPubInfo. With direct agreement the algorithm is the
/// `enc`; SuppPubInfo is the length of the key in bits.
fn other_info(agreement: &Agreement, content: ContentEncryption) -> Option<Vec<u8>> {
    let mut info = Vec::new();
    for field in [content.name().as_bytes(), &agreement.apu, &agreement.apv] {
        info.extend(u32::try_from(field.len()).ok()?.to_be_bytes());
        info.extend(field);
    }
    info.extend(u32::try_from(content.key_bytes() * 8).ok()?.to_be_bytes());
    Some(info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url::decode;

    #[test]
    fn the_derivation_of_rfc_7518_appendix_c_is_reproduced() {
        // The appendix derives a key for A128GCM, which is not offered: same fields, 128 bits.
        let alice = [
            decode("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0").unwrap(),
            decode("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps").unwrap(),
        ];
        let bob = decode("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw").unwrap();
        let bob = PrivateKey::from_private_key(&ECDH_P256, &bob).unwrap();
        let alice = UnparsedPublicKey::new(&ECDH_P256, [&[4][..], &alice[0], &alice[1]].concat());

        let agreement = Agreement { ephemeral: vec![], apu: b"Alice".into(), apv: b"Bob".into() };
        let longer = other_info(&agreement, ContentEncryption::A256Gcm).unwrap();
        let info = String::from_utf8(longer).unwrap().replace("A256GCM", "A128GCM");
        let info = [&info.as_bytes()[..info.len() - 4], &128_u32.to_be_bytes()].concat();

        let hash = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).unwrap();
        let mut key = [0; 16];
        agree(&bob, alice, (), |shared| {
            sskdf_digest(hash, shared, &info, &mut key).map_err(|_| ())
        })
        .unwrap();
        assert_eq!(crate::base64url::encode(key), "VqqN6vgjbSBcIijNcacQGg");
    }
}
