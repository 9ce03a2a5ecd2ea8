//! From what is said about an application to a [`Client`]: the same checks for `[[clients]]` and
//! for applications that the admin API creates.

mod keys;
mod sector;

use anyhow::{Context as _, bail, ensure};
use fiador_domain::{
    catalog,
    client::{Client, ClientSecret, Encryption, GrantType, GrantTypes, TokenEndpointAuthMethod},
    profile::Profile,
    risk::RiskAnswer,
    text::find_lure,
};
use fiador_kernel::{ClientId, Digest, Pcr, Scope};
use fiador_wire_oauth::redirect_uri::RegisteredRedirectUri;

use crate::config::ClientSection;

/// Longest `client_id`, in characters: it is part of every token, and tokens stay below 1 KiB.
const MAX_CLIENT_ID: usize = 64;

/// The client, or the first thing that is wrong with its registration. Plain http is a matter of
/// `config::refusals`.
pub fn client(section: &ClientSection) -> anyhow::Result<Client> {
    ensure!(section.client_id.len() <= MAX_CLIENT_ID, "client_id has more than 64 characters");
    // The subject of a token that a client holds for itself is its id (T-068).
    ensure!(
        Pcr::parse(&section.client_id).is_none(),
        "client_id is a UUID, as the pseudonyms of subscribers are; choose another form"
    );
    name(&section.name)?;
    browser_addresses("redirect URI", &section.redirect_uris)?;
    browser_addresses("post-logout redirect URI", &section.post_logout_redirect_uris)?;
    let method = auth_method(section)?;
    let profile = Profile::from(section.profile);
    let is_public = method == TokenEndpointAuthMethod::None;
    Ok(Client {
        name: section.name.clone(),
        token_endpoint_auth_method: method,
        secrets: secrets(&section.client_secret_sha256)?,
        keys: keys::key_source(section, method)?,
        token_endpoint_auth_signing_alg: section.token_endpoint_auth_signing_alg,
        request_object_signing_alg: section.request_object_signing_alg,
        grant_types: grant_types(section, is_public)?,
        redirect_uris: section.redirect_uris.clone(),
        post_logout_redirect_uris: section.post_logout_redirect_uris.clone(),
        scopes: section
            .scopes
            .iter()
            .map(|scope| known_scope(scope))
            .collect::<anyhow::Result<_>>()?,
        sector_identifier_uri: section.sector_identifier_uri.clone(),
        id_token_signed_response_alg: section.id_token_signed_response_alg,
        userinfo_signed_response_alg: section.userinfo_signed_response_alg,
        userinfo_encrypted_response: encryption(section)?,
        introspection_signed_response_alg: section.introspection_signed_response_alg,
        require_pushed_authorization_requests: section.require_pushed_authorization_requests,
        requires_pkce: is_public || section.require_pkce.unwrap_or(profile.wants_pkce()),
        reveal_subscriber_state: section.reveal_subscriber_state,
        is_resource_server: section.resource_server,
        phone_number_with_plus: section.phone_number_with_plus,
        risk_answer: RiskAnswer {
            sim_change_as_boolean: section.sim_change_as_boolean,
            corrects_call_divert: section.corrects_call_divert,
        },
        enabled: section.enabled,
        ..Client::new(ClientId::new(&section.client_id)?, profile, sector::sector(section)?)
    })
}

/// The registered secrets, by their digests.
pub fn secrets(digests: &[String]) -> anyhow::Result<Vec<ClientSecret>> {
    digests
        .iter()
        .map(|hex| {
            let digest = Digest::from_hex(hex).context(
                "client_secret_sha256 is 64 hexadecimal digits; see `fiador client-secret`",
            )?;
            Ok(ClientSecret { digest, expires_at: None })
        })
        .collect()
}

/// Whether browsers may be sent there.
pub fn browser_addresses(kind: &str, uris: &[String]) -> anyhow::Result<()> {
    for uri in uris {
        RegisteredRedirectUri::parse_allowing_insecure(uri)
            .with_context(|| format!("{kind} {uri}"))?;
    }
    Ok(())
}

fn name(name: &str) -> anyhow::Result<()> {
    let length = name.chars().count();
    ensure!((1..=16).contains(&length), "name must have 1 to 16 characters");
    if let Some(lure) = find_lure(name) {
        bail!("name is shown to users in pages and messages, and {lure}");
    }
    Ok(())
}

/// As registered; without a word about it, by secret when there is one.
fn auth_method(section: &ClientSection) -> anyhow::Result<TokenEndpointAuthMethod> {
    let has_secret = !section.client_secret_sha256.is_empty();
    let method = match section.token_endpoint_auth_method {
        Some(name) => name.into(),
        None if has_secret => TokenEndpointAuthMethod::ClientSecret,
        None => TokenEndpointAuthMethod::None,
    };
    match method {
        TokenEndpointAuthMethod::ClientSecret => {
            ensure!(has_secret, "token_endpoint_auth_method is a secret; add client_secret_sha256");
        }
        TokenEndpointAuthMethod::PrivateKeyJwt | TokenEndpointAuthMethod::None => {
            ensure!(
                !has_secret,
                "client_secret_sha256 would never be asked for with this token_endpoint_auth_method; \
                 remove one of them"
            );
        }
    }
    Ok(method)
}

fn grant_types(section: &ClientSection, is_public: bool) -> anyhow::Result<GrantTypes> {
    let grants: GrantTypes = section.grant_types.iter().copied().collect();
    ensure!(
        !section.redirect_uris.is_empty() || !grants.contains(GrantType::AuthorizationCode),
        "at least one redirect URI is needed"
    );
    ensure!(
        !is_public || !grants.contains(GrantType::ClientCredentials),
        "client_credentials needs a client that authenticates (RFC 6749 §4.4)"
    );
    Ok(grants)
}

fn known_scope(text: &str) -> anyhow::Result<Scope> {
    ensure!(catalog::entry(text).is_some(), "scope `{text}` is not in the catalogue");
    Ok(Scope::new(text)?)
}

fn encryption(section: &ClientSection) -> anyhow::Result<Option<Encryption>> {
    let enc = section.userinfo_encrypted_response_enc;
    let Some(alg) = section.userinfo_encrypted_response_alg else {
        ensure!(
            enc.is_none(),
            "userinfo_encrypted_response_enc needs userinfo_encrypted_response_alg"
        );
        return Ok(None);
    };
    Ok(Some(Encryption { alg, enc: enc.unwrap_or_default() }))
}

#[cfg(test)]
mod tests;
