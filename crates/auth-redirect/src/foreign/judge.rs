//! What a result is worth.

use fiador_domain::assurance::Evidence;
use fiador_ports::{Answer, Answered, Challenge, ClientKeyError, Road, SignedPurpose};

use super::{ForeignAuthenticator, state::State};
use crate::contract::{
    BindingError, Bound, Expected, MAX_RESULT, MalformedResult, Outcome, ResultClaims,
};

/// The field of an answer that carries a result.
pub(super) const RESULT_FIELD: &str = "result";

/// Why a result does not count. For the log; outside all look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadResult {
    /// T-002.
    #[error("the result has more than {MAX_RESULT} bytes")]
    TooLong,
    /// Signature, algorithm, type, key.
    #[error(transparent)]
    Signature(#[from] ClientKeyError),
    /// A claim.
    #[error(transparent)]
    Malformed(#[from] MalformedResult),
    /// Not for this prompt.
    #[error(transparent)]
    Binding(#[from] BindingError),
}

impl ForeignAuthenticator {
    /// The claims of a result that this authenticator signed.
    pub(super) async fn signed(&self, result: &str) -> Result<ResultClaims, BadResult> {
        if result.len() > MAX_RESULT {
            return Err(BadResult::TooLong);
        }
        let purpose = SignedPurpose::AuthenticationResult;
        let signed = self.party.verify(result, purpose).await?;
        Ok(ResultClaims::read(&signed.claims)?)
    }

    /// Holds claims against the request that they must answer (T-102).
    pub(super) fn bound(&self, claims: ResultClaims, state: &State) -> Result<Bound, BadResult> {
        let expected = Expected {
            iss: &self.settings.issuer,
            aud: self.ports.issuer.as_str(),
            transaction: state.transaction,
            nonce: state.nonce,
            sub: &state.sub,
            asked_at: state.asked_at,
            now: self.ports.clock.now(),
        };
        Ok(claims.bind(&expected)?)
    }

    /// The whole check once more, on the state that an attempt was taken from: whoever calls, nothing
    /// counts that was not signed for this prompt.
    pub(super) async fn judge(
        &self,
        challenge: &Challenge<'_>,
        state: &State,
        answer: &Answer,
    ) -> Answered {
        // The waiting browser shows the number to choose: its forms answer nothing (T-128).
        let Some(result) = answer.field(RESULT_FIELD).filter(|_| answer.road == Road::Reference)
        else {
            return Answered::Wrong;
        };
        let bound = match self.signed(result).await {
            Ok(claims) => self.bound(claims, state),
            Err(error) => Err(error),
        };
        match bound {
            Ok(bound) => self.weigh(challenge, state, bound),
            Err(error) => {
                self.note_bad(error);
                Answered::Wrong
            }
        }
    }

    pub(super) fn note_bad(&self, error: BadResult) {
        metrics::counter!("fiador_foreign_results_total", "outcome" => "refused").increment(1);
        tracing::warn!(authenticator = %self.id(), %error, "a result does not count");
    }

    fn weigh(&self, challenge: &Challenge<'_>, state: &State, bound: Bound) -> Answered {
        let facts = match bound.outcome {
            Outcome::Denied => return Answered::Denied,
            Outcome::Failed => return Answered::GaveUp,
            Outcome::Approved(facts) => facts,
        };
        // Nobody has this number here, whatever the authenticator says.
        if challenge.subject.subscriber.is_none() {
            return Answered::GaveUp;
        }
        if state.number.is_some() && bound.number != state.number {
            tracing::info!(journey = %challenge.journey, authenticator = %self.id(), "another number was chosen");
            return Answered::Failed;
        }
        let Some(row) = self.settings.evidence.find(&facts) else {
            tracing::warn!(journey = %challenge.journey, authenticator = %self.id(), "the reported evidence fits no row of the table");
            return Answered::GaveUp;
        };
        let evidence = Evidence {
            authenticator: self.id().clone(),
            level: row.level.min(self.settings.evidence.ceiling()),
            amr_mobile_connect: row.amr_mobile_connect.clone(),
            amr_rfc8176: row.amr.clone(),
            at: self.ports.clock.now(),
        };
        worth(challenge, evidence)
    }
}

/// Evidence below what was asked for is none: the next authenticator may do better (T-100).
pub(crate) fn worth(challenge: &Challenge<'_>, evidence: Evidence) -> Answered {
    if evidence.acr(&challenge.ask.levels).is_none() && !challenge.ask.levels_voluntary {
        tracing::info!(
            journey = %challenge.journey,
            authenticator = %evidence.authenticator,
            level = %evidence.level,
            "the evidence is below every requested level"
        );
        return Answered::GaveUp;
    }
    Answered::Verified(evidence)
}
