//! What a response of the provider is worth.

use std::sync::Arc;

use fiador_domain::assurance::Evidence;
use fiador_ports::{Answer, Answered, Challenge, ClientKeyError, Road, SignedPurpose, StoreError};
use serde_json::{Map, Value};

use super::{
    LevelMapping, UpstreamProvider,
    discovery::{DiscoveryError, Provider},
    exchange::ExchangeError,
    id_token::{Expected, WrongClaim},
    state::State,
};
use crate::foreign::worth;

/// Why a response proves nothing. For the log.
#[derive(Debug, thiserror::Error)]
enum NoProof {
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    #[error("the response's `iss` is missing or another provider's (RFC 9207)")]
    MixedUp,
    #[error("the provider refuses with an error")]
    Refused,
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    #[error("the ID Token: {0}")]
    Signature(#[from] ClientKeyError),
    #[error(transparent)]
    Claim(#[from] WrongClaim),
    #[error("UserInfo is about somebody else")]
    OtherUserInfo,
    #[error("the ID Token's `acr` is in no row of `levels`")]
    UnknownLevel,
}

impl UpstreamProvider {
    /// Code to tokens, tokens to claims, claims to the subscriber, `acr` to evidence.
    pub(super) async fn judge(
        &self,
        challenge: &Challenge<'_>,
        state: &State,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        // The forms of the waiting browser answer nothing.
        if answer.road != Road::Reference {
            return Ok(Answered::Wrong);
        }
        match self.claims(state, answer).await {
            Ok(Response::Denied) => Ok(Answered::Denied),
            Ok(Response::Claims(claims)) => self.weigh(challenge, &claims).await,
            Err(error) => Ok(self.give_up(challenge, &error)),
        }
    }

    async fn claims(&self, state: &State, answer: &Answer) -> Result<Response, NoProof> {
        let provider = self.discovery.provider().await?;
        self.check_sender(&provider, answer)?;
        let Some(code) = answer.field("code") else {
            return match answer.field("error") {
                Some("access_denied") => Ok(Response::Denied),
                _ => Err(NoProof::Refused),
            };
        };
        let tokens = self.exchange(&provider.metadata, code, state).await?;
        let signed = provider.party.verify(&tokens.id_token, SignedPurpose::IdToken).await?;
        let expected = Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            state,
            now: self.ports.clock.now(),
        };
        expected.check(&signed.claims)?;
        let mut claims = signed.claims;
        self.complete(&provider, tokens.access_token.as_deref(), &mut claims).await?;
        Ok(Response::Claims(claims))
    }

    /// The defence against mix-up (RFC 9207 §2.4): a response says whose it is, or its provider never
    /// does.
    fn check_sender(&self, provider: &Arc<Provider>, answer: &Answer) -> Result<(), NoProof> {
        let must = provider.metadata.authorization_response_iss_parameter_supported;
        match answer.field("iss") {
            Some(iss) if iss == self.settings.issuer => Ok(()),
            None if !must => Ok(()),
            _ => Err(NoProof::MixedUp),
        }
    }

    /// Many providers tell the number at UserInfo alone.
    async fn complete(
        &self,
        provider: &Arc<Provider>,
        access_token: Option<&str>,
        claims: &mut Map<String, Value>,
    ) -> Result<(), NoProof> {
        let (Some(endpoint), Some(access_token)) =
            (&provider.metadata.userinfo_endpoint, access_token)
        else {
            return Ok(());
        };
        if claims.contains_key(self.binding_claim()) {
            return Ok(());
        }
        let told = self.user_info(endpoint, access_token).await?;
        if told.get("sub") != claims.get("sub") {
            return Err(NoProof::OtherUserInfo);
        }
        for name in [self.binding_claim(), "phone_number_verified"] {
            if let Some(value) = told.get(name) {
                claims.insert(name.to_owned(), value.clone());
            }
        }
        Ok(())
    }

    async fn weigh(
        &self,
        challenge: &Challenge<'_>,
        claims: &Map<String, Value>,
    ) -> Result<Answered, StoreError> {
        if !self.is_subscriber(challenge, claims).await? {
            tracing::warn!(journey = %challenge.journey, authenticator = %self.id(), "the provider's user is not the subscriber");
            return Ok(Answered::Failed);
        }
        let Some(mapping) = self.mapping(claims) else {
            return Ok(self.give_up(challenge, &NoProof::UnknownLevel));
        };
        let evidence = Evidence {
            authenticator: self.id().clone(),
            level: mapping.level.min(self.settings.ceiling()),
            amr_mobile_connect: mapping.amr_mobile_connect.clone(),
            amr_rfc8176: mapping.amr.clone(),
            at: self.ports.clock.now(),
        };
        Ok(worth(challenge, evidence))
    }

    /// The row of the token's `acr`; else the one that takes any.
    fn mapping(&self, claims: &Map<String, Value>) -> Option<&LevelMapping> {
        let acr = claims.get("acr").and_then(Value::as_str);
        let rows = &self.settings.levels;
        let named = rows.iter().find(|row| row.acr.is_some() && row.acr.as_deref() == acr);
        named.or_else(|| rows.iter().find(|row| row.acr.is_none()))
    }

    fn give_up(&self, challenge: &Challenge<'_>, error: &NoProof) -> Answered {
        metrics::counter!("fiador_upstream_failures_total").increment(1);
        tracing::warn!(journey = %challenge.journey, authenticator = %self.id(), %error, "a response of an OpenID Provider proves nothing");
        Answered::GaveUp
    }
}

/// What a response says.
enum Response {
    /// The person said no there.
    Denied,
    /// Who it was.
    Claims(Map<String, Value>),
}
