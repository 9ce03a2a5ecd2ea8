//! Our name for a message at a gateway.
//!
//! It is the tracking digest, sealed: whoever has the secret of the gateway's webhook can make and
//! open it, and nobody else. So a notice that names a message by it is authentic by that alone, any
//! node understands it, and nothing is kept for it.

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey},
    hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_kernel::Digest;

/// Keeps the key apart from every other use of the secret.
const PURPOSE: &[u8] = b"fiador message reference 1\0";
/// What the mode adds to what it seals.
const TAG: usize = 16;
/// Longest reference, in characters of base64url.
pub(crate) const MAX_REFERENCE: usize = 64;

/// Makes and opens the references of one gateway.
#[derive(Debug)]
pub(crate) struct References(LessSafeKey);

impl References {
    /// `None` never: the key has the length that the mode wants.
    pub(crate) fn new(gateway: &str, secret: &[u8]) -> Option<Self> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let key = hmac::sign(&key, &[PURPOSE, gateway.as_bytes()].concat());
        let key = UnboundKey::new(&AES_256_GCM_SIV, key.as_ref()).ok()?;
        Some(Self(LessSafeKey::new(key)))
    }

    pub(crate) fn of(&self, tracking: Digest) -> Option<String> {
        let mut sealed = tracking.as_bytes().to_vec();
        self.0.seal_in_place_append_tag(nonce(), Aad::empty(), &mut sealed).ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The tracking of a reference that was made here; `None` for anything else.
    pub(crate) fn open(&self, reference: &str) -> Option<Digest> {
        if reference.len() > MAX_REFERENCE {
            return None;
        }
        let mut sealed = URL_SAFE_NO_PAD.decode(reference).ok()?;
        if sealed.len() != size_of::<Digest>() + TAG {
            return None;
        }
        let opened = self.0.open_in_place(nonce(), Aad::empty(), &mut sealed).ok()?;
        Some(Digest::from_bytes(<[u8; 32]>::try_from(&*opened).ok()?))
    }
}

/// Always the same: AES-GCM-SIV then reveals nothing but that two references are of one message
/// (RFC 8452 §1), and one message has one reference.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn references(gateway: &str, secret: &str) -> References {
        References::new(gateway, secret.as_bytes()).unwrap()
    }

    #[test]
    fn only_the_gateway_that_a_reference_was_made_for_leads_back_to_its_message() {
        let (ours, tracking) = (references("a", "secret"), Digest::of("x"));
        let reference = ours.of(tracking).unwrap();
        assert_eq!(reference.len(), MAX_REFERENCE);
        assert!(!reference.contains(&tracking.to_hex()[..16]));
        assert_eq!(ours.open(&reference), Some(tracking));
        assert_eq!(references("b", "secret").open(&reference), None);
        assert_eq!(references("a", "other").open(&reference), None);
    }

    proptest! {
        #[test]
        fn what_was_altered_or_made_up_opens_nothing(at in 0_usize..64, made_up in ".{0,70}") {
            let references = references("a", "secret");
            let mut altered = references.of(Digest::of("x")).unwrap().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            prop_assert_eq!(references.open(&String::from_utf8(altered).unwrap()), None);
            prop_assert_eq!(references.open(&made_up), None);
        }
    }
}
