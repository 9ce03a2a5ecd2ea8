//! Telephone numbers of subscribers.

use std::{fmt, str::FromStr};

use phonenumber::country;
use zeroize::Zeroize;

/// A subscriber number in E.164 form: 7 to 15 digits, the first not zero, without `+`
/// (ITU-T E.164; mobile-connect §2.4).
///
/// All spellings of one number give the same value (T-123), so budgets, look-ups and logs agree.
/// `Debug` and `Display` mask it; [`Msisdn::digits`] is the only way to the number itself. There
/// is deliberately no `Serialize`: what is stored is a keyed hash or a sealed value (T-247).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Msisdn {
    digits: String,
    country_code_length: u8,
}

/// Why a text is not a subscriber number. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MsisdnError {
    /// Longer than any spelling of a number could be.
    #[error("a telephone number has at most 40 characters")]
    TooLong,
    /// Characters that no spelling of a number has.
    #[error("a telephone number consists of digits, spaces and the signs + - . / ( )")]
    Characters,
    /// Digits, but not a number of any country's plan.
    #[error("not a telephone number in international form, and not one of the home country")]
    NotANumber,
}

/// A country whose numbers may be typed in national form (ISO 3166-1 alpha-2, e.g. `ES`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(country::Id);

impl FromStr for Region {
    type Err = MsisdnError;

    fn from_str(code: &str) -> Result<Self, MsisdnError> {
        code.parse().map(Self).map_err(|_| MsisdnError::NotANumber)
    }
}

impl Msisdn {
    /// Parses a number in any usual spelling. A leading `+` or `00` marks the international form;
    /// bare digits are read as international too, unless they only make sense in `home_region`.
    ///
    /// This is the one door for numbers: pages, hints, discovery and imports all come through it.
    pub fn parse(text: &str, home_region: Option<Region>) -> Result<Self, MsisdnError> {
        let text = text.trim();
        if text.len() > 40 {
            return Err(MsisdnError::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_digit() || b" +-./()".contains(&b)) {
            return Err(MsisdnError::Characters);
        }
        let compact: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.starts_with('+') {
            return Self::international(&compact);
        }
        if let Some(rest) = compact.strip_prefix("00") {
            return Self::international(rest);
        }
        if let Some(Region(home_region)) = home_region
            && let Ok(number) = phonenumber::parse(Some(home_region), &compact)
            // A trunk zero has no other reading; tables of ranges age, and leave out reserved ones.
            && (phonenumber::is_valid(&number) || compact.starts_with('0'))
        {
            // The plan of the home country may keep a zero that the international form drops.
            return Self::international(&Self::from_parsed(&number)?.digits);
        }
        Self::international(&compact)
    }

    /// From the canonical digits (no `+`), as an `MSISDN:` hint or a store gives them.
    pub fn from_digits(digits: &str) -> Result<Self, MsisdnError> {
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MsisdnError::Characters);
        }
        Self::international(digits)
    }

    /// From what [`Msisdn::digits`] gave before, out of a seal of our own: it was read as a number
    /// then, so here its form is checked and no plan is asked.
    pub fn from_canonical(digits: &str) -> Result<Self, MsisdnError> {
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MsisdnError::Characters);
        }
        if !(7..=15).contains(&digits.len()) || digits.starts_with('0') {
            return Err(MsisdnError::NotANumber);
        }
        let country_code_length = country_code_length(digits.as_bytes());
        Ok(Self { digits: digits.to_owned(), country_code_length })
    }

    fn international(digits: &str) -> Result<Self, MsisdnError> {
        if !(7..=16).contains(&digits.len()) || digits.starts_with('0') {
            return Err(MsisdnError::NotANumber);
        }
        let number = read_international(digits).map_err(|_| MsisdnError::NotANumber)?;
        let canonical = Self::from_parsed(&without_trunk_zero(&number).unwrap_or(number))?;
        // Digits that lose a zero at every reading are nobody's number: budgets and look-ups must
        // find the same one each time (T-123). Each step is shorter, so this ends.
        if canonical.digits != digits
            && Self::international(&canonical.digits).as_ref() != Ok(&canonical)
        {
            return Err(MsisdnError::NotANumber);
        }
        Ok(canonical)
    }

    fn from_parsed(number: &phonenumber::PhoneNumber) -> Result<Self, MsisdnError> {
        let country_code = number.code().value().to_string();
        let digits = format!("{country_code}{}", number.national());
        if !(7..=15).contains(&digits.len()) {
            return Err(MsisdnError::NotANumber);
        }
        let country_code_length = u8::try_from(country_code.len()).unwrap_or(3);
        Ok(Self { digits, country_code_length })
    }

    /// The digits without `+`. Never log them.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// The first seven digits: the number block that send budgets count (T-122).
    pub fn block(&self) -> &str {
        &self.digits[..7.min(self.digits.len())]
    }
}

