//! Whose phone to reach.
//!
//! A number that is unknown, blocked or not enrolled gives a subject without subscriber, which
//! goes the same way as any other from here on (T-048). Only a client that is entitled to know is
//! told, in the words of mobile-connect §2.6.

use fiador_domain::{journey::Subject, subscriber::Subscriber};
use fiador_kernel::{ClientId, Digest, Msisdn, Pcr, SubscriberId};
use fiador_ports::{Known, StoreError};
use serde::Deserialize;

use crate::{
    AuthServer,
    check::{Checked, Failure, Hint},
};

/// Shown in place of a number that the request did not show itself.
const HIDDEN: &str = "*******";

/// Who is to authenticate, and what only entitled clients may learn about it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) subject: Subject,
    /// The subscription, as it was read.
    pub(crate) subscriber: Option<Subscriber>,
    /// The number that it was found by.
    pub(crate) number: Option<Msisdn>,
    /// Why there will be no authentication.
    pub(crate) obstacle: Option<Failure>,
}

/// The subscriber of an ID Token that we signed; `None` inside when there is no such subscriber any
/// more, which nobody is told: it goes the way of an unknown number (T-048).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenSubject(pub(crate) Option<SubscriberId>);

impl Found {
    /// Nobody, unless `login_hint` and `id_token_hint` name the same subscriber (OpenID Connect Core
    /// §3.1.2.1). Told at once, it would tell every service provider with an ID Token whose number
    /// it has guessed; so only entitled clients get `login_required`, others the way of an unknown
    /// number (T-048).
    fn only_if(mut self, named: &TokenSubject) -> Self {
        if self.subject.subscriber != named.0 && self.obstacle.is_none() {
            self.subject.subscriber = None;
            self.subscriber = None;
            self.number = None;
            self.obstacle = Some(Failure::LoginRequired);
        }
        self
    }

    /// What routing need not read again.
    pub(crate) const fn known(&self) -> Known<'_> {
        Known { number: self.number.as_ref(), subscriber: self.subscriber.as_ref() }
    }
}

/// What an ID Token of ours says about its subject.
#[derive(Deserialize)]
struct HintedIdentity {
    iss: String,
    sub: String,
    aud: Vec<ClientId>,
    /// Of all that we sign only ID Tokens have it: nothing else passes for one (T-064).
    #[serde(rename = "auth_time")]
    _auth_time: i64,
}

impl AuthServer {
    /// Whom the request names. The inner error is for clients that may know.
    pub(super) async fn identify(
        &self,
        request: &Checked,
    ) -> Result<Result<Option<Found>, Failure>, StoreError> {
        let of_token = match request.asked.hinted.id_token.as_deref() {
            None => None,
            Some(token) => match self.subject_of_id_token(token).await? {
                Some(subject) => Some((token, subject)),
                // Whoever the client means, it is nobody that we could ask for (mobile-connect
                // §2.6; OpenID Connect Core §3.1.2.2: the issuer must be validated).
                None => return Ok(Err(Failure::LoginRequired)),
            },
        };
        let found = match (self.find_hinted(request).await?, of_token) {
            (None, None) => return Ok(Ok(None)),
            (Some(found), None) => found,
            (None, Some((token, subject))) => self.find_subscriber(token, subject.0).await?,
            (Some(found), Some((_, subject))) => found.only_if(&subject),
        };
        Ok(match found.obstacle {
            Some(obstacle) if request.client.reveal_subscriber_state => Err(obstacle),
            _ => Ok(Some(found)),
        })
    }

    /// Whom `login_hint` names.
    async fn find_hinted(&self, request: &Checked) -> Result<Option<Found>, StoreError> {
        Ok(Some(match &request.asked.hinted.hint {
            Hint::None => return Ok(None),
            Hint::Number(number) => self.find_number(number).await?,
            Hint::Pcr(pcr) => {
                let id = self.pcrs.find_subscriber(&request.client.sector, pcr).await?;
                self.find_subscriber(pcr.as_str(), id).await?
            }
            Hint::Decrypted { number, named_by } => {
                self.find_decrypted(number.as_ref(), named_by).await?
            }
            Hint::Opaque(text) | Hint::EncryptedNumber(text) | Hint::Token(text) => {
                self.pretend(text)
            }
        }))
    }

    /// The holder of a number.
    pub(crate) async fn find_number(&self, number: &Msisdn) -> Result<Found, StoreError> {
        let msisdn_index = self.vault.msisdn_index(number);
        // Looked up also when it is not served, so that both take the same time (T-048).
        let holder = self.subscribers.find_by_msisdn(msisdn_index).await?;
        let (subscriber, obstacle) = judge(holder.filter(|_| self.serves(number)));
        Ok(Found {
            number: subscriber.is_some().then(|| number.clone()),
            subject: Subject {
                subscriber: subscriber.as_ref().map(|subscriber| subscriber.id.clone()),
                msisdn_index,
                number_block: self.vault.number_block(number),
                masked: number.to_string(),
            },
            subscriber,
            obstacle,
        })
    }

