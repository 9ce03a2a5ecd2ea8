use fiador_token_manager::codec;

const WORDS: [&str; 8] = ["\x01", "\x02", "\0", "\x16", "openid", "\u{7f}", "client", "A"];

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
