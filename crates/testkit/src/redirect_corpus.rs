//! Addresses that must not pass for a registered redirect URI (T-030, T-031).
//!
//! Every published bypass of redirect checks lived in the gap between two readings of one URI, so
//! the corpus has each place of the registered URI written in every way that some reader takes for
//! the same.

use std::collections::BTreeSet;

/// Where an attacker would like answers to go.
const EVIL: &str = "evil.example";

/// More than 300 addresses that are not `registered`, each once, in a fixed order. `registered` is an
/// https URI with host, path and query and without port.
pub fn redirect_corpus(registered: &str) -> Vec<String> {
    let uri = Parts::of(registered);
    let mut seen = BTreeSet::from([registered.to_owned()]);
    [schemes, hosts, authorities, paths, queries, surroundings, characters, detours]
        .into_iter()
        .flat_map(|family| family(&uri))
        .filter(|case| seen.insert(case.clone()))
        .collect()
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

/// `https://` host path `?` query.
struct Parts<'u> {
    whole: &'u str,
    host: &'u str,
    path: &'u str,
    query: &'u str,
}

impl<'u> Parts<'u> {
    fn of(whole: &'u str) -> Self {
        let rest = whole.strip_prefix("https://").unwrap_or(whole);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Self { whole, host, path, query }
    }

    fn with_host(&self, host: &str) -> String {
        format!("https://{host}{}?{}", self.path, self.query)
    }

    fn with_path(&self, path: &str) -> String {
        format!("https://{}{path}?{}", self.host, self.query)
    }

    fn with_query(&self, query: &str) -> String {
        format!("https://{}{}{query}", self.host, self.path)
    }

    /// Everything behind `https:`.
    fn behind_scheme(&self) -> &str {
        self.whole.strip_prefix("https:").unwrap_or_default()
    }
}

fn schemes(uri: &Parts<'_>) -> Vec<String> {
    let rest = uri.behind_scheme();
    let bare = rest.trim_start_matches('/');
    let schemes = [
        "http",
        "HTTPS",
        "Https",
        "httpS",
        "https ",
        " https",
        "https+http",
        "ftp",
        "ws",
        "wss",
        "file",
        "data",
        "javascript",
        "vbscript",
        "blob",
        "about",
        "view-source:https",
        "intent",
        "com.example.app",
        "https:https",
        "ｈttps",
        "",
    ];
    let mut cases: Vec<String> = schemes.map(|scheme| format!("{scheme}:{rest}")).to_vec();
    let openings = [
        "https:",
        "https:/",
        "https:///",
        "https:////",
        "https:\\\\",
        "https:/\\",
        "https:\\/",
        "https//",
        "//",
        "///",
        "\\\\",
        "/",
        "",
        "https:// ",
        "https:%2f%2f",
        "https%3a//",
        "javascript:alert(1)//",
        "data:text/html,",
        "javascript://%0aalert(1)//",
    ];
    cases.extend(openings.map(|opening| format!("{opening}{bare}")));
    cases
}

