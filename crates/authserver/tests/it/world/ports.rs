//! Ports that keep what they are given.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    client::SigningAlgorithm,
    consent::Consent,
    journey::{Journey, Refusal, Stage},
    session::LoginSession,
    subscriber::{Attributes, Subscriber, SubscriberStatus},
    token::{CodeContent, Epochs},
};
use fiador_kernel::{ClientId, Digest, GrantId, Msisdn, Pcr, SectorId, SubscriberId, Timestamp};
use fiador_ports::{
    AuditLog, CodeError, CodeIssuer, Consents, JourneyStoreError, Journeys, LoginSessions,
    NewSubscriber, Pcrs, Referred, Revocations, SignError, Signer, StoreError, Subscribers, Vault,
    Versioned,
};

/// Journeys in memory, with compare-and-set.
#[derive(Default)]
pub(crate) struct JourneyTable {
    rows: Mutex<HashMap<Digest, (u64, Journey)>>,
    moved: Notify,
    pub(crate) full: AtomicBool,
    /// How often a journey was read.
    pub(crate) reads: AtomicUsize,
}

impl JourneyTable {
    pub(crate) fn len(&self) -> usize {
        self.rows.lock().unwrap().len()
    }

    /// Ends the only journey, as another node may at any time.
    pub(crate) fn refuse(&self, reason: Refusal, at: Timestamp) {
        self.change(|stage| *stage = stage.clone().refuse(reason, at).unwrap());
    }

    /// Another node starts the next step of the only journey, and is at it until then.
    pub(crate) fn claim(&self, until: Timestamp) {
        self.change(|stage| match stage {
            Stage::Challenged { chain, .. } => chain.starting_until = Some(until),
            other => panic!("{}", other.name()),
        });
    }

    fn change(&self, change: impl FnOnce(&mut Stage)) {
        let mut rows = self.rows.lock().unwrap();
        let (version, journey) = rows.values_mut().next().unwrap();
        *version += 1;
        change(&mut journey.stage);
        self.moved.notify_waiters();
    }

    /// The only journey.
    pub(crate) fn only(&self) -> Journey {
        let rows = self.rows.lock().unwrap();
        assert_eq!(rows.len(), 1);
        rows.values().next().unwrap().1.clone()
    }
}

