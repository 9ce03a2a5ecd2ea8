//! Registered redirect URIs and the comparison with a presented one (T-030).
//!
//! Comparison is byte for byte: no normalising, no prefix, no wildcard. Every published bypass of redirect
//! checks lived in the gap between two readings of one URI. The single exception is RFC 8252 §7.3: a native
//! application that listens on a loopback address learns its port only when it runs.

use url::Url;

/// Longest redirect URI that may be registered, in bytes.
pub const MAX_LENGTH: usize = 2048;

const LOOPBACK_LITERALS: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// A redirect URI that may receive authorization responses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegisteredRedirectUri(String);

/// Why a redirect URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// Longer than [`MAX_LENGTH`].
    #[error("the redirect URI is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// White space, a backslash or anything outside printable ASCII.
    #[error("the redirect URI has a character that must be percent-encoded")]
    InvalidCharacter,
    /// Not an absolute URI (RFC 6749 §3.1.2).
    #[error("the redirect URI is not absolute; write scheme, host and path")]
    NotAbsolute,
    /// It has a fragment (RFC 6749 §3.1.2).
    #[error("the redirect URI has a fragment; remove `#` and what follows")]
    Fragment,
    /// It has a user name or password in its authority.
    #[error("the redirect URI has user information; remove what stands before `@`")]
    UserInfo,
    /// Its host has a `*`.
    #[error("redirect URIs are compared byte for byte; register each host instead of a wildcard")]
    Wildcard,
    /// Plain http to another host than this machine.
    #[error(
        "the redirect URI is plain http; use https, or http with 127.0.0.1, [::1] or localhost"
    )]
    Insecure,
    /// A scheme that is neither https nor a private-use scheme.
    #[error(
        "the redirect URI scheme is neither https nor a reversed domain name such as com.example.app"
    )]
    Scheme,
}

impl RegisteredRedirectUri {
    /// Accepts https, http to this machine (`127.0.0.1`, `[::1]`, `localhost`), and private-use schemes
    /// with a dot (`com.example.app:/callback`, RFC 8252 §7.1).
    pub fn parse(uri: &str) -> Result<Self, RedirectUriError> {
        let parsed = Self::parse_allowing_insecure(uri)?;
        let is_local = || {
            LOOPBACK_LITERALS
                .iter()
                .chain(&["http://localhost"])
                .any(|host| after_host(uri, host).is_some())
        };
        let is_http = scheme_of(uri).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        if is_http && !is_local() { Err(RedirectUriError::Insecure) } else { Ok(parsed) }
    }

    /// Like [`parse`](Self::parse), and http to any host: for development settings only (T-286).
    pub fn parse_allowing_insecure(uri: &str) -> Result<Self, RedirectUriError> {
        if uri.len() > MAX_LENGTH {
            return Err(RedirectUriError::TooLong);
        }
        if !uri.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return Err(RedirectUriError::InvalidCharacter);
        }
        if uri.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        let url = Url::parse(uri).map_err(|_| RedirectUriError::NotAbsolute)?;
        match url.scheme() {
            "https" | "http" => check_authority(uri, &url)?,
            private_use if private_use.contains('.') => {}
            _ => return Err(RedirectUriError::Scheme),
        }
        Ok(Self(uri.to_owned()))
    }

    /// Whether a presented `redirect_uri` is this one: byte for byte, except that the port of a loopback
    /// IP literal may differ or be absent (T-030, RFC 8252 §7.3). `localhost` is a name, not a literal.
    pub fn matches(&self, presented: &str) -> bool {
        presented == self.0
            || LOOPBACK_LITERALS.iter().any(|host| {
                let registered = after_host(&self.0, host).and_then(after_port);
                registered.is_some()
                    && registered == after_host(presented, host).and_then(after_port)
            })
    }

    /// The URI as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `https:host`, `https:///host` and the like parse as URLs, yet not every client reads them alike.
fn check_authority(uri: &str, url: &Url) -> Result<(), RedirectUriError> {
    let rest = &uri[url.scheme().len()..];
    let authority = rest.strip_prefix("://").ok_or(RedirectUriError::NotAbsolute)?;
    let authority = &authority[..authority.find(['/', '?']).unwrap_or(authority.len())];
    if authority.is_empty() {
        return Err(RedirectUriError::NotAbsolute);
    }
    if authority.contains('@') {
        return Err(RedirectUriError::UserInfo);
    }
    if authority.contains('*') {
        return Err(RedirectUriError::Wildcard);
    }
    Ok(())
}

fn scheme_of(uri: &str) -> Option<&str> {
    uri.split_once(':').map(|(scheme, _)| scheme)
}

/// What follows scheme and host, when the host ends there.
fn after_host<'u>(uri: &'u str, scheme_and_host: &str) -> Option<&'u str> {
    let rest = uri.strip_prefix(scheme_and_host)?;
    (rest.is_empty() || rest.starts_with([':', '/', '?'])).then_some(rest)
}

