//! The answer of a match.

use std::collections::BTreeMap;

use fiador_kernel::Digest;
use serde_json::{Map, Value};

use super::{Normalisation, Question, Record};
use crate::{catalog::Form, subscriber::Attributes};

/// What is told about one value (mobile-connect §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what the operator knows.
    Match,
    /// The operator knows nothing to compare it with.
    NoData,
    /// The operator knows something else.
    Different,
    /// It may not be compared: no scope with the user's consent covers it, or the market does not
    /// offer it.
    AccessDenied,
}

impl Verdict {
    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Match => "Y",
            Self::NoData => "N-NA",
            Self::Different => "N-AV",
            Self::AccessDenied => "N-AD",
        }
    }
}

/// What [`verdicts`] rests on.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// The rules of the market.
    pub rules: &'a Normalisation,
    /// Forms of the scopes that the user agreed to.
    pub covered: &'a [Form],
    /// What the operator knows.
    pub known: &'a Attributes,
    /// A source did not answer: what is missing may exist.
    pub partial: bool,
}

impl Comparison<'_> {
    /// Whether the rules and the consent let `question` be compared.
    pub fn allows(&self, question: Question) -> bool {
        allows(self.rules, self.covered, question)
    }

    /// `None` when nothing can be told, because a source did not answer (T-202: never guessed).
    fn verdict(&self, question: Question, value: &str) -> Option<Verdict> {
        if !self.allows(question) {
            return Some(Verdict::AccessDenied);
        }
        let texts = Record(self.known).texts(question.subject);
        let mut normal = texts.iter().map(|text| self.rules.of(question.subject, text));
        let found = if question.hashed {
            let value = Digest::from_hex(value);
            normal.any(|text| !text.is_empty() && Some(Digest::of(text)) == value)
        } else {
            let value = self.rules.of(question.subject, value);
            normal.any(|text| !text.is_empty() && text == value)
        };
        match (found, texts.is_empty(), self.partial) {
            (true, _, _) => Some(Verdict::Match),
            (false, _, true) => None,
            (false, true, false) => Some(Verdict::NoData),
            (false, false, false) => Some(Verdict::Different),
        }
    }
}

/// Whether `question` may be compared under these rules for scopes of these forms.
pub fn allows(rules: &Normalisation, covered: &[Form], question: Question) -> bool {
    covered.contains(&question.form()) && !rules.refused.contains(question.subject.as_str())
}

/// The members of the answer: each value as it was sent, and `<attribute>_match` beside it. The
/// latter has no suffix for hashed values.
pub fn verdicts(
    values: &BTreeMap<String, String>,
    comparison: Comparison<'_>,
) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in values {
        let Some(question) = Question::named(name) else { continue };
        members.insert(name.clone(), Value::from(value.as_str()));
        if let Some(verdict) = comparison.verdict(question, value) {
            let name = format!("{}_match", question.subject.as_str());
            members.insert(name, Value::from(verdict.as_str()));
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kyc::Subject;

    const BOTH: &[Form] = &[Form::Match, Form::HashedMatch];

    fn answer(asked: &Value, known: Value, covered: &[Form], partial: bool) -> Value {
        let values = serde_json::from_value(asked.clone()).unwrap();
        let known: Attributes = serde_json::from_value(known).unwrap();
        let rules =
            Normalisation { refused: ["birthdate".to_owned()].into(), ..Normalisation::default() };
        let comparison = Comparison { rules: &rules, covered, known: &known, partial };
        Value::Object(verdicts(&values, comparison))
    }

    #[test]
    fn each_of_the_four_answers_has_its_reason() {
        let asked = json!({
            "given_name": "ANN", "family_name": "Lee", "town": "Paris", "birthdate": "1990-01-31",
        });
        let known = json!({"given_name": "Ann", "town": "London", "birthdate": "1990-01-31"});
        assert_eq!(
            answer(&asked, known, BOTH, false),
            json!({
                "given_name": "ANN", "given_name_match": "Y",
                "family_name": "Lee", "family_name_match": "N-NA",
                "town": "Paris", "town_match": "N-AV",
                "birthdate": "1990-01-31", "birthdate_match": "N-AD",
            })
        );
    }

    #[test]
    fn a_hash_is_compared_with_the_hash_of_the_normal_form() {
        let hash = Digest::of("josemariaobrien").to_hex();
        let known = json!({"given_name": "José María", "family_name": "O'Brien"});
        let asked = json!({"name_hashed": hash, "town_hash": hash});
        assert_eq!(
            answer(&asked, known, BOTH, false),
            json!({
                "name_hashed": hash, "name_match": "Y", "town_hash": hash, "town_match": "N-NA",
            })
        );
    }

    #[test]
    fn a_form_without_scope_or_consent_is_denied_t_200() {
        let asked = json!({"given_name": "Ann"});
        let known = json!({"given_name": "Ann"});
        let denied = json!({"given_name": "Ann", "given_name_match": "N-AD"});
        for covered in [&[][..], &[Form::HashedMatch]] {
            assert_eq!(answer(&asked, known.clone(), covered, false), denied);
        }
    }

    #[test]
    fn what_a_silent_source_may_know_is_not_guessed_t_202() {
        let asked = json!({"given_name": "Ann", "town": "London"});
        let known = json!({"town": "London"});
        let told = json!({"given_name": "Ann", "town": "London", "town_match": "Y"});
        assert_eq!(answer(&asked, known, BOTH, true), told);
    }

    #[test]
    fn two_values_without_letters_are_no_match() {
        let asked = json!({"given_name": "--"});
        let told = json!({"given_name": "--", "given_name_match": "N-AV"});
        assert_eq!(answer(&asked, json!({"given_name": "."}), BOTH, false), told);
        assert!(!allows(
            &Normalisation { refused: ["town".to_owned()].into(), ..Normalisation::default() },
            BOTH,
            Question { subject: Subject::Town, hashed: false }
        ));
    }
}