#[async_trait]
impl Journeys for JourneyTable {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(JourneyStoreError::Full);
        }
        self.rows.lock().unwrap().insert(handle, (0, journey));
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let row = self.rows.lock().unwrap().get(&handle).cloned();
        // Other tasks may run between a read and what comes of it.
        tokio::task::yield_now().await;
        let row = row.filter(|(_, journey)| !journey.is_expired(now));
        Ok(row.map(|(version, journey)| Versioned { version, journey }))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        tokio::task::yield_now().await;
        let mut rows = self.rows.lock().unwrap();
        match rows.get_mut(&handle) {
            Some(row) if row.0 == version => {
                *row = (version + 1, journey);
                self.moved.notify_waiters();
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn find_by_reference(
        &self,
        reference: Digest,
        now: Timestamp,
    ) -> Result<Option<Referred>, StoreError> {
        let rows = self.rows.lock().unwrap();
        let row = rows.iter().find(|(_, (_, journey))| {
            !journey.is_expired(now) && journey.references().any(|found| found == reference)
        });
        Ok(row.map(|(&handle, (version, journey))| Referred {
            handle,
            versioned: Versioned { version: *version, journey: journey.clone() },
        }))
    }

    async fn changed(
        &self,
        handle: Digest,
        version: u64,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let changed = async {
            loop {
                let moved = self.moved.notified();
                tokio::pin!(moved);
                moved.as_mut().enable();
                let kept = self.rows.lock().unwrap().get(&handle).map(|row| row.0);
                if kept != Some(version) {
                    return;
                }
                moved.await;
            }
        };
        let _ = tokio::time::timeout(patience, changed).await;
        Ok(())
    }
}

/// Codes named by their number.
#[derive(Default)]
pub(crate) struct Codes {
    pub(crate) issued: Mutex<Vec<CodeContent>>,
    pub(crate) no_key: AtomicBool,
}

impl Codes {
    /// The content of a code.
    pub(crate) fn content(&self, code: &str) -> CodeContent {
        let at: usize = code.strip_prefix("code-").unwrap().parse().unwrap();
        self.issued.lock().unwrap()[at].clone()
    }
}

impl CodeIssuer for Codes {
    fn issue_code(&self, content: &CodeContent) -> Result<String, CodeError> {
        if self.no_key.load(Ordering::SeqCst) {
            return Err(CodeError::NoKey);
        }
        let mut issued = self.issued.lock().unwrap();
        issued.push(content.clone());
        Ok(format!("code-{}", issued.len() - 1))
    }
}

/// Login sessions in memory.
#[derive(Default)]
pub(crate) struct Sessions {
    pub(crate) rows: Mutex<HashMap<Digest, LoginSession>>,
    /// Ends that were written, begun sessions and others.
    pub(crate) ended: Mutex<Vec<Digest>>,
    /// The next look finds the session and ends it, as another node may between two looks.
    pub(crate) ends_when_found: AtomicBool,
}

#[async_trait]
impl LoginSessions for Sessions {
    async fn find(&self, id: Digest, now: Timestamp) -> Result<Option<LoginSession>, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let session = rows.get(&id).cloned();
        if self.ends_when_found.load(Ordering::SeqCst) {
            rows.remove(&id);
        }
        Ok(session.filter(|session| now < session.expires_at()))
    }

    async fn touch(&self, id: Digest, now: Timestamp) -> Result<(), StoreError> {
        if let Some(session) = self.rows.lock().unwrap().get_mut(&id) {
            session.used_at = now;
        }
        Ok(())
    }

    async fn end(&self, id: Digest, _: AuditEvent) -> Result<(), StoreError> {
        self.rows.lock().unwrap().remove(&id);
        self.ended.lock().unwrap().push(id);
        Ok(())
    }
}

/// Consents in memory.
#[derive(Default)]
pub(crate) struct ConsentTable {
    pub(crate) rows: Mutex<Vec<Consent>>,
    /// The next look finds the consent and withdraws it, as another node may between two looks.
    pub(crate) withdrawn_when_found: AtomicBool,
}

#[async_trait]
impl Consents for ConsentTable {
    async fn find(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
    ) -> Result<Option<Consent>, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let found = rows.iter().position(|c| &c.subscriber == subscriber && &c.client == client);
        let Some(found) = found else { return Ok(None) };
        if self.withdrawn_when_found.load(Ordering::SeqCst) {
            return Ok(Some(rows.remove(found)));
        }
        Ok(Some(rows[found].clone()))
    }

    async fn withdraw(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|c| &c.subscriber != subscriber || &c.client != client);
        Ok(())
    }
}

/// Pseudonyms in memory.
#[derive(Default)]
pub(crate) struct PcrTable {
    pub(crate) rows: Mutex<HashMap<(SectorId, Pcr), SubscriberId>>,
}

#[async_trait]
impl Pcrs for PcrTable {
    async fn find(
        &self,
        subscriber: &SubscriberId,
        sector: &SectorId,
    ) -> Result<Option<Pcr>, StoreError> {
        let rows = self.rows.lock().unwrap();
        let mut rows = rows.iter().filter(|((of, _), who)| of == sector && *who == subscriber);
        Ok(rows.next().map(|((_, pcr), _)| pcr.clone()))
    }

    async fn find_subscriber(
        &self,
        sector: &SectorId,
        pcr: &Pcr,
    ) -> Result<Option<SubscriberId>, StoreError> {
        Ok(self.rows.lock().unwrap().get(&(sector.clone(), pcr.clone())).cloned())
    }
}

