use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use fiador_kernel::Network;

/// The text is no range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a range is a network address and a length, such as 203.0.113.0/24 or 2001:db8::/32, with no \
     bit set behind the length, and of public addresses"
)]
pub struct AddressRangeError;

/// Public addresses that an operator gives its subscribers, such as `203.0.113.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressRange(Network);

impl FromStr for AddressRange {
    type Err = AddressRangeError;

    fn from_str(text: &str) -> Result<Self, AddressRangeError> {
        let network: Network = text.parse().map_err(|_| AddressRangeError)?;
        is_of_one_network(network.first()).then_some(Self(network)).ok_or(AddressRangeError)
    }
}

/// Which operator an address belongs to; the longest range wins.
#[derive(Clone, Debug, Default)]
pub(super) struct AddressTable {
    holders: HashMap<Network, u16>,
    /// Lengths that occur in either family, longest first.
    lengths: Vec<u8>,
}

impl AddressTable {
    /// Adds a range; `false` when another operator has it.
    pub(super) fn add(&mut self, range: AddressRange, holder: u16) -> bool {
        let AddressRange(network) = range;
        if let Err(at) = self.lengths.binary_search_by(|length| network.length().cmp(length)) {
            self.lengths.insert(at, network.length());
        }
        *self.holders.entry(network).or_insert(holder) == holder
    }

    pub(super) fn holder(&self, address: IpAddr) -> Option<u16> {
        let address = address.to_canonical();
        if !is_of_one_network(address) {
            return None;
        }
        let lengths = self.lengths.iter();
        lengths
            .copied()
            .find_map(|length| self.holders.get(&Network::around(address, length)).copied())
    }
}

/// Whether the address can be a subscriber's on the internet: no private, shared, local or group
/// address, which many networks use at once.
fn is_of_one_network(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_of_one_network_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_of_one_network_v4(address),
            None => is_of_one_network_v6(address),
        },
    }
}

fn is_of_one_network_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    // RFC 6598: the addresses behind carrier-grade NAT.
    let is_shared = a == 100 && (64..128).contains(&b);
    !(a == 0
        || a >= 240
        || is_shared
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast())
}

fn is_of_one_network_v6(address: Ipv6Addr) -> bool {
    !(address.is_unspecified()
        || address.is_loopback()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(ranges: &[(&str, u16)]) -> AddressTable {
        let mut table = AddressTable::default();
        for (range, holder) in ranges {
            assert!(table.add(range.parse().unwrap(), *holder), "{range}");
        }
        table
    }

    #[test]
    fn the_longest_range_wins_in_both_families() {
        let table = table(&[
            ("198.51.100.0/24", 1),
            ("198.51.100.128/25", 2),
            ("2001:db8::/32", 3),
            ("2001:db8:1::/48", 4),
            ("198.51.100.7", 5),
        ]);
        for (address, holder) in [
            ("198.51.100.1", Some(1)),
            ("198.51.100.200", Some(2)),
            ("198.51.100.7", Some(5)),
            ("::ffff:198.51.100.1", Some(1)),
            ("198.51.101.1", None),
            ("2001:db8::1", Some(3)),
            ("2001:db8:1::1", Some(4)),
            ("2001:db9::1", None),
        ] {
            assert_eq!(table.holder(address.parse().unwrap()), holder, "{address}");
        }
    }

    #[test]
    fn addresses_that_many_networks_use_tell_nothing() {
        let mut everybody = AddressTable::default();
        for everything in ["0.0.0.0/0", "::/0"] {
            everybody.add(AddressRange(everything.parse().unwrap()), 1);
        }
        for address in [
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(everybody.holder(address.parse().unwrap()), None, "{address}");
        }
        assert_eq!(everybody.holder("2001:db8::1".parse().unwrap()), Some(1));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in [
            "",
            "198.51.100.0/33",
            "198.51.100.1/24",
            "10.0.0.0/8",
            "198.51.100.0/",
            "/24",
            "2001:db8::/129",
            "2001:db8::1/64",
            "fd00::/8",
            "198.51.100.0/+24",
            "::ffff:198.51.100.0/120",
            "198.51.100.0/24/24",
            "example",
        ] {
            assert_eq!(bad.parse::<AddressRange>(), Err(AddressRangeError), "{bad}");
        }
    }

    #[test]
    fn one_range_has_one_holder() {
        let mut table = table(&[("198.51.100.0/24", 1)]);
        assert!(table.add("198.51.100.0/24".parse().unwrap(), 1));
        assert!(!table.add("198.51.100.0/24".parse().unwrap(), 2));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f:./]{0,30}|.{0,40}") {
            let _ = text.parse::<AddressRange>();
        }
    }
}
