//! `GET /.well-known/openid-configuration`: exactly what is enabled (OpenID Connect Discovery §3,
//! mobile-connect §2.10, T-062).

use std::sync::Arc;

use axum::{
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use fiador_domain::{
    catalog::CATALOG,
    routing::{Need, Unserved},
};
use fiador_http_kit::public_for_ten_minutes;
use fiador_kernel::{Language, Loa};
use fiador_wire_oauth::provider_metadata::{ProviderMetadata, ScopeVersion};
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::{AuthServer, check::OFFERED_VERSIONS};

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
    ProviderMetadata {
        issuer: server.settings.issuer.clone(),
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        jwks_uri: at("/jwks"),
        userinfo_endpoint: Some(at("/userinfo")),
        premiuminfo_endpoint: Some(at("/premiuminfo")),
        revocation_endpoint: Some(at("/revoke")),
        introspection_endpoint: Some(at("/introspect")),
        end_session_endpoint: Some(at("/logout")),
        scopes_supported: CATALOG.iter().map(|entry| entry.scope.to_owned()).collect(),
        response_types_supported: list(&["code"]),
        response_modes_supported: list(&["query", "form_post"]),
        grant_types_supported: list(&["authorization_code"]),
        acr_values_supported: reachable_levels(server),
        subject_types_supported: list(&["pairwise"]),
        id_token_signing_alg_values_supported: signing_algorithms(server),
        token_endpoint_auth_methods_supported: list(CLIENT_AUTHENTICATION),
        revocation_endpoint_auth_methods_supported: list(CLIENT_AUTHENTICATION),
        introspection_endpoint_auth_methods_supported: list(BY_SECRET),
        code_challenge_methods_supported: list(&["S256"]),
        display_values_supported: list(&["page", "popup", "touch", "wap"]),
        prompt_values_supported: list(&["none", "login", "consent", "select_account", "no_seam"]),
        claim_types_supported: list(&["normal"]),
        // An essential `acr` is a demand; all else that it can ask is voluntary (OpenID Connect Core
        // §5.5). For Mobile Connect levels are asked by `acr_values` alone.
        claims_parameter_supported: true,
        claims_supported: claims(),
        ui_locales_supported: Language::ALL.map(|language| language.tag().to_owned()).to_vec(),
        authorization_response_iss_parameter_supported: true,
        mc_version: OFFERED_VERSIONS.map(|version| version.as_str().to_owned()).to_vec(),
        mobile_connect_version_supported: scope_versions(),
        mc_di_scopes_supported: mobile_connect_scopes().map(str::to_owned).collect(),
        mc_amr_values_supported: {
            server.settings.mc_amr_values.iter().map(ToString::to_string).collect()
        },
        login_hint_methods_supported: list(&["MSISDN", "PCR"]),
        login_hint_types_supported: list(&["MSISDN", "PCR"]),
        ..ProviderMetadata::default()
    }
}

/// How clients with a secret prove themselves, and that clients without one just name themselves.
const CLIENT_AUTHENTICATION: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

/// Tokens are looked into by those who can keep a secret (T-058).
const BY_SECRET: &[&str] = &["client_secret_basic", "client_secret_post"];

/// Claims of ID Tokens; the catalogue has the others.
#[rustfmt::skip]
const ID_TOKEN_CLAIMS: &[&str] = &[
    "sub", "iss", "aud", "azp", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr",
    "hashed_login_hint", "displayed_data",
];

/// Levels that some authenticator can reach, whether or not it works at the moment.
fn reachable_levels(server: &AuthServer) -> Vec<String> {
    [Loa::One, Loa::Two, Loa::Three, Loa::Four]
        .into_iter()
        .filter(|&level| {
            let plan = server.router.plan(Need { levels: &[level], voluntary: false });
            !matches!(plan, Err(Unserved::LevelUnreachable))
        })
        .map(|level| level.to_string())
        .collect()
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

/// `openid` and the scopes of Mobile Connect.
fn mobile_connect_scopes() -> impl Iterator<Item = &'static str> {
    let scopes = CATALOG.iter().map(|entry| entry.scope);
    scopes.filter(|scope| *scope == "openid" || scope.starts_with("mc_"))
}

/// Which products belong to which version (mobile-connect §2.9).
fn scope_versions() -> Vec<ScopeVersion> {
    let mut pairs = Vec::new();
    for version in OFFERED_VERSIONS.map(fiador_wire_oauth::version::MobileConnectVersion::as_str) {
        let first = version == OFFERED_VERSIONS[0].as_str();
        for scope in mobile_connect_scopes() {
            let scope = match scope {
                "openid" if first => "openid".to_owned(),
                "mc_authn" => "openid mc_authn".to_owned(),
                "openid" => continue,
                _ if first => continue,
                later => format!("openid {later}"),
            };
            pairs.push(ScopeVersion { scope, version: version.to_owned() });
        }
    }
    pairs
}

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}