/// Subscribers in memory; `down` makes the database fail.
pub(crate) struct SubscriberTable {
    rows: Mutex<Vec<Subscriber>>,
    pub(crate) down: AtomicBool,
    /// Questions that the database was asked.
    pub(crate) looks: AtomicUsize,
}

impl SubscriberTable {
    pub(crate) fn new(rows: Vec<Subscriber>) -> Self {
        Self { rows: Mutex::new(rows), down: AtomicBool::new(false), looks: AtomicUsize::new(0) }
    }

    /// As the operator does while people log in.
    pub(crate) fn block(&self, id: &SubscriberId) {
        for row in self.rows.lock().unwrap().iter_mut().filter(|row| &row.id == id) {
            row.status = SubscriberStatus::Blocked;
        }
    }

    fn answer(&self) -> Result<Vec<Subscriber>, StoreError> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        Ok(self.rows.lock().unwrap().clone())
    }
}

#[async_trait]
impl Subscribers for SubscriberTable {
    async fn find_by_msisdn(&self, index: Digest) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.answer()?.into_iter().find(|row| row.msisdn_index == index))
    }

    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.answer()?.into_iter().find(|row| &row.id == id))
    }

    async fn add(&self, _: NewSubscriber) -> Result<bool, StoreError> {
        Err(StoreError::Unavailable)
    }
}

/// A vault whose key everybody knows.
pub(crate) struct TestVault;

impl Vault for TestVault {
    fn msisdn_index(&self, number: &Msisdn) -> Digest {
        Digest::of(format!("index {}", number.digits()))
    }

    fn seal_msisdn(&self, number: &Msisdn) -> Vec<u8> {
        number.digits().as_bytes().to_vec()
    }

    fn open_msisdn(&self, sealed: &[u8]) -> Option<Msisdn> {
        Msisdn::from_digits(std::str::from_utf8(sealed).ok()?).ok()
    }

    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8> {
        serde_json::to_vec(attributes).unwrap().into_iter().rev().collect()
    }

    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes> {
        serde_json::from_slice(&sealed.iter().rev().copied().collect::<Vec<u8>>()).ok()
    }

    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest {
        Digest::of(format!("{context} {code}"))
    }
}

/// Signs by writing `own.` before the payload; nothing was ever revoked.
pub(crate) struct Keys;

#[async_trait]
impl Signer for Keys {
    async fn sign_as(
        &self,
        _typ: &str,
        _: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError> {
        Ok(format!("own.{}", String::from_utf8_lossy(payload)))
    }

    fn can_sign(&self, _: SigningAlgorithm) -> bool {
        true
    }

    fn verify_own(&self, token: &str) -> Option<Vec<u8>> {
        token.strip_prefix("own.").map(|payload| payload.as_bytes().to_vec())
    }

    fn public_keys(&self) -> Arc<str> {
        r#"{"keys":[{"kty":"RSA","alg":"RS256","kid":"1"},{"kty":"EC","alg":"ES256","kid":"2"}]}"#
            .into()
    }
}

#[async_trait]
impl Revocations for Keys {
    async fn epochs(
        &self,
        _: &SubscriberId,
        _: &ClientId,
        _: &GrantId,
        _: Option<Digest>,
    ) -> Result<Epochs, StoreError> {
        Ok(Epochs { subscriber: 3, client: 2, grant: 0 })
    }

    async fn end_grant(&self, _: &GrantId, _: Timestamp, _: AuditEvent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn end_subscriber(&self, _: &SubscriberId, _: AuditEvent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn end_client(&self, _: &ClientId, _: AuditEvent) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The audit log in memory.
#[derive(Default)]
pub(crate) struct Audit {
    pub(crate) events: Mutex<Vec<AuditEvent>>,
}

#[async_trait]
impl AuditLog for Audit {
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError> {
        self.events.lock().unwrap().push(event);
        Ok(())
    }
}
