//! Adding response parameters to a redirect URI.

use crate::percent;

/// Adds `parameters` to the query of `uri`, keeping the query that is there (RFC 6749 §3.1.2).
///
/// Names and values are percent-encoded down to unreserved characters, so nothing in them can end the
/// query, start a fragment or break a header line. `uri` is copied as it is: give it a URI that
/// [`RegisteredRedirectUri::matches`](super::RegisteredRedirectUri::matches) accepted.
pub fn append<N, V>(uri: &str, parameters: impl IntoIterator<Item = (N, V)>) -> String
where
    N: AsRef<str>,
    V: AsRef<str>,
{
    let (base, fragment) = uri.split_at(uri.find('#').unwrap_or(uri.len()));
    let mut appended = base.to_owned();
    let mut separator = match base.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, value) in parameters {
        appended.push_str(separator);
        appended.extend(percent::encode(name.as_ref()));
        appended.push('=');
        appended.extend(percent::encode(value.as_ref()));
        separator = "&";
    }
    appended + fragment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_start_a_query_or_extend_the_one_that_is_there() {
        let code = [("code", "c1"), ("state", "s1")];
        for (uri, expected) in [
            ("https://sp.example/cb", "https://sp.example/cb?code=c1&state=s1"),
            ("https://sp.example/cb?", "https://sp.example/cb?code=c1&state=s1"),
            ("https://sp.example/cb?a=%20b", "https://sp.example/cb?a=%20b&code=c1&state=s1"),
            ("https://sp.example/cb?a=b&", "https://sp.example/cb?a=b&code=c1&state=s1"),
            ("com.example.app:/cb", "com.example.app:/cb?code=c1&state=s1"),
            ("https://sp.example/cb#top", "https://sp.example/cb?code=c1&state=s1#top"),
        ] {
            assert_eq!(append(uri, code), expected);
        }
    }

    #[test]
    fn values_cannot_leave_their_place() {
        let appended = append("https://sp.example/cb", [("state", "a b&c=d#e\r\nSet-Cookie: x+é")]);
        assert_eq!(
            appended,
            "https://sp.example/cb?state=a%20b%26c%3Dd%23e%0D%0ASet-Cookie%3A%20x%2B%C3%A9"
        );
    }

    #[test]
    fn no_parameters_change_nothing() {
        assert_eq!(append::<&str, &str>("https://sp.example/cb", []), "https://sp.example/cb");
    }
}
