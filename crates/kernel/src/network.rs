//! Networks in CIDR form.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A range of addresses (CIDR, RFC 4632 §3.1; RFC 4291 §2.3), such as `10.0.0.0/8`, `fd00::/8` or
/// a single address.
///
/// The two families never meet: an IPv4 address inside an IPv6 one lies in no IPv4 network. Whoever
/// wants it to takes it out first ([`IpAddr::to_canonical`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// No bit is set behind the length.
    first: IpAddr,
    /// Bits that count: 0 to 32, or to 128 in IPv6.
    length: u8,
}

/// The text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a network is its first address, or that and a length such as 10.0.0.0/8 or fd00::/8, with no \
     bit set behind the length, and IPv4 not written as IPv6"
)]
pub struct NetworkError;

impl Network {
    /// The network of `length` bits that `address` lies in. A length beyond that of the address
    /// means the address alone.
    pub const fn around(address: IpAddr, length: u8) -> Self {
        match address {
            IpAddr::V4(address) => {
                let length = if length < 32 { length } else { 32 };
                let first = address.to_bits() & !all_after_v4(length);
                Self { first: IpAddr::V4(Ipv4Addr::from_bits(first)), length }
            }
            IpAddr::V6(address) => {
                let length = if length < 128 { length } else { 128 };
                let first = address.to_bits() & !all_after_v6(length);
                Self { first: IpAddr::V6(Ipv6Addr::from_bits(first)), length }
            }
        }
    }

    /// Whether `address` lies inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && *self == Self::around(address, self.length)
    }

    /// Its lowest address.
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// How many bits its addresses share: 0 to 32 in IPv4, 0 to 128 in IPv6.
    pub const fn length(&self) -> u8 {
        self.length
    }
}

/// The bits behind the first `length`, all set.
const fn all_after_v4(length: u8) -> u32 {
    match u32::MAX.checked_shr(length as u32) {
        Some(bits) => bits,
        None => 0,
    }
}

const fn all_after_v6(length: u8) -> u128 {
    match u128::MAX.checked_shr(length as u32) {
        Some(bits) => bits,
        None => 0,
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    /// Refuses what readers take differently: signs and leading zeros in the length, bits set
    /// behind it, and IPv4 written as IPv6 (`::ffff:10.0.0.0/104`), which no address would be in.
    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (first, length) = match text.split_once('/') {
            Some((first, length)) => (first, Some(length)),
            None => (text, None),
        };
        let first: IpAddr = first.parse().map_err(|_| NetworkError)?;
        let width = if first.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(width), read_length)?;
        let network = Self::around(first, length);
        let is_as_written = network == Self { first, length };
        let is_canonical = first == first.to_canonical();
        if is_as_written && is_canonical { Ok(network) } else { Err(NetworkError) }
    }
}

/// `parse` alone would take a sign and leading zeros.
fn read_length(text: &str) -> Result<u8, NetworkError> {
    let is_plain = text == "0" || text.starts_with(|first: char| matches!(first, '1'..='9'));
    text.parse().ok().filter(|_| is_plain).ok_or(NetworkError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn networks_hold_what_they_say() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("10.0.0.0/8", "10.0.0.0", "9.255.255.255"),
            ("0.0.0.0/0", "255.1.2.3", "::1"),
            ("::/0", "fe80::1", "10.0.0.1"),
            ("::1", "::1", "::2"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("fd00::/8", "fdff::1", "fc00::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{network:?} {inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{network:?} {outside}");
        }
    }

    #[test]
    fn an_ipv4_address_inside_an_ipv6_one_is_in_no_ipv4_network() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        assert!(!network.contains(mapped));
        assert!(network.contains(mapped.to_canonical()));
    }

    #[test]
    fn only_networks_are_read_as_networks() {
        for text in [
            "",
            "10",
            "example",
            "/24",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/256",
            "10.0.0.0/+8",
            "10.0.0.0/-8",
            "10.0.0.0/08",
            "10.0.0.0/ 8",
            "10.0.0.0/8/8",
            "10.0.0.1/8",
            "::/129",
            "2001:db8::1/64",
            "::ffff:10.0.0.0/104",
            "::ffff:10.0.0.1",
            "[::1]",
            "a/8",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f:./+]{0,30}|.{0,40}") {
            if let Ok(network) = text.parse::<Network>() {
                let written = format!("{}/{}", network.first(), network.length());
                prop_assert_eq!(written.parse(), Ok(network));
            }
        }

        #[test]
        fn an_address_lies_in_each_of_its_own_prefixes(bits: u128, length in 0_u8..=128) {
            let v6 = Ipv6Addr::from(bits);
            let network = Network::around(v6.into(), length);
            prop_assert!(network.contains(v6.into()));
            if length > 0 {
                let other = Ipv6Addr::from(bits ^ (1 << (128 - length)));
                prop_assert!(!network.contains(other.into()));
            }
        }

        #[test]
        fn so_does_one_of_ipv4(bits: u32, length in 0_u8..=32) {
            let v4 = Ipv4Addr::from(bits);
            let network = Network::around(v4.into(), length);
            prop_assert!(network.contains(v4.into()));
            if length > 0 {
                let other = Ipv4Addr::from(bits ^ (1 << (32 - length)));
                prop_assert!(!network.contains(other.into()));
            }
        }
    }
}
