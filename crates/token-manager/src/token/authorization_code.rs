//! `grant_type=authorization_code` (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3).

use fiador_domain::{
    assurance::Evidence,
    audit::{AuditEvent, AuditKind},
    client::{Client, GrantType},
    consent::{self, Consent},
    refresh::{self, RefreshContent},
    session::LoginSession,
    token::{ACCESS_TOKEN_LIFETIME, AccessTokenContent, CodeContent, Epochs},
};
use fiador_kernel::{Pcr, Timestamp};
use fiador_ports::{NewRefreshFamily, Redeemed, Redemption};
use fiador_wire_oauth::token_response::TokenResponse;

use super::{binding, id_token::Authentication, tokens};
use crate::{
    Dependencies, codes, oauth_request::OAuthRequest, refresh_token::RefreshToken, refusal::Refusal,
};

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
        return Err(end_late(dependencies, client, &code, now).await);
    }
    let candidate = Pcr::random(&*dependencies.entropy);
    let likely = access_token(client, &code, candidate.clone(), code.epochs, now);
    tokens::ensure_can_be_made(dependencies, client, &likely)?;
    let refresh_token =
        may_be_refreshed(client, &code).then(|| RefreshToken::first(&*dependencies.entropy));
    let redemption = redemption(&code, client, candidate, refresh_token.as_ref(), now);
    match dependencies.grants.redeem(redemption).await? {
        Redeemed::Fresh { pcr, epochs } => {
            let content = access_token(client, &code, pcr, epochs, now);
            let authentication = Authentication::of_code(code);
            let made = tokens::make(dependencies, client, content, authentication, now).await?;
            Ok(TokenResponse { refresh_token: refresh_token.map(String::from), ..made })
        }
        Redeemed::Spent => Err(Refusal::SpentCode),
        Redeemed::Ended => Err(Refusal::EndedGrant),
    }
}

/// A refresh token is given to clients that are registered for it, when it was asked for (OpenID
/// Connect Core §11).
fn may_be_refreshed(client: &Client, code: &CodeContent) -> bool {
    code.scopes.contains("offline_access") && client.grant_types.contains(GrantType::RefreshToken)
}

/// Everything that is written, in one commit (decision 0006).
fn redemption(
    code: &CodeContent,
    client: &Client,
    pcr: Pcr,
    refresh_token: Option<&RefreshToken>,
    now: Timestamp,
) -> Redemption {
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
        refresh: refresh_token.map(|token| family(code, client, token, now)),
        audit: audit(code, AuditKind::TokensIssued, None, now),
    }
}

/// The family that begins with the first refresh token of a grant.
fn family(
    code: &CodeContent,
    client: &Client,
    token: &RefreshToken,
    now: Timestamp,
) -> NewRefreshFamily {
    let content = RefreshContent {
        grant: code.grant.clone(),
        client: code.client.clone(),
        subscriber: code.subscriber.clone(),
        session: code.session,
        sector: client.sector.clone(),
        scopes: code.scopes.clone(),
        acr: code.acr,
        level: code.level,
        authenticator: code.authenticator.clone(),
        amr_mobile_connect: code.amr_mobile_connect.clone(),
        amr_rfc8176: code.amr_rfc8176.clone(),
        authenticated_at: code.authenticated_at,
        hashed_login_hint: code.hashed_login_hint,
    };
    NewRefreshFamily { id: token.family(), token: token.digest(), content, begun_at: now }
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
        requested_claims: code.requested_claims,
        amr: code.amr_mobile_connect.clone(),
        issued_at: now,
        expires_at: now + ACCESS_TOKEN_LIFETIME,
        epochs,
    }
}

/// A code presented after its end may have been spent in time by somebody else. While tokens of it
/// could live they are ended, as a second redemption in time would end them (T-036).
async fn end_late(
    dependencies: &Dependencies,
    client: &Client,
    code: &CodeContent,
    now: Timestamp,
) -> Refusal {
    let life = if may_be_refreshed(client, code) {
        refresh::ABSOLUTE + ACCESS_TOKEN_LIFETIME
    } else {
        ACCESS_TOKEN_LIFETIME
    };
    if code.expires_at + life <= now {
        return Refusal::ExpiredCode;
    }
    let audit = audit(code, AuditKind::GrantRevoked, Some("expired_code"), now);
    let last_token_dies = now + ACCESS_TOKEN_LIFETIME;
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
