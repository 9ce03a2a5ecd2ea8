use std::sync::LazyLock;

use fiador_jose::pkcs1::{DecryptionKey, EncryptionKey};
use fiador_jose::{EncryptError, EncryptionKeyError, PublicNumbers};
use proptest::prelude::*;

static KEY: LazyLock<DecryptionKey> = LazyLock::new(|| DecryptionKey::generate().unwrap());
static PUBLIC: LazyLock<EncryptionKey> = LazyLock::new(|| KEY.encryption_key().unwrap());

/// mobile-connect: digits, a separator, filler up to 128 characters.
const NUMBER: &[u8] = b"34600000001|3q9vY0aTzQ";

#[test]
fn what_was_encrypted_is_what_is_read() {
    let ciphertext = PUBLIC.encrypt(NUMBER).unwrap();
    assert_eq!(ciphertext.len(), 256);
    assert_eq!(KEY.decrypt(&ciphertext), NUMBER);
    assert_ne!(PUBLIC.encrypt(NUMBER).unwrap(), ciphertext, "the padding is random");
}

#[test]
fn a_key_survives_the_way_through_pkcs8_with_its_pseudo_plaintexts() {
    let again = DecryptionKey::from_pkcs8_der(&KEY.to_pkcs8_der().unwrap()).unwrap();
    assert_eq!(again.public_numbers(), KEY.public_numbers());
    let good = PUBLIC.encrypt(NUMBER).unwrap();
    assert_eq!(again.decrypt(&good), NUMBER);
    for bad in [vec![7; 256], vec![0; 255], vec![]] {
        assert_eq!(again.decrypt(&bad), KEY.decrypt(&bad), "every node says the same");
    }
    assert!(DecryptionKey::from_pkcs8_der(b"no key").is_err());
}

#[test]
fn a_ciphertext_without_plaintext_gets_one_that_stays() {
    // Bleichenbacher: an error, or an answer that changes, would tell that the padding is wrong.
    let mut lengths = std::collections::HashSet::new();
    let mut seen = std::collections::HashSet::new();
    for number in 0..40_u8 {
        let ciphertext = [[number; 255].as_slice(), &[1]].concat();
        let one = KEY.decrypt(&ciphertext);
        assert_eq!(KEY.decrypt(&ciphertext), one);
        assert!(one.len() <= 245);
        lengths.insert(one.len());
        seen.insert(one);
    }
    assert!(lengths.len() > 20, "{lengths:?}");
    assert_eq!(seen.len(), 40, "each ciphertext has its own");
}

#[test]
fn another_key_reads_noise() {
    let other = DecryptionKey::generate().unwrap();
    let ciphertext = PUBLIC.encrypt(NUMBER).unwrap();
    assert_ne!(other.decrypt(&ciphertext), NUMBER);
    assert_ne!(other.decrypt(&[7; 256]), KEY.decrypt(&[7; 256]), "pseudo-plaintexts are keyed");
}

#[test]
fn ciphertexts_of_other_lengths_and_above_the_modulus_get_a_plaintext_too() {
    let PublicNumbers::Rsa { n, .. } = KEY.public_numbers() else { panic!("an RSA key") };
    for ciphertext in [&[][..], &[0], &[1; 255], &[1; 257], &[0; 256], &[0xff; 256], n] {
        let one = KEY.decrypt(ciphertext);
        assert_eq!(KEY.decrypt(ciphertext), one);
        assert!(one.len() <= 245);
    }
}

#[test]
fn plaintexts_that_do_not_fit_and_keys_of_other_kinds_are_refused() {
    assert_eq!(PUBLIC.max_plaintext_bytes(), 245);
    assert_eq!(KEY.decrypt(&PUBLIC.encrypt(&[9; 245]).unwrap()), [9; 245]);
    assert!(KEY.decrypt(&PUBLIC.encrypt(&[]).unwrap()).is_empty());
    assert_eq!(PUBLIC.encrypt(&[9; 246]), Err(EncryptError::TooLong));
    for numbers in [
        PublicNumbers::P256 { x: [1; 32], y: [1; 32] },
        PublicNumbers::Rsa { n: vec![0xff; 128], e: vec![3] },
        PublicNumbers::Rsa { n: vec![0xff; 256], e: vec![1] },
        PublicNumbers::Rsa { n: vec![0xff; 256], e: vec![2] },
        PublicNumbers::Rsa { n: vec![0xfe; 256], e: vec![3] },
    ] {
        let error = EncryptionKey::from_numbers(&numbers).unwrap_err();
        assert_eq!(error, EncryptionKeyError);
    }
    assert!(format!("{:?}", *KEY).len() < 40);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_short_value_survives_the_round_trip(value in proptest::collection::vec(any::<u8>(), 0..=245)) {
        prop_assert_eq!(KEY.decrypt(&PUBLIC.encrypt(&value).unwrap()), value);
    }

    #[test]
    fn random_ciphertexts_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(KEY.decrypt(&bytes).len() <= 245);
    }
}
