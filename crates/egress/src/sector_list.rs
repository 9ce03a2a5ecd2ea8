//! The list behind a `sector_identifier_uri` (OpenID Connect Core §8.1, Registration §5).

use fiador_domain::client::Client;
use fiador_jose::strict_json;
use fiador_ports::{Fetch, FetchError, FetchRequest};

/// Redirect URIs that a list may hold.
const MAX_LISTED: usize = 256;

/// Why a sector is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SectorListError {
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
    NotAList,
    /// A redirect URI of the client that is not in the list.
    #[error("the list at sector_identifier_uri lacks the redirect URI {0}")]
    NotListed(String),
}

/// Whether the owner of the sector knows the client: the list holds each of its redirect URIs,
/// byte for byte. A client without `sector_identifier_uri` has a sector of its own hosts.
pub async fn check_sector_list(fetch: &dyn Fetch, client: &Client) -> Result<(), SectorListError> {
    let Some(uri) = &client.sector_identifier_uri else { return Ok(()) };
    let request = FetchRequest::get(uri.as_str()).header("accept", "application/json");
    let answer = fetch.fetch(request).await?;
    if answer.status != 200 {
        return Err(SectorListError::Status(answer.status));
    }
    if !answer.is_of_type("application/json") {
        return Err(SectorListError::ContentType);
    }
    let listed: Vec<String> = strict_json::from_slice(&answer.body)
        .ok()
        .filter(|listed: &Vec<String>| listed.len() <= MAX_LISTED)
        .ok_or(SectorListError::NotAList)?;
    match client.redirect_uris.iter().find(|uri| !listed.contains(uri)) {
        None => Ok(()),
        Some(missing) => Err(SectorListError::NotListed(missing.clone())),
    }
}
