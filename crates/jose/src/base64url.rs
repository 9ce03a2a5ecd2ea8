//! Base64url without padding, strict in both directions (RFC 4648 §5, RFC 7515 §2).
//!
//! Strict means one text per value: padding, white space, the `+/` alphabet and non-zero left-over
//! bits are refused. Otherwise the same signed or sealed value could be written in several ways, and
//! "already used" or "revoked" would miss all but one of them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The text is not the one canonical base64url form of any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not canonical base64url without padding")]
pub struct NotBase64Url;

/// Encodes bytes; the text has ⌈4n/3⌉ characters of `[A-Za-z0-9_-]`.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the encoding of `bytes` to `text`.
pub fn encode_onto(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Decodes a text that [`encode`] could have produced.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, NotBase64Url> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64Url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_second_spelling_of_a_value_is_refused() {
        assert_eq!(decode("AA"), Ok(vec![0]));
        for other in ["AB", "AA=", "AA==", " AA", "AA\n", "A", "A+", "A/"] {
            assert_eq!(decode(other), Err(NotBase64Url), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_decodes_encodes_to_the_same_text(text in "[A-Za-z0-9_=+/-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(bytes), text);
            }
        }

        #[test]
        fn any_bytes_survive_the_round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(decode(encode(&bytes)), Ok(bytes));
        }
    }
}
