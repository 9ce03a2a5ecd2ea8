use fiador_jose::jwe::{
    ContentEncryption, DecryptError, DecryptionKey, MediaTypes, decrypt, encrypt,
};
use proptest::prelude::*;

use super::{GCM, KEYS, public, token_to};

#[test]
fn what_was_encrypted_to_a_key_opens_with_it_and_with_no_other() {
    for key in &*KEYS {
        let types = MediaTypes { typ: Some("JWE"), cty: Some("JWT") };
        let token = encrypt(&public(key), types, b"content").unwrap();
        let opened = decrypt(&token, &*KEYS, &GCM).unwrap();
        assert_eq!(opened.plaintext, b"content");
        assert_eq!((opened.typ.as_deref(), opened.cty.as_deref()), (Some("JWE"), Some("JWT")));
        assert_eq!(opened.kid, key.kid());

        let stranger = DecryptionKey::generate(key.key_management()).unwrap();
        let stranger = stranger.with_kid(key.kid()).unwrap();
        let result = decrypt(&token, [&stranger], &GCM);
        assert!(matches!(result, Err(DecryptError::Undecryptable)), "{result:?}");
    }
}

#[test]
fn two_encryptions_of_one_value_have_nothing_in_common() {
    for key in &*KEYS {
        let [one, two] = [token_to(key), token_to(key)];
        for (one, two) in one.split('.').zip(two.split('.')).skip(1) {
            assert!(one.is_empty() || one != two);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_content_survives_the_round_trip(
        content in proptest::collection::vec(any::<u8>(), 0..2000), which in 0..2_usize,
    ) {
        let token = encrypt(&public(&KEYS[which]), MediaTypes::default(), &content).unwrap();
        prop_assert_eq!(decrypt(&token, &*KEYS, &GCM).unwrap().plaintext, content);
    }

    #[test]
    fn random_tokens_never_open_and_never_panic(token in "[A-Za-z0-9_.=-]{0,200}|\\PC{0,80}") {
        prop_assert!(decrypt(&token, &*KEYS, &ContentEncryption::ALL).is_err());
    }
}
