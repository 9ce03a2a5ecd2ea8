//! The sender as the centre wants it (SMPP 3.4 §5.2.5, §5.2.8).

use crate::settings::{CentreSettings, Numbering};

/// Digits that `source_addr` holds: 21 octets with the final zero.
const MOST_DIGITS: usize = 20;
/// Characters of an alphanumeric sender (3GPP TS 23.040 §9.1.2.5: 20 semi-octets).
const MOST_CHARACTERS: usize = 11;

/// Punctuation that GSM 03.38 and ASCII write alike. Centres disagree which of the two
/// `source_addr` is in, so a sender keeps to what both read the same.
const SHARED_PUNCTUATION: &[u8] = b" !\"#%&'()*+,-./:;<=>?";

/// A checked sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A number, without `+`.
    Digits(String),
    /// A name.
    Name(String),
}

impl Sender {
    /// Reads `+34600000001`, `34600000001`, `4455` or `My Bank`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit()) {
            return if digits.len() <= MOST_DIGITS {
                Ok(Self::Digits(digits.to_owned()))
            } else {
                Err("the sender has more than 20 digits")
            };
        }
        if !(1..=MOST_CHARACTERS).contains(&text.chars().count()) {
            return Err("the sender is not 1 to 11 characters or a number");
        }
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || SHARED_PUNCTUATION.contains(&b)) {
            Ok(Self::Name(text.to_owned()))
        } else {
            Err("the sender has characters that centres read in different ways")
        }
    }

    /// `source_addr`.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Digits(text) | Self::Name(text) => text,
        }
    }

    /// `source_addr_ton` and `source_addr_npi` at one centre.
    pub(crate) fn numbering(&self, centre: &CentreSettings) -> Numbering {
        match self {
            Self::Digits(_) => centre.numeric_source,
            Self::Name(_) => centre.alphanumeric_source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_number_or_a_short_name() {
        assert_eq!(Sender::parse("+34600000001"), Ok(Sender::Digits("34600000001".into())));
        assert_eq!(Sender::parse("4455"), Ok(Sender::Digits("4455".into())));
        assert_eq!(Sender::parse("My Bank"), Ok(Sender::Name("My Bank".into())));
    }

    #[test]
    fn a_sender_that_a_phone_could_not_show_is_refused() {
        for bad in ["", "Twelve chars", "a@b", "a_b", "Ñandú", "a\0b", &"1".repeat(21)] {
            assert!(Sender::parse(bad).is_err(), "{bad:?}");
        }
    }
}
