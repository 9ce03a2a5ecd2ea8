//! The forms of the pages, except the answer: number, again, other way, consent, cancel.

use axum::response::Response;
use fiador_domain::journey::{Refusal, Stage};
use fiador_http_kit::see_other;
use fiador_kernel::Msisdn;
use fiador_ports::Known;
use fiador_wire_oauth::parameters::Parameters;

use super::{Note, Visit};
use crate::{AuthServer, arrival::Arrival, challenge::Reached, trouble::Trouble};

impl AuthServer {
    /// The user has typed a number. Only where none was named before: an answer that echoes a hint
    /// (mobile-connect §2.8, `hashed_login_hint`) must be about the user of that hint.
    pub(super) async fn number(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        if !matches!(visit.stage(), Stage::Received) {
            return self.lead_back(arrival, &visit, None);
        }
        let typed = form.get("msisdn").unwrap_or_default();
        let Ok(number) = Msisdn::parse(typed, self.settings.home_region) else {
            return self.lead_back(arrival, &visit, Some(Note::NotANumber));
        };
        let found = self.find_number(&number).await?;
        let client = self.clients.find(&visit.journey.ask.client);
        if let Some(obstacle) = found.obstacle
            && client.is_some_and(|client| client.reveal_subscriber_state)
        {
            visit.refuse(self, Refusal::Failed).await?;
            if !matches!(visit.stage(), Stage::Refused { .. }) {
                // Another tab was faster; its number stands.
                return self.lead_back(arrival, &visit, None);
            }
            let (language, reply) = (visit.journey.ask.language, &visit.door.reply);
            return Ok(self.send_error(&arrival.method, language, reply, obstacle));
        }
        let Ok(identified) = visit.stage().clone().identify(found.subject.clone()) else {
            return self.lead_back(arrival, &visit, None);
        };
        if visit.advance(self, identified).await? {
            let reached = self.reach(&mut visit, found.known()).await?;
            return self.after_reaching(arrival, &visit, reached);
        }
        // Another tab was faster; its number stands.
        self.lead_back(arrival, &visit, None)
    }

    /// The user wants another message, or the first one now that it may be sent.
    pub(super) async fn again(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        let reached = match visit.addressed_by(form) {
            Some(authenticator) => self.ask_again(&mut visit, &authenticator).await?,
            None if matches!(visit.stage(), Stage::Identified { .. }) => {
                self.reach(&mut visit, Known::default()).await?
            }
            None => Reached::Asked,
        };
        self.after_reaching(arrival, &visit, reached)
    }

    /// The user wants another way.
    pub(super) async fn other_way(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
    ) -> Result<Response, Trouble> {
        let reached = match visit.stage() {
            Stage::Challenged { .. } => self.ask_otherwise(&mut visit).await?,
            _ => Reached::Asked,
        };
        self.after_reaching(arrival, &visit, reached)
    }

    /// The user has decided what to share (T-049).
    pub(super) async fn consent(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        if !matches!(visit.stage(), Stage::Verified { .. }) {
            return self.answer_or_lead_back(arrival, &visit);
        }
        match form.get("decision") {
            Some("agree") => {
                let missing = self.missing_consent(&visit.journey, &visit.door).await?;
                if missing.is_empty() {
                    return self.finish(arrival, visit, None).await;
                }
                // A consent may have been withdrawn since the page was shown: the user agrees to
                // what it said, and is shown the rest.
                if !visit.has_shown(&missing) {
                    return self.lead_back(arrival, &visit, None);
                }
                self.finish(arrival, visit, Some(missing)).await
            }
            Some("refuse") => {
                visit.refuse(self, Refusal::ConsentDenied).await?;
                self.answer_or_lead_back(arrival, &visit)
            }
            _ => self.lead_back(arrival, &visit, None),
        }
    }

    /// The user does not want to go on.
    pub(super) async fn cancel(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
    ) -> Result<Response, Trouble> {
        let abandoned = self.router.abandon(visit.key()).await?;
        visit.take(abandoned.ok_or(Trouble::NoJourney)?)?;
        self.answer_or_lead_back(arrival, &visit)
    }

    fn after_reaching(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        reached: Reached,
    ) -> Result<Response, Trouble> {
        match reached {
            Reached::Asked => self.answer_or_lead_back(arrival, visit),
            Reached::NotAgain => self.lead_back(arrival, visit, Some(Note::NotSent)),
            Reached::NotNow(wait) => self.lead_back(arrival, visit, Some(Note::Wait(wait))),
            Reached::Never(failure) => {
                let (language, reply) = (visit.journey.ask.language, &visit.door.reply);
                Ok(self.send_error(&arrival.method, language, reply, failure))
            }
        }
    }

    /// A journey that is over has its answer; any other has its page.
    pub(crate) fn answer_or_lead_back(
        &self,
        arrival: &Arrival,
        visit: &Visit,
    ) -> Result<Response, Trouble> {
        match visit.stage() {
            Stage::Granted { .. } => self.repeat(arrival, visit),
            Stage::Refused { reason, .. } => Ok(self.send_refusal(arrival, visit, *reason)),
            _ => self.lead_back(arrival, visit, None),
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the last line of fallible steps")]
    pub(super) fn lead_back(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        note: Option<Note>,
    ) -> Result<Response, Trouble> {
        Ok(see_other(&arrival.method, &self.page_url(visit, note)))
    }
}
