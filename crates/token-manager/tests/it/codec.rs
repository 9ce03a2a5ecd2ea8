//! The bytes under the seal: short, stable, strict.

use fiador_domain::{
    client_token::ClientTokenContent,
    token::{AccessTokenContent, CodeContent, Epochs},
};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Digest, GrantId, Loa, OsEntropy, Pcr, ScopeSet, SectorId,
    SubscriberId, Timestamp,
};
use fiador_token_manager::codec::{
    decode_access_token, decode_client_token, decode_code, encode_access_token,
    encode_client_token, encode_code,
};
use proptest::prelude::*;

use crate::world::{BANK, World};

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

fn sample_token() -> AccessTokenContent {
    AccessTokenContent {
        grant: GrantId::new("g").unwrap(),
        client: ClientId::new("c").unwrap(),
        subscriber: SubscriberId::new("s").unwrap(),
        session: None,
        pcr: Pcr::parse("22735ae2-9b1b-4edb-bed0-7b41de9e129e").unwrap(),
        sector: SectorId::new("x").unwrap(),
        scopes: scopes("openid"),
        requested_claims: false,
        amr: Vec::new(),
        issued_at: Timestamp::from_micros(1),
        expires_at: Timestamp::from_micros(300),
        epochs: Epochs { subscriber: 1, client: 0, grant: 200 },
    }
}

/// A change of these bytes is a new version: nodes of a cluster are upgraded one by one (T-249).
#[test]
fn the_bytes_of_version_3_stay_as_they_are() {
    let mut expected = b"\x03\x01g\x01c\x01s\0\x2422735ae2-9b1b-4edb-bed0-7b41de9e129e".to_vec();
    expected.extend(b"\x01x\x01\x06openid\0\0\x02\xd8\x04\x01\x00\xc8\x01");
    assert_eq!(encode_access_token(&sample_token()).unwrap(), expected);
    let code = encode_code(&World::new().login(BANK)).unwrap();
    assert_eq!(Digest::of(&code).to_hex(), CODE_OF_VERSION_3, "{code:02x?}");
}

const CODE_OF_VERSION_3: &str = "0800a907e47cc5a0449ba7ac012203e5462edfdb2877699874b6e58c490caef1";

/// A claim that was asked for alone leaves with consent to a scope that is not granted.
#[test]
fn consent_beyond_the_granted_scopes_is_read_back() {
    for consented in ["profile", "email profile", "email", ""] {
        let mut code = World::new().login(BANK);
        code.scopes = scopes("openid email");
        code.consented = Some(scopes(consented));
        assert_eq!(decode_code(&encode_code(&code).unwrap()), Some(code), "{consented}");
    }
}

#[test]
fn another_version_and_trailing_bytes_are_refused() {
    let bytes = encode_access_token(&sample_token()).unwrap();
    assert_eq!(decode_access_token(&bytes), Some(sample_token()));
    let mut other_version = bytes.clone();
    other_version[0] = 1;
    let longer = [&*bytes, &[0]].concat();
    for bad in [&other_version, &longer, &bytes[..bytes.len() - 1].to_vec(), &Vec::new()] {
        assert_eq!(decode_access_token(bad), None);
    }
}

/// A client's own token lies under the same seal and is never read as one about a subscriber.
#[test]
fn the_two_kinds_of_access_token_are_not_read_as_each_other() {
    let own = ClientTokenContent {
        grant: GrantId::new("g").unwrap(),
        client: ClientId::new("c").unwrap(),
        scopes: scopes("mc_atp"),
        issued_at: Timestamp::from_micros(1),
        expires_at: Timestamp::from_micros(300),
        epochs: Epochs { subscriber: 0, client: 1, grant: 0 },
    };
    let bytes = encode_client_token(&own).unwrap();
    assert_eq!(bytes, b"\x81\x01g\x01c\x01\x06mc_atp\x02\xd8\x04\0\x01\0");
    assert_eq!((decode_client_token(&bytes), decode_access_token(&bytes)), (Some(own), None));
    let about = encode_access_token(&sample_token()).unwrap();
    assert_eq!(decode_client_token(&about), None);
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
        consented in prop::option::of(0_usize..8),
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
            begins_session: session.is_some() && consented.is_some(),
            scopes: scopes(&names),
            requested_claims: epochs.0 % 2 == 1,
            consented: consented
                .map(|step| scopes(&names).iter().skip(step % 3).step_by(step + 1).cloned().collect()),
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
        let versioned = [&[3], &*bytes].concat();
        let of_client = [&[129], &*bytes].concat();
        for bytes in [&bytes, &versioned, &of_client] {
            if let Some(token) = decode_client_token(bytes) {
                let again = encode_client_token(&token).unwrap();
                prop_assert_eq!(decode_client_token(&again), Some(token));
            }
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
