//! Text of a service provider inside a message of the operator: only what can do no harm. Beside
//! what no place may show ([`find_lure`]), a message must have nothing like a second code.

use fiador_domain::text::{find_lure, is_visible};

/// Longest detail that is looked at, in characters; a segment has 160.
const MAX_LENGTH: usize = 120;
/// So many digits, with the separators that telephone numbers are written with between them, could
/// be a number to call, and a run of [`CODE_DIGITS`] a code that is not ours.
const NUMBER_DIGITS: usize = 8;
const CODE_DIGITS: usize = 6;

/// The text on one line without anything invisible: control characters, direction marks and
/// zero-width characters go (T-125).
pub(super) fn printable(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| is_visible(c))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The printable form of a detail, or `None` when it must not be in a message: it is empty, long,
/// or has something that a phone makes a link of (address, telephone number), or that looks like a
/// code or an origin-bound line.
pub(super) fn harmless(text: &str) -> Option<String> {
    if text.chars().take(MAX_LENGTH + 1).count() > MAX_LENGTH {
        return None;
    }
    let text = printable(text);
    let has_sign = text.contains(['@', '#', '\\']) || text.contains("//");
    let refused = text.is_empty() || has_sign || find_lure(&text).is_some() || has_number(&text);
    (!refused).then_some(text)
}

fn has_number(text: &str) -> bool {
    let (mut run, mut number) = (0, 0);
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
            number += 1;
            if run >= CODE_DIGITS || number >= NUMBER_DIGITS {
                return true;
            }
        } else {
            run = 0;
            if !" -.()+".contains(c) {
                number = 0;
            }
        }
    }
    false
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
    fn invisible_characters_hide_nothing() {
        assert_eq!(printable("a\u{202e}b\n\tc\u{200b}d\u{0}"), "ab cd");
        assert_eq!(harmless("1\u{200b}23\u{feff}456"), None);
        assert_eq!(harmless("evil\u{2060}.example"), None);
    }
}
