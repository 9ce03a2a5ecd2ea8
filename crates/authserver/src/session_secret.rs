//! The cookie value that opens a login session.

use fiador_kernel::{Digest, handle};

use crate::AuthServer;

/// Characters of the random part: 256 bits in base64url.
const RANDOM: usize = 43;

impl AuthServer {
    /// A secret of 256 random bits and our mark on it.
    pub(crate) fn new_session_secret(&self) -> String {
        let random = handle(&*self.entropy);
        let mark = self.mark(&random);
        random + &mark
    }

    /// Whether the secret was made here. The end of a session that has not begun yet is written
    /// down, and nobody may have as many such ends written as they can make up cookies (T-260).
    pub(crate) fn made_session_secret(&self, secret: &str) -> bool {
        secret
            .split_at_checked(RANDOM)
            .is_some_and(|(random, mark)| Digest::of(self.mark(random)) == Digest::of(mark))
    }

    /// Keyed, so that only we can make one. No secret in itself: the random part is what opens.
    fn mark(&self, random: &str) -> String {
        self.vault.one_time_code_hash("login_session", random).to_hex()
    }
}
