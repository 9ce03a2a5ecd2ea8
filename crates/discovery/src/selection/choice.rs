//! What the user chose.

use fiador_domain::{client::DiscoveryApplication, numbering::Operator};
use fiador_kernel::{Msisdn, Plmn};
use fiador_ports::SubscriberIds;
use fiador_wire_oauth::parameters::Parameters;

use crate::{Service, pace::Source, resolve::registered_at};

use super::Session;

/// The outcome of a submitted page.
pub(super) enum Choice {
    /// A network of the operator that was picked or found, and the number that was typed, encrypted
    /// to that operator.
    Network(Plmn, Option<SubscriberIds>),
    /// The user wants to go back.
    Cancelled,
    /// The operators of another country are wanted, or the page has to be shown again.
    Again(Option<Trouble>),
}

/// Why the page is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing usable was chosen.
    NothingChosen,
    /// That is not a telephone number.
    NotANumber,
    /// The number leads to no operator of this application.
    NoOperator,
    /// Too many numbers were tried.
    TooManyNumbers,
}

/// Why a number leads nowhere, in the words that clients know as `err_msg` (mobile-connect §1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberTrouble {
    /// No operator here holds it.
    NotFound,
    /// Its operator does not serve this application.
    NotServed,
}

impl NumberTrouble {
    /// The value of `err_msg`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "MSISDNNotFound",
            Self::NotServed => "NotSupportedOperatorMSISDN",
        }
    }
}

impl Service {
    pub(super) async fn choice(
        &self,
        id: &str,
        session: &Session,
        source: Source,
        parameters: &Parameters,
    ) -> Choice {
        if parameters.get("cancel").is_some() {
            return Choice::Cancelled;
        }
        let chosen = match (parameters.get_non_empty("mcc_mnc"), parameters.get_non_empty("msisdn"))
        {
            (Some(network), _) => self.picked(session, network).map(|network| (network, None)),
            (None, Some(number)) => self.of_typed(id, session, source, number).await,
            (None, None) if parameters.get("country").is_some() => return Choice::Again(None),
            (None, None) => Err(Trouble::NothingChosen),
        };
        match chosen {
            Ok((network, ids)) => Choice::Network(network, ids),
            Err(trouble) => Choice::Again(Some(trouble)),
        }
    }

    /// Operators that the waiting application can use.
    pub(super) fn offered_to<'a>(&'a self, session: &Session) -> Vec<(&'a Operator, &'a Plmn)> {
        let application = self.clients.find_discovery(&session.application);
        application.map(|application| self.offered(&application)).unwrap_or_default()
    }

    /// Operators that an application can use, in the order of configuration, with the network that
    /// selects each.
    pub(crate) fn offered<'a>(
        &'a self,
        application: &DiscoveryApplication,
    ) -> Vec<(&'a Operator, &'a Plmn)> {
        let operators = self.numbering.operators().iter();
        operators
            .filter(|operator| registered_at(application, operator).is_some())
            .filter_map(|operator| operator.networks.first().map(|network| (operator, network)))
            .collect()
    }

    fn picked(&self, session: &Session, network: &str) -> Result<Plmn, Trouble> {
        let offered = self.offered_to(session);
        let found = offered.into_iter().find(|(_, offered)| offered.to_string() == network);
        found.map(|(_, network)| network.clone()).ok_or(Trouble::NothingChosen)
    }

    async fn of_typed(
        &self,
        id: &str,
        session: &Session,
        source: Source,
        text: &str,
    ) -> Result<(Plmn, Option<SubscriberIds>), Trouble> {
        let number =
            Msisdn::parse(text, self.settings.home_region).map_err(|_| Trouble::NotANumber)?;
        let now = self.clock.now();
        if !self.sessions.take_number(id)
            || !self.pace.may_look_up(&session.application, source, now)
        {
            return Err(Trouble::TooManyNumbers);
        }
        match self.serving(session, &number).await {
            Ok((operator, network)) => {
                Ok((network.clone(), self.encrypted(operator, &number, now).await))
            }
            Err(trouble) => {
                self.sessions.number_failed(id, trouble);
                self.pace.number_missed(&session.application, source, now);
                Err(Trouble::NoOperator)
            }
        }
    }

    async fn serving(
        &self,
        session: &Session,
        number: &Msisdn,
    ) -> Result<(&Operator, &Plmn), NumberTrouble> {
        let holder = self.holder(number).await.ok_or(NumberTrouble::NotFound)?;
        let mut offered = self.offered_to(session).into_iter();
        offered.find(|(operator, _)| operator.id == holder.id).ok_or(NumberTrouble::NotServed)
    }
}
