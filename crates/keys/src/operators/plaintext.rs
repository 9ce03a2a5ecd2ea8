//! What stands inside an encrypted number.

use aws_lc_rs::error::Unspecified;
use fiador_jose::strict_json;
use fiador_kernel::Msisdn;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::random;

/// Characters of a padded number: "up to 128" of the exchange that invented it.
const PADDED: usize = 128;

/// The digits, `|`, and random letters up to 128 characters: the layout of hexadecimal RSA. Letters
/// only, since readers take all leading digits.
pub(super) fn padded(number: &Msisdn) -> Result<Zeroizing<String>, Unspecified> {
    let mut filler = [0; PADDED];
    random::fill(&mut filler)?;
    let letters = filler.iter().map(|byte| char::from(b'a' + byte % 26));
    let text = Zeroizing::new(format!("{}|", number.digits()));
    Ok(Zeroizing::new(text.chars().chain(letters).take(PADDED).collect()))
}

/// The leading digits, if they are a number; what follows is filler.
pub(super) fn leading_number(plaintext: &[u8]) -> Option<Msisdn> {
    let length = plaintext.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = plaintext.get(..length)?;
    Msisdn::from_digits(std::str::from_utf8(digits).ok()?).ok()
}

/// The plaintext of a JWE: digits, or a JSON object with them as `msisdn` or `MSISDN`. A `+` before
/// them is taken as it is meant.
pub(super) fn number(plaintext: &[u8]) -> Option<Msisdn> {
    let text = std::str::from_utf8(plaintext).ok()?.trim();
    if text.starts_with('{') {
        let object: Value = strict_json::from_slice(text.as_bytes()).ok()?;
        return claimed(&object);
    }
    digits(text)
}

/// The number that an object claims; one that claims two is refused.
pub(super) fn claimed(object: &Value) -> Option<Msisdn> {
    match (object.get("MSISDN"), object.get("msisdn")) {
        (Some(number), None) | (None, Some(number)) => digits(number.as_str()?),
        _ => None,
    }
}

fn digits(text: &str) -> Option<Msisdn> {
    Msisdn::from_digits(text.strip_prefix('+').unwrap_or(text)).ok()
}

/// Lower-case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 0x0f)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Bytes of hexadecimal in either case; `None` for anything else.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|n| u8::try_from(n).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if text.len() > MAX_HEX || !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

/// Hexadecimal digits of the largest RSA key that there is, 8192 bits.
const MAX_HEX: usize = 2048;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn msisdn() -> Msisdn {
        Msisdn::from_digits("447700900907").unwrap()
    }

    #[test]
    fn a_padded_number_has_128_characters_and_only_its_own_digits() {
        let text = padded(&msisdn()).unwrap();
        assert_eq!(text.len(), PADDED);
        assert!(text.starts_with("447700900907|"));
        assert!(text[13..].bytes().all(|byte| byte.is_ascii_lowercase()));
        assert_eq!(leading_number(text.as_bytes()), Some(msisdn()));
        assert_ne!(*text, *padded(&msisdn()).unwrap(), "the filler is random");
    }

    #[test]
    fn a_number_is_read_in_both_layouts() {
        for good in [
            "447700900907",
            "+447700900907",
            r#"{"msisdn":"447700900907"}"#,
            r#" {"MSISDN":"+447700900907","iat":1} "#,
        ] {
            assert_eq!(number(good.as_bytes()), Some(msisdn()), "{good}");
        }
        for bad in [
            "",
            "447700900907|filler",
            r#"{"msisdn":447700900907}"#,
            r#"{"msisdn":"447700900907","MSISDN":"447700900907"}"#,
            r#"{"msisdn":"447700900907","msisdn":"447700900908"}"#,
            r#"{"number":"447700900907"}"#,
            "[1]",
        ] {
            assert_eq!(number(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn hexadecimal_round_trips_and_other_text_is_refused(
            bytes in prop::collection::vec(any::<u8>(), 1..64),
            text in ".{0,40}",
        ) {
            let hex = to_hex(&bytes);
            prop_assert_eq!(from_hex(&hex), Some(bytes.clone()));
            prop_assert_eq!(from_hex(&hex.to_uppercase()), Some(bytes));
            let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
            prop_assert_eq!(
                from_hex(&text).is_some(),
                is_hex && !text.is_empty() && text.len() % 2 == 0
            );
        }

        #[test]
        fn any_plaintext_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (number(&bytes), leading_number(&bytes));
        }
    }
}
