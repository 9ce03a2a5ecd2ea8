use std::collections::HashMap;

use fiador_kernel::Plmn;

use super::{
    Operator,
    prefix_table::{Entry, MAX_HOLDER},
};

/// The holder of numbers whose operator Discovery does not know.
pub(super) const ELSEWHERE: u16 = MAX_HOLDER;

/// Where a number was taken along to.
#[derive(Clone, Copy, Debug)]
pub enum Ported<'a> {
    /// To this operator.
    To(&'a Operator),
    /// To one that Discovery does not know: its range tells the wrong operator.
    Elsewhere,
}

/// Numbers that were taken along, on their way into a [`NumberingPlan`](super::NumberingPlan). Ten
/// million take 80 MB here and 128 MB in the plan.
#[derive(Debug)]
pub struct PortedNumbers {
    holders: HashMap<String, u16>,
    entries: Vec<Entry>,
}

/// A line of the list is not `digits,MCC_MNC`. It is not repeated: it may hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a line is a number of 7 to 15 digits without +, a comma and MCC_MNC, such as 234_15")]
pub struct PortedLineError;

impl PortedNumbers {
    pub(super) fn new(operators: &[Operator]) -> Self {
        let holders = (0..).zip(operators).flat_map(|(holder, operator)| {
            operator.networks.iter().map(move |network| (network.to_string(), holder))
        });
        Self { holders: holders.collect(), entries: Vec::new() }
    }

    /// Takes one line: `447700900907,234_15`. Empty lines and those that begin with `#` say nothing.
    /// Of two lines for one number the later counts. A network of no operator of the plan is allowed:
    /// then nobody here holds the number, whatever its range says.
    pub fn read_line(&mut self, line: &str) -> Result<(), PortedLineError> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (number, network) = line.split_once(',').ok_or(PortedLineError)?;
        let (number, network) = (number.trim(), network.trim());
        let holder = match self.holders.get(network) {
            Some(&holder) => holder,
            None if Plmn::try_from(network.to_owned()).is_ok() => ELSEWHERE,
            None => return Err(PortedLineError),
        };
        let entry = Entry::new(number, holder).filter(|_| number.len() >= 7);
        self.entries.push(entry.ok_or(PortedLineError)?);
        Ok(())
    }

    /// How many numbers were read.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_a_number_and_a_network() {
        let mut ported = PortedNumbers::new(&[]);
        for good in ["447700900907,234_15", " 447700900907 , 234_015 \r", "", "# ported in May"] {
            assert_eq!(ported.read_line(good), Ok(()), "{good}");
        }
        assert_eq!(ported.len(), 2);
        for bad in [
            "447700900907",
            "+447700900907,234_15",
            "447700,234_15",
            "4477009009071234,234_15",
            "447700900907,23415",
            "447700900907,234_15,x",
            "msisdn,network",
        ] {
            assert_eq!(ported.read_line(bad), Err(PortedLineError), "{bad}");
        }
        assert_eq!(ported.len(), 2);
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(line in "[0-9,_#+ ]{0,30}|.{0,40}") {
            let _ = PortedNumbers::new(&[]).read_line(&line);
        }
    }
}
