use fiador_jose::base64url;
use fiador_jose::jwe::{DecryptError, decrypt};
use proptest::prelude::*;
use serde_json::json;

use super::{GCM, KEYS, error, token_to, with_header};

#[test]
fn a_change_of_any_character_is_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        for place in 0..token.len() {
            for other in ['A', '_', '.', '='] {
                let mut changed: Vec<char> = token.chars().collect();
                if std::mem::replace(&mut changed[place], other) == other {
                    continue;
                }
                let changed: String = changed.into_iter().collect();
                assert!(decrypt(&changed, &*KEYS, &GCM).is_err(), "{place}: {other}");
            }
        }
    }
}

#[test]
fn a_missing_or_added_character_is_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        for place in 0..token.len() {
            let mut shorter = token.clone();
            shorter.remove(place);
            assert!(decrypt(&shorter, &*KEYS, &GCM).is_err(), "-{place}");
            let mut longer = token.clone();
            longer.insert(place, 'A');
            assert!(decrypt(&longer, &*KEYS, &GCM).is_err(), "+{place}");
        }
    }
}

#[test]
fn parts_of_two_good_tokens_do_not_mix() {
    for key in &*KEYS {
        let [one, two] = [token_to(key), token_to(key)];
        let [one, two] = [&one, &two].map(|token| token.split('.').collect::<Vec<_>>());
        for place in 0..5 {
            let mut mixed = one.clone();
            mixed[place] = two[place];
            let accepted = decrypt(&mixed.join("."), &*KEYS, &GCM).is_ok();
            assert_eq!(accepted, one[place] == two[place], "{place}");
        }
    }
}

#[test]
fn wrong_lengths_of_nonce_tag_and_key_are_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        let parts: Vec<&str> = token.split('.').collect();
        for place in [1, 2, 4] {
            let bytes = base64url::decode(parts[place]).unwrap();
            let lengths = (0..bytes.len()).chain([bytes.len() + 1, bytes.len() + 4]);
            for length in lengths {
                let mut other = bytes.clone();
                other.resize(length, 0);
                let other = base64url::encode(other);
                let mut parts = parts.clone();
                parts[place] = &other;
                let result = decrypt(&parts.join("."), &*KEYS, &GCM);
                assert!(matches!(result, Err(DecryptError::Undecryptable)), "{place} {length}");
            }
        }
    }
}

#[test]
fn everything_wrong_after_the_header_is_one_error() {
    // RFC 7516 §11.5: also what is wrong before any key was used.
    for key in &*KEYS {
        let token = token_to(key);
        let parts: Vec<&str> = token.split('.').collect();
        for place in 1..5 {
            for other in ["", "A", "AA==", "!", "AAAA", "AB"] {
                let mut parts = parts.clone();
                if parts[place] == other {
                    continue;
                }
                parts[place] = other;
                assert!(matches!(error(&parts.join(".")), DecryptError::Undecryptable), "{other}");
            }
        }
    }
}

#[test]
fn an_ephemeral_key_that_is_no_point_of_the_curve_is_refused() {
    // RFC 7518 §4.6.1.1 and the invalid curve attack: an answer would tell parts of the private key.
    let token = token_to(&KEYS[1]);
    let one = base64url::encode([[0; 31].as_slice(), &[1]].concat());
    let zero = base64url::encode([0; 32]);
    let prime = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8";
    for (x, y) in [(&*one, &*one), (&zero, &zero), (prime, prime), (&one, &zero)] {
        let token = with_header(&token, |header| {
            header["epk"]["x"] = json!(x);
            header["epk"]["y"] = json!(y);
        });
        assert!(matches!(error(&token), DecryptError::Undecryptable), "{x} {y}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_of_any_part_is_refused(place in any::<usize>(), bit in 0..8, which in 0..2_usize) {
        let token = token_to(&KEYS[which]);
        let mut parts: Vec<Vec<u8>> =
            token.split('.').map(|part| base64url::decode(part).unwrap()).collect();
        let mut bytes: Vec<&mut u8> = parts.iter_mut().flatten().collect();
        let place = place % bytes.len();
        *bytes[place] ^= 1_u8 << bit;
        let changed: Vec<String> = parts.into_iter().map(base64url::encode).collect();
        prop_assert!(decrypt(&changed.join("."), &*KEYS, &GCM).is_err());
    }
}
