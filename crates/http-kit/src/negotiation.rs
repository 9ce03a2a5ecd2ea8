//! Which language a person reads.

use fiador_kernel::Language;
use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

/// Tags that are looked at; a person reads no more languages than that.
const MAX_TAGS: usize = 16;

/// The best language: what the service provider asked for (`ui_locales`, OpenID Connect Core
/// §3.1.2.1, space-separated), then what the browser asks for (`Accept-Language`, RFC 9110
/// §12.5.4), then English. Unknown or malformed tags are passed over, never an error.
pub(crate) fn negotiate(ui_locales: Option<&str>, accept_language: Option<&str>) -> Language {
    let asked = ui_locales.unwrap_or_default().split_ascii_whitespace().take(MAX_TAGS);
    let accepted = by_quality(accept_language.unwrap_or_default());
    let wanted: Vec<LanguageIdentifier> =
        asked.chain(accepted).filter_map(|tag| tag.parse().ok()).collect();
    let available: Vec<LanguageIdentifier> =
        Language::ALL.iter().filter_map(|language| language.tag().parse().ok()).collect();
    negotiate_languages(&wanted, &available, None, NegotiationStrategy::Lookup)
        .first()
        .and_then(|best| {
            let tag = best.to_string();
            Language::ALL.into_iter().find(|language| language.tag() == tag)
        })
        .unwrap_or_default()
}

/// The tags of an `Accept-Language` value, most wanted first; weight zero means "not this one".
fn by_quality(accept_language: &str) -> impl Iterator<Item = &str> {
    let mut weighted: Vec<(u16, &str)> = accept_language
        .split(',')
        .take(MAX_TAGS)
        .filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = thousandths(parameters)?;
            (weight > 0).then_some((weight, tag.trim()))
        })
        .collect();
    weighted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighted.into_iter().map(|(_, tag)| tag)
}

/// `q=0.8` is 800, nothing is 1000 (RFC 9110 §12.4.2); what cannot be read is `None`.
fn thousandths(parameters: &str) -> Option<u16> {
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return Some(1_000);
    }
    let (name, value) = parameters.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if fraction.len() > 3 || !digits(fraction) || !digits(whole) {
        return None;
    }
    let fraction = format!("{fraction:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_service_provider_asks_first() {
        assert_eq!(negotiate(Some("es"), Some("en")), Language::Es);
        assert_eq!(negotiate(Some("ca-ES es-MX en"), Some("en")), Language::Es);
        assert_eq!(negotiate(Some("fr-CA es-MX en"), Some("en")), Language::Fr);
        assert_eq!(negotiate(Some("en-GB"), Some("es")), Language::En);
    }

    #[test]
    fn the_browser_is_heard_by_weight() {
        assert_eq!(negotiate(None, Some("en;q=0.3, es-419;q=0.9")), Language::Es);
        assert_eq!(negotiate(None, Some("es;q=0, en;q=0.1")), Language::En);
        assert_eq!(negotiate(None, Some("ca, es;q=0.8, en;q=0.7")), Language::Es);
    }

    #[test]
    fn regions_and_scripts_find_their_language() {
        for (tag, language) in [
            ("pt-BR", Language::Pt),
            ("pt-PT", Language::Pt),
            ("de-AT", Language::De),
            ("de-Latn-CH-1996", Language::De),
            ("fr-CA", Language::Fr),
            ("FR_be", Language::Fr),
            ("es-419", Language::Es),
            ("en-IN", Language::En),
        ] {
            assert_eq!(negotiate(Some(tag), None), language, "{tag}");
            assert_eq!(negotiate(None, Some(tag)), language, "{tag}");
        }
        assert_eq!(negotiate(None, Some("gsw, de-CH;q=0.9, fr;q=0.8")), Language::De);
    }

    #[test]
    fn nothing_known_is_english() {
        assert_eq!(negotiate(None, None), Language::En);
        assert_eq!(negotiate(Some("zz-!! tlh"), Some("*, fr;q=2")), Language::En);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_language(ui in any::<String>(), accept in "[ -~]{0,200}") {
            negotiate(Some(&ui), Some(&accept));
        }
    }
}
