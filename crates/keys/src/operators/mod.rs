//! Numbers encrypted to operators, and to this gateway (mobile-connect §2.4).

mod hint_token;
mod key_set;
mod plaintext;

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use fiador_domain::numbering::Operator;
use fiador_jose::{
    JwkSet,
    jwe::{self, ContentEncryption, MediaTypes},
    pkcs1,
};
use fiador_kernel::{Msisdn, OperatorId, Timestamp};
use fiador_ports::{
    EncryptedNumber, OperatorKeyError, OperatorKeyStore, OperatorKeys, StoreError,
    StoredOperatorKeys, SubscriberIds,
};

use crate::KeyRing;
use hint_token::HintToken;
use key_set::OperatorKeySet;
pub use key_set::{KeySetRefusal, check_key_set};

/// What others may encrypt content with; we use the first.
const CONTENT: [ContentEncryption; 2] =
    [ContentEncryption::A256Gcm, ContentEncryption::A256CbcHs512];

/// Our own key pairs together with the public keys of foreign operators.
///
/// Implements [`OperatorKeys`]. The keys of foreign operators are held in memory and read again by
/// [`OperatorKeyRing::keep_current`], so that Discovery answers while the database is away (T-243).
pub struct OperatorKeyRing {
    ring: Arc<KeyRing>,
    store: Arc<dyn OperatorKeyStore>,
    foreign: ArcSwap<HashMap<OperatorId, Arc<OperatorKeySet>>>,
}

/// Keys of an operator were not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The document is not what is asked for.
    #[error(transparent)]
    Refused(#[from] KeySetRefusal),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperatorKeyRing {
    /// Reads the registered keys.
    pub async fn open(
        ring: Arc<KeyRing>,
        store: Arc<dyn OperatorKeyStore>,
    ) -> Result<Self, StoreError> {
        let operators = Self { ring, store, foreign: ArcSwap::default() };
        operators.refresh().await?;
        Ok(operators)
    }

    /// Reads the registered keys again. A row that this version cannot read is left out and logged:
    /// numbers are then not encrypted to that operator.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut foreign = HashMap::new();
        for row in self.store.all_operator_keys().await? {
            match OperatorKeySet::parse(row.key_set.as_bytes()) {
                Ok(keys) => {
                    foreign.insert(row.operator, Arc::new(keys));
                }
                Err(error) => {
                    tracing::error!(operator = %row.operator, %error, "registered keys are unusable");
                }
            }
        }
        self.foreign.store(Arc::new(foreign));
        Ok(())
    }

    /// Never returns: reads the registered keys as often as our own, so that what one node was told
    /// the others know within [`crate::KeyPolicy::refresh_every`].
    pub async fn keep_current(&self) {
        loop {
            tokio::time::sleep(self.ring.policy.refresh_every).await;
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "keys of operators could not be read; trying again");
            }
        }
    }

    /// Replaces the keys of a foreign operator. `document` is a JWK Set or a single JWK; the rules
    /// are those of [`check_key_set`]. Gives the set as it was stored.
    pub async fn register(
        &self,
        operator: &OperatorId,
        document: &[u8],
    ) -> Result<String, RegisterError> {
        let keys = Arc::new(OperatorKeySet::parse(document)?);
        let key_set = keys.document().to_owned();
        self.store
            .put_operator_keys(StoredOperatorKeys {
                operator: operator.clone(),
                key_set: key_set.clone(),
                registered_at: self.ring.clock.now(),
            })
            .await?;
        self.foreign.rcu(|foreign| {
            let mut foreign = HashMap::clone(foreign);
            foreign.insert(operator.clone(), keys.clone());
            foreign
        });
        Ok(key_set)
    }

    /// The keys that a foreign operator has registered, as a JWK Set.
    pub fn registered(&self, operator: &OperatorId) -> Option<String> {
        self.foreign.load().get(operator).map(|keys| keys.document().to_owned())
    }

    /// Our own public keys for encrypted numbers, as a JWK Set: what other operators' Discovery is
    /// to be given. The active key of each kind comes first.
    pub fn own_public_keys(&self) -> String {
        let view = self.ring.view();
        let jwe = view.number_jwe.iter().map(|pair| pair.private.public_jwk().clone()).collect();
        let pkcs1 = view.number_pkcs1.iter().filter_map(|key| key_set::pkcs1_jwk(key));
        key_set::document(&JwkSet { keys: jwe }, pkcs1)
    }

    fn encrypted_to(
        &self,
        keys: Recipient<'_>,
        audience: &str,
        number: &Msisdn,
        expires_at: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError> {
        let subscriber_id = match (keys.pkcs1, keys.jwe) {
            (Some(key), _) => {
                let plaintext = plaintext::padded(number).map_err(library)?;
                plaintext::to_hex(&key.encrypt(plaintext.as_bytes()).map_err(library)?)
            }
            (None, Some(key)) => {
                let types = MediaTypes { typ: Some("JWE"), cty: None };
                jwe::encrypt(key, types, number.digits().as_bytes()).map_err(library)?
            }
            (None, None) => return Ok(None),
        };
        let token = HintToken { audience, number, expires_at };
        let seal = |key| {
            let signed = token.sign(&self.ring)?;
            let types = MediaTypes { typ: Some("JWT"), cty: Some("JWT") };
            jwe::encrypt(key, types, signed.as_bytes()).map_err(library)
        };
        let subscriber_id_token = keys.jwe.map(seal).transpose()?;
        Ok(Some(SubscriberIds { subscriber_id, subscriber_id_token }))
    }
}

