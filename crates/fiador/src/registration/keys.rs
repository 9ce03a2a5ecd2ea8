//! The public keys of a client (OpenID Connect Registration §2).

use anyhow::{Context as _, ensure};
use fiador_domain::client::{ClientKeySource, TokenEndpointAuthMethod};
use fiador_jose::JwkSet;
use url::Url;

use crate::config::ClientSection;

/// Longest `jwks_uri`, in bytes.
const MAX_URI: usize = 2048;

/// Where the keys come from; there must be some when something needs them.
pub fn key_source(
    section: &ClientSection,
    method: TokenEndpointAuthMethod,
) -> anyhow::Result<ClientKeySource> {
    let source = match (&section.jwks, &section.jwks_uri) {
        (Some(_), Some(_)) => anyhow::bail!("jwks and jwks_uri are given; keep one of them"),
        (Some(set), None) => ClientKeySource::Inline(readable(set)?),
        (None, Some(uri)) => ClientKeySource::Uri(address(uri).context("jwks_uri")?),
        (None, None) => ClientKeySource::None,
    };
    let has_keys = source != ClientKeySource::None;
    let needs = [
        ("private_key_jwt", method == TokenEndpointAuthMethod::PrivateKeyJwt),
        ("request_object_signing_alg", section.request_object_signing_alg.is_some()),
        ("userinfo_encrypted_response_alg", section.userinfo_encrypted_response_alg.is_some()),
    ];
    for (what, is_asked_for) in needs {
        ensure!(has_keys || !is_asked_for, "{what} needs jwks or jwks_uri");
    }
    Ok(source)
}

/// An address that the gateway fetches from; plain http is a matter of `config::refusals`.
pub fn address(uri: &str) -> anyhow::Result<String> {
    ensure!(uri.len() <= MAX_URI, "{uri} is longer than {MAX_URI} bytes");
    let url = Url::parse(uri).with_context(|| format!("{uri} is not a URL"))?;
    ensure!(matches!(url.scheme(), "https" | "http"), "{uri} is not an https address");
    ensure!(url.username().is_empty() && url.password().is_none(), "{uri} has user information");
    ensure!(url.fragment().is_none(), "{uri} has a fragment");
    Ok(uri.to_owned())
}

fn readable(set: &str) -> anyhow::Result<String> {
    let keys = JwkSet::parse(set.as_bytes()).context("jwks")?.keys;
    ensure!(
        !keys.is_empty(),
        "jwks has no usable key: RSA of 2048 bits or more, or EC on P-256, public part only"
    );
    Ok(set.to_owned())
}
