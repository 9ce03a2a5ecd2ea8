//! Claims asked for one by one: on their way through the journey, and to where resources find them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_domain::token::LONGEST_LIFE;
use fiador_kernel::{GrantId, Timestamp};

use crate::{AuthServer, check::Checked, door::KeptClaims, trouble::Trouble};

impl AuthServer {
    /// What the journey keeps; nothing if the scopes open it all, or if the client has no scope
    /// that would (T-200).
    pub(super) fn kept_claims(
        &self,
        Checked { client, asked, .. }: &Checked,
    ) -> Option<KeptClaims> {
        let individual = &asked.individual;
        if individual.is_empty() {
            return None;
        }
        let scopes = individual.scopes(&client.scopes).difference(&asked.scopes);
        if scopes.is_empty() && individual.to_compare().is_empty() {
            return None;
        }
        let sealed = self.vault.seal_attributes(&individual.to_attributes());
        Some(KeptClaims { scopes, sealed: URL_SAFE_NO_PAD.encode(sealed) })
    }

    /// Puts them where resources find them while the first access token lives; those that come of a
    /// refresh do not open them, so that values to compare are not kept for longer (T-283).
    pub(crate) async fn hand_on_claims(
        &self,
        grant: &GrantId,
        claims: &KeptClaims,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let sealed = URL_SAFE_NO_PAD.decode(&claims.sealed);
        let sealed = sealed.map_err(|_| Trouble::Internal("kept claims cannot be read"))?;
        Ok(self.requested_claims.keep(grant, sealed, now + LONGEST_LIFE).await?)
    }
}
