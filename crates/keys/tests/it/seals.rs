use std::sync::LazyLock;

use fiador_jose::base64url;
use fiador_keys::{KeyRing, max_content_bytes};
use fiador_ports::{SealKind, Sealer as _};
use proptest::prelude::*;

use super::{ISSUER, KINDS, World, root};

static NODE: LazyLock<KeyRing> =
    LazyLock::new(|| tokio::runtime::Runtime::new().unwrap().block_on(World::default().node()));

#[test]
fn every_changed_byte_is_refused() {
    for kind in KINDS {
        let sealed = NODE.seal(kind, b"what the code carries").unwrap();
        let bytes = base64url::decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[place] ^= change;
                assert_eq!(NODE.open(kind, &base64url::encode(changed)), None, "byte {place}");
            }
        }
    }
}

#[test]
fn every_changed_character_is_refused() {
    let sealed = NODE.seal(SealKind::Code, b"0123456789").unwrap();
    for place in 0..sealed.len() {
        for other in ['A', 'B', '-', '_', '=', '+', '/', ' ', '.', '\n'] {
            let mut changed = sealed.clone();
            changed.replace_range(place..=place, &other.to_string());
            if changed != sealed {
                assert_eq!(NODE.open(SealKind::Code, &changed), None, "{place} {other:?}");
            }
        }
    }
}

#[test]
fn every_truncation_and_extension_is_refused() {
    let sealed = NODE.seal(SealKind::AccessToken, b"token").unwrap();
    for length in 0..sealed.len() {
        assert_eq!(NODE.open(SealKind::AccessToken, &sealed[..length]), None);
        assert_eq!(NODE.open(SealKind::AccessToken, &sealed[sealed.len() - length..]), None);
    }
    for tail in ["A", "AA", "AAA", "AAAA", "=", "=="] {
        assert_eq!(NODE.open(SealKind::AccessToken, &format!("{sealed}{tail}")), None);
    }
}

#[test]
fn one_kind_never_opens_as_another() {
    for kind in KINDS {
        let sealed = NODE.seal(kind, b"content").unwrap();
        for other in KINDS {
            assert_eq!(NODE.open(other, &sealed).is_some(), kind == other, "{kind:?} as {other:?}");
        }
    }
}

#[tokio::test]
async fn a_seal_of_another_issuer_or_cluster_does_not_open() {
    let world = World::default();
    let node = world.node().await;
    let same_keys = world.try_node(root(1), "https://id.operator.example.attacker").await.unwrap();
    let other_cluster = World::default().try_node(root(1), ISSUER).await.unwrap();
    for kind in KINDS {
        let sealed = node.seal(kind, b"content").unwrap();
        assert_eq!(same_keys.open(kind, &sealed), None);
        assert_eq!(other_cluster.open(kind, &sealed), None);
    }
}

#[test]
fn equal_contents_give_different_seals() {
    let seals: std::collections::HashSet<_> =
        (0..1000).map(|_| NODE.seal(SealKind::Code, b"same").unwrap()).collect();
    assert_eq!(seals.len(), 1000);
}

#[test]
fn lengths_are_bounded_on_both_sides() {
    for kind in KINDS {
        let longest = vec![7; max_content_bytes(kind)];
        let sealed = NODE.seal(kind, &longest).unwrap();
        assert_eq!(NODE.open(kind, &sealed), Some(longest.clone()));
        assert_eq!(NODE.seal(kind, &[longest, vec![7]].concat()), None);
        assert_eq!(NODE.open(kind, &"A".repeat(1 << 20)), None);
    }
}

#[test]
fn a_seal_adds_37_bytes_so_a_typical_code_stays_below_its_limit() {
    // Design §4: a code holds 512 bytes typically.
    let sealed = NODE.seal(SealKind::Code, &[0; 512]).unwrap();
    assert_eq!(sealed.len(), ((512 + 37) * 4_usize).div_ceil(3));
    assert!(sealed.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
}

proptest! {
    #[test]
    fn whatever_was_sealed_opens_to_the_same(content in proptest::collection::vec(any::<u8>(), 0..600)) {
        for kind in KINDS {
            let sealed = NODE.seal(kind, &content).unwrap();
            prop_assert_eq!(NODE.open(kind, &sealed), Some(content.clone()));
        }
    }

    #[test]
    fn random_text_never_opens_and_never_panics(text in "[A-Za-z0-9_-]{0,200}|\\PC{0,60}") {
        for kind in KINDS {
            prop_assert_eq!(NODE.open(kind, &text), None);
        }
    }

    #[test]
    fn a_real_front_with_a_random_rest_never_opens(rest in proptest::collection::vec(any::<u8>(), 0..100)) {
        let sealed = base64url::decode(NODE.seal(SealKind::Code, b"").unwrap()).unwrap();
        let forged = base64url::encode([&sealed[..9], &rest].concat());
        prop_assert_eq!(NODE.open(SealKind::Code, &forged), None);
    }
}
