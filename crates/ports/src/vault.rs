//! Personal data at rest (T-247).

use fiador_domain::subscriber::Attributes;
use fiador_kernel::{Digest, Msisdn};

/// Keyed hashes and seals of personal data, under permanent keys.
pub trait Vault: Send + Sync {
    /// Keyed hash of a number, for look-up and for budgets: tells nothing without the key.
    fn msisdn_index(&self, number: &Msisdn) -> Digest;

    /// A number, sealed.
    fn seal_msisdn(&self, number: &Msisdn) -> Vec<u8>;

    /// A number, opened; `None` when it was not sealed here.
    fn open_msisdn(&self, sealed: &[u8]) -> Option<Msisdn>;

    /// Attributes, sealed.
    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8>;

    /// Attributes, opened; `None` when they were not sealed here.
    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes>;

    /// Keyed hash of a one-time code inside its transaction (T-120): what a journey keeps instead
    /// of the code. `context` is unique to the transaction and the send.
    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest;

    /// Keyed hash of the block that a number lies in ([`Msisdn::block`]), for budgets.
    fn number_block(&self, number: &Msisdn) -> Digest {
        self.one_time_code_hash("number_block", number.block())
    }
}
