//! Strict percent-decoding: the usual libraries let `%zz` pass as three characters, which two readers of
//! the same request can then understand in two ways. Here it is an error.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986 §2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a `+` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// A space, as in `application/x-www-form-urlencoded`.
    Space,
    /// Itself, as in a URI (RFC 3986).
    Literal,
}

/// Why bytes are not percent-encoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PercentError {
    /// A `%` without two hexadecimal digits after it.
    Escape,
    /// The decoded bytes are not UTF-8.
    Utf8,
}

/// Decodes one name or value. The result is never longer than the input.
pub(crate) fn decode(encoded: &[u8], plus: Plus) -> Result<String, PercentError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(&byte) = rest.next() {
        decoded.push(match byte {
            b'%' => escaped_byte(rest.next(), rest.next()).ok_or(PercentError::Escape)?,
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| PercentError::Utf8)
}

/// Encodes a name or value so that form decoders and URI decoders read the same (a space is `%20`, which
/// both know, and not `+`, which only the first does).
pub(crate) fn encode(text: &str) -> impl Iterator<Item = &str> {
    utf8_percent_encode(text, ESCAPED)
}

fn escaped_byte(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    Some(hex_digit(*high?)? << 4 | hex_digit(*low?)?)
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
