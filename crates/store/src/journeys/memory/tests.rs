use std::{collections::BTreeSet, sync::Arc};

use fiador_domain::{
    journey::{Ask, Chain, Delivery, DoorState, Origin, Prompt, Refusal, Stage, Subject},
    profile::Profile,
};
use fiador_kernel::{AuthenticatorId, ClientId, JourneyId, Language, OsEntropy, ScopeSet};
use proptest::prelude::*;

use super::*;

/// What may happen to journeys. Handles, references and times are few, so that they collide.
#[derive(Clone, Debug)]
enum Event {
    Open { handle: u8, references: Vec<u8>, expires_at: i64 },
    Replace { handle: u8, version: u64, references: Vec<u8>, expires_at: i64 },
    End { handle: u8, version: u64 },
    Sweep { now: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let references = || prop::collection::vec(0..6_u8, 0..4);
    prop_oneof![
        3 => (0..8_u8, references(), 1..20_i64)
            .prop_map(|(handle, references, expires_at)| Event::Open { handle, references, expires_at }),
        4 => (0..8_u8, 0..3_u64, references(), 1..20_i64).prop_map(
            |(handle, version, references, expires_at)| Event::Replace {
                handle,
                version,
                references,
                expires_at
            }
        ),
        1 => (0..8_u8, 0..3_u64).prop_map(|(handle, version)| Event::End { handle, version }),
        1 => (0..20_i64).prop_map(|now| Event::Sweep { now }),
    ]
}

fn digest(number: u8) -> Digest {
    Digest::of([number])
}

fn journey(references: &[u8], expires_at: i64) -> Journey {
    let live = references.iter().map(|&reference| Prompt {
        authenticator: AuthenticatorId::new("sms_url").unwrap(),
        state: serde_json::Value::Null,
        at: Timestamp::default(),
        reference: Some(digest(reference)),
        delivery: Delivery::Unknown,
    });
    let subject = Subject {
        subscriber: None,
        msisdn_index: digest(0),
        number_block: digest(0),
        masked: String::new(),
    };
    Journey {
        id: JourneyId::random(&OsEntropy),
        ask: Arc::new(Ask {
            client: ClientId::new("bank").unwrap(),
            client_name: String::new(),
            profile: Profile::MobileConnect,
            scopes: ScopeSet::parse("openid").unwrap(),
            levels: Vec::new(),
            levels_voluntary: false,
            context: None,
            binding_message: None,
            prompt: [].into(),
            reveals_state: false,
            language: Language::En,
        }),
        door: DoorState { door: "authorize".to_owned(), content: "".into() },
        browser: None,
        page: None,
        origin: Origin::default(),
        opened_at: Timestamp::from_micros(0),
        expires_at: Timestamp::from_micros(expires_at),
        stage: Stage::Challenged {
            subject,
            chain: Chain { live: live.collect(), ..Chain::default() },
        },
    }
}

/// References in the journeys that are kept.
fn in_journeys(journeys: &MemoryJourneys) -> BTreeSet<[u8; 32]> {
    let handles = (0..8_u8).map(digest);
    let references = handles.flat_map(|handle| {
        let shard = journeys.shard(&handle).lock();
        let kept = shard.get(&handle).map(|kept| Arc::clone(&kept.journey));
        kept.iter().flat_map(|journey| journey.references()).collect::<Vec<_>>()
    });
    references.map(|reference| *reference.as_bytes()).collect()
}

proptest! {
    #[test]
    fn references_never_outgrow_the_journeys_and_lead_to_live_prompts_only(
        events in prop::collection::vec(event(), 0..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        // Fewer places than handles: some give way to others.
        let journeys = MemoryJourneys::new(5);
        for event in events {
            runtime.block_on(async {
                match event {
                    Event::Open { handle, references, expires_at } => {
                        let _ = journeys.open(digest(handle), journey(&references, expires_at)).await;
                    }
                    Event::Replace { handle, version, references, expires_at } => {
                        let next = journey(&references, expires_at);
                        journeys.replace(digest(handle), version, next).await.unwrap();
                    }
                    Event::End { handle, version } => {
                        let mut over = journey(&[], 20);
                        over.stage = over.stage.refuse(Refusal::Denied, Timestamp::default()).unwrap();
                        journeys.replace(digest(handle), version, over).await.unwrap();
                    }
                    Event::Sweep { now } => journeys.sweep(Timestamp::from_micros(now)),
                }
            });
            let live = in_journeys(&journeys);
            prop_assert!(journeys.index.references() <= live.len());
            for number in 0..6 {
                let reference = digest(number);
                let found = journeys.find_by_reference(reference, Timestamp::from_micros(0));
                if let Some(found) = runtime.block_on(found).unwrap() {
                    prop_assert!(live.contains(reference.as_bytes()));
                    prop_assert!(found.versioned.journey.references().any(|live| live == reference));
                }
            }
        }
        journeys.sweep(Timestamp::from_micros(20));
        prop_assert_eq!((journeys.len(), journeys.index.references()), (0, 0));
    }
}