    /// The holder of a number that the page must not show: it would tell a number that was decrypted
    /// from one that was not. Both are looked up, to take the same time (T-048).
    async fn find_decrypted(
        &self,
        number: Option<&Msisdn>,
        named_by: &str,
    ) -> Result<Found, StoreError> {
        let mut found = self.pretend(named_by);
        if let Some(number) = number {
            found.subject.msisdn_index = self.vault.msisdn_index(number);
            found.subject.number_block = self.vault.number_block(number);
        }
        let holder = self.subscribers.find_by_msisdn(found.subject.msisdn_index).await?;
        let served = number.is_some_and(|number| self.serves(number));
        let (subscriber, obstacle) = judge(holder.filter(|_| served));
        found.subject.subscriber = subscriber.as_ref().map(|subscriber| subscriber.id.clone());
        found.subscriber = subscriber;
        found.obstacle = obstacle;
        Ok(found)
    }

    /// Whether messages may go to this number: it is in a range of our own, unless the operator
    /// has said that ranges do not tell (T-123).
    fn serves(&self, number: &Msisdn) -> bool {
        self.settings.serves_ported_in_numbers || self.numbering.is_own(number)
    }

    /// The subscription with a number, whatever its state.
    pub(super) async fn subscriber_with(
        &self,
        number: &Msisdn,
    ) -> Result<Option<Subscriber>, StoreError> {
        self.subscribers.find_by_msisdn(self.vault.msisdn_index(number)).await
    }

    /// Whom an ID Token of ours is about; it may have been issued to another client
    /// (mobile-connect §2.1, `id_token_hint`). `None` if it is not ours.
    pub(crate) async fn subject_of_id_token(
        &self,
        token: &str,
    ) -> Result<Option<TokenSubject>, StoreError> {
        let Some((client, pcr)) = self.read_id_token(token) else { return Ok(None) };
        let Some(client) = self.clients.find(&client) else { return Ok(Some(TokenSubject(None))) };
        let subscriber = self.pcrs.find_subscriber(&client.sector, &pcr).await?;
        Ok(Some(TokenSubject(subscriber)))
    }

    /// Audience and subject of an ID Token that we signed, whatever its age.
    pub(crate) fn read_id_token(&self, token: &str) -> Option<(ClientId, Pcr)> {
        let payload = self.signer.verify_own(token)?;
        let identity: HintedIdentity = serde_json::from_slice(&payload).ok()?;
        let client = identity.aud.into_iter().next()?;
        (identity.iss == self.settings.issuer.as_str()).then_some(())?;
        Some((client, Pcr::parse(&identity.sub)?))
    }

    /// A subscription named by something else than its number, which the page does not show then.
    async fn find_subscriber(
        &self,
        named_by: &str,
        id: Option<SubscriberId>,
    ) -> Result<Found, StoreError> {
        // Nobody is looked up too, so that both take the same time (T-048).
        let id = id.unwrap_or_else(|| SubscriberId::random(&*self.entropy));
        let subscriber = self.subscribers.lookup(&id).await?;
        let number = subscriber.as_ref().and_then(|s| self.vault.open_msisdn(&s.msisdn_sealed));
        let served = number.as_ref().is_some_and(|number| self.serves(number));
        let mut found = self.pretend(named_by);
        let (subscriber, obstacle) = judge(subscriber.filter(|_| served));
        found.obstacle = obstacle;
        if let Some(subscriber) = subscriber {
            let block = number.as_ref().map_or("", Msisdn::block);
            found.subject.number_block = self.keyed_hash("number_block", block);
            found.subject.msisdn_index = subscriber.msisdn_index;
            found.subject.subscriber = Some(subscriber.id.clone());
            found.subscriber = Some(subscriber);
        }
        Ok(found)
    }

    /// A pseudo-number: keyed, so that budgets hold and nobody can compute it.
    fn pretend(&self, named_by: &str) -> Found {
        Found {
            subject: Subject {
                subscriber: None,
                msisdn_index: self.keyed_hash("hint", named_by),
                number_block: self.keyed_hash("number_block", ""),
                masked: HIDDEN.to_owned(),
            },
            subscriber: None,
            number: None,
            obstacle: Some(Failure::UnknownUser),
        }
    }

    fn keyed_hash(&self, purpose: &str, text: &str) -> Digest {
        self.vault.one_time_code_hash(purpose, text)
    }
}

/// The subscriber, if it is one that authenticators may reach.
fn judge(subscriber: Option<Subscriber>) -> (Option<Subscriber>, Option<Failure>) {
    match subscriber {
        None => (None, Some(Failure::UnknownUser)),
        Some(found) if found.may_authenticate() => (Some(found), None),
        Some(_) => (None, Some(Failure::NotRegistered)),
    }
}
