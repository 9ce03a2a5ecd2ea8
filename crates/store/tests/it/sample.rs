//! Values that tests store.

use std::{sync::Arc, time::Duration};

use fiador_domain::{
    assurance::Evidence,
    audit::{AuditEvent, AuditKind},
    consent::{Consent, TEXT_VERSION},
    journey::{
        AFTERMATH, Ask, Chain, Delivery, DoorState, Journey, LIFETIME, Origin, Prompt, Stage,
        Subject,
    },
    profile::Profile,
    session::LoginSession,
    subscriber::{Subscriber, SubscriberStatus},
    token::Epochs,
};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Clock as _, Digest, GrantId, JourneyId, Language, Loa,
    OsEntropy, Pcr, ScopeSet, SectorId, SubscriberId, Timestamp,
};
use fiador_ports::Redemption;

use crate::fixture::Fixture;

pub(crate) const TOKENS_LIVE: Duration = Duration::from_mins(11);

pub(crate) fn client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub(crate) fn subscriber(id: &str) -> SubscriberId {
    SubscriberId::new(id).unwrap()
}

pub(crate) fn sector(id: &str) -> SectorId {
    SectorId::new(id).unwrap()
}

pub(crate) fn grant(id: &str) -> GrantId {
    GrantId::new(id).unwrap()
}

/// A redemption of the code `id`, for `ana` at `bank`.
pub(crate) fn redemption(fixture: &Fixture, id: &str) -> Redemption {
    redemption_of(fixture, id, "ana")
}

pub(crate) fn redemption_of(fixture: &Fixture, id: &str, who: &str) -> Redemption {
    Redemption {
        grant: grant(id),
        client: client("bank"),
        subscriber: subscriber(who),
        sector: sector("bank.example"),
        pcr_candidate: Pcr::random(&OsEntropy),
        epochs: Epochs::default(),
        tokens_expire_at: fixture.clock.now() + TOKENS_LIVE,
        consent: None,
        session: None,
        begins: None,
        refresh: None,
        audit: AuditEvent {
            client: Some(client("bank")),
            subscriber: Some(subscriber(who)),
            grant: Some(grant(id)),
            ..event(fixture, AuditKind::TokensIssued)
        },
    }
}

/// The same code, beginning a login session.
pub(crate) fn begins(code: Redemption, session: LoginSession) -> Redemption {
    Redemption { session: Some(session.id), begins: Some(session), ..code }
}

pub(crate) fn event(fixture: &Fixture, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        at: fixture.clock.now(),
        kind,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    }
}

pub(crate) fn consent(fixture: &Fixture, scopes: &str) -> Consent {
    Consent {
        subscriber: subscriber("ana"),
        client: client("bank"),
        scopes: ScopeSet::parse(scopes).unwrap(),
        text_version: TEXT_VERSION,
        given_at: fixture.clock.now(),
    }
}

pub(crate) fn evidence(at: Timestamp) -> Evidence {
    Evidence {
        authenticator: AuthenticatorId::new("sms_otp").unwrap(),
        level: Loa::Two,
        amr_mobile_connect: vec![Amr::new("OTP_OK")],
        amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
        at,
    }
}

pub(crate) fn session(fixture: &Fixture, cookie: &str) -> LoginSession {
    let now = fixture.clock.now();
    LoginSession {
        id: Digest::of(cookie),
        subscriber: subscriber("ana"),
        evidence: evidence(now),
        created_at: now,
        used_at: now,
    }
}

pub(crate) fn stored_subscriber(id: &str, number: &str) -> Subscriber {
    Subscriber {
        id: subscriber(id),
        msisdn_index: Digest::of(number),
        msisdn_sealed: vec![0, 1, 2, 255],
        status: SubscriberStatus::Active,
        authenticators: vec!["sms_otp".to_owned()],
        attributes_sealed: vec![9; 300],
    }
}

pub(crate) fn journey(fixture: &Fixture) -> Journey {
    let now = fixture.clock.now();
    Journey {
        id: JourneyId::random(&OsEntropy),
        ask: Arc::new(Ask {
            client: client("bank"),
            client_name: "Bank".to_owned(),
            profile: Profile::MobileConnect,
            scopes: ScopeSet::parse("openid").unwrap(),
            levels: vec![Loa::Two],
            levels_voluntary: false,
            context: None,
            binding_message: None,
            prompt: [].into(),
            reveals_state: false,
            language: Language::En,
        }),
        door: DoorState { door: "authorize".to_owned(), content: r#"{"state":"x"}"#.into() },
        browser: Some(Digest::of("browser")),
        page: Some("https://id.operator.example/journey/h".into()),
        origin: Origin { network: "192.0.2.0/24".to_owned(), ..Origin::default() },
        opened_at: now,
        expires_at: now + LIFETIME + AFTERMATH,
        stage: Stage::Received,
    }
}

/// A live prompt, found by the digest of `secret`.
pub(crate) fn prompt(fixture: &Fixture, secret: &str) -> Prompt {
    Prompt {
        authenticator: AuthenticatorId::new("sms_url").unwrap(),
        state: serde_json::json!({ "number": 27 }),
        at: fixture.clock.now(),
        reference: Some(Digest::of(secret)),
        delivery: Delivery::Accepted,
    }
}

/// A journey whose phone was reached, with a live prompt for each of `secrets`.
pub(crate) fn challenged(fixture: &Fixture, secrets: &[&str]) -> Journey {
    let mut journey = journey(fixture);
    let subject = Subject {
        subscriber: Some(subscriber("ana")),
        msisdn_index: Digest::of("number"),
        number_block: Digest::of("block"),
        masked: "+34*******01".to_owned(),
    };
    let live = secrets.iter().map(|secret| prompt(fixture, secret)).collect();
    let chain = Chain { live, ..Chain::default() };
    journey.stage = journey.stage.identify(subject).unwrap().challenge(chain).unwrap();
    journey
}
