//! Putting a request together.

use fiador_domain::client::Encryption;
use fiador_kernel::{Entropy, Msisdn, handle, token_text};
use fiador_ports::{Challenge, StartError, StoreError};

use super::{ForeignAuthenticator, ForeignForm, state::State};
use crate::{
    contract::{Form, MAX_REQUEST, REQUEST_TYP, RequestClaims, VERSION, padded},
    ports::with_query,
};

/// Numbers that the phone offers to choose from.
const NUMBERS: u32 = 3;

impl ForeignAuthenticator {
    /// Draws the secrets, composes, signs, encrypts. What the journey keeps of it.
    pub(super) async fn ask(&self, challenge: &Challenge<'_>) -> Result<State, StartError> {
        let now = self.ports.clock.now();
        let entropy = &*self.ports.entropy;
        let (transaction, nonce, jti) = (handle(entropy), handle(entropy), token_text(entropy, 16));
        let sub = self.ports.pseudonym(self.id(), challenge);
        let (numbers, number) = self.numbers(challenge)?;
        let address = match &self.settings.form {
            ForeignForm::Browser { .. } => self.ports.own_address(self.id(), "return"),
            ForeignForm::BackChannel(_) => self.ports.own_address(self.id(), "result"),
        };
        let (form, return_uri, result_uri) = match &self.settings.form {
            ForeignForm::Browser { .. } => (Form::Browser, Some(address.as_str()), None),
            ForeignForm::BackChannel(_) => (Form::BackChannel, None, Some(address.as_str())),
        };
        let claims = RequestClaims {
            version: VERSION,
            iss: self.ports.issuer.as_str(),
            aud: &self.settings.issuer,
            iat: now.as_seconds(),
            exp: challenge.expires_at.as_seconds().min(now.as_seconds() + 300),
            jti: &jti,
            form,
            transaction: &transaction,
            nonce: &nonce,
            sub: &sub,
            phone_number: self.phone_number(challenge).await?,
            acr_values: challenge.ask.levels.iter().map(|level| level.as_str()).collect(),
            client_name: &challenge.ask.client_name,
            context: challenge.ask.context.as_deref(),
            binding_message: binding_message(challenge),
            numbers: &numbers,
            language: challenge.ask.language.tag(),
            return_uri,
            result_uri,
            test_outcome: None,
        };
        let request = self.sealed(&claims).await?;
        let request = match &self.settings.form {
            ForeignForm::Browser { authorization_endpoint } => {
                with_query(authorization_endpoint, &[("request", &request)])
                    .ok_or(StartError::Unavailable)?
            }
            ForeignForm::BackChannel(_) => request,
        };
        Ok(State::new([&transaction, &nonce], sub, number, request, now))
    }

    /// Signs, and encrypts where that is agreed.
    async fn sealed(&self, claims: &RequestClaims<'_>) -> Result<String, StartError> {
        let mut payload = serde_json::to_vec(claims).map_err(|_| StartError::Unavailable)?;
        if self.settings.request_encryption.is_some() {
            payload = padded(payload);
        }
        let alg = self.settings.request_signing_alg;
        let signed = self.ports.signer.sign_as(REQUEST_TYP, alg, &payload).await;
        let signed = signed.map_err(|error| self.unavailable(&error))?;
        if signed.len() > MAX_REQUEST {
            return Err(StartError::TextTooLong);
        }
        match self.settings.request_encryption {
            Some(encryption) => self.encrypted(&signed, encryption).await,
            None => Ok(signed),
        }
    }

    async fn encrypted(&self, signed: &str, encryption: Encryption) -> Result<String, StartError> {
        let sealed = self.party.encrypt(signed, encryption).await;
        sealed.map_err(|error| self.unavailable(&error))
    }

    fn unavailable(&self, error: &dyn std::error::Error) -> StartError {
        tracing::warn!(authenticator = %self.id(), error = %error, "a request could not be made");
        StartError::Unavailable
    }

    /// The number, where that is agreed. Nobody's number is not told: the padding hides that.
    async fn phone_number(&self, challenge: &Challenge<'_>) -> Result<Option<String>, StoreError> {
        if !self.settings.sends_phone_number {
            return Ok(None);
        }
        let number = match (challenge.number, &challenge.subject.subscriber) {
            (Some(number), Some(_)) => Some(number.clone()),
            (None, Some(id)) => {
                let found = self.ports.subscribers.lookup(id).await?;
                found.and_then(|found| self.ports.vault.open_msisdn(&found.msisdn_sealed))
            }
            (_, None) => None,
        };
        Ok(number.as_ref().map(Msisdn::digits).map(|digits| format!("+{digits}")))
    }

    /// Numbers for the phone to choose from, and the one that the other screen shows (T-107, T-128): on
    /// our waiting page, or, where none waits, as the binding message of the service provider. Where
    /// there is neither, nobody is asked: a bare click proves nothing. Nothing is to be chosen where it is
    /// the waiting browser that answers.
    fn numbers(
        &self,
        challenge: &Challenge<'_>,
    ) -> Result<(Vec<String>, Option<String>), StartError> {
        let entropy = &*self.ports.entropy;
        let right = match (&self.settings.form, challenge.page) {
            (ForeignForm::Browser { .. }, _) => return Ok((Vec::new(), None)),
            (ForeignForm::BackChannel(_), Some(_)) => Some(two_digits(entropy)),
            (ForeignForm::BackChannel(_), None) => {
                challenge.ask.number_to_choose().map(|number| number.to_string())
            }
        };
        let right = right.ok_or_else(|| {
            tracing::warn!(
                journey = %challenge.journey,
                client_id = %challenge.ask.client,
                authenticator = %self.id(),
                "no screen shows a number to choose; without a browser the binding message must be one"
            );
            StartError::Unavailable
        })?;
        Ok((among_others(&right, entropy), Some(right)))
    }
}

/// What the phone shows: not the number that it must choose.
fn binding_message<'a>(challenge: &Challenge<'a>) -> Option<&'a str> {
    let is_chosen = challenge.page.is_none() && challenge.ask.number_to_choose().is_some();
    challenge.ask.binding_message.as_deref().filter(|_| !is_chosen)
}

/// `right` and different numbers, in random order.
fn among_others(right: &str, entropy: &dyn Entropy) -> Vec<String> {
    let place = entropy.below(NUMBERS) as usize;
    let mut numbers: Vec<String> = Vec::new();
    while numbers.len() + 1 < NUMBERS as usize {
        let number = two_digits(entropy);
        if number != right && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers.insert(place.min(numbers.len()), right.to_owned());
    numbers
}

fn two_digits(entropy: &dyn Entropy) -> String {
    (10 + entropy.below(90)).to_string()
}
