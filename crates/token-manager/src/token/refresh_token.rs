//! `grant_type=refresh_token` (RFC 6749 §6, OpenID Connect Core §12).

use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    catalog,
    client::Client,
    consent,
    refresh::{RefreshContent, RefreshFamily, Rotation, Standing},
    token::{ACCESS_TOKEN_LIFETIME, AccessTokenContent},
};
use fiador_kernel::{Digest, Pcr, ScopeSet, Timestamp};
use fiador_ports::{RefreshUse, RefreshUsed, StoreError};
use fiador_wire_oauth::token_response::TokenResponse;

use super::{id_token::Authentication, tokens};
use crate::{
    Dependencies, oauth_request::OAuthRequest, refresh_token::RefreshToken, refusal::Refusal,
};

/// How often a use is tried anew because another one of the same family came in between. Two uses
/// at once need a second reading; more of them are no client in good order.
const ATTEMPTS: usize = 4;

/// Exchanges a refresh token for tokens: one durable commit (T-050 to T-053).
pub(super) async fn exchange(
    dependencies: &Dependencies,
    client: &Client,
    request: &OAuthRequest,
    now: Timestamp,
) -> Result<TokenResponse, Refusal> {
    let presented = RefreshToken::parse(request.mandatory("refresh_token")?)
        .ok_or(Refusal::UnknownRefreshToken)?;
    for _ in 0..ATTEMPTS {
        let family = find(dependencies, client, &presented, now).await?;
        let next = next(dependencies, client, &presented, &family, now).await?;
        refuse_locked(dependencies, &family.content, now).await?;
        let scopes = scopes(dependencies, client, &family.content, request).await?;
        let pcr = pseudonym(dependencies, &family.content).await?;
        let content = access_token(&family, &scopes, pcr, now);
        tokens::ensure_can_be_made(dependencies, client, &content)?;
        match dependencies.refresh_tokens.use_family(used(&family, &next, now)).await? {
            RefreshUsed::Fresh { epochs } => {
                let content = AccessTokenContent { epochs, ..content };
                let authentication = Authentication::of_family(&family.content);
                let made = tokens::make(dependencies, client, content, authentication, now).await?;
                return Ok(TokenResponse { refresh_token: Some(next.token.into()), ..made });
            }
            RefreshUsed::Changed => {}
            RefreshUsed::Ended => return Err(Refusal::EndedFamily),
        }
    }
    Err(StoreError::Unavailable.into())
}

/// The family of the token, if it is this client's. A client that has moved to another sector
/// knows the subscriber by another name: the family is over.
async fn find(
    dependencies: &Dependencies,
    client: &Client,
    presented: &RefreshToken,
    now: Timestamp,
) -> Result<RefreshFamily, Refusal> {
    dependencies
        .refresh_tokens
        .find_family(presented.family(), now)
        .await?
        .filter(|family| family.content.client == client.id)
        .filter(|family| family.content.sector == client.sector)
        .ok_or(Refusal::UnknownRefreshToken)
}

/// The token that the client holds afterwards, and how it takes the place of the current one if it
/// does.
struct Next {
    token: RefreshToken,
    rotation: Option<Rotation>,
}

/// A confidential client proves itself at every use, so its token stays (T-050). That of a public
/// client is replaced: when two parties hold tokens of one family, one of them will present a
/// replaced one, and the family ends.
async fn next(
    dependencies: &Dependencies,
    client: &Client,
    presented: &RefreshToken,
    family: &RefreshFamily,
    now: Timestamp,
) -> Result<Next, Refusal> {
    match family.standing(presented.digest(), presented.generation(), now) {
        Standing::Current if !client.is_public() => {
            Ok(Next { token: presented.clone(), rotation: None })
        }
        Standing::Current => {
            let seed = random_seed(dependencies);
            let token = presented.successor(&seed).ok_or(Refusal::UnknownRefreshToken)?;
            let rotation = Some(Rotation { next: token.digest(), seed });
            Ok(Next { token, rotation })
        }
        Standing::Retried(replaced) => presented
            .successor(&replaced.seed)
            .filter(|token| token.digest() == family.current)
            .map(|token| Next { token, rotation: None })
            .ok_or(Refusal::UnknownRefreshToken),
        Standing::Reused => {
            let audit = audit(&family.content, AuditKind::RefreshTokenReplayed, now);
            let dead_at = now + ACCESS_TOKEN_LIFETIME;
            dependencies.revocations.end_grant(&family.content.grant, dead_at, audit).await?;
            Err(Refusal::ReusedRefreshToken)
        }
        Standing::Foreign => Err(Refusal::UnknownRefreshToken),
    }
}