fn library<E>(_: E) -> OperatorKeyError {
    OperatorKeyError::Library
}

/// The keys of whom a number is encrypted to. One with a PKCS#1 key has asked for that encoding.
#[derive(Clone, Copy)]
struct Recipient<'a> {
    jwe: Option<&'a jwe::EncryptionKey>,
    pkcs1: Option<&'a pkcs1::EncryptionKey>,
}

#[async_trait]
impl OperatorKeys for OperatorKeyRing {
    async fn encrypt(
        &self,
        operator: &Operator,
        number: &Msisdn,
        expires_at: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError> {
        if operator.own {
            let view = self.ring.view();
            let pair = view.number_jwe.first().ok_or(OperatorKeyError::NoKey)?;
            let keys = Recipient { jwe: Some(&pair.public), pkcs1: None };
            return self.encrypted_to(keys, &operator.issuer, number, expires_at);
        }
        let foreign = self.foreign.load();
        let Some(keys) = foreign.get(&operator.id) else { return Ok(None) };
        let keys = Recipient { jwe: keys.jwe(), pkcs1: keys.pkcs1() };
        self.encrypted_to(keys, &operator.issuer, number, expires_at)
    }

    async fn decrypt(
        &self,
        number: EncryptedNumber<'_>,
    ) -> Result<Option<Msisdn>, OperatorKeyError> {
        let view = self.ring.view();
        if view.number_jwe.is_empty() || view.number_pkcs1.is_empty() {
            return Err(OperatorKeyError::NoKey);
        }
        let opened = |token| {
            let keys = view.number_jwe.iter().map(|pair| &pair.private);
            jwe::decrypt(token, keys, &CONTENT).ok().map(|opened| opened.plaintext)
        };
        Ok(match number {
            EncryptedNumber::HexRsa(text) => plaintext::from_hex(text).and_then(|ciphertext| {
                // These carry no key id. Each key gives something, and noise is no number.
                let mut keys = view.number_pkcs1.iter();
                keys.find_map(|key| plaintext::leading_number(&key.decrypt(&ciphertext)))
            }),
            EncryptedNumber::Jwe(token) => opened(token).and_then(|text| plaintext::number(&text)),
            EncryptedNumber::HintToken(token) => {
                opened(token).and_then(|signed| HintToken::read(&self.ring, &signed))
            }
        })
    }
}
