//! Cookies: reading what browsers send, writing ours (RFC 6265, T-042).

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// The cookie that binds a browser to its journeys (T-128): a secret of 256 random bits, 43
/// characters of base64url. Here, because the door that sets it and authenticators that ask whether
/// the same browser came back by another road must mean the same one.
pub const BROWSER_COOKIE: &str = "fiador_browser";

/// Cookies of one request that are looked at; a browser sends those of our host alone.
const MAX_COOKIES: usize = 64;

/// The name or value has a character that a cookie cannot carry (RFC 6265 §4.1.1), or is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a cookie has a token as name, and a value of up to 3,000 printable characters without space, quote, comma, semicolon and backslash"
)]
pub struct CookieError;

/// How long the browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieLife {
    /// Until the browser is closed.
    Session,
    /// This many seconds.
    Seconds(u32),
}

/// Whether cookies are for https.
///
/// With `secure`, every name gets the prefix `__Host-` and the attribute `Secure`, so that neither
/// a neighbouring host nor plain http can plant one. Without it, which only the named development
/// flag allows, HTTP clients on plain loopback can take part. `HttpOnly`, `SameSite=Lax` and
/// `Path=/` are always there: Lax, because the way back from a service provider is a navigation
/// from another site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookiePolicy {
    /// True in production.
    pub secure: bool,
}

impl CookiePolicy {
    /// The name on the wire.
    pub fn name(self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The value of our cookie `name`, `None` when absent. Only the name that this policy writes is
    /// read: a cookie without prefix never stands in for one with it.
    pub fn read<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let wanted = self.name(name);
        Cookies::of(headers).find_map(|(name, value)| (name == wanted).then_some(value))
    }

    /// A `Set-Cookie` value.
    pub fn set(
        self,
        name: &str,
        value: &str,
        life: CookieLife,
    ) -> Result<HeaderValue, CookieError> {
        let fits = is_token(name) && value.len() <= 3_000 && value.bytes().all(is_cookie_octet);
        if !fits {
            return Err(CookieError);
        }
        let name = self.name(name);
        let mut cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
        if self.secure {
            cookie.push_str("; Secure");
        }
        if let CookieLife::Seconds(seconds) = life {
            cookie.push_str("; Max-Age=");
            cookie.push_str(&seconds.to_string());
        }
        HeaderValue::try_from(cookie).map_err(|_| CookieError)
    }

    /// A `Set-Cookie` value that makes the browser forget `name`.
    pub fn clear(self, name: &str) -> Result<HeaderValue, CookieError> {
        self.set(name, "", CookieLife::Seconds(0))
    }
}

/// The cookies of a request, name and value, in the order sent; at most 64. What is no pair, or not
/// ASCII, is skipped.
#[derive(Debug)]
pub struct Cookies<'a> {
    lines: http::header::ValueIter<'a, HeaderValue>,
    line: std::str::Split<'a, char>,
    left: usize,
}

impl<'a> Cookies<'a> {
    /// Reads all `Cookie` lines: HTTP/2 may send one per cookie (RFC 9113 §8.2.3).
    pub fn of(headers: &'a HeaderMap) -> Self {
        Self { lines: headers.get_all(COOKIE).iter(), line: "".split(';'), left: MAX_COOKIES }
    }
}

impl<'a> Iterator for Cookies<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(piece) = self.line.next() else {
                let line = self.lines.next()?;
                self.line = line.to_str().unwrap_or_default().split(';');
                continue;
            };
            if let Some(pair) = pair(piece) {
                self.left = self.left.checked_sub(1)?;
                return Some(pair);
            }
        }
    }
}

fn pair(piece: &str) -> Option<(&str, &str)> {
    let (name, value) = piece.trim().split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    is_token(name).then_some((name, quoted.unwrap_or(value)))
}

fn is_token(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.len() <= 128 && name.bytes().all(fits)
}

fn is_cookie_octet(b: u8) -> bool {
    b.is_ascii_graphic() && !matches!(b, b'"' | b',' | b';' | b'\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECURE: CookiePolicy = CookiePolicy { secure: true };
    const DEVELOPMENT: CookiePolicy = CookiePolicy { secure: false };

    fn sent(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_production_cookie_is_host_bound_and_hidden_from_scripts() {
        // T-042
        assert_eq!(
            SECURE.set("session", "v", CookieLife::Session).unwrap(),
            "__Host-session=v; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            DEVELOPMENT.set("session", "v", CookieLife::Seconds(60)).unwrap(),
            "session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"
        );
    }

    #[test]
    fn a_cookie_without_prefix_does_not_stand_in() {
        let headers = sent(&["session=planted; __Host-session=mine"]);
        assert_eq!(SECURE.read(&headers, "session"), Some("mine"));
        assert_eq!(SECURE.read(&sent(&["session=planted"]), "session"), None);
    }

    #[test]
    fn ten_journeys_in_ten_tabs_are_ten_cookies() {
        let line = (0..10).map(|tab| format!("j{tab}=v{tab}")).collect::<Vec<_>>();
        let headers = sent(&[&line[..5].join("; "), &line[5..].join("; ")]);
        assert_eq!(Cookies::of(&headers).count(), 10);
        assert_eq!(DEVELOPMENT.read(&headers, "j9"), Some("v9"));
    }

    #[test]
    fn a_flood_of_cookies_is_cut() {
        let flood = vec!["a=b"; 1_000].join(";");
        assert_eq!(Cookies::of(&sent(&[&flood])).count(), MAX_COOKIES);
    }

    proptest! {
        #[test]
        fn what_is_set_is_read_back(value in "[!#-+\\--:<-\\[\\]-~]{0,80}", other in "[ -~]{0,60}") {
            let set = SECURE.set("journey", &value, CookieLife::Session).unwrap();
            let echoed = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            let headers = sent(&[&echoed, &other]);
            prop_assert_eq!(SECURE.read(&headers, "journey"), Some(value.as_str()));
        }

        #[test]
        fn no_value_can_add_an_attribute(value in any::<String>()) {
            if let Ok(set) = SECURE.set("journey", &value, CookieLife::Session) {
                prop_assert_eq!(set.to_str().unwrap().split(';').count(), 5);
            }
        }

        #[test]
        fn any_cookie_header_is_read_without_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(line) = HeaderValue::from_bytes(&line) {
                let mut headers = HeaderMap::new();
                headers.append(COOKIE, line);
                prop_assert!(Cookies::of(&headers).all(|(name, _)| !name.is_empty()));
            }
        }
    }
}
