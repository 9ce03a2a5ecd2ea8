//! The `login_hint` parameter (mobile-connect.md §2.4): a tag and what it tags.
//!
//! Real clients write one number in many ways: with and without `+`, with the `+` turned into a space by a
//! form decoder, with the whole value percent-encoded once more, as a `tel:` URI. All of them leave here as
//! plain digits, so that budgets and look-ups see one number (T-123). Whether the digits are a number is
//! not decided here.

use std::fmt;

use crate::masked::Masked;
use crate::percent::{self, Plus};

/// Longest run of digits that is passed on; E.164 has 15, the rest leaves room for a clear error upstream.
const MAX_DIGITS: usize = 24;
/// Longest `sub` (OpenID Connect Core §2).
const MAX_PCR: usize = 255;

/// Who the service provider says the user is. `Debug` shows the tag only.
#[derive(Clone, PartialEq, Eq)]
pub enum LoginHint {
    /// `MSISDN:` with digits; here without `+`.
    Msisdn(String),
    /// `ENCR_MSISDN:` with hexadecimal RSA text or a compact JWE, still sealed.
    EncryptedMsisdn(String),
    /// `PCR:` with an earlier `sub` of the same sector.
    Pcr(String),
    /// `tel:` with a global number (RFC 3966 §3); here digits without `+` and separators.
    Tel(String),
    /// A bare number with `+`; here digits without it.
    Bare(String),
}

/// The hint has no known tag, or not the shape its tag demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the login_hint has no known form")]
pub struct LoginHintError;

impl LoginHint {
    /// Reads a decoded parameter value.
    pub fn parse(value: &str) -> Result<Self, LoginHintError> {
        Self::read(value).ok_or(LoginHintError)
    }

    /// The digits of a number given in clear, whatever its form.
    pub fn digits(&self) -> Option<&str> {
        match self {
            Self::Msisdn(digits) | Self::Tel(digits) | Self::Bare(digits) => Some(digits),
            Self::EncryptedMsisdn(_) | Self::Pcr(_) => None,
        }
    }

    fn read(value: &str) -> Option<Self> {
        if value.contains('%') {
            // Encoded twice. No form has a percent sign of its own, and the inner value is not tried
            // again, so this ends.
            let inner = percent::decode(value.as_bytes(), Plus::Literal).ok()?;
            return (!inner.contains('%')).then(|| Self::read(&inner))?;
        }
        match value.split_once(':') {
            Some(("MSISDN", number)) => {
                digits(without_plus(number).unwrap_or(number)).map(Self::Msisdn)
            }
            Some(("ENCR_MSISDN", sealed)) => sealed_text(sealed).map(Self::EncryptedMsisdn),
            Some(("PCR", sub)) => pcr(sub).map(Self::Pcr),
            Some((tel, number)) if tel.eq_ignore_ascii_case("tel") => {
                digits(&without_separators(without_plus(number)?)).map(Self::Tel)
            }
            Some(_) => None,
            None => digits(without_plus(value)?).map(Self::Bare),
        }
    }
}

impl fmt::Debug for LoginHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = match self {
            Self::Msisdn(_) => "Msisdn",
            Self::EncryptedMsisdn(_) => "EncryptedMsisdn",
            Self::Pcr(_) => "Pcr",
            Self::Tel(_) => "Tel",
            Self::Bare(_) => "Bare",
        };
        f.debug_tuple(tag).field(&Masked).finish()
    }
}

/// What follows a `+`, or the space that an unencoded `+` becomes in a form.
fn without_plus(number: &str) -> Option<&str> {
    number.strip_prefix(['+', ' '])
}

/// RFC 3966 §3: visual separators carry no meaning.
fn without_separators(number: &str) -> String {
    number.chars().filter(|c| !"-.()".contains(*c)).collect()
}

fn digits(text: &str) -> Option<String> {
    let fits = (1..=MAX_DIGITS).contains(&text.len());
    (fits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

/// Hexadecimal digits are base64url characters too; a compact JWE adds dots.
fn sealed_text(text: &str) -> Option<String> {
    let is_sealed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!text.is_empty() && text.bytes().all(is_sealed)).then(|| text.to_owned())
}

fn pcr(sub: &str) -> Option<String> {
    let fits = (1..=MAX_PCR).contains(&sub.len());
    (fits && sub.bytes().all(|byte| byte.is_ascii_graphic())).then(|| sub.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> String {
        digits.to_owned()
    }

    /// mobile-connect.md §2.4, T-123.
    #[test]
    fn every_spelling_of_a_number_gives_the_same_digits() {
        for spelling in [
            "MSISDN:447700900907",
            "MSISDN:+447700900907",
            "MSISDN: 447700900907",
            "MSISDN%3A447700900907",
            "MSISDN%3A%2B447700900907",
            "tel:+447700900907",
            "tel: 447700900907",
            "TEL:+44-7700-900907",
            "tel:+44(7700)900.907",
            "tel%3A%2B447700900907",
            "+447700900907",
            " 447700900907",
            "%2B447700900907",
        ] {
            let hint = LoginHint::parse(spelling).unwrap();
            assert_eq!(hint.digits(), Some("447700900907"), "{spelling}");
        }
    }

    #[test]
    fn the_form_is_remembered() {
        assert_eq!(LoginHint::parse("MSISDN:1234567"), Ok(LoginHint::Msisdn(number("1234567"))));
        assert_eq!(LoginHint::parse("tel:+1234567"), Ok(LoginHint::Tel(number("1234567"))));
        assert_eq!(LoginHint::parse("+1234567"), Ok(LoginHint::Bare(number("1234567"))));
    }

    #[test]
    fn sealed_numbers_and_pseudonyms_are_passed_on_unopened() {
        for sealed in ["00ffA9", "eyJhbGciOiJSU0EifQ.a-b_c.d.e.f"] {
            let hint = LoginHint::parse(&format!("ENCR_MSISDN:{sealed}")).unwrap();
            assert_eq!(hint, LoginHint::EncryptedMsisdn(sealed.to_owned()));
            assert_eq!(hint.digits(), None);
        }
        let sub = "22735ae2-9b1b-4edb-bed0-7b41de9e129e";
        let hint = LoginHint::parse(&format!("PCR:{sub}")).unwrap();
        assert_eq!(hint, LoginHint::Pcr(sub.to_owned()));
    }

    #[test]
    fn everything_else_is_refused() {
        let long_number = format!("MSISDN:{}", "1".repeat(25));
        let long_pcr = format!("PCR:{}", "a".repeat(256));
        for value in [
            "",
            "+",
            "447700900907",
            "MSISDN:",
            "MSISDN:++44",
            "MSISDN:44 77",
            "MSISDN:abc",
            "MSISDN:٤٤",
            "MSISDN%253A44",
            "MSISDN%3",
            "msisdn:447700900907",
            "tel:447700900907",
            "tel:+44;ext=1",
            "ENCR_MSISDN:",
            "ENCR_MSISDN:a b",
            "PCR:",
            "PCR:a b",
            "someone@example.org",
            "mailto:someone@example.org",
            &long_number,
            &long_pcr,
        ] {
            assert_eq!(LoginHint::parse(value), Err(LoginHintError), "{value}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        let shown = format!("{:?}", LoginHint::parse("MSISDN:447700900907").unwrap());
        assert_eq!(shown, "Msisdn([masked])");
    }
}
