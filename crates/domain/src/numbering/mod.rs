//! The numbering plan: which operator a number, a network or an address belongs to.

mod address;
mod operator;
mod ported;
mod prefix_table;

use std::net::IpAddr;

use fiador_kernel::{Msisdn, OperatorId, Plmn};

use address::AddressTable;
pub use address::{AddressRange, AddressRangeError};
pub use operator::{Operator, OperatorLinks};
pub use ported::{Ported, PortedLineError, PortedNumbers};
use prefix_table::{Entry, MAX_HOLDER, PrefixTable};

/// Operators, the number ranges they hold, the numbers that were taken along between them, and the
/// addresses they give out. Immutable; look-ups cost the same whatever its size.
#[derive(Clone, Debug, Default)]
pub struct NumberingPlan {
    operators: Vec<Operator>,
    ranges: PrefixTable,
    ported: PrefixTable,
    addresses: AddressTable,
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
    /// Two operators claim one range of addresses.
    #[error(
        "an address range of operator `{0}` is given to another one too; make one of them longer"
    )]
    AddressesTwice(OperatorId),
    /// More operators than an entry has room to name.
    #[error("there are more than {MAX_HOLDER} operators")]
    TooManyOperators,
}

impl NumberingPlan {
    /// Builds the plan from operators with their ranges (prefixes of digits, without `+`).
    pub fn new(
        operators: impl IntoIterator<Item = (Operator, Vec<String>)>,
    ) -> Result<Self, PlanError> {
        let (operators, ranges): (Vec<_>, Vec<_>) = operators.into_iter().unzip();
        if operators.len() > usize::from(MAX_HOLDER) {
            return Err(PlanError::TooManyOperators);
        }
        let mut named = Vec::new();
        for (holder, ranges) in (0..).zip(ranges) {
            for range in ranges {
                let Some(entry) = Entry::new(&range, holder) else {
                    return Err(PlanError::NotDigits(range));
                };
                named.push((entry, range));
            }
        }
        let entries: Vec<_> = named.iter().map(|(entry, _)| *entry).collect();
        let ranges = PrefixTable::build(&entries, |_, twice| {
            let range = named.iter().find(|(entry, _)| *entry == twice);
            Err(PlanError::Twice(range.map(|(_, range)| range.clone()).unwrap_or_default()))
        })?;
        Ok(Self { operators, ranges, ..Self::default() })
    }

    /// An empty list of ported numbers that knows the networks of this plan.
    pub fn no_ported_numbers(&self) -> PortedNumbers {
        PortedNumbers::new(&self.operators)
    }

    /// The plan with these ported numbers instead of those it had.
    #[must_use]
    pub fn with_ported(self, numbers: &PortedNumbers) -> Self {
        let Ok(ported) =
            PrefixTable::build(numbers.entries(), |_, _| Ok::<_, std::convert::Infallible>(()));
        Self { ported, ..self }
    }

    /// The plan with one more range of addresses that the operator gives its subscribers. A range of
    /// an operator that the plan does not have is left out.
    pub fn with_addresses(
        mut self,
        operator: &OperatorId,
        range: AddressRange,
    ) -> Result<Self, PlanError> {
        let holder = (0..).zip(&self.operators).find(|(_, known)| &known.id == operator);
        let Some((holder, _)) = holder else { return Ok(self) };
        if self.addresses.add(range, holder) {
            Ok(self)
        } else {
            Err(PlanError::AddressesTwice(operator.clone()))
        }
    }

    /// The operator that holds the number: the one it was taken along to, or else that of the
    /// longest range that begins it.
    pub fn holder(&self, number: &Msisdn) -> Option<&Operator> {
        match self.ported(number) {
            Some(Ported::To(operator)) => Some(operator),
            Some(Ported::Elsewhere) => None,
            None => self.range_holder(number),
        }
    }

    /// Where the number was taken along to; `None` when it is not in the list.
    pub fn ported(&self, number: &Msisdn) -> Option<Ported<'_>> {
        let holder = self.ported.exact(number.digits())?;
        Some(self.operators.get(usize::from(holder)).map_or(Ported::Elsewhere, Ported::To))
    }

    /// The operator of the longest range that begins this number, wherever it was taken since.
    pub fn range_holder(&self, number: &Msisdn) -> Option<&Operator> {
        let holder = self.ranges.longest(number.digits())?;
        self.operators.get(usize::from(holder))
    }

    /// The operator that gives this address to its subscribers; none for addresses that are not
    /// public.
    pub fn of_address(&self, address: IpAddr) -> Option<&Operator> {
        self.operators.get(usize::from(self.addresses.holder(address)?))
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

    /// Whether a message may be sent to this number: it is one of our own (T-123).
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
            networks: vec![Plmn::new("234", if own { "15" } else { "20" }).unwrap()],
            issuer: "https://id.example".to_owned(),
            links: OperatorLinks::default(),
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

    #[test]
    fn a_number_taken_along_leaves_its_range() {
        let number = |digits| Msisdn::from_digits(digits).unwrap();
        let plan = NumberingPlan::new([
            (operator("a", true), vec!["447700".to_owned()]),
            (operator("b", false), vec!["447800".to_owned()]),
        ])
        .unwrap();
        let mut ported = plan.no_ported_numbers();
        for line in ["447700900907,234_20", "447700900908,999_99", "447800900907,234_15"] {
            ported.read_line(line).unwrap();
        }
        let plan = plan.with_ported(&ported);
        let holder = |digits| plan.holder(&number(digits)).map(|o| o.id.as_str());
        assert_eq!(holder("447700900906"), Some("a"));
        assert_eq!(holder("447700900907"), Some("b"));
        assert_eq!(holder("447700900908"), None, "its operator is not in the plan");
        assert_eq!(holder("447800900907"), Some("a"));
        assert!(plan.is_own(&number("447800900907")) && !plan.is_own(&number("447700900907")));
        let range = plan.range_holder(&number("447700900908")).map(|o| o.id.as_str());
        assert_eq!(range, Some("a"));
    }

    #[test]
    fn an_address_tells_its_operator() {
        let (a, b) = (operator("a", true), operator("b", false));
        let ids = [a.id.clone(), b.id.clone()];
        let plan = NumberingPlan::new([(a, vec![]), (b, vec![])]).unwrap();
        let range: AddressRange = "203.0.113.0/24".parse().unwrap();
        let plan = plan.with_addresses(&ids[1], range).unwrap();
        let holder = plan.of_address("203.0.113.9".parse().unwrap()).map(|o| o.id.as_str());
        assert_eq!(holder, Some("b"));
        assert!(plan.of_address("203.0.114.9".parse().unwrap()).is_none());
        assert!(matches!(plan.with_addresses(&ids[0], range), Err(PlanError::AddressesTwice(_))));
    }
}
