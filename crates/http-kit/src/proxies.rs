//! Which proxies may say whose request it is (T-005).

use std::net::{IpAddr, SocketAddr};

use fiador_kernel::Network;
use http::{HeaderMap, HeaderName, header::FORWARDED};

use crate::{ClientAddress, ClientCountry};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Proxies in a chain that are looked at, from ours outwards.
const MAX_HOPS: usize = 16;

/// The header in which the trusted proxies write the chain. One, by configuration: a client can
/// send the other one, and the proxy would pass it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardingHeader {
    /// `X-Forwarded-For: client, proxy`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=client, for=proxy` (RFC 7239).
    Forwarded,
}

/// The networks of the operator's own proxies and the header they write.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    header: ForwardingHeader,
    country_header: Option<HeaderName>,
}

impl TrustedProxies {
    /// Nobody: forwarding headers are dropped.
    pub fn none() -> Self {
        Self::default()
    }

    /// Proxies inside `networks` that write `header`.
    pub fn new(networks: Vec<Network>, header: ForwardingHeader) -> Self {
        Self { networks, header, country_header: None }
    }

    /// The proxies also write the country of the client into this header (ISO 3166-1 alpha-2). They
    /// must replace or remove what the client sent under this name.
    #[must_use]
    pub fn country_header(mut self, name: HeaderName) -> Self {
        self.country_header = Some(name);
        self
    }

    /// Whose request it is. Headers that only a trusted proxy may write are removed when somebody else
    /// sent them, so that nothing further in can believe them.
    pub fn client_address(&self, peer: SocketAddr, headers: &mut HeaderMap) -> ClientAddress {
        let peer = peer.ip().to_canonical();
        if !self.include(peer) {
            drop_forwarding(headers);
            return ClientAddress::new(peer);
        }
        let hops = match self.header {
            ForwardingHeader::XForwardedFor => hops(headers, &X_FORWARDED_FOR, x_forwarded_for),
            ForwardingHeader::Forwarded => hops(headers, &FORWARDED, forwarded_for),
        };
        // The nearest hop is the last one. The first that is not ours is the client; what stands
        // before it, the client may have invented. An unreadable hop hides its predecessors.
        let mut client = peer;
        for hop in hops {
            let Some(address) = hop else { break };
            client = address;
            if !self.include(address) {
                break;
            }
        }
        ClientAddress::new(client)
    }

    /// Which country a trusted proxy says the request comes from. The header is removed either way:
    /// what is further in reads the [`ClientCountry`] that belongs to the request.
    pub fn client_country(
        &self,
        peer: SocketAddr,
        headers: &mut HeaderMap,
    ) -> Option<ClientCountry> {
        let name = self.country_header.as_ref()?;
        let country = ClientCountry::read(headers, name);
        headers.remove(name);
        country.filter(|_| self.include(peer.ip().to_canonical()))
    }

    /// `address` is canonical: no IPv4 inside IPv6.
    fn include(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }
}

/// The hops of all lines of the header, nearest first, at most [`MAX_HOPS`].
fn hops(
    headers: &HeaderMap,
    name: &HeaderName,
    read: fn(&str) -> Option<IpAddr>,
) -> Vec<Option<IpAddr>> {
    headers
        .get_all(name)
        .iter()
        .rev_lines()
        .flat_map(|line| line.rsplit(','))
        .take(MAX_HOPS)
        .map(|hop| read(hop.trim()))
        .collect()
}

/// Lines in reverse order; one that is no text reads as an unreadable hop.
trait ReverseLines<'a> {
    fn rev_lines(self) -> impl Iterator<Item = &'a str>;
}

impl<'a, I: DoubleEndedIterator<Item = &'a http::HeaderValue>> ReverseLines<'a> for I {
    fn rev_lines(self) -> impl Iterator<Item = &'a str> {
        self.rev().map(|line| line.to_str().unwrap_or_default())
    }
}

fn x_forwarded_for(hop: &str) -> Option<IpAddr> {
    address(hop)
}

/// `for=192.0.2.1`, `For="[2001:db8::1]:4711"`; `unknown` and `_hidden` give nothing.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let node = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    })?;
    address(node.trim().trim_matches('"'))
}

