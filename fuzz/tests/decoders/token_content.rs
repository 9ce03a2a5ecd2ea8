use fiador_token_manager::{RefreshToken, codec};

const WORDS: [&str; 8] = ["\x01", "\x03", "\0", "\x16", "openid", "\u{7f}", "client", "A"];
const OWN: [&str; 8] = ["\u{81}", "\x01", "\0", "\x06", "mc_atp", "\u{7f}", "client", "A"];
const TEXTS: [&str; 8] = ["AAAAAAAA", "AAAAAAAAAAAAAAAA", "____", "-", "=", ".", "zzzz", "\u{e9}"];

#[test]
fn content_of_a_code_is_read_strictly() {
    crate::check!("code_content", WORDS, |bytes| {
        if let Some(content) = codec::decode_code(bytes) {
            let again = codec::encode_code(&content).expect("what was read can be written");
            assert_eq!(codec::decode_code(&again), Some(content));
        }
    });
}

#[test]
fn content_of_an_access_token_is_read_strictly() {
    crate::check!("access_token_content", WORDS, |bytes| {
        if let Some(content) = codec::decode_access_token(bytes) {
            let again = codec::encode_access_token(&content).expect("what was read can be written");
            assert_eq!(codec::decode_access_token(&again), Some(content));
        }
    });
}

#[test]
fn content_of_a_clients_own_token_is_read_strictly() {
    crate::check!("client_token_content", OWN, |bytes| {
        if let Some(content) = codec::decode_client_token(bytes) {
            let again = codec::encode_client_token(&content).expect("what was read can be written");
            assert_eq!(codec::decode_client_token(&again), Some(content));
        }
        assert!(
            codec::decode_client_token(bytes).is_none()
                || codec::decode_access_token(bytes).is_none()
        );
    });
}

#[test]
fn a_refresh_token_is_the_text_itself() {
    crate::check!("refresh_token", TEXTS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Some(token) = RefreshToken::parse(text) {
            assert_eq!(token.as_str(), text);
        }
    });
}
