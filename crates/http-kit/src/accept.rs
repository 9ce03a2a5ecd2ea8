//! Whether the sender wants a page or JSON (RFC 9110 §12.5.1).

use http::{HeaderMap, header::ACCEPT};

/// JSON, unless `text/html` is named with more weight than JSON is: the endpoints are made for
/// programs (mobile-connect §1.2), and browsers always name it. A `*/*` says nothing either way.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), weight);
        let Some(weight) = weight else { continue };
        if name.eq_ignore_ascii_case("text/html") {
            html = html.max(weight);
        } else if name.eq_ignore_ascii_case("application/json") {
            json = json.max(weight);
        }
    }
    html > json
}

fn weight(text: &str) -> Option<f32> {
    text.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_a_page_and_programs_json() {
        for (accept, page) in [
            (None, false),
            (Some("application/json"), false),
            (Some("*/*"), false),
            (Some("text/html"), true),
            (Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), true),
            (Some("application/json, text/html"), false),
            (Some("application/json;q=0.5, TEXT/HTML; q=0.6"), true),
            (Some("text/html;q=0"), false),
            (Some("text/html;q=NaN, ;;,"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(prefers_html(&headers), page, "{accept:?}");
        }
    }
}
