//! Proof keys at the token endpoint (RFC 7636 §4.6, T-032).

use fiador_kernel::Digest;

use crate::world::{APP, BANK, Holder, REDIRECT_URI, SHOP, VERIFIER, World};

const REFUSED: &str = "The code_verifier does not answer the code_challenge";

async fn expect(holder: Holder, challenge: Option<&str>, verifier: Option<&str>, good: bool) {
    let world = World::new();
    let mut login = world.login(holder);
    login.code_challenge = challenge.map(Digest::of);
    let code = world.issue(&login);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT_URI),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    let reply = world.token(holder, &form).await;
    if good {
        assert_eq!(reply.status, 200, "{holder:?} {challenge:?} {verifier:?} {reply:?}");
    } else {
        reply.expect_error(400, "invalid_grant", REFUSED);
        assert!(world.store.redemptions().is_empty(), "a wrong verifier spends nothing");
    }
}

#[tokio::test]
async fn the_right_verifier_is_accepted_from_every_kind_of_client() {
    for holder in [BANK, SHOP, APP] {
        expect(holder, Some(VERIFIER), Some(VERIFIER), true).await;
    }
}

#[tokio::test]
async fn a_wrong_malformed_or_missing_verifier_is_refused() {
    let other = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let (short, long) = (&VERIFIER[..42], "a".repeat(129));
    for holder in [BANK, SHOP, APP] {
        for verifier in [None, Some(other), Some(short), Some(&*long), Some("")] {
            expect(holder, Some(VERIFIER), verifier, false).await;
        }
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    for holder in [BANK, SHOP, APP] {
        expect(holder, None, Some(VERIFIER), false).await;
    }
}

/// A confidential Mobile Connect client may do without; others may not, even if a door forgot.
#[tokio::test]
async fn a_code_without_a_challenge_is_good_only_where_none_is_required() {
    expect(BANK, None, None, true).await;
    expect(SHOP, None, None, false).await;
    expect(APP, None, None, false).await;
}