/// An address with or without port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(socket.ip().to_canonical());
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    inner.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

/// Headers by which proxies speak for others. Most requests have none, so they are looked for
/// before anything is removed.
fn drop_forwarding(headers: &mut HeaderMap) {
    let speaks_for_others = |name: &HeaderName| {
        let name = name.as_str();
        name == "forwarded"
            || name == "via"
            || name == "x-real-ip"
            || name.starts_with("x-forwarded-")
            || name.starts_with("client-cert")
            || name.starts_with("x-client-cert")
            || name.starts_with("x-ssl-client")
    };
    let found: Vec<HeaderName> =
        headers.keys().filter(|name| speaks_for_others(name)).cloned().collect();
    for name in found {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours() -> Vec<Network> {
        vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]
    }

    fn seen(proxies: &TrustedProxies, peer: &str, lines: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 4000);
        proxies.client_address(peer, &mut headers).ip().to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_he_is() {
        // T-005
        let proxies = TrustedProxies::new(ours(), ForwardingHeader::XForwardedFor);
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.1".parse().unwrap());
        headers.insert("forwarded", "for=203.0.113.1".parse().unwrap());
        headers.insert("client-cert", ":MIIB:".parse().unwrap());
        headers.insert("accept", "*/*".parse().unwrap());
        let client = proxies.client_address("198.51.100.9:1".parse().unwrap(), &mut headers);
        assert_eq!(client.ip().to_string(), "198.51.100.9");
        assert_eq!(headers.len(), 1, "{headers:?}");
    }

    #[test]
    fn only_a_trusted_proxy_says_the_country() {
        // T-005
        let name = HeaderName::from_static("cf-ipcountry");
        let proxies = TrustedProxies::new(ours(), ForwardingHeader::default());
        let country = |proxies: &TrustedProxies, peer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(&name, "ES".parse().unwrap());
            let country = proxies.client_country(peer.parse().unwrap(), &mut headers);
            (country.is_some(), headers.len())
        };
        assert_eq!(country(&proxies, "10.0.0.1:1"), (false, 1), "no header is configured");
        let proxies = proxies.country_header(name.clone());
        assert_eq!(country(&proxies, "10.0.0.1:1"), (true, 0));
        assert_eq!(country(&proxies, "[::ffff:10.0.0.1]:1"), (true, 0));
        assert_eq!(country(&proxies, "198.51.100.9:1"), (false, 0), "and nobody sees it");
    }

    #[test]
    fn the_last_hop_that_is_not_ours_is_the_client() {
        let proxies = TrustedProxies::new(ours(), ForwardingHeader::XForwardedFor);
        let lines = [("x-forwarded-for", "1.1.1.1, 203.0.113.5"), ("x-forwarded-for", "10.0.0.7")];
        assert_eq!(seen(&proxies, "10.0.0.1", &lines), "203.0.113.5");
    }

    #[test]
    fn only_the_configured_header_counts() {
        let proxies = TrustedProxies::new(ours(), ForwardingHeader::Forwarded);
        let lines = [
            ("x-forwarded-for", "1.1.1.1"),
            ("forwarded", "for=2.2.2.2;proto=http, proto=https;For=\"[2001:db8::5]:4711\""),
        ];
        assert_eq!(seen(&proxies, "fd00::1", &lines), "2001:db8::5");
    }

    #[test]
    fn an_unreadable_hop_hides_what_stands_before_it() {
        let proxies = TrustedProxies::new(ours(), ForwardingHeader::XForwardedFor);
        let lines = [("x-forwarded-for", "203.0.113.5, unknown, 10.0.0.9")];
        assert_eq!(seen(&proxies, "10.0.0.1", &lines), "10.0.0.9");
    }

    proptest! {
        #[test]
        fn any_header_text_gives_an_address(text in "[ -~]{0,80}") {
            for header in [ForwardingHeader::XForwardedFor, ForwardingHeader::Forwarded] {
                let proxies = TrustedProxies::new(ours(), header);
                let lines = [("x-forwarded-for", text.as_str()), ("forwarded", text.as_str())];
                seen(&proxies, "10.0.0.1", &lines);
            }
        }
    }
}
