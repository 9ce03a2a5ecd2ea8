//! Personal data behind glass.

use fiador_domain::subscriber::Attributes;
use fiador_kernel::{Digest, Msisdn};
use fiador_ports::Vault;

/// Seals by writing a word in front and hashes without a secret: a test can read what a row holds,
/// and yet a number is never taken for attributes, nor anything plain for something sealed.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenVault;

const NUMBER: &str = "sealed number ";
const ATTRIBUTES: &[u8] = b"sealed attributes ";

impl Vault for OpenVault {
    fn msisdn_index(&self, number: &Msisdn) -> Digest {
        Digest::of(format!("index of {}", number.digits()))
    }

    fn seal_msisdn(&self, number: &Msisdn) -> Vec<u8> {
        format!("{NUMBER}{}", number.digits()).into_bytes()
    }

    fn open_msisdn(&self, sealed: &[u8]) -> Option<Msisdn> {
        let text = std::str::from_utf8(sealed).ok()?;
        Msisdn::from_digits(text.strip_prefix(NUMBER)?).ok()
    }

    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8> {
        // JSON values always have a text; were there none, nothing could be opened.
        let plain = serde_json::to_vec(attributes).unwrap_or_default();
        [ATTRIBUTES, &plain].concat()
    }

    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes> {
        serde_json::from_slice(sealed.strip_prefix(ATTRIBUTES)?).ok()
    }

    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest {
        Digest::of(format!("code {code} in {context}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_what_it_sealed_and_nothing_else() {
        let number = Msisdn::from_digits("447700900907").unwrap();
        let attributes = Attributes([("name".to_owned(), "Ann Lee".into())].into());
        let (sealed, others) =
            (OpenVault.seal_msisdn(&number), OpenVault.seal_attributes(&attributes));
        assert_eq!(OpenVault.open_msisdn(&sealed), Some(number));
        assert_eq!(OpenVault.open_attributes(&others), Some(attributes));
        assert_eq!(OpenVault.open_msisdn(&others), None);
        assert_eq!(OpenVault.open_attributes(&sealed), None);
        assert_eq!(OpenVault.open_msisdn(b"447700900907"), None);
        assert_eq!(OpenVault.open_attributes(b"{}"), None);
    }
}
