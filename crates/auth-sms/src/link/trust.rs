//! What the headers of a request for a link's page say about who asks. None of it is proof: it only
//! takes away from what a request may do.

use http::{HeaderMap, HeaderName, Method, header::ORIGIN};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Where browsers and previewers say that nobody has asked to see the page yet.
const PURPOSE: [HeaderName; 4] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
];

/// Whether a form can have been sent by our own page at `origin`. A browser sends `null` for it
/// from a page with `Referrer-Policy: no-referrer`, as ours is (Fetch standard, "append a request
/// `Origin` header"); whether it is another site's is then in `Sec-Fetch-Site`.
pub(super) fn is_own_form(headers: &HeaderMap, origin: &str) -> bool {
    let is_own_site = headers.get(SEC_FETCH_SITE).is_none_or(|site| site == "same-origin");
    let is_own_origin = headers.get(ORIGIN).is_none_or(|from| from == origin || from == "null");
    is_own_site && is_own_origin
}

/// How a page was looked at, for counting.
pub(super) fn manner(method: &Method, headers: &HeaderMap) -> &'static str {
    let is_ahead = |value: &str| value.contains("prefetch") || value.contains("preview");
    let says = |name: &HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(is_ahead)
    };
    if PURPOSE.iter().any(says) {
        "prefetch"
    } else if *method == Method::HEAD {
        "head"
    } else {
        "visit"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_form_of_another_site_is_not_ours() {
        let own = "https://m.example";
        let is_own = |pairs: &[_]| is_own_form(&headers(pairs), own);
        assert!(is_own(&[]), "old browsers say nothing");
        assert!(is_own(&[("origin", own), ("sec-fetch-site", "same-origin")]));
        assert!(is_own(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        for foreign in [
            [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            [("origin", "null"), ("sec-fetch-site", "cross-site")],
            [("origin", own), ("sec-fetch-site", "same-site")],
            [("origin", "http://m.example"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(!is_own(&foreign), "{foreign:?}");
        }
    }

    #[test]
    fn previews_are_told_from_visits() {
        let manner = |pairs: &[_]| manner(&Method::GET, &headers(pairs));
        assert_eq!(manner(&[]), "visit");
        assert_eq!(manner(&[("sec-purpose", "prefetch;prerender")]), "prefetch");
        assert_eq!(manner(&[("x-purpose", "preview")]), "prefetch");
        assert_eq!(super::manner(&Method::HEAD, &HeaderMap::new()), "head");
    }
}
