use std::cmp::Reverse;
use std::sync::Arc;

use aws_lc_rs::hmac;
use fiador_jose::{JwkSet, VerificationKey, pkcs1};
use fiador_kernel::Timestamp;
use fiador_ports::{KeyPurpose, SealKind};

use crate::KeyPolicy;
use crate::key::{LoadedKey, Material, PersonalDataKey, SigningPair};
use crate::number_key::NumberJwePair;
use crate::seal_key::{KeyId, SealKey};
use crate::view::Seals;

/// Reads a list of keys at one moment.
pub(crate) struct Roster<'a> {
    pub(crate) keys: &'a [LoadedKey],
    pub(crate) now: Timestamp,
    pub(crate) policy: &'a KeyPolicy,
}

impl<'a> Roster<'a> {
    /// Accepted keys of a purpose.
    fn accepted(&self, purpose: KeyPurpose) -> impl Iterator<Item = &'a LoadedKey> {
        let now = self.now;
        self.keys.iter().filter(move |key| key.purpose == purpose && key.is_accepted(now))
    }

    /// The active key of a purpose: the youngest one, and of equally young ones the same on every
    /// node.
    fn active(&self, purpose: KeyPurpose) -> Option<&'a LoadedKey> {
        self.accepted(purpose)
            .filter(|key| key.is_active(self.now))
            .max_by_key(|key| (key.stored.activates_at, &key.stored.id))
    }

    pub(crate) fn signing(&self, purpose: KeyPurpose) -> Option<Arc<SigningPair>> {
        self.active(purpose).and_then(|key| key.signing_pair()).cloned()
    }

    pub(crate) fn hash(&self, purpose: KeyPurpose) -> Option<Arc<hmac::Key>> {
        match &self.active(purpose)?.material {
            Material::Hash(key) => Some(key.clone()),
            _ => None,
        }
    }

    pub(crate) fn seals(&self, kind: SealKind) -> Seals<SealKey> {
        self.seals_of(KeyPurpose::Seal(kind), LoadedKey::seal_key, SealKey::id)
    }

    pub(crate) fn personal_data(&self) -> Seals<PersonalDataKey> {
        self.seals_of(KeyPurpose::PersonalData, LoadedKey::personal_data_key, |key| {
            key.numbers.id()
        })
    }

    /// Keys that numbers are decrypted with, the active one first.
    pub(crate) fn number_jwe(&self) -> Vec<Arc<NumberJwePair>> {
        let keys = self.active_first(KeyPurpose::NumberJwe).into_iter();
        keys.filter_map(|key| match &key.material {
            Material::NumberJwe(pair) => Some(pair.clone()),
            _ => None,
        })
        .collect()
    }

    /// As [`Roster::number_jwe`].
    pub(crate) fn number_pkcs1(&self) -> Vec<Arc<pkcs1::DecryptionKey>> {
        let keys = self.active_first(KeyPurpose::NumberPkcs1).into_iter();
        keys.filter_map(|key| match &key.material {
            Material::NumberPkcs1(key) => Some(key.clone()),
            _ => None,
        })
        .collect()
    }

    fn active_first(&self, purpose: KeyPurpose) -> Vec<&'a LoadedKey> {
        let active = self.active(purpose).map(|key| &key.stored.id);
        let mut keys: Vec<_> = self.accepted(purpose).collect();
        keys.sort_by_key(|key| (Some(&key.stored.id) != active, Reverse(key.stored.activates_at)));
        keys
    }

    fn seals_of<K>(
        &self,
        purpose: KeyPurpose,
        of: fn(&LoadedKey) -> Option<&Arc<K>>,
        id: fn(&K) -> KeyId,
    ) -> Seals<K> {
        Seals {
            active: self.active(purpose).and_then(of).cloned(),
            accepted: self
                .accepted(purpose)
                .filter_map(of)
                .map(|key| (id(key), key.clone()))
                .collect(),
        }
    }

    /// Public halves of the keys whose signatures are known again, long after others need them.
    pub(crate) fn verification(&self) -> Vec<VerificationKey> {
        self.signers().filter_map(|key| Some(key.signing_pair()?.public.clone())).collect()
    }

    /// Signing keys in the order of the key set: RS256 before ES256 and the active key first, since
    /// some relying parties look at the first key only (mobile-connect §2.8).
    fn signers(&self) -> impl Iterator<Item = &'a LoadedKey> {
        let purposes = [KeyPurpose::SignRs256, KeyPurpose::SignEs256].into_iter();
        purposes.flat_map(|purpose| self.active_first(purpose))
    }

    /// When a signing key leaves the key set.
    fn leaves_at(&self, key: &LoadedKey) -> Option<Timestamp> {
        key.signing_pair()?;
        Some(key.stored.retires_at? + self.policy.keep_signing_keys)
    }

    pub(crate) fn key_set(&self) -> Arc<str> {
        let published = self
            .signers()
            .filter(|key| self.leaves_at(key).is_none_or(|end| self.now < end))
            .filter_map(LoadedKey::signing_pair);
        let keys = published.map(|pair| pair.private.public_jwk().clone()).collect();
        // Text and maps with text keys: this serialises.
        serde_json::to_string(&JwkSet { keys })
            .unwrap_or_else(|_| r#"{"keys":[]}"#.to_owned())
            .into()
    }

    /// The turning points before and after `now`.
    pub(crate) fn stretch(&self) -> (Timestamp, Timestamp) {
        let mut stretch = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
        for key in self.keys {
            let ends = [key.stored.retires_at, self.leaves_at(key), key.stored.expires_at];
            for point in ends.into_iter().flatten().chain([key.stored.activates_at]) {
                if point <= self.now {
                    stretch.0 = stretch.0.max(point);
                } else {
                    stretch.1 = stretch.1.min(point);
                }
            }
        }
        stretch
    }
}
