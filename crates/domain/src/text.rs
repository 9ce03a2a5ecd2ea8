//! What a text of a service provider may hold where people read it as ours: on pages, in messages,
//! as the name of an application (T-086, T-125).
//!
//! One rule for every place, so that none of them shows what another refuses. It does not judge
//! meaning; it keeps out what hides or turns other text, and what a phone makes a link of.

/// Why a text is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lure {
    /// A character that cannot be seen, turns the direction of others, or begins a new line.
    #[error("it has control, direction or invisible characters")]
    Invisible,
    /// Something like a web or e-mail address.
    #[error("it looks like a web or e-mail address")]
    Address,
    /// Something like a telephone number.
    #[error("it looks like a telephone number")]
    TelephoneNumber,
}

/// Digits that a telephone number has, with its country code or without (E.164 allows 15); a
/// shorter or longer row of digits is a date, an amount or an account.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Digits after a `+`, which says by itself that a number follows.
const INTERNATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The first thing in `text` for which it must not be shown; length is the caller's rule.
pub fn find_lure(text: &str) -> Option<Lure> {
    if !text.chars().all(is_visible) {
        Some(Lure::Invisible)
    } else if has_address(text) {
        Some(Lure::Address)
    } else if has_telephone_number(text) {
        Some(Lure::TelephoneNumber)
    } else {
        None
    }
}

/// Whether a character shows, and leaves others as they are: no control, direction mark, zero-width
/// character, variation selector or blank letter.
pub fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// `https://…`, `www.…`, `name@host`, or `shop.example`: a dot of any script between a letter or
/// digit and two letters. One letter is an abbreviation, `e.g.` or `S.A.`
fn has_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return true;
    }
    let characters: Vec<char> = lower.chars().collect();
    let is_name = |c: char| c.is_alphanumeric();
    let has_mailbox = characters.windows(3).any(|window| {
        matches!(window, [before, '@' | '\u{ff20}' | '\u{fe6b}', after]
            if is_name(*before) && is_name(*after))
    });
    let has_host = characters.windows(4).any(|window| {
        matches!(window, [before, dot, first, second]
            if is_dot(*dot) && is_name(*before) && first.is_alphabetic() && second.is_alphabetic())
    });
    has_mailbox || has_host
}

const fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}')
}

/// Groups of digits with the signs between them that people write telephone numbers with.
fn has_telephone_number(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '+');
    text.split(|c: char| !c.is_numeric() && !is_sign(c)).any(|row| {
        let (plus, digits) = match row.rsplit_once('+') {
            Some((_, international)) => (true, international),
            None => (false, row),
        };
        let count = count_without_dates(digits);
        NUMBER_DIGITS.contains(&count) || (plus && INTERNATIONAL_DIGITS.contains(&count))
    })
}

/// Digits of a row, but for those of dates: `2026-01-15`, `15.01.2026`.
fn count_without_dates(row: &str) -> usize {
    let words = row.split([' ', '\u{a0}']).filter(|word| !is_date(word));
    words.flat_map(str::chars).filter(|c| c.is_numeric()).count()
}

fn is_date(word: &str) -> bool {
    let groups: Vec<usize> = word.trim_matches('.').split(['-', '.']).map(str::len).collect();
    matches!(groups[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_words_amounts_dates_and_accounts_are_shown() {
        for text in [
            "",
            "Pay 49.99 EUR to Bob",
            "Transfer 1,250,000.00 to Ana",
            "¿Pago de 1.250,00 € a Núñez S.A.?",
            "Order 2026-4711, e.g. AB-1",
            "Visit on 2026-01-15 10:30",
            "Visit on 15.01.2026.",
            "to ES91 2100 0418 4502 0005 1332",
            "Pay 5 € to <b>Bob</b>",
            "K7-42",
            "Оплата 5 €",
            "Fish & chips @ noon",
        ] {
            assert_eq!(find_lure(text), None, "{text}");
        }
    }

    #[test]
    fn what_hides_or_turns_text_is_not_t_086() {
        for text in ["a\u{202e}b", "a\u{200b}b", "a\nb", "a\u{0}", "a\u{2066}b", "\u{feff}"] {
            assert_eq!(find_lure(text), Some(Lure::Invisible), "{text:?}");
        }
    }

    #[test]
    fn what_a_phone_makes_a_link_of_is_not_t_125() {
        for text in [
            "see https://evil",
            "WWW.evil",
            "see evil.example now",
            "evil\u{3002}example",
            "ｅｖｉｌ．ｃｏｍ",
            "Booking.com",
            "write to bob@evil",
            "xn--e1afmkfd.xn--p1ai",
        ] {
            assert_eq!(find_lure(text), Some(Lure::Address), "{text}");
        }
        for text in [
            "call +34 600 000 001",
            "call 600-00-00-01",
            "call (020) 7946 0018",
            "call +1234567",
            "call 447700900907!",
            "call ６００００００００１",
        ] {
            assert_eq!(find_lure(text), Some(Lure::TelephoneNumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_lure_is_found_wherever_it_stands(before in "[a-z ]{0,20}", after in "[ a-z]{0,20}") {
            for lure in ["\u{202e}", "https://x", " evil.example ", "\u{200b}", " +34600000001 "] {
                let text = format!("{before}{lure}{after}");
                prop_assert!(find_lure(&text).is_some(), "{}", text);
            }
        }

        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = find_lure(&text);
        }
    }
}
