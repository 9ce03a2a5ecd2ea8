//! `GET /.well-known/openid-configuration`: exactly what is enabled (OpenID Connect Discovery §3,
//! mobile-connect §2.10, T-062).

use std::sync::Arc;

use axum::{
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use fiador_domain::{
    catalog::{CATALOG, ScopeEntry},
    client::{ContentEncryption, GrantType, KeyManagementAlgorithm, SignatureAlgorithm},
};
use fiador_http_kit::public_for_ten_minutes;
use fiador_kernel::{Language, Loa};
use fiador_wire_oauth::{
    provider_metadata::{ProviderMetadata, ScopeVersion},
    version::MobileConnectVersion as Version,
};
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::{
    AuthServer,
    check::{offered_versions, scope_may_be_named, version_knows},
    pushed,
};

/// The route. The document does not change while the process runs.
pub(crate) fn route(server: &AuthServer) -> MethodRouter<Arc<AuthServer>> {
    // Texts, lists and switches always serialise.
    let document = serde_json::to_string(&metadata(server)).unwrap_or_default();
    get(async move || {
        let mut response = ([(CONTENT_TYPE, "application/json")], document).into_response();
        public_for_ten_minutes(response.headers_mut());
        response
    })
}

fn metadata(server: &AuthServer) -> ProviderMetadata {
    let at = |path: &str| format!("{}{path}", server.settings.issuer);
    let signing = signing_algorithms(server);
    let by_clients = names(SignatureAlgorithm::ALL, SignatureAlgorithm::as_str);
    ProviderMetadata {
        issuer: server.settings.issuer.to_string(),
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        jwks_uri: at("/jwks"),
        userinfo_endpoint: Some(at("/userinfo")),
        premiuminfo_endpoint: Some(at("/premiuminfo")),
        revocation_endpoint: Some(at("/revoke")),
        introspection_endpoint: Some(at("/introspect")),
        pushed_authorization_request_endpoint: Some(at(pushed::PATH)),
        end_session_endpoint: Some(at("/logout")),
        scopes_supported: served(server).map(|entry| entry.scope.to_owned()).collect(),
        response_types_supported: list(&["code"]),
        response_modes_supported: list(&["query", "form_post"]),
        grant_types_supported: names(GrantType::ALL, GrantType::as_str),
        acr_values_supported: reachable_levels(server),
        subject_types_supported: list(&["pairwise"]),
        id_token_signing_alg_values_supported: signing.clone(),
        userinfo_signing_alg_values_supported: signing.clone(),
        userinfo_encryption_alg_values_supported: names(
            KeyManagementAlgorithm::ALL,
            KeyManagementAlgorithm::as_str,
        ),
        userinfo_encryption_enc_values_supported: names(
            ContentEncryption::ALL,
            ContentEncryption::as_str,
        ),
        introspection_signing_alg_values_supported: signing,
        token_endpoint_auth_methods_supported: list(CLIENT_AUTHENTICATION),
        revocation_endpoint_auth_methods_supported: list(CLIENT_AUTHENTICATION),
        introspection_endpoint_auth_methods_supported: list(BY_PROOF),
        token_endpoint_auth_signing_alg_values_supported: by_clients.clone(),
        revocation_endpoint_auth_signing_alg_values_supported: by_clients.clone(),
        introspection_endpoint_auth_signing_alg_values_supported: by_clients.clone(),
        request_parameter_supported: true,
        request_object_signing_alg_values_supported: by_clients,
        code_challenge_methods_supported: list(&["S256"]),
        display_values_supported: list(&["page", "popup", "touch", "wap"]),
        prompt_values_supported: list(PROMPTS),
        claim_types_supported: list(&["normal"]),
        // An essential `acr` is a demand; all else that it can ask is voluntary (OpenID Connect Core
        // §5.5). For Mobile Connect levels are asked by `acr_values` alone.
        claims_parameter_supported: true,
        mc_claims_parameter_supported: true,
        mc_hash_algs_supported: list(&["SHA-256"]),
        claims_supported: claims(),
        ui_locales_supported: Language::ALL.map(|language| language.tag().to_owned()).to_vec(),
        authorization_response_iss_parameter_supported: true,
        mc_version: versions(server).map(|version| version.as_str().to_owned()).collect(),
        mobile_connect_version_supported: scope_versions(server),
        mc_di_scopes_supported: mobile_connect_scopes(server).map(str::to_owned).collect(),
        mc_amr_values_supported: amr_values(server),
        login_hint_methods_supported: list(LOGIN_HINTS),
        login_hint_types_supported: list(LOGIN_HINTS),
        ..ProviderMetadata::default()
    }
}

/// Values of `prompt` that every client may send; `no_seam` is Mobile Connect's (mobile-connect §2.3).
const PROMPTS: &[&str] = &["none", "login", "consent", "select_account", "no_seam"];

/// Tags of `login_hint` (mobile-connect §2.4).
const LOGIN_HINTS: &[&str] = &["MSISDN", "ENCR_MSISDN", "PCR"];

/// How clients prove themselves, and that those who cannot keep a secret just name themselves.
const CLIENT_AUTHENTICATION: &[&str] =
    &["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

/// Tokens are looked into by those who can prove themselves (T-058).
const BY_PROOF: &[&str] = &["client_secret_basic", "client_secret_post", "private_key_jwt"];

/// Claims of ID Tokens; the catalogue has the others.
#[rustfmt::skip]
const ID_TOKEN_CLAIMS: &[&str] = &[
    "sub", "iss", "aud", "azp", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr",
    "hashed_login_hint", "displayed_data",
];

/// Levels that some authenticator can reach, whether or not it works at the moment.
fn reachable_levels(server: &AuthServer) -> Vec<String> {
    let highest = server.settings.authenticators.iter().map(|wired| wired.ceiling).max();
    [Loa::One, Loa::Two, Loa::Three, Loa::Four]
        .into_iter()
        .filter(|&level| highest.is_some_and(|highest| level <= highest))
        .map(|level| level.to_string())
        .collect()
}

/// The methods of the authenticators, each once.
fn amr_values(server: &AuthServer) -> Vec<String> {
    let mut values = Vec::new();
    for amr in server.settings.mc_amr_values().map(ToString::to_string) {
        if !values.contains(&amr) {
            values.push(amr);
        }
    }
    values
}

/// The algorithms of the keys that are published.
fn signing_algorithms(server: &AuthServer) -> Vec<String> {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<Key>,
    }
    #[derive(Deserialize)]
    struct Key {
        alg: String,
    }
    let keys = serde_json::from_str::<Keys>(&server.signer.public_keys());
    let mut algorithms = Vec::new();
    for Key { alg } in keys.map_or_else(|_| Vec::new(), |keys| keys.keys) {
        if !algorithms.contains(&alg) {
            algorithms.push(alg);
        }
    }
    algorithms
}

fn claims() -> Vec<String> {
    let mut claims = list(ID_TOKEN_CLAIMS);
    for &claim in CATALOG.iter().flat_map(|entry| entry.claims) {
        if !claims.iter().any(|known| known == claim) {
            claims.push(claim.to_owned());
        }
    }
    claims
}

/// What the catalogue has, requests may name, and some authenticator is good enough for.
fn served(server: &AuthServer) -> impl Iterator<Item = &'static ScopeEntry> {
    let offers_di_3_0 = server.settings.rules.offers_di_3_0;
    CATALOG
        .iter()
        .filter(|entry| server.settings.serves(entry))
        .filter(move |entry| scope_may_be_named(entry.scope, offers_di_3_0))
}

