//! A database in memory that can be taken away.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    session::LoginSession,
    token::Epochs,
};
use fiador_kernel::{ClientId, Digest, GrantId, Pcr, SectorId, SubscriberId, Timestamp};
use fiador_ports::{Grants, LoginSessions, Redeemed, Redemption, Revocations, StoreError};
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
    audit: Vec<AuditEvent>,
    reads: usize,
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
            client: self.clients.get(c).copied().unwrap_or_default(),
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
        if !tables.spent.insert(redemption.grant.clone()) {
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
        tables.audit.push(audit);
        Ok(())
    }
}
