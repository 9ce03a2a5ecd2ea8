//! A database in memory that can be taken away.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    consent::Consent,
    refresh::{RefreshFamily, Replaced},
    session::LoginSession,
    token::Epochs,
};
use fiador_kernel::{ClientId, Digest, GrantId, Pcr, SectorId, SubscriberId, Timestamp};
use fiador_ports::{
    AuditLog, ClientEpochs, Consents, Grants, LockOuts, LoginSessions, Pcrs, Redeemed, Redemption,
    RefreshTokens, RefreshUse, RefreshUsed, Replay, Revocations, SignedPurpose, StoreError,
};
use parking_lot::Mutex;

#[derive(Default)]
pub(crate) struct Store {
    pub(crate) is_down: AtomicBool,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    redemptions: Vec<Redemption>,
    spent: HashSet<GrantId>,
    pcrs: HashMap<(SubscriberId, SectorId), Pcr>,
    subscribers: HashMap<SubscriberId, u32>,
    clients: HashMap<ClientId, u32>,
    grants: HashMap<GrantId, u32>,
    ended_sessions: HashSet<Digest>,
    sessions: HashMap<Digest, LoginSession>,
    families: HashMap<Digest, RefreshFamily>,
    consents: HashMap<(SubscriberId, ClientId), Consent>,
    pairs: HashMap<(SubscriberId, ClientId), u32>,
    used: HashSet<(ClientId, Digest)>,
    locked: HashMap<SubscriberId, Timestamp>,
    audit: Vec<AuditEvent>,
    reads: usize,
    writes: usize,
}

impl Tables {
    fn epochs(
        &self,
        s: &SubscriberId,
        c: &ClientId,
        g: &GrantId,
        session: Option<Digest>,
    ) -> Epochs {
        let session = session.is_some_and(|id| self.ended_sessions.contains(&id));
        Epochs {
            subscriber: self.subscribers.get(s).copied().unwrap_or_default(),
            client: self.clients.get(c).copied().unwrap_or_default()
                + self.pairs.get(&(s.clone(), c.clone())).copied().unwrap_or_default(),
            grant: self.grants.get(g).copied().unwrap_or_default() + u32::from(session),
        }
    }
}

impl Store {
    fn tables(&self) -> Result<parking_lot::MutexGuard<'_, Tables>, StoreError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        Ok(self.tables.lock())
    }

    /// Everything that was redeemed, whether or not it was written.
    pub(crate) fn redemptions(&self) -> Vec<Redemption> {
        self.tables.lock().redemptions.clone()
    }

    pub(crate) fn audit(&self) -> Vec<(AuditKind, Option<String>)> {
        self.tables.lock().audit.iter().map(|event| (event.kind, event.detail.clone())).collect()
    }

    /// How many commits there were.
    pub(crate) fn writes(&self) -> usize {
        self.tables.lock().writes
    }

    /// How often epochs were read.
    pub(crate) fn reads(&self) -> usize {
        self.tables.lock().reads
    }
}

#[async_trait]
impl Grants for Store {
    async fn redeem(&self, redemption: Redemption) -> Result<Redeemed, StoreError> {
        let mut tables = self.tables()?;
        let Redemption { subscriber, client, grant, session, .. } = &redemption;
        let current = tables.epochs(subscriber, client, grant, *session);
        tables.redemptions.push(redemption.clone());
        tables.writes += 1;
        if !tables.spent.insert(redemption.grant.clone()) {
            tables.families.retain(|_, family| family.content.grant != redemption.grant);
            *tables.grants.entry(redemption.grant).or_default() += 1;
            return Ok(Redeemed::Spent);
        }
        if !redemption.epochs.still_holds(current) {
            tables.spent.remove(&redemption.grant);
            return Ok(Redeemed::Ended);
        }
        let key = (redemption.subscriber, redemption.sector);
        let pcr = tables.pcrs.entry(key).or_insert(redemption.pcr_candidate).clone();
        tables.audit.push(redemption.audit);
        if let Some(consent) = redemption.consent {
            tables.consents.insert((consent.subscriber.clone(), consent.client.clone()), consent);
        }
        if let Some(new) = redemption.refresh {
            let family = RefreshFamily {
                id: new.id,
                content: new.content,
                epochs: current,
                generation: 0,
                current: new.token,
                replaced: None,
                begun_at: new.begun_at,
                used_at: new.begun_at,
            };
            tables.families.insert(new.id, family);
        }
        tables.sessions.extend(redemption.begins.map(|session| (session.id, session)));
        Ok(Redeemed::Fresh { pcr, epochs: current })
    }
}

#[async_trait]
impl Revocations for Store {
    async fn epochs(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        grant: &GrantId,
        session: Option<Digest>,
    ) -> Result<Epochs, StoreError> {
        let mut tables = self.tables()?;
        tables.reads += 1;
        Ok(tables.epochs(subscriber, client, grant, session))
    }

    async fn end_grant(
        &self,
        grant: &GrantId,
        _: Timestamp,
        audit: AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        *tables.grants.entry(grant.clone()).or_default() += 1;
        tables.families.retain(|_, family| family.content.grant != *grant);
        tables.writes += 1;
        tables.audit.push(audit);
        Ok(())
    }

