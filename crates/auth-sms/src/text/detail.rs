//! Text of a service provider inside a message of the operator: only what can do no harm (T-125).

use fiador_domain::text::{find_lure, is_visible};

/// Longest detail that is looked at, in characters: the longest `context` (mobile-connect §2.1).
const MAX_LENGTH: usize = 120;
/// So many digits in a row could be a code that is not ours.
const CODE_DIGITS: usize = 6;

/// The text on one line without anything invisible: control characters, direction marks and
/// zero-width characters go.
pub(super) fn printable(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| is_visible(c))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The printable form of a detail that the user decides on, or `None` when it must not be in a
/// message, nor on a page that people read as ours: it is empty, long, or something that phones make a link of.
pub(crate) fn showable(text: &str) -> Option<String> {
    let short = text.chars().take(MAX_LENGTH + 1).count() <= MAX_LENGTH;
    let text = (short && find_lure(text).is_none()).then(|| printable(text))?;
    (!text.is_empty()).then_some(text)
}

/// The same of a detail that may as well be left out: also without what looks like a code or an
/// origin-bound line.
pub(super) fn harmless(text: &str) -> Option<String> {
    showable(text).filter(|text| !text.contains(['@', '#', '/', '\\']) && !has_code(text))
}

fn has_code(text: &str) -> bool {
    text.split(|c: char| !c.is_numeric()).any(|run| run.chars().count() >= CODE_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_and_amounts_are_shown() {
        for text in ["Pay 49.99 EUR", "Transfer 1,250.00 to Ana", "Order AB-1", "¿Pago de 3 €?"]
        {
            assert_eq!(harmless(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn links_numbers_and_codes_are_not_t_125() {
        for text in [
            "see evil.example",
            "https://evil",
            "a@b",
            "@evil #123456",
            "your code is 123456",
            "call +34 600 000 001",
            "call 600-00-00-01",
            "evil。example",
            "ｅ．xy",
            "",
            "\u{200b}\n",
        ] {
            assert_eq!(harmless(text), None, "{text:?}");
        }
        assert_eq!(harmless(&"a".repeat(121)), None);
    }

    #[test]
    fn a_text_to_decide_on_may_have_a_long_number_and_no_link() {
        assert_eq!(showable("Order 12345678 #7").as_deref(), Some("Order 12345678 #7"));
        for text in ["see evil.example", "call +34 600 000 001", "", "\u{200b}"] {
            assert_eq!(showable(text), None, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_hide_nothing() {
        assert_eq!(printable("a\u{202e}b\n\tc\u{200b}d\u{0}"), "ab cd");
        assert_eq!(harmless("1\u{200b}23\u{feff}456"), None);
        assert_eq!(harmless("evil\u{2060}.example"), None);
    }
}
