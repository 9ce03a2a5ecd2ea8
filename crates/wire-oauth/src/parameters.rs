//! The parameters of a request: a strict decoder of `application/x-www-form-urlencoded`, for the query of
//! a GET and the body of a POST alike.
//!
//! It refuses what two readers could understand differently (broken escapes, broken UTF-8, control
//! characters; T-007), keeps the order, and keeps repeated names, because whether a repetition is an error
//! belongs to the endpoint (RFC 6749 §3.1 forbids it; the text of the answer differs by profile).

use std::fmt;

use crate::percent::{self, PercentError, Plus};

/// Bounds of one request's parameters (T-002). All lengths are bytes after decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many pairs, known or unknown, repeated or not.
    pub pairs: usize,
    /// Longest name.
    pub name: usize,
    /// Longest value of an ordinary parameter.
    pub value: usize,
    /// Longest value of `request` and `claims`, which carry whole documents.
    pub document: usize,
}

impl Limits {
    /// For a query string: documents are as short as everything else, the URI itself ends at 8 KiB.
    pub const QUERY: Self = Self { pairs: 64, name: 128, value: 4 * 1024, document: 4 * 1024 };
    /// For a form body: `request` and `claims` may have 16 KiB.
    pub const BODY: Self = Self { document: 16 * 1024, ..Self::QUERY };

    fn value_of(&self, name: &str) -> usize {
        if matches!(name, "request" | "claims") { self.document } else { self.value }
    }
}

/// Decoded parameters in the order they were sent. `Debug` shows names only: values are codes, secrets and
/// phone numbers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

/// Why a query string or form body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    /// A `%` is not followed by two hexadecimal digits (RFC 3986 §2.1).
    #[error("a percent sign is not followed by two hexadecimal digits")]
    InvalidPercentEncoding,
    /// A name or value is not UTF-8 after decoding.
    #[error("a parameter is not UTF-8 text")]
    InvalidUtf8,
    /// A name or value has a control character (Unicode category Cc). Tab and line breaks are allowed in
    /// `claims` alone, where JSON treats them as spaces (RFC 8259 §2).
    #[error("a parameter has a control character")]
    ControlCharacter,
    /// More pairs than [`Limits::pairs`].
    #[error("more than {limit} parameters")]
    TooManyPairs {
        /// The bound that was passed.
        limit: usize,
    },
    /// A name longer than [`Limits::name`].
    #[error("a parameter name is longer than {limit} bytes")]
    NameTooLong {
        /// The bound that was passed.
        limit: usize,
    },
    /// A value longer than [`Limits::value`] or [`Limits::document`].
    #[error("a parameter value is longer than {limit} bytes")]
    ValueTooLong {
        /// The bound that was passed.
        limit: usize,
    },
}

impl Parameters {
    /// Decodes a form body, within [`Limits::BODY`].
    pub fn parse(body: &[u8]) -> Result<Self, ParametersError> {
        Self::parse_within(body, Limits::BODY)
    }

    /// Decodes a query string (without its `?`), within [`Limits::QUERY`].
    pub fn parse_query(query: &[u8]) -> Result<Self, ParametersError> {
        Self::parse_within(query, Limits::QUERY)
    }

