//! Large sets of forged values, none of which is taken for one of ours (T-054, T-070 to T-072).

use fiador_domain::client::SigningAlgorithm;
use fiador_ports::{Sealer as _, Signer as _};
use fiador_testkit::{jwt_mutations::jwt_mutations, share, text_mutations::text_mutations};

use super::{KINDS, World};

#[tokio::test]
async fn of_a_large_set_of_forged_id_tokens_none_is_ours() {
    let node = World::default().node().await;
    let keys = node.public_keys();
    let payload =
        br#"{"iss":"https://idgw.example.net","sub":"22735ae2","aud":["a"],"auth_time":1}"#;
    for algorithm in SigningAlgorithm::ALL {
        let token = node.sign(algorithm, payload).await.unwrap();
        let all = jwt_mutations(&token, &[keys.as_bytes()]).unwrap();
        assert!(all.len() >= 2_000, "{}", all.len());
        for forged in share::of(all, 5) {
            assert_eq!(node.verify_own(&forged.token), None, "{algorithm:?}: {}", forged.what);
        }
        assert_eq!(node.verify_own(&token).as_deref(), Some(&payload[..]));
    }
}

#[tokio::test]
async fn of_a_large_set_of_forged_seals_none_opens_as_any_kind() {
    let node = World::default().node().await;
    for kind in KINDS {
        let sealed = node.seal(kind, b"what a code or an access token carries").unwrap();
        let other = node.seal(kind, b"what another one of the same kind does").unwrap();
        let all = text_mutations(&sealed, &other);
        assert!(all.len() >= 2_000, "{}", all.len());
        for forged in share::of(all, 9) {
            for opened_as in KINDS {
                assert_eq!(node.open(opened_as, &forged.text), None, "{kind:?}: {}", forged.what);
            }
        }
        assert!(node.open(kind, &sealed).is_some());
    }
}
