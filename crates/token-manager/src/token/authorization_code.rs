//! `grant_type=authorization_code` (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3).

use fiador_domain::{
    assurance::Evidence,
    audit::{AuditEvent, AuditKind},
    client::Client,
    consent::{self, Consent},
    session::LoginSession,
    token::{ACCESS_TOKEN_LIFETIME, AccessTokenContent, CodeContent, Epochs},
};
use fiador_kernel::{Pcr, Timestamp};
use fiador_ports::{Redeemed, Redemption, SignError};
use fiador_wire_oauth::token_response::{TokenResponse, TokenType};

use super::{binding, id_token};
use crate::{Dependencies, access_tokens, codes, oauth_request::OAuthRequest, refusal::Refusal};

/// Exchanges a code for tokens, once (T-033).
pub(super) async fn exchange(
    dependencies: &Dependencies,
    client: &Client,
    request: &OAuthRequest,
    now: Timestamp,
) -> Result<TokenResponse, Refusal> {
    let code = request.mandatory("code")?;
    let code = codes::open(&*dependencies.sealer, code).ok_or(Refusal::UnknownCode)?;
    binding::check(&code, client, request)?;
    if code.expires_at <= now {
        return Err(end_late(dependencies, &code, now).await);
    }
    let candidate = Pcr::random(&*dependencies.entropy);
    ensure_tokens_can_be_made(dependencies, client, &code, &candidate, now)?;
    let redemption = redemption(&code, client, candidate, now);
    match dependencies.grants.redeem(redemption).await? {
        Redeemed::Fresh { pcr, epochs } => {
            issue(dependencies, client, code, pcr, epochs, now).await
        }
        Redeemed::Spent => Err(Refusal::SpentCode),
        Redeemed::Ended => Err(Refusal::EndedGrant),
    }
}

/// A missing key or a token that would be too long must not cost the code. The tokens themselves
/// can only be made afterwards, since the pseudonym is not known before; but every pseudonym is as
/// long as another, and the counts of a fresh redemption are at most those of the code.
fn ensure_tokens_can_be_made(
    dependencies: &Dependencies,
    client: &Client,
    code: &CodeContent,
    pcr: &Pcr,
    now: Timestamp,
) -> Result<(), Refusal> {
    let algorithm = client.id_token_signed_response_alg;
    if code.scopes.contains("openid") && !dependencies.signer.can_sign(algorithm) {
        return Err(SignError::NoKey(algorithm).into());
    }
    let content = access_token(client, code, pcr.clone(), code.epochs, now);
    access_tokens::issue(&*dependencies.sealer, &content).map(|_| ()).ok_or(Refusal::Seal)
}

/// Everything that is written, in one commit (design §4).
fn redemption(code: &CodeContent, client: &Client, pcr: Pcr, now: Timestamp) -> Redemption {
    Redemption {
        grant: code.grant.clone(),
        client: code.client.clone(),
        subscriber: code.subscriber.clone(),
        sector: client.sector.clone(),
        pcr_candidate: pcr,
        epochs: code.epochs,
        tokens_expire_at: now + ACCESS_TOKEN_LIFETIME,
        consent: code.consented.as_ref().map(|scopes| Consent {
            subscriber: code.subscriber.clone(),
            client: code.client.clone(),
            scopes: scopes.clone(),
            text_version: consent::TEXT_VERSION,
            given_at: now,
        }),
        session: code.session,
        begins: code.session.filter(|_| code.begins_session).map(|id| LoginSession {
            id,
            subscriber: code.subscriber.clone(),
            evidence: evidence(code),
            created_at: code.authenticated_at,
            used_at: now,
        }),
        audit: audit(code, AuditKind::TokensIssued, None, now),
    }
}

/// The code is spent: what follows may only fail when a key goes away at this very moment.
async fn issue(
    dependencies: &Dependencies,
    client: &Client,
    code: CodeContent,
    pcr: Pcr,
    epochs: Epochs,
    now: Timestamp,
) -> Result<TokenResponse, Refusal> {
    let scope = code.scopes.to_string();
    let content = access_token(client, &code, pcr, epochs, now);
    let access_token =
        access_tokens::issue(&*dependencies.sealer, &content).ok_or(Refusal::Seal)?;
    let id_token = if code.scopes.contains("openid") {
        let claims =
            id_token::claims(&dependencies.issuer, client, code, &content.pcr, &access_token, now);
        let payload = serde_json::to_vec(&claims).map_err(|_| Refusal::Encoding)?;
        Some(dependencies.signer.sign(client.id_token_signed_response_alg, &payload).await?)
    } else {
        None
    };
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: ACCESS_TOKEN_LIFETIME.as_secs(),
        refresh_token: None,
        id_token,
        scope: Some(scope),
        correlation_id: None,
    })
}

fn access_token(
    client: &Client,
    code: &CodeContent,
    pcr: Pcr,
    epochs: Epochs,
    now: Timestamp,
) -> AccessTokenContent {
    AccessTokenContent {
        grant: code.grant.clone(),
        client: code.client.clone(),
        subscriber: code.subscriber.clone(),
        session: code.session,
        pcr,
        sector: client.sector.clone(),
        scopes: code.scopes.clone(),
        issued_at: now,
        expires_at: now + ACCESS_TOKEN_LIFETIME,
        epochs,
    }
}

/// A code presented after its end may have been spent in time by somebody else. While tokens of it
/// could live they are ended, as a second redemption in time would end them (T-036).
async fn end_late(dependencies: &Dependencies, code: &CodeContent, now: Timestamp) -> Refusal {
    let last_token_dies = code.expires_at + ACCESS_TOKEN_LIFETIME;
    if last_token_dies <= now {
        return Refusal::ExpiredCode;
    }
    let audit = audit(code, AuditKind::GrantRevoked, Some("expired_code"), now);
    match dependencies.revocations.end_grant(&code.grant, last_token_dies, audit).await {
        Ok(()) => Refusal::ExpiredCode,
        Err(error) => Refusal::Store(error),
    }
}

fn evidence(code: &CodeContent) -> Evidence {
    Evidence {
        authenticator: code.authenticator.clone(),
        level: code.level,
        amr_mobile_connect: code.amr_mobile_connect.clone(),
        amr_rfc8176: code.amr_rfc8176.clone(),
        at: code.authenticated_at,
    }
}

fn audit(code: &CodeContent, kind: AuditKind, detail: Option<&str>, now: Timestamp) -> AuditEvent {
    AuditEvent {
        at: now,
        kind,
        client: Some(code.client.clone()),
        subscriber: Some(code.subscriber.clone()),
        grant: Some(code.grant.clone()),
        journey: None,
        detail: detail.map(str::to_owned),
    }
}