    /// Decodes within other limits. `a` and `a=` both give an empty value; `&&` counts as one separator;
    /// `+` is a space.
    pub fn parse_within(encoded: &[u8], limits: Limits) -> Result<Self, ParametersError> {
        let mut pairs = Vec::new();
        for pair in encoded.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == limits.pairs {
                return Err(ParametersError::TooManyPairs { limit: limits.pairs });
            }
            pairs.push(decode_pair(pair, limits)?);
        }
        Ok(Self { pairs })
    }

    /// These parameters with those of `others` in place of any of the same name, within `limits`: a value
    /// that came inside a document obeys the same rules as one that came by itself.
    pub fn overridden_by<'a>(
        self,
        others: impl IntoIterator<Item = (&'a str, &'a str)>,
        limits: Limits,
    ) -> Result<Self, ParametersError> {
        let mut pairs = self.pairs;
        for (name, value) in others {
            check_pair(name, value, limits)?;
            pairs.retain(|(known, _)| known != name);
            pairs.push((name.to_owned(), value.to_owned()));
        }
        if pairs.len() > limits.pairs {
            return Err(ParametersError::TooManyPairs { limit: limits.pairs });
        }
        Ok(Self { pairs })
    }

    /// These parameters without those of that name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self
    }

    /// The value of the first parameter of that name. A parameter sent empty is `Some("")`: some rules call
    /// that an error (`correlation_id`, mobile-connect.md §2.6), others call it absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Like [`get`](Self::get), but a parameter sent empty counts as omitted (RFC 6749 §3.1).
    pub fn get_non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Each name that occurs more than once, one time each, in order of first occurrence (RFC 6749 §3.1,
    /// T-007).
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().enumerate().filter_map(|(at, (name, _))| {
            let same = |(other, _): &&(String, String)| other == name;
            let is_first = !self.pairs[..at].iter().any(|pair| same(&pair));
            (is_first && self.pairs[at + 1..].iter().any(|pair| same(&pair)))
                .then_some(name.as_str())
        })
    }

    /// All pairs, in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair at all.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The same pairs as `application/x-www-form-urlencoded` text.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameters")?;
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

fn decode_pair(pair: &[u8], limits: Limits) -> Result<(String, String), ParametersError> {
    let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, &pair[pair.len()..]),
    };
    let (name, value) = (decode_text(name)?, decode_text(value)?);
    check_pair(&name, &value, limits)?;
    Ok((name, value))
}

fn check_pair(name: &str, value: &str, limits: Limits) -> Result<(), ParametersError> {
    if name.len() > limits.name {
        return Err(ParametersError::NameTooLong { limit: limits.name });
    }
    let limit = limits.value_of(name);
    if value.len() > limit {
        return Err(ParametersError::ValueTooLong { limit });
    }
    let refused = |c: char| c.is_control() && !(name == "claims" && "\t\r\n".contains(c));
    if name.chars().any(char::is_control) || value.chars().any(refused) {
        return Err(ParametersError::ControlCharacter);
    }
    Ok(())
}

