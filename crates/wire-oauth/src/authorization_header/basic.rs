//! `Basic` client credentials.
//!
//! RFC 6749 §2.3.1 wants both halves form-encoded before RFC 7617 joins them; many clients do not encode.
//! An identifier such as `YXBw%3D` or a secret such as `a+b` then has two readings, so both are returned,
//! the standard one first, and the caller takes the one that names a client and proves its secret.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::masked::Masked;
use crate::percent::{self, Plus};

/// Some clients leave the padding out; the value is no less clear for it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The readings of one `Basic` header: one, or two when decoding makes a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicCredentials {
    candidates: Vec<ClientCredentials>,
}

/// A client identifier and its secret. The identifier is never empty, the secret may be (Mobile Connect
/// discovery v1 allows it). `Debug` shows the identifier only.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
}

impl BasicCredentials {
    /// Reads what follows the scheme; `None` when there is no valid reading.
    pub(super) fn parse(token68: &[u8]) -> Option<Self> {
        let text = String::from_utf8(BASE64.decode(token68).ok()?).ok()?;
        // The identifier ends at the first colon; the secret may have more (RFC 7617 §2).
        let (id, secret) = text.split_once(':')?;
        let encoded = ClientCredentials::of(form_decode(id), form_decode(secret));
        let raw = ClientCredentials::of(Some(id.to_owned()), Some(secret.to_owned()));
        let mut candidates: Vec<_> = encoded.into_iter().chain(raw).collect();
        candidates.dedup();
        (!candidates.is_empty()).then_some(Self { candidates })
    }

    /// The readings in the order to try: form-decoded (RFC 6749 §2.3.1), then raw. One or two.
    pub fn candidates(&self) -> &[ClientCredentials] {
        &self.candidates
    }
}

impl ClientCredentials {
    /// Control characters are excluded by RFC 7617 §2.
    fn of(client_id: Option<String>, client_secret: Option<String>) -> Option<Self> {
        let (client_id, client_secret) = (client_id?, client_secret?);
        let clean = |text: &str| !text.chars().any(char::is_control);
        (!client_id.is_empty() && clean(&client_id) && clean(&client_secret))
            .then_some(Self { client_id, client_secret })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &Masked)
            .finish()
    }
}

fn form_decode(text: &str) -> Option<String> {
    percent::decode(text.as_bytes(), Plus::Space).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(user_pass: &str) -> Vec<(String, String)> {
        let header = BASE64.encode(user_pass);
        let credentials = BasicCredentials::parse(header.as_bytes());
        let candidates = credentials.map(|c| c.candidates).unwrap_or_default();
        candidates.into_iter().map(|c| (c.client_id, c.client_secret)).collect()
    }

    fn pair(id: &str, secret: &str) -> (String, String) {
        (id.to_owned(), secret.to_owned())
    }

    #[test]
    fn plain_credentials_have_one_reading() {
        assert_eq!(readings("app-1:s3cret_"), [pair("app-1", "s3cret_")]);
    }

    /// RFC 6749 §2.3.1 first, raw second.
    #[test]
    fn encoded_credentials_have_the_decoded_reading_first() {
        assert_eq!(readings("a%3Ab:c+d"), [pair("a:b", "c d"), pair("a%3Ab", "c+d")]);
    }

    #[test]
    fn a_stray_percent_sign_leaves_the_raw_reading_only() {
        assert_eq!(readings("app:100%"), [pair("app", "100%")]);
    }

    #[test]
    fn the_colon_that_separates_is_the_first_one() {
        assert_eq!(readings("app:a:b"), [pair("app", "a:b")]);
    }

    #[test]
    fn an_empty_secret_is_allowed_and_an_empty_identifier_is_not() {
        assert_eq!(readings("app:"), [pair("app", "")]);
        assert!(readings(":secret").is_empty());
        assert!(readings("app").is_empty());
    }

    #[test]
    fn control_characters_have_no_reading() {
        assert!(readings("app:a\0b").is_empty());
        assert_eq!(readings("app:a%00b"), [pair("app", "a%00b")]);
    }

    #[test]
    fn missing_padding_is_tolerated() {
        assert!(BasicCredentials::parse(b"YXBwOg").is_some());
    }
}
