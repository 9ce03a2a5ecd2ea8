//! The `max_age` parameter (OpenID Connect Core §3.1.2.1).

/// The longest age of an authentication that the service provider accepts, in whole seconds. Zero asks for
/// a new authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaxAge(u32);

impl MaxAge {
    /// Reads decimal digits, at most [`u32::MAX`] (136 years). `None` for signs, fractions, exponents,
    /// spaces and larger numbers.
    pub fn parse(value: &str) -> Option<Self> {
        // `u32::from_str` takes a leading plus sign, which the parameter has not.
        value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok().map(Self))?
    }

    /// Whole seconds.
    pub fn as_seconds(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_from_zero_are_read() {
        for (text, seconds) in [("0", 0), ("3600", 3600), ("007", 7), ("4294967295", u32::MAX)] {
            assert_eq!(MaxAge::parse(text).map(MaxAge::as_seconds), Some(seconds));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "-1", "+1", "1.5", "1e3", " 1", "4294967296", "ten", "١"] {
            assert_eq!(MaxAge::parse(text), None, "{text}");
        }
    }
}
