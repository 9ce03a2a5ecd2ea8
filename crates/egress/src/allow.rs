//! Places that the operator has named: they may be private, and may be asked without TLS.

use std::{net::IpAddr, str::FromStr};

use fiador_kernel::Network;
use url::Host;

use crate::target::Target;

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
        self.0.iter().any(|place| place.is(target, address))
    }
}

/// One entry: `localhost`, `localhost:9000`, `10.0.0.0/8`, `10.1.2.3:9000`, `fd00::/8` or
/// `[fd00::1]:9000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedPlace {
    host: AllowedHost,
    /// One port, or all.
    port: Option<u16>,
}

/// The text is no entry of an allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write a host (`localhost`), an address or a network (`10.0.0.0/8`), each with or without a port"
)]
pub struct AllowedPlaceError;

#[derive(Clone, Debug, PartialEq, Eq)]
enum AllowedHost {
    /// Every address in it, whatever name leads there.
    Network(Network),
    /// A name as it stands in URLs, in lower case, wherever it leads: it is trusted to resolve well.
    Name(String),
}

impl AllowedPlace {
    fn is(&self, target: &Target, address: IpAddr) -> bool {
        let is_host = match &self.host {
            AllowedHost::Network(network) => network.contains(address),
            AllowedHost::Name(name) => matches!(&target.host, Host::Domain(host) if host == name),
        };
        is_host && self.port.is_none_or(|port| port == target.port)
    }
}

impl FromStr for AllowedPlace {
    type Err = AllowedPlaceError;

    fn from_str(text: &str) -> Result<Self, AllowedPlaceError> {
        // An IPv6 address without brackets is all colons and has no port.
        if let Ok(network) = text.parse() {
            return Ok(Self { host: AllowedHost::Network(network), port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !text.ends_with(']') => (host, Some(self::port(port)?)),
            _ => (text, None),
        };
        Ok(Self { host: host.parse()?, port })
    }
}

impl FromStr for AllowedHost {
    type Err = AllowedPlaceError;

    fn from_str(text: &str) -> Result<Self, AllowedPlaceError> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Ok(network) = bare.unwrap_or(text).parse() {
            return Ok(Self::Network(network));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) if name.bytes().all(is_of_name) => Ok(Self::Name(name)),
            _ => Err(AllowedPlaceError),
        }
    }
}

/// `Host` also takes characters such as `*`, which would look like a pattern here.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

fn port(text: &str) -> Result<u16, AllowedPlaceError> {
    // `parse` alone would take a sign.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).ok_or(AllowedPlaceError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(place: &str, url: &str, address: &str) -> bool {
        let list = AllowList::new(vec![place.parse().unwrap()]);
        list.names(&Target::parse(url).unwrap(), address.parse().unwrap())
    }

    #[test]
    fn a_name_is_allowed_with_one_port_or_all() {
        assert!(names("localhost", "http://localhost:9000/", "127.0.0.1"));
        assert!(names("LocalHost:9000", "http://LOCALHOST:9000/", "::1"));
        assert!(!names("localhost:9000", "http://localhost:9001/", "127.0.0.1"));
        assert!(!names("localhost", "http://localhost.example/", "127.0.0.1"));
    }

    #[test]
    fn a_network_is_allowed_whatever_name_leads_there() {
        assert!(names("10.0.0.0/8", "https://inside.example/", "10.9.9.9"));
        assert!(names("10.0.0.0/8:443", "https://inside.example/", "10.9.9.9"));
        assert!(names("10.1.2.3:80", "http://inside.example/", "10.1.2.3"));
        assert!(names("fd00::/8", "http://[fd00::1]/", "fd00::1"));
        assert!(names("[fd00::1]", "http://[fd00:0::1]/", "fd00::1"));
        assert!(names("[fd00::1]:443", "https://inside.example/", "fd00::1"));
        assert!(!names("10.0.0.0/8:443", "http://inside.example/", "10.9.9.9"));
        assert!(!names("10.0.0.0/8", "https://inside.example/", "11.0.0.1"));
        assert!(!names("10.0.0.0/8", "https://inside.example/", "::ffff:10.9.9.9"));
        assert!(!names("[fd00::1]:443", "https://inside.example/", "fd00::2"));
    }

    #[test]
    fn other_text_is_no_place() {
        for text in [
            "",
            ":",
            ":80",
            "[]",
            "[10.0.0.1",
            "localhost:",
            "localhost:+1",
            "localhost:65536",
            "a b",
            "*.example",
            "http://a",
            "10.0.0.0/33",
            "10.1",
            "0x7f.1:80",
        ] {
            assert_eq!(text.parse::<AllowedPlace>(), Err(AllowedPlaceError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_place_or_an_error(text in "[0-9a-f.:/\\[\\]]{0,24}|.{0,24}") {
            let _ = text.parse::<AllowedPlace>();
        }
    }
}
