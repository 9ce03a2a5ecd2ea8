//! The user has answered the challenge.
//!
//! An attempt is taken from the journey by compare-and-set *before* the answer is looked at, so
//! that any number of parallel guesses on any number of nodes gets no more than the bound (T-121).

use std::collections::BTreeMap;

use axum::response::Response;
use fiador_domain::journey::{Refusal, Stage};
use fiador_kernel::{AuthenticatorId, Timestamp};
use fiador_ports::{Answer, Answered};
use fiador_wire_oauth::parameters::Parameters;
use serde_json::Value;

use super::{Note, Visit};
use crate::{AuthServer, arrival::Arrival, trouble::Trouble};

/// An attempt that has been taken and stored.
struct Attempt {
    authenticator: AuthenticatorId,
    state: Value,
    /// Names the message that asked: a later one voids it.
    sent_at: Timestamp,
}

impl AuthServer {
    /// `POST …/answer`
    pub(super) async fn answer(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        let Some(answer) = read(form) else { return Err(Trouble::DamagedForm) };
        let Some(attempt) = self.admit(&mut visit).await? else {
            return self.go_on(arrival, visit).await;
        };
        match self.evaluate(arrival, &visit, &attempt, &answer).await? {
            Answered::Wrong => self.lead_back(arrival, &visit, Some(Note::Wrong)),
            Answered::Failed => {
                visit.refuse(self, Refusal::Failed).await?;
                self.go_on(arrival, visit).await
            }
            Answered::Verified(evidence) => {
                while visit.awaits(attempt.sent_at) {
                    let Ok(stage) = visit.stage().clone().verify(evidence.clone()) else { break };
                    if visit.advance(self, stage).await? {
                        break;
                    }
                }
                self.go_on(arrival, visit).await
            }
        }
    }

    /// Takes one attempt. `None` when there is none to take: the journey is past its challenge, or
    /// is ended here.
    async fn admit(&self, visit: &mut Visit) -> Result<Option<Attempt>, Trouble> {
        while let Stage::Challenged { authenticator, challenge, at, .. } = visit.stage().clone() {
            let Ok(admitted) = self.router.admit(&authenticator, &challenge) else {
                visit.refuse(self, Refusal::Failed).await?;
                return Ok(None);
            };
            let stage = visit.stage().clone();
            let Ok(stage) = stage.challenge(authenticator.clone(), admitted.clone(), at) else {
                return Ok(None);
            };
            if visit.advance(self, stage).await? {
                return Ok(Some(Attempt { authenticator, state: admitted, sent_at: at }));
            }
        }
        Ok(None)
    }

    async fn evaluate(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        attempt: &Attempt,
        answer: &Answer,
    ) -> Result<Answered, Trouble> {
        let Stage::Challenged { subject, .. } = visit.stage() else { return Ok(Answered::Wrong) };
        let challenge = visit.challenge(subject, &arrival.network);
        let Attempt { authenticator, state, .. } = attempt;
        Ok(self.router.evaluate(authenticator, challenge, state, answer).await?)
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
    /// Whether the message sent then is still the one to be answered.
    fn awaits(&self, sent_at: Timestamp) -> bool {
        matches!(self.stage(), Stage::Challenged { at, .. } if *at == sent_at)
    }
}

/// The fields of the form; `None` if one is repeated (T-007).
fn read(form: &Parameters) -> Option<Answer> {
    if form.repeated().next().is_some() {
        return None;
    }
    let fields = form.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Answer(fields.collect::<BTreeMap<_, _>>()))
}
