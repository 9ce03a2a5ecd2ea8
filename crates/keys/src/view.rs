use std::sync::Arc;

use aws_lc_rs::hmac;
use fiador_jose::{VerificationKey, pkcs1};
use fiador_kernel::Timestamp;
use fiador_ports::{KeyPurpose, SealKind};

use crate::key::{LoadedKey, PersonalDataKey, SigningPair};
use crate::number_key::NumberJwePair;
use crate::roster::Roster;
use crate::seal_key::{KeyId, SealKey};
use crate::{KeyPolicy, KeyRingError};

/// The ring at one stretch of time: which key makes new values, which ones still open.
///
/// Between two turning points of key lives the answer is the same for every request, so it is
/// worked out once and then only read.
pub(crate) struct View {
    /// Every key, also those that are not yet or no longer in use; oldest first.
    pub(crate) keys: Vec<LoadedKey>,
    from: Timestamp,
    until: Timestamp,
    pub(crate) rs256: Option<Arc<SigningPair>>,
    pub(crate) es256: Option<Arc<SigningPair>>,
    /// Public halves of all keys whose signatures are accepted.
    pub(crate) verification: Vec<VerificationKey>,
    /// The key set document.
    pub(crate) public_keys: Arc<str>,
    code: Seals<SealKey>,
    access_token: Seals<SealKey>,
    journey: Seals<SealKey>,
    /// Makes new seals of personal data.
    pub(crate) personal_data: Arc<PersonalDataKey>,
    /// Opens them.
    pub(crate) personal_data_keys: Seals<PersonalDataKey>,
    pub(crate) msisdn_index: Arc<hmac::Key>,
    pub(crate) one_time_code: Arc<hmac::Key>,
    /// Decrypt numbers; the first is the one that they are encrypted to.
    pub(crate) number_jwe: Vec<Arc<NumberJwePair>>,
    /// As above, for numbers under PKCS#1 v1.5.
    pub(crate) number_pkcs1: Vec<Arc<pkcs1::DecryptionKey>>,
}

/// The keys of one kind of sealed value.
pub(crate) struct Seals<K> {
    /// Makes new seals.
    pub(crate) active: Option<Arc<K>>,
    pub(crate) accepted: Vec<(KeyId, Arc<K>)>,
}

impl<K> Seals<K> {
    /// The key that a seal names, if it is still accepted.
    pub(crate) fn named(&self, id: KeyId) -> Option<&K> {
        self.accepted.iter().find(|(known, _)| *known == id).map(|(_, key)| &**key)
    }
}

impl View {
    /// Works out who does what at `now`. Without the hash keys and the key of personal data nobody
    /// could be told apart or stored, so a ring without them is refused.
    pub(crate) fn at(
        keys: Vec<LoadedKey>,
        now: Timestamp,
        policy: &KeyPolicy,
    ) -> Result<Self, KeyRingError> {
        let roster = Roster { keys: &keys, now, policy };
        let hash = |purpose| roster.hash(purpose).ok_or(KeyRingError::Missing(purpose));
        let personal_data_keys = roster.personal_data();
        let personal_data = personal_data_keys.active.clone();
        let (from, until) = roster.stretch();
        Ok(Self {
            from,
            until,
            rs256: roster.signing(KeyPurpose::SignRs256),
            es256: roster.signing(KeyPurpose::SignEs256),
            verification: roster.verification(),
            public_keys: roster.key_set(),
            code: roster.seals(SealKind::Code),
            access_token: roster.seals(SealKind::AccessToken),
            journey: roster.seals(SealKind::Journey),
            personal_data: personal_data.ok_or(KeyRingError::Missing(KeyPurpose::PersonalData))?,
            personal_data_keys,
            msisdn_index: hash(KeyPurpose::MsisdnIndex)?,
            one_time_code: hash(KeyPurpose::OneTimeCode)?,
            number_jwe: roster.number_jwe(),
            number_pkcs1: roster.number_pkcs1(),
            keys,
        })
    }

    /// Whether this view answers for `now`; a clock that was set back needs another one too.
    pub(crate) fn covers(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }

    pub(crate) fn seals(&self, kind: SealKind) -> &Seals<SealKey> {
        match kind {
            SealKind::Code => &self.code,
            SealKind::AccessToken => &self.access_token,
            SealKind::Journey => &self.journey,
        }
    }
}