    async fn end_subscriber(&self, id: &SubscriberId, audit: AuditEvent) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        *tables.subscribers.entry(id.clone()).or_default() += 1;
        tables.audit.push(audit);
        Ok(())
    }

    async fn end_client(&self, client: &ClientId, audit: AuditEvent) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        *tables.clients.entry(client.clone()).or_default() += 1;
        tables.audit.push(audit);
        Ok(())
    }
}

#[async_trait]
impl LoginSessions for Store {
    async fn find(&self, id: Digest, _: Timestamp) -> Result<Option<LoginSession>, StoreError> {
        Ok(self.tables()?.sessions.get(&id).cloned())
    }

    async fn touch(&self, _: Digest, _: Timestamp) -> Result<(), StoreError> {
        self.tables().map(|_| ())
    }

    async fn end(&self, id: Digest, audit: AuditEvent) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        tables.sessions.remove(&id);
        tables.ended_sessions.insert(id);
        tables.families.retain(|_, family| family.content.session != Some(id));
        tables.audit.push(audit);
        Ok(())
    }
}

#[async_trait]
impl ClientEpochs for Store {
    async fn client_epochs(&self, c: &ClientId, g: &GrantId) -> Result<Epochs, StoreError> {
        let mut tables = self.tables()?;
        tables.reads += 1;
        let client = tables.clients.get(c).copied().unwrap_or_default();
        let grant = tables.grants.get(g).copied().unwrap_or_default();
        Ok(Epochs { subscriber: 0, client, grant })
    }
}

#[async_trait]
impl RefreshTokens for Store {
    async fn find_family(
        &self,
        id: Digest,
        now: Timestamp,
    ) -> Result<Option<RefreshFamily>, StoreError> {
        let family = self.tables()?.families.get(&id).cloned();
        // Whoever reads at the same time reads the same.
        tokio::task::yield_now().await;
        Ok(family.filter(|family| now < family.expires_at()))
    }

    async fn use_family(&self, used: RefreshUse) -> Result<RefreshUsed, StoreError> {
        let mut tables = self.tables()?;
        let RefreshUse { family, rotation, now, audit } = used;
        let content = &family.content;
        let epochs =
            tables.epochs(&content.subscriber, &content.client, &content.grant, content.session);
        if !family.epochs.still_holds(epochs) {
            return Ok(RefreshUsed::Ended);
        }
        let stored = tables.families.get_mut(&family.id).filter(|stored| {
            (stored.generation, stored.current) == (family.generation, family.current)
        });
        let Some(stored) = stored else { return Ok(RefreshUsed::Changed) };
        stored.used_at = now;
        if let Some(rotation) = rotation {
            let token = std::mem::replace(&mut stored.current, rotation.next);
            stored.replaced = Some(Replaced { token, seed: rotation.seed, at: now });
            stored.generation += 1;
        }
        tables.audit.push(audit);
        tables.writes += 1;
        Ok(RefreshUsed::Fresh { epochs })
    }
}

#[async_trait]
impl Replay for Store {
    async fn first_use(
        &self,
        _: SignedPurpose,
        client: &ClientId,
        jti: Digest,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tables = self.tables()?;
        Ok(tables.used.insert((client.clone(), jti)))
    }
}

#[async_trait]
impl LockOuts for Store {
    async fn locked_for(
        &self,
        s: &SubscriberId,
        now: Timestamp,
    ) -> Result<Option<Duration>, StoreError> {
        let until = self.tables()?.locked.get(s).copied();
        Ok(until.filter(|until| now < *until).map(|until| until.since(now)))
    }
}

impl Store {
    /// As after too many wrong answers.
    pub(crate) fn lock(&self, s: &SubscriberId, until: Timestamp) {
        self.tables.lock().locked.insert(s.clone(), until);
    }
}

#[async_trait]
impl Consents for Store {
    async fn find(&self, s: &SubscriberId, c: &ClientId) -> Result<Option<Consent>, StoreError> {
        Ok(self.tables()?.consents.get(&(s.clone(), c.clone())).cloned())
    }

    async fn withdraw(
        &self,
        s: &SubscriberId,
        c: &ClientId,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        tables.consents.remove(&(s.clone(), c.clone()));
        *tables.pairs.entry((s.clone(), c.clone())).or_default() += 1;
        Ok(())
    }
}

#[async_trait]
impl Pcrs for Store {
    async fn find(&self, s: &SubscriberId, x: &SectorId) -> Result<Option<Pcr>, StoreError> {
        Ok(self.tables()?.pcrs.get(&(s.clone(), x.clone())).cloned())
    }

    async fn find_subscriber(
        &self,
        sector: &SectorId,
        pcr: &Pcr,
    ) -> Result<Option<SubscriberId>, StoreError> {
        let tables = self.tables()?;
        let mut rows = tables.pcrs.iter();
        Ok(rows.find(|((_, x), p)| x == sector && *p == pcr).map(|((s, _), _)| s.clone()))
    }
}

#[async_trait]
impl AuditLog for Store {
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError> {
        let mut tables = self.tables()?;
        tables.audit.push(event);
        tables.writes += 1;
        Ok(())
    }
}
