//! Port `Replay`: what clients have signed is good once (T-061).

use async_trait::async_trait;
use fiador_kernel::{ClientId, Digest, Timestamp};
use fiador_ports::{Replay, SignedPurpose, StoreError};

use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const USE = "INSERT INTO used_assertions (client_id, purpose, jti, expires_at) \
           VALUES ($1, $2, $3, $4) ON CONFLICT (client_id, purpose, jti) DO NOTHING";
}

#[async_trait]
impl Replay for Store {
    async fn first_use(
        &self,
        purpose: SignedPurpose,
        client: &ClientId,
        jti: Digest,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.now()?;
        self.writer.write(Use { purpose, client: client.clone(), jti, expires_at }).await
    }
}

struct Use {
    purpose: SignedPurpose,
    client: ClientId,
    jti: Digest,
    expires_at: Timestamp,
}

#[async_trait]
impl Work for Use {
    type Outcome = bool;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let purpose = match self.purpose {
            SignedPurpose::ClientAssertion => "client_assertion",
            SignedPurpose::RequestObject => "request_object",
            SignedPurpose::AuthenticationResult => "authentication_result",
            SignedPurpose::IdToken => "id_token",
            SignedPurpose::ChannelRequest => "channel_request",
        };
        let rows = transaction
            .connection
            .execute(
                &query(USE)
                    .bind(self.client.as_str())
                    .bind(purpose)
                    .bind(self.jti.as_bytes().as_slice())
                    .bind(self.expires_at.as_micros()),
            )
            .await?;
        Ok(rows == 1)
    }
}
