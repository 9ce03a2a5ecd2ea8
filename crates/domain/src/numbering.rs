//! The static numbering plan: which operator a number range belongs to.

use std::collections::HashMap;

use fiador_kernel::{Msisdn, OperatorId, Plmn};

/// One operator of Discovery, own brand or foreign.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its name in configuration.
    pub id: OperatorId,
    /// As users know it.
    pub name: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// ISO 4217 currency.
    pub currency: String,
    /// Its networks; the first is the one given back by operator selection.
    pub networks: Vec<Plmn>,
    /// Its issuer; endpoints are derived from it.
    pub issuer: String,
    /// Whether this gateway is its Identity Gateway, so that its numbers may get messages.
    pub own: bool,
}

/// Operators and the number ranges they hold, longest prefix first.
#[derive(Clone, Debug, Default)]
pub struct NumberingPlan {
    operators: Vec<Operator>,
    ranges: HashMap<String, usize>,
    longest: usize,
}

/// A plan that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A prefix is not 1 to 15 digits.
    #[error("number range `{0}` is not 1 to 15 digits without +")]
    NotDigits(String),
    /// Two operators claim one prefix.
    #[error("number range `{0}` is given to two operators; make one of them longer")]
    Twice(String),
}

impl NumberingPlan {
    /// Builds the plan from operators with their ranges (prefixes of digits, without `+`).
    pub fn new(
        operators: impl IntoIterator<Item = (Operator, Vec<String>)>,
    ) -> Result<Self, PlanError> {
        let mut plan = Self::default();
        for (operator, ranges) in operators {
            let index = plan.operators.len();
            plan.operators.push(operator);
            for range in ranges {
                if !(1..=15).contains(&range.len()) || !range.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(PlanError::NotDigits(range));
                }
                plan.longest = plan.longest.max(range.len());
                if plan.ranges.insert(range.clone(), index).is_some() {
                    return Err(PlanError::Twice(range));
                }
            }
        }
        Ok(plan)
    }

    /// The operator that holds the longest range that begins this number.
    pub fn holder(&self, number: &Msisdn) -> Option<&Operator> {
        let digits = number.digits();
        (1..=self.longest.min(digits.len()))
            .rev()
            .find_map(|length| self.ranges.get(&digits[..length]))
            .and_then(|&index| self.operators.get(index))
    }

    /// The operator of a network.
    pub fn of_network(&self, network: &Plmn) -> Option<&Operator> {
        self.operators.iter().find(|operator| operator.networks.contains(network))
    }

    /// The operator with this name.
    pub fn find(&self, id: &OperatorId) -> Option<&Operator> {
        self.operators.iter().find(|operator| &operator.id == id)
    }

    /// All operators, in the order of configuration.
    pub fn operators(&self) -> &[Operator] {
        &self.operators
    }

    /// Whether a message may be sent to this number: it is in a range of our own (T-123).
    pub fn is_own(&self, number: &Msisdn) -> bool {
        self.holder(number).is_some_and(|operator| operator.own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(id: &str, own: bool) -> Operator {
        Operator {
            id: OperatorId::new(id).unwrap(),
            name: id.to_owned(),
            country: "GB".to_owned(),
            currency: "GBP".to_owned(),
            networks: vec![],
            issuer: "https://id.example".to_owned(),
            own,
        }
    }

    #[test]
    fn the_longest_range_wins() {
        let plan = NumberingPlan::new([
            (operator("a", true), vec!["447".to_owned()]),
            (operator("b", false), vec!["447700".to_owned()]),
        ])
        .unwrap();
        let holder =
            |digits| plan.holder(&Msisdn::from_digits(digits).unwrap()).map(|o| o.id.as_str());
        assert_eq!(holder("447700900907"), Some("b"));
        assert_eq!(holder("447600900907"), Some("a"));
        assert_eq!(holder("34600000001"), None);
    }

    #[test]
    fn a_range_cannot_have_two_holders() {
        let plan = NumberingPlan::new([
            (operator("a", true), vec!["44".to_owned()]),
            (operator("b", true), vec!["44".to_owned()]),
        ]);
        assert_eq!(plan.err(), Some(PlanError::Twice("44".to_owned())));
    }
}
