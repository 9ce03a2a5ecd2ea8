//! `[kyc]`

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;
use fiador_domain::kyc::{Normalisation, Subject};
use schemars::JsonSchema;
use serde::Deserialize;

/// How values of service providers are compared with the operator's (KYC match). Service providers
/// that send hashes must know these rules, so they are agreed per market.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KycSection {
    /// Letters lose their accents before they are compared: `é` becomes `e`, `ß` becomes `ss`.
    pub fold_accents: bool,
    /// Words that do not count in names, such as titles; lower case, as they are after folding.
    pub ignored_in_names: BTreeSet<String>,
    /// Words with another spelling in addresses, from that to the one that counts; lower case, as
    /// they are after folding. Example: `st = "street"`.
    pub spelling_in_addresses: BTreeMap<String, String>,
    /// What this market does not compare; always answered with `N-AD`. Of `given_name`,
    /// `family_name`, `houseno_or_housename`, `postal_code`, `town`, `country`, `birthdate`, `name`,
    /// `address`.
    pub refused: BTreeSet<String>,
}

impl Default for KycSection {
    fn default() -> Self {
        Self {
            fold_accents: true,
            ignored_in_names: BTreeSet::new(),
            spelling_in_addresses: BTreeMap::new(),
            refused: BTreeSet::new(),
        }
    }
}

impl KycSection {
    /// The rules, checked: a word that could never be met would be a rule that does nothing.
    pub fn rules(&self) -> anyhow::Result<Normalisation> {
        let plain = Normalisation { folds_accents: self.fold_accents, ..Normalisation::default() };
        let spellings = self.spelling_in_addresses.iter().flat_map(|(from, to)| [from, to]);
        for word in self.ignored_in_names.iter().chain(spellings) {
            ensure!(
                !word.is_empty() && plain.of(Subject::Name, word) == *word,
                "kyc: `{word}` is not one word in lower case as it is compared; write `{}`",
                plain.of(Subject::Name, word)
            );
        }
        for name in &self.refused {
            ensure!(
                Subject::ALL.iter().any(|subject| subject.as_str() == name),
                "kyc.refused: `{name}` is not among what can be compared"
            );
        }
        Ok(Normalisation {
            ignored_in_names: self.ignored_in_names.clone(),
            spelling_in_addresses: self.spelling_in_addresses.clone(),
            refused: self.refused.clone(),
            ..plain
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_could_never_apply_is_refused() {
        let ignoring = |word: &str| KycSection {
            ignored_in_names: [word.to_owned()].into(),
            ..KycSection::default()
        };
        assert!(ignoring("dr").rules().is_ok());
        for word in ["Dr", "dr.", "señor", ""] {
            assert!(ignoring(word).rules().is_err(), "{word}");
        }
        let accented = KycSection { fold_accents: false, ..ignoring("señor") };
        assert!(accented.rules().is_ok());
        let refusing =
            |name: &str| KycSection { refused: [name.to_owned()].into(), ..KycSection::default() };
        assert!(refusing("birthdate").rules().is_ok() && refusing("email").rules().is_err());
    }
}
