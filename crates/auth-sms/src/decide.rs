//! Evaluating what was decided on the link's page.

use fiador_ports::{Answer, Answered, Challenge, StoreError};

use crate::{
    SmsAuthenticator,
    kind::Proof,
    link::Decision,
    lock_out::Standing,
    state::{Link, State},
};

impl SmsAuthenticator {
    /// Evaluates a decision against a state from which the attempt has already been taken (T-121).
    /// A wrong number ends the journey: who does not see the other screen gets no second try (T-128).
    pub(crate) async fn decide(
        &self,
        challenge: Challenge<'_>,
        state: &State,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        let now = self.sms.ports.clock.now();
        let (Some(link), Some(decision)) = (&state.link, Decision::read(answer)) else {
            return Ok(Answered::Wrong);
        };
        if now >= state.expires_at || challenge.subject.subscriber.is_none() {
            return Ok(Answered::Wrong);
        }
        if matches!(decision, Decision::Deny) {
            note(&challenge, self, "denied");
            return Ok(Answered::Denied);
        }
        if matches!(decision, Decision::Report) {
            self.take_report(&challenge);
            return Ok(Answered::Denied);
        }
        let standing = self.sms.lock_out.standing(challenge.subject.msisdn_index, now).await?;
        if matches!(standing, Standing::Locked(_)) {
            return Ok(Answered::Failed);
        }
        if !is_approval(link, decision) {
            return self.take_wrong_number(&challenge).await;
        }
        self.sms.guess_watch.record(&challenge, false, now);
        note(&challenge, self, "approved");
        self.proven(challenge, state, standing, Proof::Link).await
    }

    /// Somebody else asked for the message: that counts against the client, the network and the
    /// block of numbers as a wrong guess does, and tells whoever waits no more than a denial (T-109).
    fn take_report(&self, challenge: &Challenge<'_>) {
        self.sms.guess_watch.record(challenge, true, self.sms.ports.clock.now());
        note(challenge, self, "reported");
        tracing::warn!(
            client_id = %challenge.ask.client,
            journey = %challenge.journey,
            authenticator = %self.id,
            "a subscriber reports a login that somebody else began; see what else came from there"
        );
    }

    async fn take_wrong_number(&self, challenge: &Challenge<'_>) -> Result<Answered, StoreError> {
        let now = self.sms.ports.clock.now();
        self.sms.guess_watch.record(challenge, true, now);
        self.sms.lock_out.record(challenge.subject.msisdn_index, now).await?;
        note(challenge, self, "wrong_number");
        tracing::warn!(
            client_id = %challenge.ask.client,
            journey = %challenge.journey,
            authenticator = %self.id,
            "a number was chosen on the phone that the waiting browser does not show; \
             the login was stopped, for somebody else may have begun it"
        );
        Ok(Answered::Denied)
    }
}

/// Only in the very browser that shows the number is a click enough (T-107).
fn is_approval(link: &Link, decision: Decision) -> bool {
    match decision {
        Decision::ApproveHere => true,
        Decision::Choose(number) => link.number.is_right(number),
        Decision::Deny | Decision::Report => false,
    }
}

fn note(challenge: &Challenge<'_>, authenticator: &SmsAuthenticator, decision: &'static str) {
    let kind = authenticator.kind.id();
    metrics::counter!(
        "fiador_sms_link_decisions_total", "authenticator" => kind, "decision" => decision
    )
    .increment(1);
    tracing::info!(
        client_id = %challenge.ask.client,
        journey = %challenge.journey,
        authenticator = kind,
        decision,
        "a link was answered"
    );
}
