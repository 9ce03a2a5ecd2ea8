//! Places that the operator has named: they may be private, and may be asked without TLS.

use std::{net::IpAddr, str::FromStr};

use url::Host;

use crate::{Network, target::Target};

/// The named exceptions from "public addresses, https only" (`egress.allow`, T-081).
#[derive(Clone, Debug, Default)]
pub struct AllowList(Vec<AllowedPlace>);

impl AllowList {
    /// These places; without any, only public addresses are asked.
    pub fn new(places: Vec<AllowedPlace>) -> Self {
        Self(places)
    }

    /// Whether the operator has named what `target` asks, now that its host is at `address`.
    pub(crate) fn names(&self, target: &Target, address: IpAddr) -> bool {
        self.0.iter().any(|place| match place {
            AllowedPlace::Network(network) => network.contains(address),
            AllowedPlace::Host { host, port } => {
                *host == target.host && port.is_none_or(|port| port == target.port)
            }
        })
    }
}

/// One entry: `localhost`, `localhost:9000`, `10.1.2.3:9000`, `[fd00::1]:9000`, `10.0.0.0/8` or
/// `fd00::/8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedPlace {
    /// Every address in it, whatever host leads there.
    Network(Network),
    /// A host as it stands in URLs, wherever it is. Its name is trusted to resolve well.
    Host {
        /// Lower-case name without trailing dot, or address.
        host: Host<String>,
        /// One port, or all.
        port: Option<u16>,
    },
}

/// The text is no entry of an allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write a host (`localhost`), a host with its port (`localhost:9000`) or a network (`10.0.0.0/8`)"
)]
pub struct AllowedPlaceError;

impl FromStr for AllowedPlace {
    type Err = AllowedPlaceError;

    fn from_str(text: &str) -> Result<Self, AllowedPlaceError> {
        if let Ok(network) = text.parse() {
            return Ok(Self::Network(network));
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
            _ => (text, None),
        };
        let port = match port {
            None => None,
            // `parse` alone would take a sign.
            Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => {
                Some(port.parse().map_err(|_| AllowedPlaceError)?)
            }
            Some(_) => return Err(AllowedPlaceError),
        };
        let host = Host::parse(host).map_err(|_| AllowedPlaceError)?;
        Ok(Self::Host { host, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(place: &str, url: &str, address: &str) -> bool {
        let list = AllowList::new(vec![place.parse().unwrap()]);
        list.names(&Target::parse(url).unwrap(), address.parse().unwrap())
    }

    #[test]
    fn a_host_is_named_with_one_port_or_all() {
        assert!(names("localhost", "http://localhost:9000/", "127.0.0.1"));
        assert!(names("localhost:9000", "http://LOCALHOST:9000/", "::1"));
        assert!(names("[fd00::1]:443", "https://[fd00:0::1]/", "fd00::1"));
        assert!(names("10.1.2.3:80", "http://10.1.2.3/", "10.1.2.3"));
        assert!(!names("localhost:9000", "http://localhost:9001/", "127.0.0.1"));
        assert!(!names("localhost", "http://localhost.example/", "127.0.0.1"));
    }

    #[test]
    fn a_network_is_named_whatever_host_leads_there() {
        assert!(names("10.0.0.0/8", "https://inside.example/", "10.9.9.9"));
        assert!(!names("10.0.0.0/8", "https://inside.example/", "11.0.0.1"));
        assert!(!names("10.0.0.0/8", "https://inside.example/", "::ffff:10.9.9.9"));
    }

    #[test]
    fn other_text_is_no_place() {
        for text in [
            "",
            ":",
            ":80",
            "localhost:",
            "localhost:+1",
            "localhost:65536",
            "a b",
            "http://a",
            "10.0.0.0/33",
        ] {
            assert_eq!(text.parse::<AllowedPlace>(), Err(AllowedPlaceError), "{text}");
        }
    }
}
