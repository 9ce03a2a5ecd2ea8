//! The `acr_values` parameter (OpenID Connect Core §3.1.2.1).

use std::fmt;

/// Most values in one request. Mobile Connect has four levels; other profiles name classes by URI.
pub const MAX_VALUES: usize = 16;

/// Requested authentication context classes, most wanted first, each once. Never empty. What a value means
/// (`2` is level of assurance 2) is not decided here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcrValues(Vec<String>);

/// Why an `acr_values` value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcrValuesError {
    /// No value in it.
    #[error("the acr_values value is empty")]
    Empty,
    /// More than [`MAX_VALUES`].
    #[error("more than {MAX_VALUES} acr_values")]
    TooMany,
    /// Something else than printable ASCII.
    #[error("an acr value has a character outside printable ASCII")]
    InvalidCharacter,
}

impl AcrValues {
    /// Reads a space-separated list in order of preference.
    pub fn parse(value: &str) -> Result<Self, AcrValuesError> {
        let mut values: Vec<String> = Vec::new();
        for (count, acr) in value.split(' ').filter(|acr| !acr.is_empty()).enumerate() {
            if count == MAX_VALUES {
                return Err(AcrValuesError::TooMany);
            }
            if !acr.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(AcrValuesError::InvalidCharacter);
            }
            if !values.iter().any(|known| known == acr) {
                values.push(acr.to_owned());
            }
        }
        if values.is_empty() { Err(AcrValuesError::Empty) } else { Ok(Self(values)) }
    }

    /// The values, most wanted first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The list as a parameter value: one space between values.
impl fmt::Display for AcrValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference_is_the_order_of_writing() {
        let values = AcrValues::parse("3  2 3 urn:mace:incommon:iap:silver").unwrap();
        assert_eq!(values.to_string(), "3 2 urn:mace:incommon:iap:silver");
        assert_eq!(values.iter().next(), Some("3"));
    }

    #[test]
    fn empty_long_and_unprintable_lists_are_refused() {
        assert_eq!(AcrValues::parse(" "), Err(AcrValuesError::Empty));
        assert_eq!(AcrValues::parse(&"2 ".repeat(17)), Err(AcrValuesError::TooMany));
        assert_eq!(AcrValues::parse("2\t3"), Err(AcrValuesError::InvalidCharacter));
        assert_eq!(AcrValues::parse("²"), Err(AcrValuesError::InvalidCharacter));
    }
}
