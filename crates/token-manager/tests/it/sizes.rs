//! How long codes and access tokens get (decision 0001): a code travels in the query of a redirect,
//! an access token in a header.

use fiador_domain::{
    catalog,
    token::{CodeContent, Epochs},
};
use fiador_kernel::{ClientId, Digest, Scope, ScopeSet, SubscriberId};
use fiador_ports::CodeError;

use crate::world::{APP, BANK, Holder, SHOP, VERIFIER, World};

/// Longest `nonce` that a request may bring, in bytes.
const NONCE: usize = 255;
/// Longest `client_name`, `context` and `binding_message`, in characters (mobile-connect §2.1),
/// with the spaces between.
const TEXTS: usize = 16 + 1 + 120 + 1 + 50;

/// With everything an ordinary login of either profile carries.
#[tokio::test]
async fn an_ordinary_code_has_at_most_512_characters() {
    let world = World::new();
    let mut login = world.login(SHOP);
    login.session = Some(Digest::of("cookie"));
    login.begins_session = true;
    login.scopes = ScopeSet::parse("openid profile email phone").unwrap();
    login.consented = Some(ScopeSet::parse("profile email phone").unwrap());
    login.hashed_login_hint = None;
    for code in [world.code(BANK), world.code(APP), world.issue(&login)] {
        assert!(code.len() <= 512, "{} characters", code.len());
    }
}

/// What every request may have, each at its bound, under ids as long as UUIDs; every scope in one of
/// its spellings.
fn largest(world: &World, holder: Holder) -> CodeContent {
    let second_names = [
        "mc_identity_signupplus",
        "mc_identity_phonenumber_hashed",
        "mc_mnv",
        "mc_india",
        "mc_attr",
        "mc_phonenumber",
        "mc_signup",
        "mc_nationalid",
    ];
    let is_second_name = |scope: &str| second_names.iter().any(|name| scope.starts_with(name));
    let asked = catalog::CATALOG
        .iter()
        .filter(|entry| !entry.is_without_user() && !is_second_name(entry.scope));
    let all: ScopeSet = asked.map(|entry| Scope::new(entry.scope).unwrap()).collect();
    let mut login = world.login(holder);
    login.client = ClientId::new(&"c".repeat(36)).unwrap();
    login.subscriber = SubscriberId::new(&"s".repeat(36)).unwrap();
    login.consented = Some(catalog::needing_consent(&all));
    login.scopes = all;
    login.nonce = Some("n".repeat(NONCE));
    login.code_challenge = Some(Digest::of(VERIFIER));
    login.epochs = Epochs { subscriber: u32::MAX, client: u32::MAX, grant: u32::MAX };
    login
}

/// A client of Mobile Connect shows a text, which people write in many scripts.
fn largest_with_text(world: &World, character: char) -> CodeContent {
    let shown = std::iter::repeat_n(character, TEXTS).collect();
    CodeContent { displayed_data: Some(shown), ..largest(world, BANK) }
}

/// A plain OpenID Connect client shows none, but keeps a login session.
fn largest_with_session(world: &World) -> CodeContent {
    let session = Some(Digest::of("cookie"));
    CodeContent { session, begins_session: true, ..largest(world, SHOP) }
}

#[tokio::test]
async fn the_largest_request_gives_a_code_of_at_most_2_kib_whatever_the_script() {
    let world = World::new();
    for character in ['a', 'ж', '漢', '📱'] {
        let code = world.codes.issue_code(&largest_with_text(&world, character));
        assert!(code.is_ok_and(|code| code.len() <= 2048), "{character}");
    }
    let code = world.codes.issue_code(&largest_with_session(&world));
    assert!(code.is_ok_and(|code| code.len() <= 2048));
}

#[tokio::test]
async fn a_code_over_2_kib_is_not_made_and_the_reason_is_told() {
    let world = World::new();
    let mut login = world.login(BANK);
    login.nonce = Some("n".repeat(4096));
    let refused = world.codes.issue_code(&login);
    assert_eq!(refused, Err(CodeError::TooLong));
    assert!(!CodeError::TooLong.to_string().contains("key"));
}

#[tokio::test]
async fn the_largest_request_gives_an_access_token_of_at_most_1_kib() {
    let world = World::new();
    let (client, epochs) = (world.login(SHOP).client, Epochs::default());
    let code = world.issue(&CodeContent { client, epochs, ..largest_with_session(&world) });
    let reply = world.exchange(SHOP, &code).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let length = reply.json()["access_token"].as_str().unwrap().len();
    assert!(length <= 1024, "{length} characters");
    let (usual, _) = world.tokens(BANK).await;
    assert!(usual.len() <= 400, "{} characters", usual.len());
}

/// T-033: what cannot end in tokens does not cost the code.
#[tokio::test]
async fn a_code_whose_token_would_be_too_long_is_not_spent() {
    let world = World::new();
    let mut login = world.login(BANK);
    login.scopes = (0..60).map(|n| Scope::new(&format!("scope_number_{n}")).unwrap()).collect();
    let reply = world.exchange(BANK, &world.issue(&login)).await;
    assert_eq!(reply.error(), (500, "server_error".to_owned()));
    assert!(world.store.redemptions().is_empty());
}