/// `openid` and the scopes of Mobile Connect that users grant.
fn mobile_connect_scopes(server: &AuthServer) -> impl Iterator<Item = &'static str> {
    let scopes = served(server).filter(|entry| !entry.is_without_user()).map(|entry| entry.scope);
    scopes.filter(|scope| *scope == "openid" || scope.starts_with("mc_"))
}

/// The versions of Mobile Connect that a request may name.
fn versions(server: &AuthServer) -> impl Iterator<Item = Version> {
    offered_versions(server.settings.rules.offers_di_3_0)
}

/// Which products belong to which version (mobile-connect §2.9).
fn scope_versions(server: &AuthServer) -> Vec<ScopeVersion> {
    let mut pairs = Vec::new();
    for version in versions(server) {
        for scope in mobile_connect_scopes(server).filter(|scope| version_knows(version, scope)) {
            let scope = match scope {
                "openid" if version == Version::V1_1 => "openid".to_owned(),
                "openid" => continue,
                product => format!("openid {product}"),
            };
            pairs.push(ScopeVersion { scope, version: version.as_str().to_owned() });
        }
    }
    pairs
}

/// The wire names of all values of a kind.
fn names<T, const N: usize>(all: [T; N], name: fn(T) -> &'static str) -> Vec<String> {
    all.map(|value| name(value).to_owned()).to_vec()
}

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}
