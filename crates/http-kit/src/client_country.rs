//! Which country a request comes from.

use http::{Extensions, HeaderMap, HeaderName};

/// The country of the network that a request comes from (ISO 3166-1 alpha-2), as a trusted proxy
/// says. Requests without one have no such extension.
///
/// It is a hint for routing and risk, not evidence: networks are mapped to countries by guesswork,
/// and anybody can rent an address abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientCountry([u8; 2]);

impl ClientCountry {
    /// The country of the request that these extensions belong to, two capital letters.
    pub fn of(extensions: &Extensions) -> Option<String> {
        let Self(letters) = extensions.get()?;
        Some(letters.iter().map(|letter| char::from(*letter)).collect())
    }

    /// Reads the one line of the header; two different answers are none. `XX` and `ZZ` say that
    /// the proxy does not know, and so do codes with a digit (`T1` for an anonymity network).
    pub(crate) fn read(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        let mut lines = headers.get_all(name).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return None };
        let letters: [u8; 2] = line.as_bytes().trim_ascii().try_into().ok()?;
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        let is_known =
            letters.iter().all(u8::is_ascii_uppercase) && !matches!(&letters, b"XX" | b"ZZ");
        is_known.then_some(Self(letters))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: HeaderName = HeaderName::from_static("x-country");

    fn read(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(NAME, line.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        if let Some(country) = ClientCountry::read(&headers, &NAME) {
            extensions.insert(country);
        }
        ClientCountry::of(&extensions)
    }

    #[test]
    fn a_country_is_two_letters() {
        assert_eq!(read(&["ES"]).as_deref(), Some("ES"));
        assert_eq!(read(&[" pt "]).as_deref(), Some("PT"));
        for unknown in ["", "XX", "zz", "T1", "E", "ESP", "E S", "é"] {
            assert_eq!(read(&[unknown]), None, "{unknown}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["ES", "PT"]), None, "two answers are none");
    }

    proptest! {
        #[test]
        fn any_line_gives_two_capitals_or_nothing(line in "[ -~]{0,6}") {
            if let Some(country) = read(&[&line]) {
                prop_assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
            }
        }
    }
}
