//! Port `Grants`: the exchange of codes, for all callers of a batch together.
//!
//! A batch of logins costs as many statements as one: counts (from memory on a single node),
//! pseudonyms, spent codes, audit. Consents are written one by one, since they are rare.

use std::collections::HashSet;

use async_trait::async_trait;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    token::{Epochs, REMEMBERED_AFTER_EXPIRY},
};
use fiador_kernel::{Pcr, Timestamp};
use fiador_ports::{Grants, Redeemed, Redemption, StoreError};

use super::{
    audit, consents, epochs, epochs::Hung, pcrs, pcrs::Wanted, refresh_families, sessions,
    spent_codes,
};
use crate::{
    Store,
    failure::Failure,
    writer::{operation::Operation, slot::Slot, transaction::Transaction},
};

/// One exchange in the queue.
pub(crate) struct Redeem {
    pub(crate) redemption: Redemption,
    pub(crate) slot: Slot<Redeemed>,
}

#[async_trait]
impl Grants for Store {
    async fn redeem(&self, redemption: Redemption) -> Result<Redeemed, StoreError> {
        self.now()?;
        let (slot, answer) = Slot::new();
        self.writer.put(Operation::Redeem(Box::new(Redeem { redemption, slot })))?;
        self.writer.heard(answer).await
    }
}

/// Redeems all codes of a batch.
pub(crate) async fn apply(
    transaction: &mut Transaction<'_>,
    items: Vec<&mut Redeem>,
) -> Result<(), Failure> {
    if items.is_empty() {
        return Ok(());
    }
    let (candidates, replayed) = refuse_ended(transaction, items).await?;
    let candidates = give_pseudonyms(transaction, candidates).await?;
    let (winners, mut losers) = spend(transaction, candidates).await?;
    losers.extend(replayed);
    end_replayed(transaction, losers).await?;
    write_grants(transaction, winners).await
}

/// An exchange that may still win.
struct Candidate<'a> {
    item: &'a mut Redeem,
    epochs: Epochs,
}

/// An exchange with everything that its answer needs.
struct Named<'a> {
    item: &'a mut Redeem,
    epochs: Epochs,
    pcr: Pcr,
}

/// Sorts out codes that something ended after they were made. Of those, the ones that were also
/// spent count as replayed and are given back beside the others; for the rest nothing is written.
async fn refuse_ended<'a>(
    transaction: &mut Transaction<'_>,
    items: Vec<&'a mut Redeem>,
) -> Result<(Vec<Candidate<'a>>, Vec<&'a mut Redeem>), Failure> {
    let hung: Vec<Hung<'_>> = items.iter().map(|item| hung(&item.redemption)).collect();
    let current = epochs::find_in(transaction, &hung).await?;
    drop(hung);
    let (holding, ended): (Vec<_>, Vec<_>) = items
        .into_iter()
        .zip(current)
        .map(|(item, epochs)| Candidate { item, epochs })
        .partition(|c| c.item.redemption.epochs.still_holds(c.epochs));
    let mut replayed = Vec::new();
    if !ended.is_empty() {
        let codes: Vec<_> = ended.iter().map(|c| &c.item.redemption.grant).collect();
        let spent = spent_codes::find(transaction.connection, &codes).await?;
        for Candidate { item, .. } in ended {
            if spent.contains(item.redemption.grant.as_str()) {
                replayed.push(item);
            } else {
                item.slot.fill(Ok(Redeemed::Ended));
            }
        }
    }
    Ok((holding, replayed))
}

/// Finds or makes each pseudonym, before the code is spent: one that cannot be made costs the
/// caller a retry, not the code.
async fn give_pseudonyms<'a>(
    transaction: &mut Transaction<'_>,
    candidates: Vec<Candidate<'a>>,
) -> Result<Vec<Named<'a>>, Failure> {
    let wanted: Vec<Wanted<'_>> = candidates
        .iter()
        .map(|Candidate { item: Redeem { redemption, .. }, .. }| Wanted {
            subscriber: &redemption.subscriber,
            sector: &redemption.sector,
            candidate: &redemption.pcr_candidate,
        })
        .collect();
    let pcrs = pcrs::get_or_create(transaction.connection, &wanted).await?;
    drop(wanted);
    let mut named = Vec::with_capacity(candidates.len());
    for (Candidate { item, epochs }, pcr) in candidates.into_iter().zip(pcrs) {
        match pcr {
            Some(pcr) => named.push(Named { item, epochs, pcr }),
            None => item.slot.fill(Err(StoreError::Unavailable)),
        }
    }
    Ok(named)
}

