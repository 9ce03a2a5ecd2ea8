//! What clients sign, what is encrypted to the gateway, and what was signed before.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use async_trait::async_trait;
use fiador_domain::numbering::Operator;
use fiador_egress::RegisteredKeys;
use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{GrantId, Msisdn, Timestamp};
use fiador_ports::{
    ClientKeys, EncryptedNumber, FetchError, OperatorKeyError, OperatorKeys, RequestedClaims,
    StoreError, SubscriberIds,
};
use fiador_testkit::{TestClock, doubles::ScriptedFetch};
use serde_json::{Value, json};

/// The key of both test clients.
pub(crate) static CLIENT_KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Es256).unwrap());

/// The key set that the test clients have registered.
pub(crate) fn client_key_set() -> String {
    json!({ "keys": [CLIENT_KEY.public_jwk()] }).to_string()
}

/// A request object with these claims, signed by the test clients' key.
pub(crate) fn signed(claims: &Value) -> String {
    CLIENT_KEY.sign_compact(None, claims).unwrap()
}

/// The keys of clients; nothing is ever fetched.
pub(crate) fn client_keys(clock: &TestClock) -> Arc<dyn ClientKeys> {
    let no_network = ScriptedFetch::saying(Err(FetchError::Unreachable));
    Arc::new(RegisteredKeys::new(Arc::new(no_network), Arc::new(clock.clone())))
}

/// Numbers that were encrypted by writing them backwards behind `ee`, `a.b.c.d.` or `t.b.c.d.`
pub(crate) struct Backwards;

/// The number, encrypted.
pub(crate) fn encrypted(prefix: &str, digits: &str) -> String {
    prefix.chars().chain(digits.chars().rev()).collect()
}

#[async_trait]
impl OperatorKeys for Backwards {
    async fn encrypt(
        &self,
        _: &Operator,
        _: &Msisdn,
        _: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError> {
        Err(OperatorKeyError::NoKey)
    }

    async fn decrypt(
        &self,
        number: EncryptedNumber<'_>,
    ) -> Result<Option<Msisdn>, OperatorKeyError> {
        let digits = match number {
            EncryptedNumber::HexRsa(text) => text.strip_prefix("ee"),
            EncryptedNumber::Jwe(text) => text.strip_prefix("a.b.c.d."),
            EncryptedNumber::HintToken(text) => text.strip_prefix("t.b.c.d."),
        };
        let digits: Option<String> = digits.map(|digits| digits.chars().rev().collect());
        Ok(digits.and_then(|digits| Msisdn::from_digits(&digits).ok()))
    }
}

/// Claims asked for one by one, in memory.
#[derive(Default)]
pub(crate) struct AskedClaims(pub(crate) Mutex<HashMap<GrantId, (Vec<u8>, Timestamp)>>);

#[async_trait]
impl RequestedClaims for AskedClaims {
    async fn keep(
        &self,
        grant: &GrantId,
        sealed: Vec<u8>,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(grant.clone(), (sealed, expires_at));
        Ok(())
    }

    async fn find(&self, grant: &GrantId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let rows = self.0.lock().unwrap();
        let row = rows.get(grant).filter(|(_, expires_at)| now < *expires_at);
        Ok(row.map(|(sealed, _)| sealed.clone()))
    }
}
