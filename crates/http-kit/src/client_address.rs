//! Where a request comes from.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::Problem;

/// The address of the user or service that sent the request: the TCP peer, or what a trusted proxy
/// says (T-005). Personal data: it is not written to logs, and `Debug` shows the network alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// From an address; an IPv4 address mapped into IPv6 counts as IPv4.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The whole address.
    pub fn ip(self) -> IpAddr {
        self.0
    }

    /// The network that counts as one sender in budgets: /24 of IPv4, /56 of IPv6, because a
    /// household or an attacker owns that many addresses.
    pub fn network_prefix(self) -> NetworkPrefix {
        NetworkPrefix(match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
            }
            IpAddr::V6(address) => {
                let bits = address.to_bits() & (u128::MAX << 72);
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            }
        })
    }
}

impl fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientAddress({})", self.network_prefix())
    }
}

/// The first address of a client's network, see [`ClientAddress::network_prefix`]. `Display` gives
/// `198.51.100.0/24` or `2001:db8:0:ab00::/56`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NetworkPrefix(IpAddr);

impl fmt::Display for NetworkPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, if self.0.is_ipv4() { 24 } else { 56 })
    }
}

/// Every request of a listener has one; its absence is a mistake of ours, not of the client.
impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let address = parts.extensions.get::<Self>().copied();
        address.ok_or_else(Problem::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_counts_networks_not_addresses() {
        let prefix =
            |text: &str| ClientAddress::new(text.parse().unwrap()).network_prefix().to_string();
        assert_eq!(prefix("198.51.100.7"), "198.51.100.0/24");
        assert_eq!(prefix("::ffff:198.51.100.7"), "198.51.100.0/24");
        assert_eq!(prefix("2001:db8:0:abcd:1::2"), "2001:db8:0:ab00::/56");
    }
}
