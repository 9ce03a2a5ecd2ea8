//! The `Authorization` request header: `Basic` for clients (RFC 7617, RFC 6749 §2.3.1) and `Bearer` for
//! access tokens (RFC 6750 §2.1). Scheme names are case-insensitive (RFC 9110 §11.1).

mod basic;
mod bearer;

pub use basic::{BasicCredentials, ClientCredentials};
pub use bearer::BearerToken;

/// Longest header value that is read, in bytes (T-002: an OAuth value has at most 4 KiB).
pub const MAX_LENGTH: usize = 4 * 1024;

/// A decoded `Authorization` header value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationHeader {
    /// `Basic` with an identifier and a secret.
    Basic(BasicCredentials),
    /// `Bearer` with an access token.
    Bearer(BearerToken),
}

/// Why an `Authorization` header cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationHeaderError {
    /// Longer than [`MAX_LENGTH`].
    #[error("the Authorization header is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// The scheme is neither `Basic` nor `Bearer`.
    #[error("the Authorization scheme is neither Basic nor Bearer")]
    UnsupportedScheme,
    /// What follows `Basic` is not base64 of `id:secret` in UTF-8 without control characters.
    #[error("the Basic credentials are not base64 of an identifier, a colon and a secret")]
    InvalidBasic,
    /// What follows `Bearer` is not a `b64token`.
    #[error("the Bearer token has characters outside the b64token alphabet")]
    InvalidBearer,
}

impl AuthorizationHeader {
    /// Decodes a header value as received.
    pub fn parse(value: &[u8]) -> Result<Self, AuthorizationHeaderError> {
        if value.len() > MAX_LENGTH {
            return Err(AuthorizationHeaderError::TooLong);
        }
        let (scheme, credentials) = split_scheme(value);
        if scheme.eq_ignore_ascii_case(b"Basic") {
            let basic = BasicCredentials::parse(credentials);
            basic.map(Self::Basic).ok_or(AuthorizationHeaderError::InvalidBasic)
        } else if scheme.eq_ignore_ascii_case(b"Bearer") {
            let bearer = BearerToken::parse(credentials);
            bearer.map(Self::Bearer).ok_or(AuthorizationHeaderError::InvalidBearer)
        } else {
            Err(AuthorizationHeaderError::UnsupportedScheme)
        }
    }
}

/// Splits at the first space; white space around both parts carries no meaning (RFC 9110 §11.4).
fn split_scheme(value: &[u8]) -> (&[u8], &[u8]) {
    let value = value.trim_ascii();
    let end = value.iter().position(|&byte| byte == b' ').unwrap_or(value.len());
    let (scheme, credentials) = value.split_at(end);
    (scheme, credentials.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_case_insensitive() {
        assert!(matches!(
            AuthorizationHeader::parse(b"bEARER abc"),
            Ok(AuthorizationHeader::Bearer(token)) if token.as_str() == "abc"
        ));
        assert!(matches!(
            AuthorizationHeader::parse(b"bAsIc YTpi"),
            Ok(AuthorizationHeader::Basic(_))
        ));
    }

    #[test]
    fn other_schemes_and_no_scheme_are_told_apart_from_broken_credentials() {
        use AuthorizationHeaderError as E;
        for (value, error) in [
            (&b"Digest a=b"[..], E::UnsupportedScheme),
            (b"", E::UnsupportedScheme),
            (b"Basic", E::InvalidBasic),
            (b"Basic ####", E::InvalidBasic),
            (b"Bearer", E::InvalidBearer),
            (b"Bearer a b", E::InvalidBearer),
            (b"BearerX abc", E::UnsupportedScheme),
        ] {
            assert_eq!(AuthorizationHeader::parse(value), Err(error));
        }
    }

    #[test]
    fn the_header_is_bounded() {
        let value = |length: usize| [b"Bearer ".as_slice(), &vec![b'a'; length]].concat();
        assert!(AuthorizationHeader::parse(&value(MAX_LENGTH - 7)).is_ok());
        assert_eq!(
            AuthorizationHeader::parse(&value(MAX_LENGTH - 6)),
            Err(AuthorizationHeaderError::TooLong)
        );
    }

    #[test]
    fn debug_hides_secrets_and_tokens() {
        let basic = AuthorizationHeader::parse(b"Basic YXBwOmh1bnRlcjI=").unwrap();
        let bearer = AuthorizationHeader::parse(b"Bearer hunter2").unwrap();
        let shown = format!("{basic:?} {bearer:?}");
        assert!(shown.contains("app"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
