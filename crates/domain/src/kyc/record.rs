//! What the operator knows, in the words of a match.

use serde_json::Value;

use super::Subject;
use crate::subscriber::Attributes;

/// The operator's attributes of one subscriber, as far as they can be compared.
#[derive(Clone, Copy)]
pub struct Record<'a>(pub &'a Attributes);

impl Subject {
    /// The attributes that the operator's values of this subject are made of.
    pub const fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::GivenName => &["given_name", "middle_name"],
            Self::FamilyName => &["family_name"],
            Self::House => &["houseno_or_housename"],
            Self::PostalCode => &["postal_code", "address"],
            Self::Town => &["town", "city", "address"],
            Self::Country => &["country", "address"],
            Self::Birthdate => &["birthdate"],
            Self::Name => &["name", "given_name", "middle_name", "family_name"],
            Self::Address => {
                &["address", "houseno_or_housename", "postal_code", "town", "city", "country"]
            }
        }
    }
}

impl<'a> Record<'a> {
    /// The texts that count as a match, as the operator spells them; none when nothing is known. A
    /// concatenated text may have been put together in more than one way.
    pub fn texts(self, subject: Subject) -> Vec<String> {
        let one = |text: Option<&str>| text.map(str::to_owned);
        let of = |name: &str| one(self.text(name));
        let found = match subject {
            Subject::GivenName => {
                vec![of("given_name"), self.joined(&["given_name", "middle_name"])]
            }
            Subject::FamilyName | Subject::House => vec![of(subject.as_str())],
            Subject::PostalCode => vec![one(self.postal_code())],
            Subject::Town => vec![one(self.town())],
            Subject::Country => vec![one(self.country())],
            Subject::Birthdate => vec![one(self.text("birthdate").filter(|date| is_whole(date)))],
            Subject::Name => vec![
                of("name"),
                self.joined(&["given_name", "family_name"]),
                self.joined(&["given_name", "middle_name", "family_name"]),
            ],
            Subject::Address => self.addresses(),
        };
        found.into_iter().flatten().collect()
    }

    /// House and postal code, then perhaps town, perhaps country; or the address in one text.
    fn addresses(self) -> Vec<Option<String>> {
        let (house, postal_code) = (self.text("houseno_or_housename"), self.postal_code());
        let (town, country) = (self.town(), self.country());
        vec![
            joined(&[house, postal_code]),
            joined(&[house, postal_code, town]),
            joined(&[house, postal_code, country]),
            joined(&[house, postal_code, town, country]),
            self.in_address("formatted").map(str::to_owned),
        ]
    }

    fn postal_code(self) -> Option<&'a str> {
        self.text("postal_code").or_else(|| self.in_address("postal_code"))
    }

    fn town(self) -> Option<&'a str> {
        let town = self.text("town").or_else(|| self.text("city"));
        town.or_else(|| self.in_address("locality"))
    }

    fn country(self) -> Option<&'a str> {
        self.text("country").or_else(|| self.in_address("country"))
    }

    fn joined(self, names: &[&str]) -> Option<String> {
        let texts: Vec<_> = names.iter().map(|name| self.text(name)).collect();
        joined(&texts)
    }

    fn text(self, name: &str) -> Option<&'a str> {
        self.0.0.get(name).and_then(known)
    }

    fn in_address(self, member: &str) -> Option<&'a str> {
        self.0.0.get("address")?.get(member).and_then(known)
    }
}

fn known(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// `None` when a part is not known.
fn joined(parts: &[Option<&str>]) -> Option<String> {
    let parts: Option<Vec<&str>> = parts.iter().copied().collect();
    parts.map(|parts| parts.join(" "))
}

/// A date with its year: a year alone, or a day without, tells too little to compare.
fn is_whole(date: &str) -> bool {
    date.len() == 10 && !date.starts_with("0000")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(members: Value, subject: Subject) -> Vec<String> {
        Record(&serde_json::from_value(members).unwrap()).texts(subject)
    }

    #[test]
    fn a_name_counts_with_and_without_the_middle_name() {
        let ann = json!({"given_name": "Ann", "middle_name": "B", "family_name": "Lee"});
        assert_eq!(texts(ann.clone(), Subject::Name), ["Ann Lee", "Ann B Lee"]);
        assert_eq!(texts(ann, Subject::GivenName), ["Ann", "Ann B"]);
        let name = json!({"name": "Ann Lee", "family_name": " "});
        assert_eq!(texts(name, Subject::Name), ["Ann Lee"]);
    }

    #[test]
    fn an_address_counts_with_and_without_town_and_country() {
        let home = json!({
            "houseno_or_housename": "1",
            "address": {"postal_code": "EC4N 8AF", "locality": "London", "country": "GB"},
        });
        let expected = ["1 EC4N 8AF", "1 EC4N 8AF London", "1 EC4N 8AF GB", "1 EC4N 8AF London GB"];
        assert_eq!(texts(home, Subject::Address), expected);
    }

    #[test]
    fn part_of_a_birth_date_is_no_birth_date() {
        for (date, known) in [("1990-01-31", true), ("0000-01-31", false), ("1990", false)] {
            let texts = texts(json!({"birthdate": date}), Subject::Birthdate);
            assert_eq!(texts.len() == 1, known, "{date}");
        }
    }

    #[test]
    fn every_subject_names_the_attributes_it_is_made_of() {
        let everything: Value = Subject::ALL
            .iter()
            .flat_map(|subject| subject.attributes())
            .map(|&name| (name.to_owned(), json!("1990-01-31")))
            .collect::<serde_json::Map<_, _>>()
            .into();
        for subject in Subject::ALL {
            assert!(!texts(everything.clone(), subject).is_empty(), "{subject:?}");
            for name in subject.attributes() {
                assert!(crate::attribute::find(name).is_some(), "{name}");
            }
        }
    }
}
