//! The keys of clients: what they sign is verified with them, answers are encrypted to them.

mod key_set;
mod recent;
mod remote;

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::client::{
    Client, ClientKeySource, Encryption, KeyManagementAlgorithm, SignatureAlgorithm,
};
use fiador_jose::{
    Algorithm, Expect, ExpectTyp, HeaderError, VerifiedPayload, VerifyError,
    jwe::{self, KeyManagement, MediaTypes},
    verify_compact,
};
use fiador_kernel::{Clock, Digest};
use fiador_ports::{ClientKeyError, ClientKeys, Fetch, KeySetError, SignedContent, SignedPurpose};

use key_set::KeySet;
use recent::Recent;
use remote::{Needed, RemoteKeySet};

/// Longest token that a client may present, in bytes (T-002).
const MAX_TOKEN: usize = 16 * 1024;

/// Key sets in memory, inline and fetched ones each; the least recently used make room. One is at
/// most 64 KiB as a document.
const MAX_SETS: usize = 512;

/// Keys as clients have registered them: inline, or fetched when they are first needed.
pub struct RegisteredKeys {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    inline: Recent<KeySet>,
    remote: Recent<RemoteKeySet>,
}

impl RegisteredKeys {
    /// Nothing is fetched yet.
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Self {
        Self { fetch, clock, inline: Recent::new(MAX_SETS), remote: Recent::new(MAX_SETS) }
    }

    /// The keys of a client; with `Needed::Newer` asked for again if that has not just been done.
    async fn key_set(
        &self,
        client: &Client,
        needed: Needed,
    ) -> Result<Arc<KeySet>, ClientKeyError> {
        match &client.keys {
            ClientKeySource::None => Err(ClientKeyError::NoKeys),
            ClientKeySource::Inline(document) => {
                let parse = || KeySet::parse(document.as_bytes());
                Ok(self.inline.get_or_make(Digest::of(document), parse)?)
            }
            ClientKeySource::Uri(uri) => {
                let made = || Ok::<_, KeySetError>(RemoteKeySet::new(uri));
                let remote = self.remote.get_or_make(Digest::of(uri), made)?;
                Ok(remote.keys(needed, &self.fetch, &self.clock).await?)
            }
        }
    }
}

#[async_trait]
impl ClientKeys for RegisteredKeys {
    async fn verify(
        &self,
        client: &Client,
        token: &str,
        purpose: SignedPurpose,
    ) -> Result<SignedContent, ClientKeyError> {
        if token.len() > MAX_TOKEN {
            return Err(ClientKeyError::TooLong);
        }
        let keys = self.key_set(client, Needed::Any).await?;
        let verified = match verified(client, token, purpose, &keys) {
            // The client may have rotated its keys (OpenID Connect Core §10.1.1).
            Err(VerifyError::NoKey) => {
                let newer = self.key_set(client, Needed::Newer).await?;
                if Arc::ptr_eq(&keys, &newer) {
                    return Err(ClientKeyError::UnknownKey);
                }
                verified(client, token, purpose, &newer)
            }
            other => other,
        };
        content(verified.map_err(|error| reason(&error))?)
    }

    async fn encrypt(
        &self,
        client: &Client,
        content_type: Option<&str>,
        plaintext: &[u8],
        encryption: Encryption,
    ) -> Result<String, ClientKeyError> {
        let alg = match encryption.alg {
            KeyManagementAlgorithm::RsaOaep256 => KeyManagement::RsaOaep256,
            KeyManagementAlgorithm::EcdhEs => KeyManagement::EcdhEs,
        };
        let mut keys = self.key_set(client, Needed::Any).await?;
        if keys.encryption_key(alg).is_none() {
            keys = self.key_set(client, Needed::Newer).await?;
        }
        let key = keys.encryption_key(alg).ok_or(ClientKeyError::NoEncryptionKey)?;
        let types = MediaTypes { cty: content_type, ..MediaTypes::default() };
        jwe::encrypt(key, types, plaintext).map_err(|_| ClientKeyError::NotEncrypted)
    }
}

fn verified(
    client: &Client,
    token: &str,
    purpose: SignedPurpose,
    keys: &KeySet,
) -> Result<VerifiedPayload, VerifyError> {
    let request_object = client.request_object_signing_alg;
    let (registered, may_be_untyped, typ) = match purpose {
        SignedPurpose::RequestObject => (request_object, true, "oauth-authz-req+jwt"),
        SignedPurpose::ClientAssertion => {
            (client.token_endpoint_auth_signing_alg, true, "client-authentication+jwt")
        }
        SignedPurpose::AuthenticationResult => (request_object, false, "fiador-authn-result+jwt"),
        SignedPurpose::IdToken | SignedPurpose::ChannelRequest => (request_object, true, "JWT"),
    };
    let registered = registered.map(|one| [algorithm(one)]);
    let algorithms = registered.as_ref().map_or(&Algorithm::ALL[..], |one| &one[..]);
    let verify = |typ| verify_compact(token, keys.verification_keys(), Expect { algorithms, typ });
    if !may_be_untyped {
        return verify(ExpectTyp::Exactly(typ));
    }
    match verify(ExpectTyp::AbsentOrJwt) {
        Err(VerifyError::TypNotExpected) => verify(ExpectTyp::Exactly(typ)),
        other => other,
    }
}

fn content(verified: VerifiedPayload) -> Result<SignedContent, ClientKeyError> {
    Ok(SignedContent {
        claims: verified.claims().map_err(|_| ClientKeyError::Malformed)?,
        algorithm: match verified.algorithm {
            Algorithm::Rs256 => SignatureAlgorithm::Rs256,
            Algorithm::Ps256 => SignatureAlgorithm::Ps256,
            Algorithm::Es256 => SignatureAlgorithm::Es256,
        },
        kid: verified.kid,
    })
}

const fn algorithm(registered: SignatureAlgorithm) -> Algorithm {
    match registered {
        SignatureAlgorithm::Rs256 => Algorithm::Rs256,
        SignatureAlgorithm::Ps256 => Algorithm::Ps256,
        SignatureAlgorithm::Es256 => Algorithm::Es256,
    }
}

fn reason(error: &VerifyError) -> ClientKeyError {
    match error {
        VerifyError::TooLong => ClientKeyError::TooLong,
        VerifyError::Header(HeaderError::UnknownAlgorithm)
        | VerifyError::AlgorithmNotExpected(_) => ClientKeyError::AlgorithmNotRegistered,
        VerifyError::NotCompact | VerifyError::NotBase64Url(_) | VerifyError::Header(_) => {
            ClientKeyError::Malformed
        }
        VerifyError::TypNotExpected => ClientKeyError::WrongType,
        VerifyError::NoKey => ClientKeyError::UnknownKey,
        VerifyError::BadSignature => ClientKeyError::BadSignature,
    }
}
