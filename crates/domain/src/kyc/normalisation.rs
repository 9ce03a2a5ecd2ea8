//! The normal form of a value: what both sides bring it to before they compare or hash it.
//!
//! Service providers that send hashes must apply the same rules, so they are agreed per market and
//! written down in `docs/reference/kyc-match.md`.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::Subject;

/// The rules of one market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalisation {
    /// Letters lose their accents: `é` becomes `e`, `ß` becomes `ss`. Default yes.
    pub folds_accents: bool,
    /// Words that do not count in names, such as titles. Lower case. Default none.
    pub ignored_in_names: BTreeSet<String>,
    /// Words with another spelling in addresses, from that to the one that counts: `st` to
    /// `street`. Lower case. Default none.
    pub spelling_in_addresses: BTreeMap<String, String>,
    /// What this market does not compare: always answered with access denied. Default none.
    pub refused: BTreeSet<String>,
}

impl Default for Normalisation {
    fn default() -> Self {
        Self {
            folds_accents: true,
            ignored_in_names: BTreeSet::new(),
            spelling_in_addresses: BTreeMap::new(),
            refused: BTreeSet::new(),
        }
    }
}

impl Normalisation {
    /// The normal form of `text`: compatibility forms resolved (NFKD), lower case, without
    /// anything but letters and digits, the words of the market ignored or replaced. A birth date
    /// stays as it is, without white space around it.
    pub fn of(&self, subject: Subject, text: &str) -> String {
        if subject == Subject::Birthdate {
            return text.trim().to_owned();
        }
        let folded = self.fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let joined: String = match subject {
            Subject::GivenName | Subject::FamilyName | Subject::Name => {
                words.filter(|word| !self.ignored_in_names.contains(*word)).collect()
            }
            _ => words
                .map(|word| self.spelling_in_addresses.get(word).map_or(word, String::as_str))
                .collect(),
        };
        // What stood apart may compose once it stands together; without accents nothing is left to.
        if self.folds_accents { joined } else { joined.nfc().collect() }
    }

    fn fold(&self, text: &str) -> String {
        if !self.folds_accents {
            return text.nfkc().flat_map(char::to_lowercase).nfc().collect();
        }
        let bare = text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase);
        let mut folded = String::with_capacity(text.len());
        // Lower case may bring marks of its own: U+0130 becomes `i` with a dot above.
        for c in bare.filter(|&c| !is_combining_mark(c)) {
            match without_accent(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(c),
            }
        }
        folded
    }
}

/// Letters that Unicode does not take apart.
const fn without_accent(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_spaces_and_punctuation_do_not_count() {
        let rules = Normalisation::default();
        for (subject, text, normal) in [
            (Subject::Name, "  José-María  O'Brien ", "josemariaobrien"),
            (Subject::FamilyName, "STRAẞE", "strasse"),
            (Subject::FamilyName, "Łukasiewicz", "lukasiewicz"),
            (Subject::FamilyName, "İpek", "ipek"),
            (Subject::PostalCode, "ec4n 8af", "ec4n8af"),
            (Subject::Town, "København", "kobenhavn"),
            (Subject::Name, "ｆｕｌｌ　ｗｉｄｔｈ", "fullwidth"),
            (Subject::Name, "Анна Ли", "аннали"),
            (Subject::Birthdate, " 1990-01-31 ", "1990-01-31"),
        ] {
            assert_eq!(rules.of(subject, text), normal, "{text}");
        }
    }

    #[test]
    fn a_market_may_ignore_and_respell_words() {
        let rules = Normalisation {
            ignored_in_names: ["dr".to_owned(), "mr".to_owned()].into(),
            spelling_in_addresses: [("st".to_owned(), "street".to_owned())].into(),
            ..Normalisation::default()
        };
        assert_eq!(rules.of(Subject::Name, "Dr. Ann Drew"), "anndrew");
        assert_eq!(rules.of(Subject::Address, "1 High St., London"), "1highstreetlondon");
        assert_eq!(rules.of(Subject::Name, "St John"), "stjohn");
    }

    #[test]
    fn a_market_may_keep_accents() {
        let rules = Normalisation { folds_accents: false, ..Normalisation::default() };
        assert_eq!(rules.of(Subject::Name, "Peña"), "peña");
        assert_eq!(rules.of(Subject::Name, "Pen\u{303}a"), "peña");
        assert_eq!(rules.of(Subject::Name, "\u{11347}-\u{11357}"), "\u{1134c}");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "\\PC{0,40}", folds_accents in any::<bool>()) {
            let rules = Normalisation { folds_accents, ..Normalisation::default() };
            for subject in Subject::ALL {
                let once = rules.of(subject, &text);
                prop_assert_eq!(&rules.of(subject, &once), &once);
            }
        }
    }
}
