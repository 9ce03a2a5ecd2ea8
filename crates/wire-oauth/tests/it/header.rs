use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fiador_wire_oauth::authorization_header::AuthorizationHeader;
use fiador_wire_oauth::error::{ErrorCode, www_authenticate_bearer};
use proptest::prelude::*;

fn basic_candidates(value: &str) -> Vec<(String, String)> {
    match AuthorizationHeader::parse(value.as_bytes()) {
        Ok(AuthorizationHeader::Basic(basic)) => basic
            .candidates()
            .iter()
            .map(|c| (c.client_id.clone(), c.client_secret.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(value in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = AuthorizationHeader::parse(&value);
        let _ = AuthorizationHeader::parse(&[b"Basic ".as_slice(), &value].concat());
        let encoded = format!("Basic {}", STANDARD.encode(&value));
        for (client_id, client_secret) in basic_candidates(&encoded) {
            prop_assert!(!client_id.is_empty());
            prop_assert!(!client_id.chars().chain(client_secret.chars()).any(char::is_control));
        }
    }

    /// RFC 6749 §2.3.1: the encoded reading is the first one.
    #[test]
    fn form_encoded_credentials_are_the_first_reading(
        id in "[^\\p{Cc}]{1,20}", secret in "[^\\p{Cc}]{0,20}"
    ) {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let header = STANDARD.encode(format!("{}:{}", encode(&id), encode(&secret)));
        let candidates = basic_candidates(&format!("Basic {header}"));
        prop_assert_eq!(candidates.first(), Some(&(id, secret)));
    }

    #[test]
    fn unencoded_credentials_are_the_last_reading(
        id in "[^\\p{Cc}:]{1,20}", secret in "[^\\p{Cc}]{0,20}"
    ) {
        let header = STANDARD.encode(format!("{id}:{secret}"));
        let candidates = basic_candidates(&format!("Basic {header}"));
        prop_assert_eq!(candidates.last(), Some(&(id, secret)));
    }

    #[test]
    fn a_bearer_token_is_read_as_it_was_sent(token in "[A-Za-z0-9._~+/-]{1,80}={0,2}") {
        match AuthorizationHeader::parse(format!("Bearer {token}").as_bytes()) {
            Ok(AuthorizationHeader::Bearer(read)) => prop_assert_eq!(read.as_str(), token),
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_challenge_is_one_printable_line_with_four_quotes(description in any::<String>()) {
        let value = www_authenticate_bearer(ErrorCode::InvalidToken, &description);
        prop_assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(value.matches('"').count(), 4);
    }
}
