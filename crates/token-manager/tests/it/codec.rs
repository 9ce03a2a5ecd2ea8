//! The bytes under the seal: short, stable, strict.

use fiador_domain::token::{AccessTokenContent, CodeContent, Epochs};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Digest, GrantId, Loa, OsEntropy, Pcr, Scope, ScopeSet,
    SectorId, SubscriberId, Timestamp,
};
use fiador_token_manager::codec::{
    decode_access_token, decode_code, encode_access_token, encode_code,
};
use proptest::prelude::*;

use crate::world::{APP, BANK, SHOP, World};

/// Design §4: 512 bytes typical. With everything an ordinary login of either profile carries.
#[tokio::test]
async fn an_ordinary_code_has_at_most_512_characters() {
    let world = World::new();
    let mut login = world.login(SHOP);
    login.session = Some(Digest::of("cookie"));
    login.scopes = scopes("openid profile email phone");
    login.consented = Some(scopes("profile email phone"));
    login.hashed_login_hint = None;
    for code in [world.code(BANK), world.code(APP), world.issue(&login)] {
        assert!(code.len() <= 512, "{} characters", code.len());
    }
}

/// Design §4: at most 2 KiB; nothing longer is made, whatever a request brought.
#[tokio::test]
async fn a_code_over_2_kib_is_not_made() {
    let world = World::new();
    let mut login = world.login(BANK);
    let mut longest = 0;
    for length in (0..4096).step_by(64) {
        login.nonce = Some("n".repeat(length));
        let code = world.codes.issue_code(&login);
        longest = longest.max(code.as_ref().map_or(0, String::len));
        assert_eq!(code.is_some(), length < 1300, "a nonce of {length} characters");
    }
    assert!((1900..=2048).contains(&longest), "{longest}");
    login.nonce = Some("n".repeat(1200));
    let code = world.issue(&login);
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

#[tokio::test]
async fn an_access_token_has_at_most_1024_characters_and_is_usually_much_shorter() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    assert!(token.len() <= 400, "{} characters", token.len());

    let mut login = world.login(BANK);
    login.scopes = (0..60).map(|n| Scope::new(&format!("scope_number_{n}")).unwrap()).collect();
    let reply = world.exchange(BANK, &world.issue(&login)).await;
    assert_eq!(reply.error(), (500, "server_error".to_owned()));
}

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

fn sample_token() -> AccessTokenContent {
    AccessTokenContent {
        grant: GrantId::new("g").unwrap(),
        client: ClientId::new("c").unwrap(),
        subscriber: SubscriberId::new("s").unwrap(),
        pcr: Pcr::parse("22735ae2-9b1b-4edb-bed0-7b41de9e129e").unwrap(),
        sector: SectorId::new("x").unwrap(),
        scopes: scopes("openid"),
        issued_at: Timestamp::from_micros(1),
        expires_at: Timestamp::from_micros(300),
        epochs: Epochs { subscriber: 1, client: 0, grant: 200 },
    }
}

/// A change of these bytes is a new version: nodes of a cluster are upgraded one by one (T-249).
#[test]
fn the_bytes_of_version_1_stay_as_they_are() {
    let mut expected = b"\x01\x01g\x01c\x01s\x2422735ae2-9b1b-4edb-bed0-7b41de9e129e".to_vec();
    expected.extend(b"\x01x\x01\x06openid\x02\xd8\x04\x01\x00\xc8\x01");
    assert_eq!(encode_access_token(&sample_token()).unwrap(), expected);
    let code = encode_code(&World::new().login(BANK)).unwrap();
    assert_eq!(Digest::of(&code).to_hex(), CODE_OF_VERSION_1, "{code:02x?}");
}

const CODE_OF_VERSION_1: &str = "9ae81e8d0637bf6673e75b3b0af37b4256ce3a3ee99ec1e5d53455a3da6b73b2";

#[test]
fn another_version_and_trailing_bytes_are_refused() {
    let bytes = encode_access_token(&sample_token()).unwrap();
    assert_eq!(decode_access_token(&bytes), Some(sample_token()));
    let mut other_version = bytes.clone();
    other_version[0] = 2;
    let longer = [&*bytes, &[0]].concat();
    for bad in [&other_version, &longer, &bytes[..bytes.len() - 1].to_vec(), &Vec::new()] {
        assert_eq!(decode_access_token(bad), None);
    }
}

