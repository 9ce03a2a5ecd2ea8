//! What the user chose.

use fiador_domain::numbering::Operator;
use fiador_kernel::{Msisdn, Plmn};
use fiador_wire_oauth::parameters::Parameters;

use crate::{Service, resolve::registered_at};

use super::Session;

/// The outcome of a submitted page.
pub(super) enum Choice {
    /// A network of the operator that was picked or found.
    Network(Plmn),
    /// The user wants to go back.
    Cancelled,
    /// The page has to be shown again.
    Again(Trouble),
}

/// Why the page is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing usable was chosen.
    NothingChosen,
    /// That is not a telephone number.
    NotANumber,
    /// No operator that serves this application has the number.
    NoOperator,
    /// Too many numbers were tried.
    TooManyNumbers,
}

impl Service {
    pub(super) fn choice(&self, id: &str, session: &Session, parameters: &Parameters) -> Choice {
        if parameters.get("cancel").is_some() {
            return Choice::Cancelled;
        }
        let chosen = match parameters.get_non_empty("mcc_mnc") {
            Some(network) => self.picked(session, network),
            None => match parameters.get_non_empty("msisdn") {
                Some(number) => self.holder_of(id, session, number),
                None => Err(Trouble::NothingChosen),
            },
        };
        chosen.map_or_else(Choice::Again, Choice::Network)
    }

    /// Operators that the waiting application can use, in the order of configuration.
    pub(super) fn offered<'a>(&'a self, session: &Session) -> Vec<(&'a Operator, &'a Plmn)> {
        let Some(application) = self.clients.find_discovery(&session.application) else {
            return Vec::new();
        };
        let operators = self.numbering.operators().iter();
        operators
            .filter(|operator| registered_at(&application, operator).is_some())
            .filter_map(|operator| operator.networks.first().map(|network| (operator, network)))
            .collect()
    }

    fn picked(&self, session: &Session, network: &str) -> Result<Plmn, Trouble> {
        let offered = self.offered(session);
        let found = offered.into_iter().find(|(_, offered)| offered.to_string() == network);
        found.map(|(_, network)| network.clone()).ok_or(Trouble::NothingChosen)
    }

    fn holder_of(&self, id: &str, session: &Session, number: &str) -> Result<Plmn, Trouble> {
        let number = Msisdn::parse(number, self.settings.home).map_err(|_| Trouble::NotANumber)?;
        if !self.sessions.take_number(id) {
            return Err(Trouble::TooManyNumbers);
        }
        let holder = self.numbering.holder(&number).ok_or(Trouble::NoOperator);
        let found = holder.and_then(|holder| {
            let offered = self.offered(session).into_iter();
            offered
                .filter(|(operator, _)| operator.id == holder.id)
                .map(|(_, network)| network.clone())
                .next()
                .ok_or(Trouble::NoOperator)
        });
        if found.is_err() {
            self.pace.number_missed(&session.application, self.clock.now());
        }
        found
    }
}
