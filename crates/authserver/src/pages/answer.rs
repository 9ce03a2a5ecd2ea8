//! The user has answered the challenge.
//!
//! Routing takes an attempt by compare-and-set *before* the answer is looked at, so that any number
//! of parallel guesses on any number of nodes gets no more than the bound (T-121).

use axum::response::Response;
use fiador_domain::journey::Stage;
use fiador_kernel::AuthenticatorId;
use fiador_ports::{Answer, Road, Settled};
use fiador_wire_oauth::parameters::Parameters;

use super::{Note, Visit};
use crate::{AuthServer, arrival::Arrival, trouble::Trouble};

/// The field that says whom a form answers.
const AUTHENTICATOR: &str = "authenticator";

impl AuthServer {
    /// `POST …/answer`
    pub(super) async fn answer(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        // A repeated field has no one meaning (T-007).
        if form.repeated().next().is_some() {
            return Err(Trouble::DamagedForm);
        }
        let Some(authenticator) = visit.addressed_by(form) else {
            return self.go_on(arrival, visit).await;
        };
        let answer =
            Answer::by(Road::Browser, form.iter().filter(|(name, _)| *name != AUTHENTICATOR));
        let note = match self.router.answer(visit.key(), &authenticator, &answer).await? {
            Settled::Moved(versioned) | Settled::TooLate(Some(versioned)) => {
                visit.take(versioned)?;
                return self.go_on(arrival, visit).await;
            }
            Settled::Wrong(versioned) => {
                visit.take(versioned)?;
                Note::Wrong(authenticator)
            }
            Settled::TooLate(None) => return Err(Trouble::NoJourney),
        };
        self.lead_back(arrival, &visit, Some(note))
    }

    /// After a proof the code leaves at once, unless the user has to agree first.
    async fn go_on(&self, arrival: &Arrival, visit: Visit) -> Result<Response, Trouble> {
        if matches!(visit.stage(), Stage::Verified { .. })
            && self.missing_consent(&visit.journey, &visit.door).await?.is_empty()
        {
            return self.finish(arrival, visit, None).await;
        }
        self.answer_or_lead_back(arrival, &visit)
    }
}

impl Visit {
    /// The live authenticator that a form is for. One that names none is for the first on the page.
    pub(super) fn addressed_by(&self, form: &Parameters) -> Option<AuthenticatorId> {
        let Stage::Challenged { chain, .. } = self.stage() else { return None };
        let prompt = match form.get(AUTHENTICATOR) {
            Some(named) => chain.live.iter().find(|prompt| prompt.authenticator.as_str() == named),
            None => chain.live.first(),
        };
        prompt.map(|prompt| prompt.authenticator.clone())
    }
}
