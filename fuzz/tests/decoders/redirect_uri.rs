use fiador_wire_oauth::redirect_uri::{RegisteredRedirectUri, append};

const WORDS: [&str; 20] = [
    "https://",
    "http://",
    "127.0.0.1",
    "[::1]",
    "localhost",
    "sp.example",
    ":8080",
    ":0",
    ":",
    "/",
    "cb",
    "?",
    "#",
    "a=b",
    "@",
    "*",
    "%2F",
    "\\",
    "com.example.app:/",
    "..",
];

#[test]
fn a_registered_uri_matches_itself_and_gives_a_location_below_it() {
    crate::check!("redirect_uri", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(registered) = RegisteredRedirectUri::parse(text) else { return };
        assert!(registered.matches(text));
        // T-030: neither a longer nor a shorter URI is the same one.
        assert!(!registered.matches(&format!("{text}x")));
        assert!(!registered.matches(""));
        let location = append(text, [("code", "a&b=c#d\r\n")]);
        assert!(location.starts_with(text));
        assert!(!location.contains(['\r', '\n', '#']));
    });
}

#[test]
fn two_uris_match_only_when_equal_or_on_loopback() {
    crate::check!("redirect_uri_pair", WORDS, |bytes| {
        let (one, other) = bytes.split_at(bytes.len() / 2);
        let (Ok(one), Ok(other)) = (std::str::from_utf8(one), std::str::from_utf8(other)) else {
            return;
        };
        let Ok(registered) = RegisteredRedirectUri::parse(one) else { return };
        if registered.matches(other) && one != other {
            // RFC 8252 §7.3: the port of a loopback address is the one thing that may differ.
            assert!(one.contains("127.0.0.1") || one.contains("[::1]"), "{one} {other}");
        }
    });
}