/// Path and query behind an optional port of 1 to 65535, written without leading zeros.
fn after_port(rest: &str) -> Option<&str> {
    let Some(with_port) = rest.strip_prefix(':') else {
        return Some(rest);
    };
    let (port, tail) = with_port.split_at(with_port.find(['/', '?']).unwrap_or(with_port.len()));
    let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    (digits && port.parse::<u16>().is_ok()).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(uri: &str) -> RegisteredRedirectUri {
        RegisteredRedirectUri::parse(uri).unwrap()
    }

    #[test]
    fn https_loopback_and_private_use_schemes_may_be_registered() {
        for uri in [
            "https://sp.example.org/mc/callback",
            "https://sp.example.org:8443/cb?tenant=1",
            "http://127.0.0.1/cb",
            "http://[::1]:9000/cb",
            "http://localhost:3000/cb",
            "com.example.app:/oauth2redirect",
            "com.example.app://callback",
        ] {
            assert_eq!(registered(uri).as_str(), uri);
        }
    }

    #[test]
    fn each_unsafe_uri_is_refused_for_its_reason() {
        use RedirectUriError as E;
        for (uri, reason) in [
            ("/cb", E::NotAbsolute),
            ("sp.example.org/cb", E::NotAbsolute),
            ("https:///cb", E::NotAbsolute),
            ("https:sp.example.org/cb", E::NotAbsolute),
            ("", E::NotAbsolute),
            ("https://sp.example.org/cb#", E::Fragment),
            ("https://sp.example.org/cb#x", E::Fragment),
            ("https://sp.example.org@evil.example/cb", E::UserInfo),
            ("https://*.example.org/cb", E::Wildcard),
            ("http://sp.example.org/cb", E::Insecure),
            ("HTTP://sp.example.org/cb", E::Insecure),
            ("http://localhost.evil.example/cb", E::Insecure),
            ("http://127.0.0.1.evil.example/cb", E::Insecure),
            ("http://127.1/cb", E::Insecure),
            ("http://127.0.0.2/cb", E::Insecure),
            ("javascript:alert(1)", E::Scheme),
            ("data:text/html,x", E::Scheme),
            ("myapp:/cb", E::Scheme),
            ("https://sp.example.org/a b", E::InvalidCharacter),
            ("https://sp.example.org/é", E::InvalidCharacter),
            ("https://sp.example.org\\@evil.example", E::InvalidCharacter),
            ("https://sp.example.org/\r\nX: y", E::InvalidCharacter),
        ] {
            assert_eq!(RegisteredRedirectUri::parse(uri), Err(reason), "{uri}");
        }
        let long = format!("https://sp.example.org/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(RegisteredRedirectUri::parse(&long), Err(E::TooLong));
    }

    #[test]
    fn plain_http_elsewhere_needs_the_insecure_setting_and_the_other_rules_stay() {
        let allowed = RegisteredRedirectUri::parse_allowing_insecure;
        assert!(allowed("http://sp.test:8080/cb").is_ok());
        assert_eq!(allowed("http://sp.test/cb#x"), Err(RedirectUriError::Fragment));
        assert_eq!(allowed("ftp://sp.test/cb"), Err(RedirectUriError::Scheme));
    }

    /// T-030.
    #[test]
    fn a_presented_uri_matches_byte_for_byte() {
        let uri = registered("https://sp.example.org/cb?x=1");
        assert!(uri.matches("https://sp.example.org/cb?x=1"));
        for other in [
            "https://sp.example.org/cb",
            "https://sp.example.org/cb?x=1&y=2",
            "https://sp.example.org/cb?x=1/",
            "https://SP.example.org/cb?x=1",
            "HTTPS://sp.example.org/cb?x=1",
            "https://sp.example.org:443/cb?x=1",
            "https://sp.example.org/./cb?x=1",
            "https://sp.example.org/c%62?x=1",
            "https://sp.example.org.evil.example/cb?x=1",
            "",
        ] {
            assert!(!uri.matches(other), "{other}");
        }
    }

    /// RFC 8252 §7.3.
    #[test]
    fn only_the_port_of_a_loopback_literal_may_differ() {
        let v4 = registered("http://127.0.0.1:1000/cb");
        assert!(v4.matches("http://127.0.0.1:53412/cb"));
        assert!(v4.matches("http://127.0.0.1/cb"));
        assert!(registered("http://127.0.0.1/cb").matches("http://127.0.0.1:65535/cb"));
        assert!(registered("http://[::1]/cb?a=b").matches("http://[::1]:8080/cb?a=b"));
        for other in [
            "http://127.0.0.1:53412/other",
            "http://127.0.0.1:53412/cb?x=1",
            "http://127.0.0.1:53412@evil.example/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:08/cb",
            "http://127.0.0.1:+80/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://[::1]:53412/cb",
            "https://127.0.0.1:53412/cb",
            "http://localhost:53412/cb",
        ] {
            assert!(!v4.matches(other), "{other}");
        }
    }

    #[test]
    fn the_port_of_localhost_and_of_https_is_fixed() {
        assert!(!registered("http://localhost:3000/cb").matches("http://localhost:3001/cb"));
        assert!(!registered("https://127.0.0.1:3000/cb").matches("https://127.0.0.1:3001/cb"));
    }
}