fn hosts(uri: &Parts<'_>) -> Vec<String> {
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

fn authorities(uri: &Parts<'_>) -> Vec<String> {
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

fn paths(uri: &Parts<'_>) -> Vec<String> {
    let path = uri.path;
    let name = path.trim_start_matches('/');
    let written = [
        String::new(),
        "/".to_owned(),
        format!("{path}/"),
        format!("{path}//"),
        format!("/{path}"),
        format!("//{path}"),
        format!("/.{path}"),
        format!("/..{path}"),
        format!("/x/..{path}"),
        format!("{path}/."),
        format!("{path}/.."),
        format!("{path}/../{name}"),
        format!("{path}/./"),
        format!("{path}/x"),
        format!("{path}x"),
        format!("/x{path}"),
        format!("{path}.html"),
        format!("{path};x=1"),
        format!("{path};"),
        format!("{path}/..;/"),
        format!("/%2e{path}"),
        format!("/x/%2e%2e{path}"),
        format!("/x/.%2e{path}"),
        format!("/%2e%2e%2f{name}"),
        format!("%2f{name}"),
        format!("%2F{name}"),
        format!("/%2f{name}"),
        format!("\\{name}"),
        format!("/\\{name}"),
        format!("/x/..\\{name}"),
        format!("/%5c{name}"),
        format!("{path}%2f"),
        format!("{path}%00"),
        format!("{path}%0a"),
        format!("{path}%20"),
        format!("{path}%3f"),
        format!("{path}%23"),
        format!("{path}%"),
        format!("{path}%zz"),
        format!("{path}%c0%af"),
        format!("/%252e%252e{path}"),
        format!("/*{path}"),
        "/*".to_owned(),
        "/%2a".to_owned(),
        format!("/{}", name.to_uppercase()),
        format!("/{{{name}}}"),
        format!("{path}//{EVIL}"),
        format!("{path}@{EVIL}"),
        format!("{path}\u{301}"),
        format!("{path}~"),
    ];
    written.iter().map(|path| uri.with_path(path)).collect()
}

fn queries(uri: &Parts<'_>) -> Vec<String> {
    let query = uri.query;
    let (name, value) = query.split_once('=').unwrap_or((query, ""));
    let written = [
        String::new(),
        "?".to_owned(),
        format!("?{query}&"),
        format!("?&{query}"),
        format!("??{query}"),
        format!("?{query}?"),
        format!("?{query}&{query}"),
        format!("?{query}&x=1"),
        format!("?x=1&{query}"),
        format!("?{query};x=1"),
        format!("?{name}"),
        format!("?{name}="),
        format!("?{name}={value}0"),
        format!("?{name}=0{value}"),
        format!("?{name}=%2b{value}"),
        format!("?{name}=+{value}"),
        format!("?{name}[]={value}"),
        format!("?{name}=={value}"),
        format!("?{value}={name}"),
        format!("?{}", query.to_uppercase()),
        format!("?{name}%3d{value}"),
        format!("%3f{query}"),
        format!("?{query}#"),
        format!("?{query}#x"),
        format!("#?{query}"),
        format!("#{query}"),
        format!("?{query}%23"),
        format!("?{query}#@{EVIL}"),
        format!("?{query}&next=https://{EVIL}"),
        format!("?{query}%26x=1"),
        format!("?{query}%00"),
        format!("&{query}"),
        "?*".to_owned(),
    ];
    written.iter().map(|query| uri.with_query(query)).collect()
}

/// White space and controls that one reader strips and another keeps.
fn surroundings(uri: &Parts<'_>) -> Vec<String> {
    let blanks = [
        " ", "\t", "\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{0}", "\u{a0}", "\u{85}", "\u{2028}",
        "\u{200b}", "\u{feff}", "%20", "%09", "%0d%0a", "+", "\"", "'", "<", ">", ",", ";",
    ];
    let whole = uri.whole;
    blanks.iter().flat_map(|blank| [format!("{blank}{whole}"), format!("{whole}{blank}")]).collect()
}

/// One character left out, doubled, percent-encoded or in the other case; and every beginning.
fn characters(uri: &Parts<'_>) -> Vec<String> {
    let whole = uri.whole;
    let mut cases = Vec::new();
    for (at, c) in whole.char_indices() {
        let (before, after) = (&whole[..at], &whole[at + c.len_utf8()..]);
        cases.push(before.to_owned());
        cases.push(format!("{before}{after}"));
        cases.push(format!("{before}{c}{c}{after}"));
        cases.push(format!("{before}%{:02x}{after}", u32::from(c)));
        cases.push(format!("{before}%{:02X}{after}", u32::from(c)));
        if c.is_ascii_lowercase() {
            cases.push(format!("{before}{}{after}", c.to_ascii_uppercase()));
        }
    }
    cases
}

/// The registered URI somewhere inside another.
fn detours(uri: &Parts<'_>) -> Vec<String> {
    let whole = uri.whole;
    let written = [
        format!("https://{EVIL}/{whole}"),
        format!("https://{EVIL}/?{whole}"),
        format!("https://{EVIL}/#{whole}"),
        format!("https://{EVIL}?u={whole}"),
        format!("https://{EVIL}\\{whole}"),
        format!("{whole} https://{EVIL}"),
        format!("{whole},https://{EVIL}"),
        format!("https://{EVIL}%20{whole}"),
        format!("https://{EVIL}@{whole}"),
        format!("{whole}{whole}"),
        format!("{whole}|{whole}"),
        "about:blank".to_owned(),
        "null".to_owned(),
        "*".to_owned(),
        "https://*".to_owned(),
        ".".to_owned(),
        "#".to_owned(),
        "?".to_owned(),
        "/".to_owned(),
        "urn:ietf:wg:oauth:2.0:oob".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:text/html,<script>alert(1)</script>".to_owned(),
    ];
    written.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_large_and_has_no_good_address_in_it() {
        let registered = "https://shop.example/callback?tenant=1";
        let corpus = redirect_corpus(registered);
        assert!(corpus.len() >= 300, "{}", corpus.len());
        let distinct: BTreeSet<_> = corpus.iter().collect();
        assert_eq!(distinct.len(), corpus.len());
        assert!(!corpus.iter().any(|case| case == registered));
    }
}
