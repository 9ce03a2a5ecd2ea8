//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use fiador_kernel::Network;

/// Whether anybody on the internet could be asked at this address (T-081).
///
/// IPv4: everything that the IANA registry of special-purpose addresses (RFC 6890) does not set
/// apart. IPv6: global unicast alone, less what is set apart inside it. IPv4 addresses inside
/// IPv6 ones (mapped, 6to4, Teredo, NAT64) are not public whatever they hold: a gateway between
/// the two would lead where the IPv4 rules forbid.
pub(crate) fn is_reachable_by_anybody(address: IpAddr) -> bool {
    let is_set_apart = |networks: &[Network]| networks.iter().any(|net| net.contains(address));
    match address {
        IpAddr::V4(_) => !is_set_apart(&SET_APART_V4),
        IpAddr::V6(_) => GLOBAL_UNICAST.contains(address) && !is_set_apart(&SET_APART_V6),
    }
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Network {
    Network::around(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), length)
}

const fn v6(first: u16, second: u16, length: u8) -> Network {
    Network::around(IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)), length)
}

const SET_APART_V4: [Network; 15] = [
    v4(0, 0, 0, 8),       // this network (RFC 791)
    v4(10, 0, 0, 8),      // private (RFC 1918)
    v4(100, 64, 0, 10),   // shared by carriers (RFC 6598)
    v4(127, 0, 0, 8),     // loopback (RFC 1122)
    v4(169, 254, 0, 16),  // link-local, metadata services (RFC 3927)
    v4(172, 16, 0, 12),   // private (RFC 1918)
    v4(192, 0, 0, 24),    // protocol assignments (RFC 6890)
    v4(192, 0, 2, 24),    // documentation (RFC 5737)
    v4(192, 88, 99, 24),  // 6to4 relays (RFC 7526)
    v4(192, 168, 0, 16),  // private (RFC 1918)
    v4(198, 18, 0, 15),   // benchmarks (RFC 2544)
    v4(198, 51, 100, 24), // documentation (RFC 5737)
    v4(203, 0, 113, 24),  // documentation (RFC 5737)
    v4(224, 0, 0, 4),     // multicast (RFC 5771)
    v4(240, 0, 0, 4),     // reserved, and broadcast (RFC 1112)
];

/// Everything else of IPv6 is loopback, mapped, NAT64, unique local, link-local, multicast or
/// unassigned.
const GLOBAL_UNICAST: Network = v6(0x2000, 0, 3);

const SET_APART_V6: [Network; 4] = [
    v6(0x2001, 0, 23),     // protocol assignments, Teredo, benchmarks (RFC 2928)
    v6(0x2001, 0xdb8, 32), // documentation (RFC 3849)
    v6(0x2002, 0, 16),     // 6to4 (RFC 3056)
    v6(0x3fff, 0, 20),     // documentation (RFC 9637)
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_that_are_not_for_the_public_are_known() {
        // T-081.
        for text in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.255.255",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_reachable_by_anybody(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn neighbours_of_networks_that_are_set_apart_are_public() {
        for text in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1",
            "2a00:1450::1",
            "3ffe::1",
        ] {
            assert!(is_reachable_by_anybody(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_the_standard_library_sets_apart_is_never_public(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let is_apart = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_unspecified();
            prop_assert!(!(is_apart && is_reachable_by_anybody(v4.into())));
            prop_assert!(!is_reachable_by_anybody(v4.to_ipv6_mapped().into()));
            prop_assert!(!is_reachable_by_anybody(v4.to_ipv6_compatible().into()));
        }
    }
}
