//! `sector_identifier_uri`: where the redirect URIs of one sector are listed (OpenID Connect Core
//! §8.1).

use fiador_jose::strict_json;
use fiador_ports::{Fetch, FetchError, FetchRequest};
use url::Url;

/// Redirect URIs that a list may hold.
const MAX_LISTED: usize = 256;

/// Why a `sector_identifier_uri` cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectorIdentifierError {
    /// Not an https URL with a host name.
    #[error("sector_identifier_uri is no https URL")]
    NotHttps,
    /// Not answered.
    #[error("sector_identifier_uri: {0}")]
    Fetch(#[from] FetchError),
    /// Another status than 200.
    #[error("sector_identifier_uri answers with status {0}")]
    Status(u16),
    /// Another content type.
    #[error("sector_identifier_uri answers with another content type than application/json")]
    ContentType,
    /// Not a JSON array of at most 256 texts.
    #[error("sector_identifier_uri is no JSON array of at most 256 URIs")]
    Malformed,
    /// A redirect URI of the client that is not in the list.
    #[error("sector_identifier_uri does not list the redirect URI {0}")]
    NotListed(String),
}

/// Reads the list behind `uri`, and finds every one of `redirect_uris` in it, byte for byte. Gives
/// back the sector: the host of `uri`.
///
/// With `allows_http` the URL may be plain http, where the client allows that too.
pub async fn check_sector_identifier(
    fetch: &dyn Fetch,
    uri: &str,
    redirect_uris: &[String],
    allows_http: bool,
) -> Result<String, SectorIdentifierError> {
    let url = Url::parse(uri).map_err(|_| SectorIdentifierError::NotHttps)?;
    let is_secure = url.scheme() == "https" || (allows_http && url.scheme() == "http");
    let host = url.host_str().filter(|_| is_secure).ok_or(SectorIdentifierError::NotHttps)?;

    let request = FetchRequest::get(uri).header("accept", "application/json");
    let answer = fetch.fetch(request).await?;
    if answer.status != 200 {
        return Err(SectorIdentifierError::Status(answer.status));
    }
    if !answer.is_of_type("application/json") {
        return Err(SectorIdentifierError::ContentType);
    }
    let listed: Vec<String> = strict_json::from_slice(&answer.body)
        .ok()
        .filter(|listed: &Vec<String>| listed.len() <= MAX_LISTED)
        .ok_or(SectorIdentifierError::Malformed)?;
    match redirect_uris.iter().find(|uri| !listed.contains(uri)) {
        None => Ok(host.to_owned()),
        Some(missing) => Err(SectorIdentifierError::NotListed(missing.clone())),
    }
}
