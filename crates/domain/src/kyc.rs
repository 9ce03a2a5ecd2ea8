//! KYC match: does what the service provider knows about a person agree with what the operator
//! knows? (mobile-connect §2.9)
//!
//! The values come with the `claims` parameter of the authorization request, in plain text or as
//! SHA-256 of their normal form ([`Normalisation`]). No value of the operator ever leaves: only the
//! four-valued [`Verdict`].

mod normalisation;
mod record;
mod verdict;

use std::collections::BTreeMap;

use fiador_kernel::{Digest, ScopeSet};

pub use normalisation::Normalisation;
pub use record::Record;
pub use verdict::{Comparison, Verdict, allows, verdicts};

use crate::{
    attribute::TEXT_LIMIT,
    catalog::{self, Form},
};

/// What can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// `given_name`
    GivenName,
    /// `family_name`
    FamilyName,
    /// `houseno_or_housename`
    House,
    /// `postal_code`
    PostalCode,
    /// `town`
    Town,
    /// `country`
    Country,
    /// `birthdate`, `YYYY-MM-DD`
    Birthdate,
    /// `name`: given and family name in one text
    Name,
    /// `address`: house, postal code and perhaps town and country in one text
    Address,
}

/// The split name, the concatenated one.
const NAME_SETS: [&[Subject]; 2] = [&[Subject::GivenName, Subject::FamilyName], &[Subject::Name]];
/// The split address, the concatenated one.
const ADDRESS_SETS: [&[Subject]; 2] =
    [&[Subject::House, Subject::PostalCode, Subject::Town, Subject::Country], &[Subject::Address]];

impl Subject {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::GivenName,
        Self::FamilyName,
        Self::House,
        Self::PostalCode,
        Self::Town,
        Self::Country,
        Self::Birthdate,
        Self::Name,
        Self::Address,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::House => "houseno_or_housename",
            Self::PostalCode => "postal_code",
            Self::Town => "town",
            Self::Country => "country",
            Self::Birthdate => "birthdate",
            Self::Name => "name",
            Self::Address => "address",
        }
    }
}

/// A member of `claims.premiuminfo` that asks for a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is compared.
    pub subject: Subject,
    /// The value is a SHA-256.
    pub hashed: bool,
}

impl Question {
    /// Reads a member name: that of a subject, and `_hash` or `_hashed` behind it for a hashed
    /// value (the profile writes the one, the SDKs the other). `None` for any other member.
    pub fn named(name: &str) -> Option<Self> {
        let plain = name.strip_suffix("_hashed").or_else(|| name.strip_suffix("_hash"));
        let subject = plain.unwrap_or(name);
        let subject = Subject::ALL.into_iter().find(|known| known.as_str() == subject)?;
        Some(Self { subject, hashed: plain.is_some() })
    }

    /// The form that a scope must have to cover this question.
    pub const fn form(self) -> Form {
        if self.hashed { Form::HashedMatch } else { Form::Match }
    }

    /// Whether `value` can be compared at all: a text within bounds, or 64 hexadecimal digits.
    fn can_be(self, value: &str) -> bool {
        if self.hashed {
            Digest::from_hex(value).is_some()
        } else {
            value.len() <= TEXT_LIMIT && !value.trim().is_empty()
        }
    }
}

/// The values cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMatch {
    /// A value is blank, too long, or no SHA-256 where one is due.
    #[error("a value to compare is blank, too long or not a SHA-256")]
    Value,
    /// One thing is asked about twice, as text and hashed or under both spellings: the answer has one
    /// verdict for it.
    #[error("a value to compare is there twice, in two forms or under two names")]
    Repeated,
    /// A scope asks for a comparison, but a name or an address is missing.
    #[error("a name and an address to compare must both be there, each complete")]
    Incomplete,
}

/// Whether `values` (`claims.premiuminfo` by member name) are what the match scopes among `scopes`
/// need: a complete name and a complete address, split or concatenated, in the form of each scope, and
/// one question about each subject.
pub fn check(scopes: &ScopeSet, values: &BTreeMap<String, String>) -> Result<(), NoMatch> {
    let mut asked: Vec<Question> = Vec::new();
    for (name, value) in values {
        let Some(question) = Question::named(name) else { continue };
        if !question.can_be(value) {
            return Err(NoMatch::Value);
        }
        if asked.iter().any(|other| other.subject == question.subject) {
            return Err(NoMatch::Repeated);
        }
        asked.push(question);
    }
    let complete = |sets: [&[Subject]; 2], form: Form| {
        let is_asked = |&subject: &Subject| {
            asked.iter().any(|question| question.subject == subject && question.form() == form)
        };
        sets.iter().any(|set| set.iter().all(is_asked))
    };
    let both = |form| complete(NAME_SETS, form) && complete(ADDRESS_SETS, form);
    if forms(scopes).all(both) { Ok(()) } else { Err(NoMatch::Incomplete) }
}

