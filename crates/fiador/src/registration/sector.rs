//! Which applications share a pseudonym (OpenID Connect Core §8.1).

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use fiador_kernel::SectorId;
use url::{Host, Url};

use super::keys::address;
use crate::config::ClientSection;

/// Longest sector, in characters: it is part of every token, and tokens stay below 1 KiB.
const MAX_SECTOR: usize = 128;

/// The sector that is named, the host of its `sector_identifier_uri`, or the one host of all
/// redirect URIs. An application that is only ever on the machine of its user is a sector of its own.
pub fn sector(section: &ClientSection) -> anyhow::Result<SectorId> {
    let name = match (&section.sector, &section.sector_identifier_uri) {
        (Some(_), Some(_)) => {
            bail!("sector and sector_identifier_uri are given; keep one of them")
        }
        (Some(name), None) => name.clone(),
        (None, Some(uri)) => named_host(&address(uri).context("sector_identifier_uri")?)?,
        (None, None) => match only_host(&section.redirect_uris)? {
            Owner::Site(host) => host,
            Owner::User => section.client_id.clone(),
        },
    };
    ensure!(name.len() <= MAX_SECTOR, "the sector is longer than {MAX_SECTOR} characters");
    Ok(SectorId::new(&name)?)
}

/// Whose machine a redirect URI leads to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// That of a site, which alone decides who answers there.
    Site(String),
    /// The user's own, whatever runs there: the applications of everybody have it in common, so it
    /// makes none of them relatives (RFC 8252 §7.3).
    User,
}

fn only_host(uris: &[String]) -> anyhow::Result<Owner> {
    let mut owners = BTreeSet::new();
    for uri in uris {
        let url = Url::parse(uri)?;
        owners.insert(if is_loopback(&url) { Owner::User } else { Owner::Site(named_host(uri)?) });
    }
    match owners.pop_first() {
        Some(owner) if owners.is_empty() => Ok(owner),
        _ => bail!("the redirect URIs have several hosts; set `sector` (OpenID Connect Core §8.1)"),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host().filter(|_| matches!(url.scheme(), "https" | "http"));
    match host {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            // RFC 6761 §6.3: whatever ends so.
            let last = name.rsplit('.').next().unwrap_or_default();
            last.eq_ignore_ascii_case("localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

fn named_host(uri: &str) -> anyhow::Result<String> {
    let url = Url::parse(uri)?;
    // The host of another scheme names nothing that anybody owns.
    let host = url.host_str().filter(|_| matches!(url.scheme(), "https" | "http"));
    host.map(str::to_owned).with_context(|| format!("{uri} has no host; set `sector`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(uris: &[&str]) -> Option<Owner> {
        only_host(&uris.iter().map(|&uri| uri.to_owned()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn the_default_sector_is_the_one_host_without_port() {
        let uris = ["https://shop.example:8443/cb", "https://shop.example/other"];
        assert_eq!(owner(&uris), Some(Owner::Site("shop.example".to_owned())));
        assert_eq!(owner(&["https://shop.example/cb", "https://other.example/cb"]), None);
        assert_eq!(owner(&["com.example.app:/cb"]), None);
        assert_eq!(owner(&["com.example.app://callback"]), None);
    }

    #[test]
    fn every_spelling_of_the_machine_of_the_user_is_nobodys_site_t_067() {
        let loopback = [
            "http://127.0.0.1/cb",
            "http://127.8.7.6:9000/cb",
            "http://[::1]/cb",
            "http://[::ffff:127.0.0.1]/cb",
            "https://localhost:8443/cb",
            "http://LOCALHOST./cb",
            "http://app.localhost/cb",
        ];
        for uri in loopback {
            assert_eq!(owner(&[uri]), Some(Owner::User), "{uri}");
            assert_eq!(owner(&[uri, "https://shop.example/cb"]), None, "{uri}");
        }
        assert_eq!(owner(&loopback), Some(Owner::User));
        let site = owner(&["https://localhost.example/cb"]);
        assert_eq!(site, Some(Owner::Site("localhost.example".to_owned())));
    }
}
