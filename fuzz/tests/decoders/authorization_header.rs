use fiador_wire_oauth::authorization_header::AuthorizationHeader;

const WORDS: [&str; 12] =
    ["Basic ", "bearer ", "YmFuazpz", "OnM6", "OmU=", "YTo", "=", " ", "%41", "+", "/", "~"];

#[test]
fn a_header_is_read_or_refused_and_never_shown() {
    crate::check!("authorization_header", WORDS, |bytes| {
        let Ok(header) = AuthorizationHeader::parse(bytes) else { return };
        match &header {
            AuthorizationHeader::Basic(basic) => assert!(!basic.candidates().is_empty()),
            AuthorizationHeader::Bearer(token) => {
                assert!(!token.as_str().is_empty());
                // T-280: what authenticates a client does not reach a log.
                let shown = format!("{header:?}");
                assert!(token.as_str().len() < 12 || !shown.contains(token.as_str()));
            }
        }
    });
}