/// The forms of the match scopes among `scopes`.
pub fn forms(scopes: &ScopeSet) -> impl Iterator<Item = Form> {
    let forms = catalog::entries(scopes).map(|entry| entry.form);
    forms.filter(|form| matches!(form, Form::Match | Form::HashedMatch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(scopes: &str, members: &[(&str, &str)]) -> Result<(), NoMatch> {
        let values = members.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())).collect();
        check(&ScopeSet::parse(scopes).unwrap(), &values)
    }

    const HASH: &str = "01a03859d1dd000bb5f648c3e97dad6a3dae5f40b9d103769a68d316bd905559";
    const SPLIT: [(&str, &str); 6] = [
        ("given_name", "Ann"),
        ("family_name", "Lee"),
        ("houseno_or_housename", "1"),
        ("postal_code", "EC4N 8AF"),
        ("town", "London"),
        ("country", "GB"),
    ];

    #[test]
    fn a_name_and_an_address_must_both_be_there_split_or_in_one() {
        assert_eq!(checked("openid mc_kyc_plain", &SPLIT), Ok(()));
        let joined = [("name", "Ann Lee"), ("address", "1 EC4N 8AF")];
        assert_eq!(checked("openid mc_kyc_plain", &joined), Ok(()));
        let mixed = [&SPLIT[..2], &joined[1..]].concat();
        assert_eq!(checked("openid mc_kyc_plain", &mixed), Ok(()));
        for short in [&SPLIT[..2], &SPLIT[2..], &SPLIT[..5], &SPLIT[1..], &joined[..1], &[]] {
            let refused = checked("openid mc_kyc_plain", short);
            assert_eq!(refused, Err(NoMatch::Incomplete), "{short:?}");
        }
        assert_eq!(checked("openid mc_identity_signup", &[]), Ok(()), "no match is asked for");
    }

    #[test]
    fn each_scope_needs_values_of_its_own_form() {
        let hashed = [("name_hash", HASH), ("address_hashed", HASH)];
        assert_eq!(checked("openid mc_kyc_hashed", &hashed), Ok(()));
        assert_eq!(checked("openid mc_kyc_plain", &hashed), Err(NoMatch::Incomplete));
        assert_eq!(checked("openid mc_kyc_hashed", &SPLIT), Err(NoMatch::Incomplete));
    }

    #[test]
    fn a_value_that_cannot_be_compared_is_refused() {
        let long = "x".repeat(TEXT_LIMIT + 1);
        for bad in [("town", " "), ("town", &*long), ("town_hash", "London"), ("name_hashed", "")] {
            let members = [&SPLIT[..4], &SPLIT[5..], &[bad]].concat();
            assert_eq!(checked("openid mc_kyc_plain", &members), Err(NoMatch::Value), "{bad:?}");
        }
    }

    #[test]
    fn one_subject_is_asked_about_once() {
        for twice in [
            [("given_name", "Ann"), ("given_name_hash", HASH)],
            [("town_hash", HASH), ("town_hashed", HASH)],
        ] {
            let others = SPLIT.into_iter().filter(|(name, _)| !twice[1].0.starts_with(name));
            let members: Vec<_> = others.chain(twice).collect();
            let refused = checked("openid mc_kyc_plain", &members);
            assert_eq!(refused, Err(NoMatch::Repeated), "{members:?}");
        }
        let both_sets = [&SPLIT[..], &[("name", "Ann Lee")]].concat();
        assert_eq!(checked("openid mc_kyc_plain", &both_sets), Ok(()), "name is another subject");
    }

    #[test]
    fn both_spellings_of_a_hashed_member_are_read() {
        let question = Question { subject: Subject::GivenName, hashed: true };
        assert_eq!(Question::named("given_name_hash"), Some(question));
        assert_eq!(Question::named("given_name_hashed"), Some(question));
        assert_eq!(Question::named("given_name_match"), None);
        assert_eq!(Question::named("_hash"), None);
    }
}
