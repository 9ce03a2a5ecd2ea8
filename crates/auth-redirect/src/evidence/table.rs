use std::collections::BTreeSet;

use fiador_kernel::{Amr, Loa};

use super::{Class, Fact};

/// What some facts are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// All of them must be reported; never empty.
    pub facts: BTreeSet<Fact>,
    /// The level that they reach.
    pub level: Loa,
    /// RFC 8176 names.
    pub amr: Vec<Amr>,
    /// Mobile Connect names.
    pub amr_mobile_connect: Vec<Amr>,
}

/// The table of one authenticator, within the ceiling of its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceTable {
    class: Class,
    rows: Vec<EvidenceRow>,
}

/// Why a table cannot be used; rows are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// No row.
    #[error("the table is empty; say what `facts` give which `level`")]
    Empty,
    /// A row without facts would make something of nothing.
    #[error("row {0} names no facts")]
    NoFacts(usize),
    /// T-101.
    #[error("row {0}: level {1} is above what class `{2}` can prove, which is {3}")]
    AboveCeiling(usize, Loa, &'static str, Loa),
    /// Level 3 takes two factors (T-101).
    #[error(
        "row {0}: level 3 and more take possession (`possession`, `sim`, `device_bound_key`, `attested_key`) and `user_verification`, `knowledge` or `inherence`"
    )]
    OneFactor(usize),
    /// Level 4 takes a person whose identity was proven (T-101).
    #[error("row {0}: level 4 takes `identity_proofed`")]
    NotProofed(usize),
    /// A token would carry no `amr`.
    #[error("row {0}: name the methods in `amr` and `amr_mobile_connect`")]
    NoMethods(usize),
}

impl EvidenceTable {
    /// Checks the rows against the class.
    pub fn new(class: Class, rows: Vec<EvidenceRow>) -> Result<Self, EvidenceError> {
        if rows.is_empty() {
            return Err(EvidenceError::Empty);
        }
        for (index, row) in rows.iter().enumerate() {
            row.check(index + 1, class)?;
        }
        Ok(Self { class, rows })
    }

    /// The most that any row gives.
    pub fn ceiling(&self) -> Loa {
        let highest = self.rows.iter().map(|row| row.level).max();
        highest.unwrap_or(Loa::One).min(self.class.ceiling())
    }

    /// Every Mobile Connect name of the table, once.
    pub fn mc_amr_values(&self) -> Vec<Amr> {
        let mut all: Vec<Amr> = Vec::new();
        for amr in self.rows.iter().flat_map(|row| &row.amr_mobile_connect) {
            if !all.contains(amr) {
                all.push(amr.clone());
            }
        }
        all
    }

    /// The first row whose facts have all been reported.
    pub fn find(&self, reported: &BTreeSet<Fact>) -> Option<&EvidenceRow> {
        self.rows.iter().find(|row| row.facts.is_subset(reported))
    }
}

impl EvidenceRow {
    fn check(&self, number: usize, class: Class) -> Result<(), EvidenceError> {
        let has = |kind: fn(Fact) -> bool| self.facts.iter().any(|fact| kind(*fact));
        if self.facts.is_empty() {
            return Err(EvidenceError::NoFacts(number));
        }
        if self.amr.is_empty() || self.amr_mobile_connect.is_empty() {
            return Err(EvidenceError::NoMethods(number));
        }
        if self.level > class.ceiling() {
            let most = class.ceiling();
            return Err(EvidenceError::AboveCeiling(number, self.level, class.as_str(), most));
        }
        if self.level >= Loa::Three && !(has(Fact::is_possession) && has(Fact::is_second_factor)) {
            return Err(EvidenceError::OneFactor(number));
        }
        if self.level == Loa::Four && !self.facts.contains(&Fact::IdentityProofed) {
            return Err(EvidenceError::NotProofed(number));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(facts: &[Fact], level: Loa) -> EvidenceRow {
        EvidenceRow {
            facts: facts.iter().copied().collect(),
            level,
            amr: vec![Amr::new("user")],
            amr_mobile_connect: vec![Amr::new("APP_OK")],
        }
    }

    #[test]
    fn no_table_raises_the_ceiling_of_its_class_t_101() {
        use Fact::{IdentityProofed, Possession, UserVerification};
        let all = [Possession, UserVerification, IdentityProofed];
        for class in Class::ALL {
            for level in [Loa::One, Loa::Two, Loa::Three, Loa::Four] {
                let table = EvidenceTable::new(class, vec![row(&all, level)]);
                assert_eq!(table.is_ok(), level <= class.ceiling(), "{class:?} {level}");
            }
        }
    }

    #[test]
    fn level_three_takes_two_factors_and_level_four_a_proofed_identity() {
        use Fact::{IdentityProofed, Knowledge, Possession, Sim, UserPresence, UserVerification};
        let table = |facts: &[Fact], level| {
            EvidenceTable::new(Class::SimSignature, vec![row(facts, level)]).map(drop)
        };
        assert_eq!(
            table(&[Possession, UserPresence], Loa::Three),
            Err(EvidenceError::OneFactor(1))
        );
        assert_eq!(table(&[Knowledge], Loa::Three), Err(EvidenceError::OneFactor(1)));
        assert_eq!(table(&[Sim, UserVerification], Loa::Three), Ok(()));
        assert_eq!(table(&[Sim, UserVerification], Loa::Four), Err(EvidenceError::NotProofed(1)));
        assert_eq!(table(&[Sim, UserVerification, IdentityProofed], Loa::Four), Ok(()));
        assert_eq!(table(&[], Loa::One), Err(EvidenceError::NoFacts(1)));
    }

    #[test]
    fn names_read_back() {
        for fact in Fact::ALL {
            assert_eq!(Fact::from_name(fact.as_str()), Some(fact));
        }
        for class in Class::ALL {
            assert_eq!(Class::from_name(class.as_str()), Some(class));
        }
    }

    proptest! {
        #[test]
        fn what_was_not_reported_is_not_claimed(
            reported in prop::collection::btree_set(prop::sample::select(Fact::ALL.to_vec()), 0..8),
        ) {
            use Fact::{Possession, UserPresence, UserVerification};
            let rows = vec![row(&[Possession, UserVerification], Loa::Three), row(&[UserPresence], Loa::Two)];
            let table = EvidenceTable::new(Class::AppKey, rows).unwrap();
            if let Some(found) = table.find(&reported) {
                prop_assert!(found.facts.iter().all(|fact| reported.contains(fact)));
                prop_assert!(found.level <= table.ceiling());
            }
        }
    }
}