impl Drop for Msisdn {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

/// Reads digits that begin with a country code. Set apart by a hyphen (RFC 3966 §5.1.1), the code
/// saves the library its search for a number in running text, which is most of the work.
fn read_international(digits: &str) -> Result<phonenumber::PhoneNumber, phonenumber::ParseError> {
    let (code, national) = digits.split_at(usize::from(country_code_length(digits.as_bytes())));
    phonenumber::parse(None, format!("+{code}-{national}"))
}

/// Country codes have one digit in the zones 1 and 7, two where the whole two-digit code is assigned
/// (ITU-T E.164, Annex D), and three otherwise.
const fn country_code_length(digits: &[u8]) -> u8 {
    match digits {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// A trunk zero written after the country code (`+44 (0)7700…`) is no part of the number; in plans
/// where the zero does belong to it (Italian fixed lines) the number is valid as it stands.
fn without_trunk_zero(number: &phonenumber::PhoneNumber) -> Option<phonenumber::PhoneNumber> {
    let national = number.national().to_string();
    let stripped = national.trim_start_matches('0');
    if stripped.len() == national.len() || phonenumber::is_valid(number) {
        return None;
    }
    phonenumber::parse(None, format!("+{}{stripped}", number.code().value())).ok()
}

/// `+34*******01`: country code and the last two digits, as pages may show it.
impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, rest) = self.digits.split_at(usize::from(self.country_code_length));
        let hidden = rest.len().saturating_sub(2);
        write!(f, "+{code}{}{}", "*".repeat(hidden), &rest[hidden..])
    }
}

impl fmt::Debug for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Msisdn({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spain() -> Option<Region> {
        "ES".parse().ok()
    }

    #[test]
    fn all_spellings_of_one_number_are_one_value() {
        let canonical = Msisdn::from_digits("447700900907").unwrap();
        for spelling in [
            "+447700900907",
            "447700900907",
            "00447700900907",
            "+44 7700 900907",
            "+44 (0)7700 900-907",
            " +44.7700.900907 ",
        ] {
            assert_eq!(Msisdn::parse(spelling, None).as_ref(), Ok(&canonical), "{spelling}");
            assert_eq!(Msisdn::parse(spelling, spain()).as_ref(), Ok(&canonical), "{spelling}");
        }
    }

    #[test]
    fn a_national_number_is_read_in_the_home_country_only() {
        let canonical = Msisdn::from_digits("34600000001").unwrap();
        assert_eq!(Msisdn::parse("600 000 001", spain()), Ok(canonical));
        assert_ne!(
            Msisdn::parse("600 000 001", None).map(|n| n.digits().to_owned()).unwrap_or_default(),
            "34600000001"
        );
    }

    #[test]
    fn a_zero_before_a_national_number_makes_no_other_number_t_123() {
        let canonical = Msisdn::from_digits("34600000001").unwrap();
        assert_eq!(Msisdn::parse("0600000001", spain()), Ok(canonical));
        assert_eq!(Msisdn::parse("03400", spain()), Err(MsisdnError::NotANumber));
    }

    #[test]
    fn what_is_not_a_number_is_refused_without_being_repeated() {
        for bad in
            ["", "+", "12", "0", "+0034600000001", "abc", "+34600000001;drop", "1234567890123456"]
        {
            let error = Msisdn::parse(bad, None).expect_err(bad);
            assert!(bad.len() < 3 || !error.to_string().contains(bad));
        }
        assert_eq!(Msisdn::parse(&"1".repeat(41), None), Err(MsisdnError::TooLong));
        assert_eq!(Msisdn::from_digits("+34600000001"), Err(MsisdnError::Characters));
    }

    #[test]
    fn digits_that_would_read_differently_the_next_time_are_refused() {
        // T-123; each reading of these would take away another zero.
        for unstable in ["200000001", "+200000001", "20000000000001"] {
            assert_eq!(Msisdn::parse(unstable, None), Err(MsisdnError::NotANumber));
        }
    }

    #[test]
    fn what_never_was_a_number_is_not_canonical() {
        for (bad, error) in [
            ("", MsisdnError::NotANumber),
            ("034600000001", MsisdnError::NotANumber),
            ("3460000000012345", MsisdnError::NotANumber),
            ("+34600000001", MsisdnError::Characters),
        ] {
            assert_eq!(Msisdn::from_canonical(bad), Err(error), "{bad}");
        }
    }

    #[test]
    fn a_number_prints_masked() {
        let number = Msisdn::from_digits("34600000001").unwrap();
        assert_eq!(number.to_string(), "+34*******01");
        assert_eq!(format!("{number:?}"), "Msisdn(+34*******01)");
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_what_it_accepts_is_stable(text in ".{0,45}") {
            if let Ok(number) = Msisdn::parse(&text, spain()) {
                prop_assert!((7..=15).contains(&number.digits().len()));
                prop_assert_eq!(Msisdn::from_digits(number.digits()), Ok(number.clone()));
                let _ = (number.to_string(), number.block().len());
            }
        }

        #[test]
        fn digits_with_plus_and_without_agree(digits in "[1-9][0-9]{6,14}") {
            prop_assert_eq!(Msisdn::parse(&format!("+{digits}"), None).ok(), Msisdn::from_digits(&digits).ok());
        }

        #[test]
        fn a_country_code_set_apart_changes_nothing(digits in "[1-9][0-9]{6,15}") {
            let whole = phonenumber::parse(None, format!("+{digits}"));
            prop_assert_eq!(read_international(&digits).ok(), whole.ok());
        }

        #[test]
        fn digits_of_a_number_give_the_same_number_without_a_plan(digits in "[1-9][0-9]{6,14}") {
            if let Ok(number) = Msisdn::from_digits(&digits) {
                prop_assert_eq!(Msisdn::from_canonical(number.digits()), Ok(number.clone()));
            }
        }
    }
}
