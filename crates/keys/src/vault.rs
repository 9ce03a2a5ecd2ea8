use aws_lc_rs::hmac;
use fiador_domain::subscriber::Attributes;
use fiador_kernel::{Digest, Msisdn};
use fiador_ports::Vault;

use crate::KeyRing;
use crate::key::PersonalDataKey;
use crate::seal_key::{SealKey, SealParts};

impl Vault for KeyRing {
    fn msisdn_index(&self, number: &Msisdn) -> Digest {
        keyed_hash(&self.view().msisdn_index, &[number.digits().as_bytes()])
    }

    fn seal_msisdn(&self, number: &Msisdn) -> Vec<u8> {
        self.seal_personal(number.digits().as_bytes(), |key| &key.numbers)
    }

    fn open_msisdn(&self, sealed: &[u8]) -> Option<Msisdn> {
        let digits = self.open_personal(sealed, |key| &key.numbers)?;
        Msisdn::from_canonical(std::str::from_utf8(&digits).ok()?).ok()
    }

    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8> {
        // A map from text to JSON values: this serialises.
        let json = serde_json::to_vec(attributes).unwrap_or_else(|_| b"{}".to_vec());
        self.seal_personal(&json, |key| &key.attributes)
    }

    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes> {
        let json = self.open_personal(sealed, |key| &key.attributes)?;
        serde_json::from_slice(&json).ok()
    }

    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest {
        // The length in front keeps "1" + "23456" apart from "12" + "3456".
        let length = u64::try_from(context.len()).unwrap_or(u64::MAX).to_be_bytes();
        let parts = [&length[..], context.as_bytes(), code.as_bytes()];
        keyed_hash(&self.view().one_time_code, &parts)
    }
}

/// Which of the two labels of a personal data key.
type Part = fn(&PersonalDataKey) -> &SealKey;

impl KeyRing {
    #[expect(
        clippy::expect_used,
        reason = "a node that cannot draw a nonce must not go on: every later seal would fail too"
    )]
    fn seal_personal(&self, content: &[u8], part: Part) -> Vec<u8> {
        let seal = part(&self.view().personal_data).seal(content);
        seal.expect("the operating system gives random bytes")
    }

    fn open_personal(&self, sealed: &[u8], part: Part) -> Option<Vec<u8>> {
        let key_id = SealParts::read(sealed)?.key_id;
        let view = self.view();
        let Some(key) = view.personal_data_keys.named(key_id) else {
            self.met_unknown_key();
            return None;
        };
        part(key).open(sealed.to_vec())
    }
}

fn keyed_hash(key: &hmac::Key, parts: &[&[u8]]) -> Digest {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.sign().as_ref());
    Digest::from_bytes(digest)
}