/// Spends the codes: of those that carry the same one, in this batch, an earlier one or on another
/// node, the first wins (T-033).
async fn spend<'a>(
    transaction: &mut Transaction<'_>,
    candidates: Vec<Named<'a>>,
) -> Result<(Vec<Named<'a>>, Vec<&'a mut Redeem>), Failure> {
    let codes = candidates
        .iter()
        .map(|c| (&c.item.redemption.grant, remembered_until(&c.item.redemption)))
        .collect();
    let mut fresh: HashSet<String> = spent_codes::spend(transaction.connection, codes).await?;
    let mut winners = Vec::new();
    let mut losers = Vec::new();
    for candidate in candidates {
        if fresh.remove(candidate.item.redemption.grant.as_str()) {
            winners.push(candidate);
        } else {
            losers.push(candidate.item);
        }
    }
    Ok((winners, losers))
}

/// Ends the grants of codes presented a second time, in the same commit that says so (T-036). The
/// first replay of a code goes to the audit log; more of them end nothing further.
async fn end_replayed(
    transaction: &mut Transaction<'_>,
    losers: Vec<&mut Redeem>,
) -> Result<(), Failure> {
    if losers.is_empty() {
        return Ok(());
    }
    let grants =
        losers.iter().map(|i| (&i.redemption.grant, remembered_until(&i.redemption))).collect();
    let mut ended: HashSet<String> =
        epochs::end_grants(transaction, grants).await?.into_iter().collect();
    let mut events = Vec::new();
    for item in losers {
        let redemption = &item.redemption;
        if ended.remove(redemption.grant.as_str()) {
            events.push(with_kind(&redemption.audit, AuditKind::CodeReplayed));
        }
        item.slot.fill(Ok(Redeemed::Spent));
    }
    audit::append(transaction.connection, &events).await
}

/// Writes what the winners' codes stand for.
async fn write_grants(
    transaction: &mut Transaction<'_>,
    mut winners: Vec<Named<'_>>,
) -> Result<(), Failure> {
    let mut events = Vec::new();
    let mut begun = Vec::new();
    // One order on all nodes for rows that two of them may write.
    winners.sort_by(|a, b| {
        let key = |n: &Named<'_>| {
            (n.item.redemption.subscriber.clone(), n.item.redemption.client.clone())
        };
        key(a).cmp(&key(b))
    });
    for Named { item, epochs, .. } in &winners {
        let redemption = &item.redemption;
        events.push(redemption.audit.clone());
        if let Some(consent) = &redemption.consent {
            consents::give(transaction.connection, consent).await?;
            events.push(with_kind(&redemption.audit, AuditKind::ConsentGiven));
        }
        if let Some(family) = &redemption.refresh {
            refresh_families::begin(transaction.connection, family, *epochs).await?;
        }
        if let Some(session) = &redemption.begins {
            begun.push((session, epochs.subscriber));
        }
    }
    sessions::begin(transaction.connection, &begun).await?;
    audit::append(transaction.connection, &events).await?;
    for Named { item, epochs, pcr } in winners {
        item.slot.fill(Ok(Redeemed::Fresh { pcr, epochs }));
    }
    Ok(())
}

fn hung(redemption: &Redemption) -> Hung<'_> {
    Hung {
        subscriber: &redemption.subscriber,
        client: &redemption.client,
        grant: &redemption.grant,
        session: redemption.session,
    }
}

fn remembered_until(redemption: &Redemption) -> Timestamp {
    redemption.tokens_expire_at + REMEMBERED_AFTER_EXPIRY
}

fn with_kind(event: &AuditEvent, kind: AuditKind) -> AuditEvent {
    AuditEvent { kind, detail: None, ..event.clone() }
}