fn decode_text(encoded: &[u8]) -> Result<String, ParametersError> {
    percent::decode(encoded, Plus::Space).map_err(|error| match error {
        PercentError::Escape => ParametersError::InvalidPercentEncoding,
        PercentError::Utf8 => ParametersError::InvalidUtf8,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_and_keep_their_order() {
        let parameters =
            Parameters::parse(b"scope=openid+mc_authn&state=a%2Bb%20%C3%A9&x").unwrap();
        let pairs: Vec<_> = parameters.iter().collect();
        assert_eq!(pairs, [("scope", "openid mc_authn"), ("state", "a+b é"), ("x", "")]);
    }

    /// OpenID Connect Core §6.1: what a request object says wins.
    #[test]
    fn others_take_the_place_of_all_of_their_name_within_the_same_limits() {
        let parameters = Parameters::parse(b"a=1&b=2&a=3").unwrap();
        let merged = parameters.clone().overridden_by([("a", "4"), ("c", "5")], Limits::BODY);
        let merged = merged.unwrap().without("b");
        assert_eq!(merged.iter().collect::<Vec<_>>(), [("a", "4"), ("c", "5")]);
        let long = "x".repeat(4097);
        for (bad, error) in [
            ("\u{0}", ParametersError::ControlCharacter),
            (&*long, ParametersError::ValueTooLong { limit: 4096 }),
        ] {
            let refused = parameters.clone().overridden_by([("a", bad)], Limits::BODY);
            assert_eq!(refused, Err(error));
        }
        let few = Limits { pairs: 3, ..Limits::BODY };
        let refused = parameters.overridden_by([("c", ""), ("d", ""), ("e", "")], few);
        assert_eq!(refused, Err(ParametersError::TooManyPairs { limit: 3 }));
    }

    #[test]
    fn an_empty_value_is_there_and_can_be_read_as_omitted() {
        let parameters = Parameters::parse(b"correlation_id=&state=1").unwrap();
        assert_eq!(parameters.get("correlation_id"), Some(""));
        assert_eq!(parameters.get_non_empty("correlation_id"), None);
        assert_eq!(parameters.get("nonce"), None);
    }

    /// RFC 6749 §3.1, T-007.
    #[test]
    fn each_repeated_name_is_told_once_even_when_its_values_agree() {
        let parameters = Parameters::parse(b"a=1&b=2&a=1&c=3&b=4&a=5").unwrap();
        assert_eq!(parameters.repeated().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(parameters.get("a"), Some("1"));
    }

    #[test]
    fn a_name_repeated_behind_an_escape_is_still_the_same_name() {
        let parameters = Parameters::parse(b"client_id=1&client%5Fid=2").unwrap();
        assert_eq!(parameters.repeated().collect::<Vec<_>>(), ["client_id"]);
    }

    #[test]
    fn broken_escapes_are_refused() {
        for body in [&b"a=%"[..], b"a=%4", b"a=%zz", b"%g0=1", b"a=%+1"] {
            assert_eq!(Parameters::parse(body), Err(ParametersError::InvalidPercentEncoding));
        }
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        for body in [&b"a=%ff"[..], b"a=%C3", b"a=\xff", b"\xc3=1", b"a=%ED%A0%80"] {
            assert_eq!(Parameters::parse(body), Err(ParametersError::InvalidUtf8));
        }
    }

    /// T-007.
    #[test]
    fn control_characters_are_refused_in_names_and_values() {
        for body in [&b"a=%00"[..], b"a%00=1", b"a=%0D%0ASet-Cookie", b"a=\x7f", b"a=%C2%85"] {
            assert_eq!(Parameters::parse(body), Err(ParametersError::ControlCharacter));
        }
    }

    #[test]
    fn a_pretty_printed_claims_document_may_have_line_breaks() {
        let parameters = Parameters::parse(b"claims=%7B%0A%09%7D").unwrap();
        assert_eq!(parameters.get("claims"), Some("{\n\t}"));
        assert_eq!(Parameters::parse(b"claims=%00"), Err(ParametersError::ControlCharacter));
    }

    /// T-002.
    #[test]
    fn sizes_are_bounded_and_documents_have_more_room_in_a_body() {
        let pair =
            |name: &str, length: usize| format!("{name}={}", "x".repeat(length)).into_bytes();
        assert!(Parameters::parse(&pair("state", 4096)).is_ok());
        let too_long = |limit| Err(ParametersError::ValueTooLong { limit });
        assert_eq!(Parameters::parse(&pair("state", 4097)), too_long(4096));
        for name in ["request", "claims"] {
            assert!(Parameters::parse(&pair(name, 16384)).is_ok());
            assert_eq!(Parameters::parse(&pair(name, 16385)), too_long(16384));
            assert_eq!(Parameters::parse_query(&pair(name, 4097)), too_long(4096));
        }
        let long_name = "n".repeat(129);
        assert_eq!(
            Parameters::parse(long_name.as_bytes()),
            Err(ParametersError::NameTooLong { limit: 128 })
        );
    }

    #[test]
    fn the_sixty_fifth_parameter_is_refused() {
        let body = |count: usize| vec!["a=1"; count].join("&").into_bytes();
        assert_eq!(Parameters::parse(&body(64)).unwrap().len(), 64);
        assert_eq!(Parameters::parse(&body(65)), Err(ParametersError::TooManyPairs { limit: 64 }));
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let shown = format!("{:?}", Parameters::parse(b"client_secret=hunter2").unwrap());
        assert_eq!(shown, r#"Parameters["client_secret"]"#);
    }
}
