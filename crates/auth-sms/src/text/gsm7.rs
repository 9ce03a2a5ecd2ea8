//! How many characters a phone's alphabet needs: one segment is 160 septets of the default alphabet
//! (3GPP TS 23.038 §6.2.1), or 70 units of UCS-2 when one character is outside of it.

use fiador_domain::gsm7::{self, Septets};

/// Letters and signs that the alphabet lacks, with the nearest that it has. Losing an accent is
/// better than losing more than half of the segment.
const NEAREST: [(&str, &str); 24] = [
    ("áâãăą", "a"),
    ("ÁÂÃÀĂĄ", "A"),
    ("çćč", "c"),
    ("ĆČ", "C"),
    ("êëęě", "e"),
    ("ÊËÈĘĚ", "E"),
    ("íîï", "i"),
    ("ÍÎÏÌ", "I"),
    ("óôõő", "o"),
    ("ÓÔÕÒŐ", "O"),
    ("úûű", "u"),
    ("ÚÛÙŰ", "U"),
    ("ýÿ", "y"),
    ("ÝŸ", "Y"),
    ("ńň", "n"),
    ("śšş", "s"),
    ("ŚŠŞ", "S"),
    ("źżž", "z"),
    ("ŹŻŽ", "Z"),
    ("łŁ", "l"),
    ("‘’´`", "'"),
    ("“”«»", "\""),
    ("–—‐‑", "-"),
    ("\u{a0}\u{202f}", " "),
];

/// Whether the text takes at most so many parts. Of several, each gives room to the header that
/// joins them (3GPP TS 23.040 §9.2.3.24.1), and a character that takes two units is not torn.
pub(super) fn fits(text: &str, parts: usize) -> bool {
    parts_of(text) <= parts
}

/// How many parts the text takes at most.
pub(super) fn parts_of(text: &str) -> usize {
    let (units, alone, joined) = match septets(text) {
        Some(septets) => (septets, 160, 152),
        None => (text.encode_utf16().count(), 70, 66),
    };
    if units <= alone { 1 } else { units.div_ceil(joined) }
}

/// Whether no character of the text makes it UCS-2.
pub(super) fn is_in_alphabet(text: &str) -> bool {
    gsm7::fits(text)
}

/// The text with characters outside the alphabet replaced by near ones, where there are any. Text
/// in another script stays as it is.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let near = NEAREST.iter().find(|(from, _)| from.contains(c));
        match near {
            Some((_, to)) => folded.push_str(to),
            None => folded.push(c),
        }
    }
    folded
}

fn septets(text: &str) -> Option<usize> {
    text.chars().try_fold(0, |sum, c| {
        Some(match gsm7::septets(c)? {
            Septets::Basic(_) => sum + 1,
            Septets::Escaped(_) => sum + 2,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_the_extension_table_takes_two_septets() {
        assert_eq!(septets("a€@"), Some(4));
        assert_eq!(septets("ó"), None);
    }

    #[test]
    fn what_folds_is_in_the_alphabet_afterwards() {
        for (from, to) in NEAREST {
            assert!(septets(to).is_some());
            assert!(from.chars().all(|c| septets(&c.to_string()).is_none()), "{from}");
        }
        assert_eq!(fold("Panadería Núñez’s"), "Panaderia Nuñez's");
        assert_eq!(fold("Магазин"), "Магазин");
    }

    #[test]
    fn a_segment_is_160_septets_or_70_units() {
        assert!(fits(&"a".repeat(160), 1));
        assert!(!fits(&"a".repeat(161), 1));
        assert!(!fits(&"€".repeat(81), 1));
        assert!(fits(&"я".repeat(70), 1));
        assert!(!fits(&"я".repeat(71), 1));
        assert!(fits(&"a".repeat(3 * 152), 3) && !fits(&"a".repeat(3 * 152 + 1), 3));
        assert!(fits(&"я".repeat(3 * 66), 3) && !fits(&"я".repeat(3 * 66 + 1), 3));
    }
}
