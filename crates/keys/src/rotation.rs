use fiador_kernel::Timestamp;
use fiador_ports::{KeyPurpose, StoredKey};

use crate::key::{LoadedKey, new_key};
use crate::ring::blocking;
use crate::{KeyRing, KeyRingError};

impl KeyRing {
    /// Publishes a successor of the active key. It is used after the policy's publication time
    /// (T-074); the keys before it then retire, and expire once nothing they made is alive.
    ///
    /// Returns the id of the new key. Personal data under older keys stays readable for ever; the
    /// key that numbers are found by is refused.
    pub async fn rotate(&self, purpose: KeyPurpose) -> Result<String, KeyRingError> {
        if purpose == KeyPurpose::MsisdnIndex {
            return Err(KeyRingError::Permanent(purpose));
        }
        // Read before the successor is added: of two nodes that rotate together, neither can end
        // the other's successor without leaving its own.
        let before = self.keys_of(purpose).await?;
        let now = self.clock.now();
        let successor = self.add_key(purpose, now, now + self.policy.publication(purpose)).await?;
        if let Some(keep) = self.policy.keep(purpose) {
            let retires_at = successor.activates_at;
            self.retire(&before, retires_at, retires_at + keep).await?;
        }
        self.refresh().await?;
        Ok(successor.id)
    }

    /// Replaces every key of sealed values and one-time codes at once: the step after restoring a
    /// backup, which has forgotten codes that were spent and tokens that were revoked since. All
    /// codes, tokens and journeys made so far are void. Signing keys and the permanent keys stay.
    ///
    /// Other nodes follow within [`crate::KeyPolicy::refresh_every`]; run it before they start.
    /// Returns the ids of the new keys.
    pub async fn retire_all(&self) -> Result<Vec<String>, KeyRingError> {
        let mut ids = Vec::new();
        for purpose in KeyPurpose::ALL.into_iter().filter(|purpose| outlived_by_backup(*purpose)) {
            // Also those that are only published: the time that the restore has lost may have used
            // them.
            let before = self.keys_of(purpose).await?;
            let now = self.clock.now();
            let successor = self.add_key(purpose, now, now).await?;
            self.retire(&before, now, now).await?;
            ids.push(successor.id);
        }
        self.refresh().await?;
        Ok(ids)
    }

    /// One round of upkeep: reads the keys and replaces those that are due by age or by count.
    /// Nodes that do so at the same moment may both publish a successor; all agree on which one is
    /// used, and the other is never needed.
    pub async fn tend(&self) -> Result<(), KeyRingError> {
        self.refresh().await?;
        for purpose in KeyPurpose::ALL {
            self.end_superseded(purpose).await?;
            if self.is_due(purpose) {
                let key = self.rotate(purpose).await?;
                tracing::info!(purpose = purpose.as_str(), key, "published a successor of a key");
            }
        }
        Ok(())
    }

    /// Whether the active key has done its time or its count, and no successor is waiting yet.
    fn is_due(&self, purpose: KeyPurpose) -> bool {
        let Some(age) = self.policy.replace_after(purpose) else {
            return false;
        };
        let now = self.clock.now();
        let view = self.view();
        let mut keys = view.keys.iter().filter(|key| key.purpose == purpose);
        let worn = |key: &LoadedKey| {
            let seals = key.seal_key().map_or(0, |key| key.seals());
            key.stored.activates_at + age <= now
                || seals >= self.policy.rotate_sealing_keys_after_seals
        };
        keys.all(|key| key.stored.retires_at.is_some() || worn(key))
    }

    /// Ends keys that a successor was published for by a node that died before it could end them.
    async fn end_superseded(&self, purpose: KeyPurpose) -> Result<(), KeyRingError> {
        let Some(keep) = self.policy.keep(purpose) else {
            return Ok(());
        };
        let unfinished = {
            let view = self.view();
            let open = |key: &&LoadedKey| key.purpose == purpose && key.stored.retires_at.is_none();
            view.keys.iter().filter(open).count() > 1
        };
        if !unfinished {
            return Ok(());
        }
        let mut keys = self.keys_of(purpose).await?;
        keys.retain(|key| key.retires_at.is_none());
        keys.sort_by_cached_key(|key| (key.activates_at, key.id.clone()));
        if let Some(youngest) = keys.pop() {
            let retires_at = youngest.activates_at;
            self.retire(&keys, retires_at, retires_at + keep).await?;
            self.refresh().await?;
        }
        Ok(())
    }

    async fn add_key(
        &self,
        purpose: KeyPurpose,
        now: Timestamp,
        activates_at: Timestamp,
    ) -> Result<StoredKey, KeyRingError> {
        let root = self.root.clone();
        let key = blocking(move || new_key(purpose, &root, now, activates_at)).await?;
        self.store.add(key.clone()).await?;
        Ok(key)
    }

    /// Ends keys; one that ends earlier already is left so.
    async fn retire(
        &self,
        keys: &[StoredKey],
        retires_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), KeyRingError> {
        let ends_earlier = |key: &StoredKey| {
            key.retires_at.is_some_and(|end| end <= retires_at)
                && key.expires_at.is_some_and(|end| end <= expires_at)
        };
        for key in keys.iter().filter(|key| !ends_earlier(key)) {
            self.store.retire(&key.id, retires_at, expires_at).await?;
        }
        Ok(())
    }

    async fn keys_of(&self, purpose: KeyPurpose) -> Result<Vec<StoredKey>, KeyRingError> {
        let mut keys = self.store.list().await?;
        keys.retain(|key| key.purpose == purpose.as_str());
        Ok(keys)
    }
}

/// Keys whose values a restored database would accept a second time.
fn outlived_by_backup(purpose: KeyPurpose) -> bool {
    match purpose {
        KeyPurpose::Seal(_) | KeyPurpose::OneTimeCode => true,
        KeyPurpose::SignRs256
        | KeyPurpose::SignEs256
        | KeyPurpose::MsisdnIndex
        | KeyPurpose::PersonalData
        | KeyPurpose::NumberJwe
        | KeyPurpose::NumberPkcs1 => false,
    }
}
