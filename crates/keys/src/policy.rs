use std::time::Duration;

use fiador_ports::KeyPurpose;

/// When keys are published, replaced and forgotten. All nodes of a cluster are given the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// A new signing key stands in the key set for this long before it signs, so that relying
    /// parties that cache the set know it in time (T-074).
    pub publish_before_use: Duration,
    /// A new sealing key waits this long before use; longer than [`KeyPolicy::refresh_every`], so
    /// that every node has loaded it.
    pub publish_seals_before_use: Duration,
    /// A retired signing key stays in the key set for this long: at least the life of an ID Token.
    pub keep_signing_keys: Duration,
    /// What a retired signing key has signed is known again for this long: at least
    /// [`KeyPolicy::keep_signing_keys`]. Service providers name users by ID Tokens that expired long
    /// ago (`id_token_hint`, OpenID Connect Core §3.1.2.1).
    pub know_signing_keys: Duration,
    /// A retired sealing key still opens for this long: at least the life of any sealed value.
    pub keep_sealing_keys: Duration,
    /// A retired key for encrypted numbers still decrypts for this long: service providers keep what
    /// Discovery gave them for up to 180 days (mobile-connect §1.3).
    pub keep_number_keys: Duration,
    /// Signing keys are replaced at this age.
    pub rotate_signing_keys_after: Duration,
    /// Sealing keys are replaced at this age.
    pub rotate_sealing_keys_after: Duration,
    /// Sealing keys are replaced early once one node has made this many seals with one: with random
    /// 96-bit nonces and up to a few dozen nodes this stays far from the limits of RFC 8452 §6.
    pub rotate_sealing_keys_after_seals: u64,
    /// Keys are read again from the database this often.
    pub refresh_every: Duration,
    /// An unknown key id leads to an extra reading, but never more often than this: key ids arrive
    /// in tokens, which anyone can make up.
    pub refresh_no_faster_than: Duration,
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self {
            publish_before_use: Duration::from_hours(24),
            publish_seals_before_use: Duration::from_mins(10),
            keep_signing_keys: Duration::from_hours(24),
            know_signing_keys: Duration::from_hours(90 * 24),
            keep_sealing_keys: Duration::from_hours(24),
            keep_number_keys: Duration::from_hours(180 * 24),
            rotate_signing_keys_after: Duration::from_hours(90 * 24),
            rotate_sealing_keys_after: Duration::from_hours(30 * 24),
            rotate_sealing_keys_after_seals: 1 << 30,
            refresh_every: Duration::from_mins(1),
            refresh_no_faster_than: Duration::from_secs(5),
        }
    }
}

impl KeyPolicy {
    /// How long a new key of this purpose is published before it is used.
    pub(crate) fn publication(&self, purpose: KeyPurpose) -> Duration {
        match purpose {
            KeyPurpose::SignRs256 | KeyPurpose::SignEs256 => self.publish_before_use,
            KeyPurpose::Seal(_)
            | KeyPurpose::PersonalData
            | KeyPurpose::MsisdnIndex
            | KeyPurpose::OneTimeCode
            | KeyPurpose::NumberJwe
            | KeyPurpose::NumberPkcs1 => self.publish_seals_before_use,
        }
    }

    /// How long a retired key still opens or verifies; `None`: for ever.
    pub(crate) fn keep(&self, purpose: KeyPurpose) -> Option<Duration> {
        match purpose {
            KeyPurpose::SignRs256 | KeyPurpose::SignEs256 => Some(self.know_signing_keys),
            KeyPurpose::Seal(_) | KeyPurpose::OneTimeCode => Some(self.keep_sealing_keys),
            KeyPurpose::NumberJwe | KeyPurpose::NumberPkcs1 => Some(self.keep_number_keys),
            KeyPurpose::PersonalData | KeyPurpose::MsisdnIndex => None,
        }
    }

    /// At what age a key is replaced without being asked; `None`: never.
    ///
    /// A one-time code cannot tell which key hashed it, so replacing that key voids the codes under
    /// way; and the keys of encrypted numbers are known to other operators' Discovery, which must be
    /// given the new ones. Both are left to [`crate::KeyRing::rotate`].
    pub(crate) fn replace_after(&self, purpose: KeyPurpose) -> Option<Duration> {
        match purpose {
            KeyPurpose::SignRs256 | KeyPurpose::SignEs256 => Some(self.rotate_signing_keys_after),
            KeyPurpose::Seal(_) => Some(self.rotate_sealing_keys_after),
            KeyPurpose::PersonalData
            | KeyPurpose::MsisdnIndex
            | KeyPurpose::OneTimeCode
            | KeyPurpose::NumberJwe
            | KeyPurpose::NumberPkcs1 => None,
        }
    }
}
