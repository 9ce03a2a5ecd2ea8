use fiador_kernel::Network;

const WORDS: [&str; 16] = [
    "10.0.0.0",
    "0.0.0.0",
    "192.0.2.1",
    "::",
    "::1",
    "fd00::",
    "::ffff:",
    "/",
    "8",
    "0",
    "32",
    "128",
    "+",
    "-",
    ".",
    ":",
];

#[test]
fn a_network_reads_the_same_from_its_own_parts() {
    crate::check!("network", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(network) = text.parse::<Network>() else { return };
        assert!(network.contains(network.first()));
        assert_eq!(format!("{}/{}", network.first(), network.length()).parse(), Ok(network));
    });
}
