//! The content of a JWE: authenticated encryption under a key that is used once.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{constant_time, hmac};

use super::ContentEncryption;
use crate::random;

const GCM_TAG_BYTES: usize = 16;
const CBC_TAG_BYTES: usize = 32;
const CBC_BLOCK_BYTES: usize = 16;
const CBC_MAC_KEY_BYTES: usize = 32;

/// The three last segments of a compact JWE, and the first one, which they authenticate.
#[derive(Debug)]
pub(super) struct Sealed<'a> {
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
    /// The encoded header (RFC 7516 §5.1 step 14).
    pub(super) header: &'a str,
}

/// Encrypts with A256GCM. The key must be new: then a random nonce cannot meet another one.
pub(super) fn seal<'a>(key: &[u8], header: &'a str, plaintext: &[u8]) -> Option<Sealed<'a>> {
    let mut iv = [0; 12];
    random::fill(&mut iv)?;
    let mut ciphertext = plaintext.to_vec();
    let tag = gcm(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(iv),
            Aad::from(header),
            &mut ciphertext,
        )
        .ok()?;
    Some(Sealed { iv: iv.to_vec(), ciphertext, tag: tag.as_ref().to_vec(), header })
}

impl Sealed<'_> {
    /// The plaintext, if key, nonce, header, ciphertext and tag belong together.
    pub(super) fn open(&self, content: ContentEncryption, key: &[u8]) -> Option<Vec<u8>> {
        match content {
            ContentEncryption::A256Gcm => self.open_gcm(key),
            ContentEncryption::A256CbcHs512 => self.open_cbc_hmac(key),
        }
    }

    /// RFC 7518 §5.3. The tag has its full length or is refused: a shorter one is easier to guess.
    fn open_gcm(&self, key: &[u8]) -> Option<Vec<u8>> {
        if self.tag.len() != GCM_TAG_BYTES {
            return None;
        }
        let nonce = Nonce::try_assume_unique_for_key(&self.iv).ok()?;
        let mut content = [self.ciphertext.as_slice(), &self.tag].concat();
        let length =
            gcm(key)?.open_in_place(nonce, Aad::from(self.header), &mut content).ok()?.len();
        content.truncate(length);
        Some(content)
    }

    /// RFC 7518 §5.2.2.2. The tag is compared in constant time and before anything is decrypted, so
    /// that the padding tells nothing of a forged ciphertext.
    fn open_cbc_hmac(&self, key: &[u8]) -> Option<Vec<u8>> {
        let (mac_key, encryption_key) = key.split_at_checked(CBC_MAC_KEY_BYTES)?;
        let iv: [u8; CBC_BLOCK_BYTES] = self.iv.as_slice().try_into().ok()?;

        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA512, mac_key));
        mac.update(self.header.as_bytes());
        mac.update(&iv);
        mac.update(&self.ciphertext);
        mac.update(&(u64::try_from(self.header.len()).ok()? * 8).to_be_bytes());
        let mac = mac.sign();
        let (expected, _) = mac.as_ref().split_at_checked(CBC_TAG_BYTES)?;
        constant_time::verify_slices_are_equal(expected, &self.tag).ok()?;

        let key = UnboundCipherKey::new(&AES_256, encryption_key).ok()?;
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
        let mut content = self.ciphertext.clone();
        let iv = DecryptionContext::Iv128(FixedLength::from(iv));
        let length = key.decrypt(&mut content, iv).ok()?.len();
        content.truncate(length);
        Some(content)
    }
}

fn gcm(key: &[u8]) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url::decode;
    use proptest::prelude::*;

    #[test]
    fn the_content_of_rfc_7516_appendix_a_1_opens() {
        let key = decode("saH0gFSP4XM_tAP_a5rU9ooHbltwLiJpL4LLLnrqQPw").unwrap();
        let sealed = Sealed {
            iv: decode("48V1_ALb6US04U3b").unwrap(),
            ciphertext: decode(
                "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A",
            )
            .unwrap(),
            tag: decode("XFBoMYUZodetZdvTiFvSkQ").unwrap(),
            header: "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ",
        };
        let plaintext = sealed.open(ContentEncryption::A256Gcm, &key).unwrap();
        let said = "The true sign of intelligence is not knowledge but imagination.";
        assert_eq!(String::from_utf8(plaintext).unwrap(), said);
    }

    #[test]
    fn the_content_of_rfc_7518_appendix_b_3_opens() {
        let key: Vec<u8> = (0..64).collect();
        let sealed = Sealed {
            iv: decode("GvOMLcK5b_3YZpQJI0G8BA").unwrap(),
            ciphertext: decode(
                "Sv-qrbeMMcXaSxtZDRD_vT3Y1dMCQjUmkS2gN-y8x72CLDAd1nw3O8y1hK0-knnC5tEqE3S3fwd1\
                 U9-ClBBEazbr2XBmKWrmQn6nXC4IRqEaCcz1Nw3IC_7LrSjHPwmzo7deZiollEEK5Jay4uZgnjHm\
                 4CzIN_BT0h83_09RlQu-JjjQndekkwkwgG0HA7H2",
            )
            .unwrap(),
            tag: decode("TdO0wIin9FwhaDlkWyASvy5iaajFaoFtvBsmd2GVW8U").unwrap(),
            header: "The second principle of Auguste Kerckhoffs",
        };
        let plaintext = sealed.open(ContentEncryption::A256CbcHs512, &key).unwrap();
        let said = "A cipher system must not be required to be secret, and it must be able to fall \
                    into the hands of the enemy without inconvenience";
        assert_eq!(String::from_utf8(plaintext).unwrap(), said);
    }

    proptest! {
        #[test]
        fn random_content_of_any_length_never_opens_and_never_panics(
            key in proptest::collection::vec(any::<u8>(), 0..70),
            iv in proptest::collection::vec(any::<u8>(), 0..20),
            ciphertext in proptest::collection::vec(any::<u8>(), 0..70),
            tag in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            for content in ContentEncryption::ALL {
                let [iv, ciphertext, tag] = [&iv, &ciphertext, &tag].map(Clone::clone);
                let sealed = Sealed { iv, ciphertext, tag, header: "e30" };
                prop_assert_eq!(sealed.open(content, &key), None);
            }
        }
    }
}