fn random_seed(dependencies: &Dependencies) -> Digest {
    let mut seed = [0; 32];
    dependencies.entropy.fill(&mut seed);
    Digest::from_bytes(seed)
}

/// While wrong answers lock the subscription, nothing is given out in its name (T-052). The family
/// lives: anybody who knows the number can cause a lock, and must not end somebody's grants by it.
async fn refuse_locked(
    dependencies: &Dependencies,
    content: &RefreshContent,
    now: Timestamp,
) -> Result<(), Refusal> {
    match dependencies.lock_outs.locked_for(&content.subscriber, now).await? {
        Some(remaining) => Err(Refusal::LockedSubscription(remaining)),
        None => Ok(()),
    }
}

/// What is left of the scopes granted: those that the client still has and the subscriber still
/// agrees to; without `offline_access` among them there is nothing to refresh. A request may ask for
/// fewer, never for more (T-052, T-053). The family keeps what it was given (RFC 6749 §6).
async fn scopes(
    dependencies: &Dependencies,
    client: &Client,
    content: &RefreshContent,
    request: &OAuthRequest,
) -> Result<ScopeSet, Refusal> {
    let registered = content.scopes.intersection(&client.scopes);
    let granted = if catalog::needing_consent(&registered).is_empty() {
        registered
    } else {
        let agreed = dependencies.consents.find(&content.subscriber, &client.id).await?;
        registered.difference(&consent::missing(&registered, agreed.as_ref()))
    };
    if !granted.contains("offline_access") {
        return Err(Refusal::EndedFamily);
    }
    let scopes = match request.form.get_non_empty("scope") {
        None => granted,
        Some(text) => ScopeSet::parse(text)
            .ok()
            .filter(|asked| asked.is_subset(&granted))
            .ok_or(Refusal::InvalidScope)?,
    };
    if scopes.is_empty() { Err(Refusal::InvalidScope) } else { Ok(scopes) }
}

/// The name that the client has known the subscriber by from the begin: it never changes.
async fn pseudonym(dependencies: &Dependencies, content: &RefreshContent) -> Result<Pcr, Refusal> {
    let found = dependencies.pcrs.find(&content.subscriber, &content.sector).await?;
    found.ok_or(Refusal::EndedFamily)
}

fn access_token(
    family: &RefreshFamily,
    scopes: &ScopeSet,
    pcr: Pcr,
    now: Timestamp,
) -> AccessTokenContent {
    let RefreshContent { grant, client, subscriber, session, sector, .. } = family.content.clone();
    AccessTokenContent {
        grant,
        client,
        subscriber,
        session,
        pcr,
        sector,
        scopes: scopes.clone(),
        // Those were asked for once; their row goes with the first access token.
        requested_claims: false,
        // The login is no longer fresh: nothing may rest on how it was made.
        amr: Vec::new(),
        issued_at: now,
        expires_at: now + ACCESS_TOKEN_LIFETIME,
        epochs: family.epochs,
    }
}

fn used(family: &RefreshFamily, next: &Next, now: Timestamp) -> RefreshUse {
    RefreshUse {
        family: family.clone(),
        rotation: next.rotation.clone(),
        now,
        audit: audit(&family.content, AuditKind::TokensRefreshed, now),
    }
}

fn audit(content: &RefreshContent, kind: AuditKind, now: Timestamp) -> AuditEvent {
    AuditEvent {
        at: now,
        kind,
        client: Some(content.client.clone()),
        subscriber: Some(content.subscriber.clone()),
        grant: Some(content.grant.clone()),
        journey: None,
        detail: None,
    }
}
