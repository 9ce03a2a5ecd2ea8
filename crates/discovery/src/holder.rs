//! Who holds a number: the list of ported numbers, then the portability register, then the ranges.

use fiador_domain::numbering::{Operator, Ported};
use fiador_kernel::Msisdn;
use fiador_ports::NumberHolder;

use crate::Service;

impl Service {
    /// The operator that holds the number. A register that fails leaves the ranges to decide: most
    /// numbers never move, and a login at the wrong operator ends there without harm.
    pub(crate) async fn holder(&self, number: &Msisdn) -> Option<&Operator> {
        match self.numbering.ported(number) {
            Some(Ported::To(operator)) => return Some(operator),
            Some(Ported::Elsewhere) => return None,
            None => {}
        }
        let Some(register) = &self.portability else { return self.numbering.range_holder(number) };
        match register.holder(number).await {
            Ok(Some(NumberHolder::Network(network))) => self.numbering.of_network(&network),
            Ok(Some(NumberHolder::Operator(id))) => self.numbering.find(&id),
            Ok(None) => self.numbering.range_holder(number),
            Err(error) => {
                metrics::counter!("fiador_discovery_portability_failures_total").increment(1);
                tracing::debug!(%error, "number ranges decide");
                self.numbering.range_holder(number)
            }
        }
    }
}
