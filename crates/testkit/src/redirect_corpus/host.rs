//! Other writings of host, user information and port.

use super::{EVIL, Parts};

pub(super) fn hosts(uri: &Parts<'_>) -> Vec<String> {
    let host = uri.host;
    let written = [
        format!("{host}."),
        format!(".{host}"),
        format!("{host}.."),
        format!("www.{host}"),
        format!("x.{host}"),
        format!("x{host}"),
        format!("x-{host}"),
        format!("{host}x"),
        format!("{host}.{EVIL}"),
        format!("{host}-{EVIL}"),
        format!("{host}{EVIL}"),
        EVIL.to_owned(),
        format!("{EVIL}.{host}"),
        host.to_uppercase(),
        host.replace('.', ".."),
        host.replace('.', ""),
        host.replace('.', "-"),
        host.replace('.', "%2e"),
        host.replace('.', "%2E"),
        host.replace('.', "\u{3002}"),
        host.replace('.', "\u{ff0e}"),
        host.replace('.', "\u{ff61}"),
        host.replace('o', "\u{43e}"),
        host.replace('e', "\u{435}"),
        host.replace('s', "\u{455}"),
        host.replace('o', "0"),
        host.replace('l', "1"),
        format!("xn--{host}"),
        format!("xn--{host}-9za"),
        format!("{host}\u{200b}"),
        format!("\u{ad}{host}"),
        format!("{host}\u{301}"),
        format!("[{host}]"),
        format!("*.{host}"),
        "*".to_owned(),
        format!("*{}", &host[1..]),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "[::1]".to_owned(),
        "2130706433".to_owned(),
        String::new(),
    ];
    written.iter().map(|host| uri.with_host(host)).collect()
}

pub(super) fn authorities(uri: &Parts<'_>) -> Vec<String> {
    let host = uri.host;
    let ports = [
        "",
        "443",
        "0443",
        "00443",
        "80",
        "8443",
        "0",
        "65536",
        "+443",
        "-443",
        "443:443",
        "%34%34%33",
        "443 ",
        "４４３",
        "x",
        "*",
    ];
    let mut cases: Vec<String> =
        ports.map(|port| uri.with_host(&format!("{host}:{port}"))).to_vec();
    let written = [
        format!("user@{host}"),
        format!("user:password@{host}"),
        format!("@{host}"),
        format!(":@{host}"),
        format!("{EVIL}@{host}"),
        format!("{host}@{EVIL}"),
        format!("{host}:443@{EVIL}"),
        format!("{host}%40{EVIL}"),
        format!("{host}%2f@{EVIL}"),
        format!("{host}\\@{EVIL}"),
        format!("{host}/@{EVIL}"),
        format!("{host}#@{EVIL}"),
        format!("{host}?@{EVIL}"),
        format!("{EVIL}%23@{host}"),
        format!("{EVIL}#{host}"),
        format!("{EVIL}\\{host}"),
        format!("{EVIL}%00{host}"),
        format!("{EVIL}\\.{host}"),
        format!("{EVIL};{host}"),
        format!("{EVIL},{host}"),
        format!("{EVIL} {host}"),
        format!("{EVIL}&{host}"),
    ];
    cases.extend(written.iter().map(|authority| uri.with_host(authority)));
    cases
}

/// Addresses that are not `http://127.0.0.1/native`, of which any port is good (RFC 8252 §7.3).
pub fn loopback_corpus() -> Vec<String> {
    let ports =
        ["", "0", "00080", "65536", "99999999999", "+80", "-1", "8 0", "80:80", "%38%30", "x"];
    let ports = ports.map(|port| format!("http://127.0.0.1:{port}/native"));
    let hosts = [
        "localhost",
        "127.0.0.2",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "127.0.0.1.",
        "127.0.0.1.evil.example",
        "evil.example",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "127.0.0.1:80@evil.example",
        "127。0。0。1",
        "１２７.0.0.1",
        "127.0.0.1%00",
        "127.0.0.1%2eevil.example",
    ];
    let hosts = hosts.map(|host| format!("http://{host}/native"));
    let rest = [
        "https://127.0.0.1/native",
        "http://127.0.0.1:80/native/",
        "http://127.0.0.1:80/Native",
        "http://127.0.0.1:80/native?x=1",
        "http://127.0.0.1:80/native#",
        "http://127.0.0.1:80//native",
        "http://127.0.0.1:80/./native",
        "http://127.0.0.1:80/x/../native",
        "http://127.0.0.1:80/nativ%65",
        "http://127.0.0.1:80",
        "http://127.0.0.1:80/",
        "http:/127.0.0.1/native",
        "http:127.0.0.1/native",
        "//127.0.0.1/native",
        "http:\\\\127.0.0.1\\native",
    ];
    ports.into_iter().chain(hosts).chain(rest.map(str::to_owned)).collect()
}
