//! Other writings of the scheme, of single characters, and of the URI as a whole.

use super::{EVIL, Parts};

pub(super) fn schemes(uri: &Parts<'_>) -> Vec<String> {
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

/// White space and controls that one reader strips and another keeps.
pub(super) fn surroundings(uri: &Parts<'_>) -> Vec<String> {
    let blanks = [
        " ", "\t", "\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{0}", "\u{a0}", "\u{85}", "\u{2028}",
        "\u{200b}", "\u{feff}", "%20", "%09", "%0d%0a", "+", "\"", "'", "<", ">", ",", ";",
    ];
    let whole = uri.whole;
    blanks.iter().flat_map(|blank| [format!("{blank}{whole}"), format!("{whole}{blank}")]).collect()
}

/// One character left out, doubled, percent-encoded or in the other case; and every beginning.
pub(super) fn characters(uri: &Parts<'_>) -> Vec<String> {
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
pub(super) fn detours(uri: &Parts<'_>) -> Vec<String> {
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