#[test]
fn an_identifier_that_the_domain_refuses_is_refused_here_too() {
    let mut bytes = encode_access_token(&sample_token()).unwrap();
    bytes[2] = b' ';
    assert_eq!(decode_access_token(&bytes), None);
}

prop_compose! {
    fn any_code()(
        ids in prop::array::uniform4("[!-~]{1,40}"),
        session in prop::option::of(any::<[u8; 32]>()),
        names in "([a-z_]{1,12} ?){0,6}",
        consented in prop::option::of("([a-z_]{1,12} ?){0,3}"),
        levels in (1_u8..=4, prop::option::of(1_u8..=4)),
        amr in prop::collection::vec(prop_oneof![Just("OTP_OK"), Just("sms")], 0..4),
        times in any::<(i64, i64)>(),
        texts in (prop::option::of(".{0,60}"), prop::option::of(".{0,200}")),
        hashes in (any::<[u8; 32]>(), prop::option::of(any::<[u8; 32]>()), prop::option::of(any::<[u8; 32]>())),
        epochs in any::<(u32, u32, u32)>(),
    ) -> CodeContent {
        let amr: Vec<Amr> = amr.into_iter().map(Amr::new).collect();
        CodeContent {
            grant: GrantId::new(&ids[0]).unwrap(),
            client: ClientId::new(&ids[1]).unwrap(),
            subscriber: SubscriberId::new(&ids[2]).unwrap(),
            session: session.map(Digest::from_bytes),
            scopes: scopes(&names),
            consented: consented.as_deref().map(scopes),
            acr: levels.1.map(|level| Loa::try_from(level).unwrap()),
            level: Loa::try_from(levels.0).unwrap(),
            authenticator: AuthenticatorId::new(&ids[3]).unwrap(),
            amr_mobile_connect: amr.clone(),
            amr_rfc8176: amr,
            authenticated_at: Timestamp::from_micros(times.0),
            nonce: texts.0,
            redirect_uri: Digest::from_bytes(hashes.0),
            code_challenge: hashes.1.map(Digest::from_bytes),
            hashed_login_hint: hashes.2.map(Digest::from_bytes),
            displayed_data: texts.1,
            expires_at: Timestamp::from_micros(times.1),
            epochs: Epochs { subscriber: epochs.0, client: epochs.1, grant: epochs.2 },
        }
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(code in any_code()) {
        let bytes = encode_code(&code).unwrap();
        prop_assert_eq!(decode_code(&bytes), Some(code));
    }

    #[test]
    fn a_token_reads_back_whatever_its_times_and_counts(
        times in any::<(i64, i64)>(), epochs in any::<(u32, u32, u32)>(),
    ) {
        let token = AccessTokenContent {
            pcr: Pcr::random(&OsEntropy),
            issued_at: Timestamp::from_micros(times.0),
            expires_at: Timestamp::from_micros(times.1),
            epochs: Epochs { subscriber: epochs.0, client: epochs.1, grant: epochs.2 },
            ..sample_token()
        };
        prop_assert_eq!(decode_access_token(&encode_access_token(&token).unwrap()), Some(token));
    }

    /// T-008, T-260: no panic, and no more memory than the bytes justify.
    #[test]
    fn nonsense_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let versioned = [&[1], &*bytes].concat();
        for bytes in [&bytes, &versioned] {
            if let Some(code) = decode_code(bytes) {
                prop_assert_eq!(decode_code(&encode_code(&code).unwrap()), Some(code));
            }
            if let Some(token) = decode_access_token(bytes) {
                let again = encode_access_token(&token).unwrap();
                prop_assert_eq!(decode_access_token(&again), Some(token));
            }
        }
    }

    #[test]
    fn a_damaged_code_is_read_as_something_sound_or_not_at_all(
        code in any_code(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = encode_code(&code).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(code) = decode_code(&bytes) {
            prop_assert_eq!(decode_code(&encode_code(&code).unwrap()), Some(code));
        }
    }
}
