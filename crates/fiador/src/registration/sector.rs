//! Which applications share a pseudonym (OpenID Connect Core §8.1).

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use fiador_kernel::SectorId;
use url::Url;

use super::keys::address;
use crate::config::ClientSection;

/// Longest sector, in characters: it is part of every token, and tokens stay below 1 KiB.
const MAX_SECTOR: usize = 128;

/// The sector that is named, the host of its `sector_identifier_uri`, or the one host of all
/// redirect URIs.
pub fn sector(section: &ClientSection) -> anyhow::Result<SectorId> {
    let name = match (&section.sector, &section.sector_identifier_uri) {
        (Some(_), Some(_)) => {
            bail!("sector and sector_identifier_uri are given; keep one of them")
        }
        (Some(name), None) => name.clone(),
        (None, Some(uri)) => host_of(&address(uri).context("sector_identifier_uri")?)?,
        (None, None) => only_host(&section.redirect_uris)?,
    };
    ensure!(name.len() <= MAX_SECTOR, "the sector is longer than {MAX_SECTOR} characters");
    Ok(SectorId::new(&name)?)
}

fn only_host(uris: &[String]) -> anyhow::Result<String> {
    let mut hosts = BTreeSet::new();
    for uri in uris {
        hosts.insert(host_of(uri)?);
    }
    match hosts.pop_first() {
        Some(host) if hosts.is_empty() => Ok(host),
        _ => bail!("the redirect URIs have several hosts; set `sector` (OpenID Connect Core §8.1)"),
    }
}

fn host_of(uri: &str) -> anyhow::Result<String> {
    let url = Url::parse(uri)?;
    // The host of another scheme names nothing that anybody owns.
    let host = url.host_str().filter(|_| matches!(url.scheme(), "https" | "http"));
    host.map(str::to_owned).with_context(|| format!("{uri} has no host; set `sector`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uris: &[&str]) -> Option<String> {
        only_host(&uris.iter().map(|&uri| uri.to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn the_default_sector_is_the_one_host_without_port() {
        let uris = ["https://shop.example:8443/cb", "https://shop.example/other"];
        assert_eq!(host(&uris).as_deref(), Some("shop.example"));
        assert_eq!(host(&["https://shop.example/cb", "https://other.example/cb"]), None);
        assert_eq!(host(&["com.example.app:/cb"]), None);
        assert_eq!(host(&["com.example.app://callback"]), None);
    }
}
