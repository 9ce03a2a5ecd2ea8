//! Third phase: it is known who will answer, a login session or an authenticator.

use fiador_domain::{
    profile::Profile,
    routing::{Need, Unserved},
    session::LoginSession,
    subscriber::SubscriberStatus,
};
use fiador_kernel::SubscriberId;
use fiador_ports::{EncryptedNumber, StoreError};

use super::{Found, Stop, open::prompt_values};
use crate::{
    AuthServer,
    arrival::Arrival,
    check::{Checked, Failure, Hint, Hinted},
};

/// A request that can be served.
pub(crate) struct Routed {
    pub(super) request: Checked,
    pub(super) by: By,
}

/// Who answers.
pub(crate) enum By {
    /// A login session of this browser (decision 0006).
    Session(LoginSession),
    /// An authenticator, once it is known whose phone to reach; the request may say so.
    Phone(Option<Found>),
}

impl AuthServer {
    /// Prefers the login session: it costs no message and needs no message centre.
    pub(super) async fn route(
        &self,
        arrival: &Arrival,
        mut request: Checked,
    ) -> Result<Routed, Stop> {
        self.decrypt_hint(&mut request.asked.hinted.hint).await;
        if let Some(session) = self.session_that_answers(arrival, &request).await? {
            return Ok(Routed { request, by: By::Session(session) });
        }
        if request.asked.prompt.none {
            return Err(Stop::Back(request.reply, Failure::LoginRequired));
        }
        let levels = &request.asked.levels;
        let prompt = prompt_values(request.asked.prompt);
        let need = Need {
            client: &request.client.id,
            profile: request.client.profile,
            scopes: &request.asked.scopes,
            levels: &levels.wanted,
            voluntary: levels.voluntary,
            prompt: &prompt,
            origin: &arrival.origin,
            has_browser: true,
        };
        if let Err(unserved) = self.router.plan(need) {
            let failure = failure(unserved, request.client.profile);
            return Err(Stop::Back(request.reply, failure));
        }
        let hinted = &request.asked.hinted;
        let chooses =
            request.asked.prompt.select_account && !hinted.is_demand && hinted.id_token.is_none();
        let found = if chooses {
            // The user is to name a number, whatever the request says (mobile-connect §2.3); then
            // the answer must not echo what it says.
            request.asked.hinted = Hinted::NOBODY;
            None
        } else {
            match self.identify(&request).await? {
                Ok(found) => found,
                Err(failure) => return Err(Stop::Back(request.reply, failure)),
            }
        };
        Ok(Routed { request, by: By::Phone(found) })
    }

    /// Opens a hint that is encrypted to this gateway (mobile-connect §2.4), once for all who ask.
    async fn decrypt_hint(&self, hint: &mut Hint) {
        let (encrypted, named_by) = match &*hint {
            Hint::EncryptedNumber(text) => (EncryptedNumber::of_hint(text), text),
            Hint::Token(text) => (EncryptedNumber::HintToken(text), text),
            _ => return,
        };
        let number = self.operator_keys.decrypt(encrypted).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "an encrypted number could not be looked into");
            None
        });
        *hint = Hint::Decrypted { number, named_by: named_by.clone() };
    }

    /// The session, if the request leaves it a say and a fresh login would not have to prove more:
    /// same client, age, level and user (T-047). Values to compare are for the user to see each time:
    /// silent answers to ever new ones would let a service provider guess what it does not know
    /// (T-200).
    async fn session_that_answers(
        &self,
        arrival: &Arrival,
        request: &Checked,
    ) -> Result<Option<LoginSession>, StoreError> {
        let asked = &request.asked;
        if !request.client.profile.reuses_login_session()
            || asked.prompt.login
            || asked.prompt.select_account
            || !asked.individual.to_compare().is_empty()
        {
            return Ok(None);
        }
        let now = self.clock.now();
        let Some(id) = arrival.session(&self.settings) else { return Ok(None) };
        let Some(session) = self.sessions.find(id, now).await? else { return Ok(None) };
        let answers = session.answers(now, asked.max_age)
            && (asked.levels.voluntary || session.evidence.acr(&asked.levels.wanted).is_some())
            && self.is_whom_the_hints_name(request, &session.subscriber).await?
            && self.may_authenticate(&session.subscriber).await?;
        Ok(answers.then_some(session))
    }

    /// Every hint must name the user of the session; one that names nobody does not (OpenID Connect
    /// Core §3.1.2.1).
    async fn is_whom_the_hints_name(
        &self,
        request: &Checked,
        subscriber: &SubscriberId,
    ) -> Result<bool, StoreError> {
        let hinted = &request.asked.hinted;
        let is_hinted = match &hinted.hint {
            Hint::None => true,
            Hint::Number(number) | Hint::Decrypted { number: Some(number), .. } => {
                let holder = self.subscriber_with(number).await?;
                holder.is_some_and(|holder| holder.id == *subscriber)
            }
            Hint::Pcr(pcr) => {
                let bearer = self.pcrs.find_subscriber(&request.client.sector, pcr).await?;
                bearer.as_ref() == Some(subscriber)
            }
            Hint::EncryptedNumber(_)
            | Hint::Token(_)
            | Hint::Decrypted { number: None, .. }
            | Hint::Opaque(_) => false,
        };
        let Some(token) = &hinted.id_token else { return Ok(is_hinted) };
        let subject = self.subject_of_id_token(token).await?;
        Ok(is_hinted && subject.is_some_and(|subject| subject.0.as_ref() == Some(subscriber)))
    }

    /// Whether the subscription is there and not blocked.
    pub(crate) async fn may_authenticate(
        &self,
        subscriber: &SubscriberId,
    ) -> Result<bool, StoreError> {
        let subscriber = self.subscribers.lookup(subscriber).await?;
        Ok(subscriber.is_some_and(|subscriber| subscriber.status == SubscriberStatus::Active))
    }
}

const fn failure(unserved: Unserved, profile: Profile) -> Failure {
    match unserved {
        Unserved::Unavailable => Failure::Unavailable,
        // What policy forbids is as far away as what nobody can prove.
        Unserved::LevelUnreachable | Unserved::Forbidden => Failure::level(profile),
    }
}
