//! Random events and a random clock over a chain: whatever happens, in whatever order, on whichever
//! of two nodes, what must hold holds.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{Delivery, Journey, LIFETIME, Stage};
use fiador_kernel::{Clock, Digest, Loa, Timestamp};
use fiador_ports::{AuthenticatorRouter, Journeys, Prompts, Settled, StartError};
use proptest::prelude::*;

use crate::{
    scripted::{GAVE_UP, LOST, NO, RIGHT, Scripted, WRONG, answer, right_for},
    world::{LOGIN, Login, World},
};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const STEPS: &str = r#"["a", ["b", "c"], "d"]"#;
const ANSWERS: [&str; 5] = [RIGHT, WRONG, NO, GAVE_UP, LOST];

#[derive(Clone, Debug)]
enum Event {
    Start,
    Again {
        who: usize,
    },
    OtherWay,
    /// By the browser, or by the reference of the n-th prompt.
    Answer {
        who: usize,
        answer: usize,
        by_phone: Option<u64>,
    },
    /// A right code of the n-th prompt.
    Code {
        who: usize,
        n: u64,
    },
    Report {
        who: usize,
        n: u64,
        delivery: Delivery,
    },
    Abandon,
    Advance,
    Tick,
    Pass {
        seconds: u64,
    },
    Refuse {
        who: usize,
        error: Option<StartError>,
    },
    Down(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let who = || 0..NAMES.len();
    let wait = || (1_u64..90).prop_map(Duration::from_secs);
    let error = prop_oneof![
        4 => Just(None),
        1 => Just(Some(StartError::Unavailable)),
        1 => Just(Some(StartError::TextTooLong)),
        1 => wait().prop_map(|wait| Some(StartError::BudgetExhausted(wait))),
        1 => wait().prop_map(|wait| Some(StartError::LockedOut(wait))),
    ];
    let delivery = prop::sample::select(
        &[Delivery::Unknown, Delivery::Accepted, Delivery::Delivered, Delivery::Failed][..],
    );
    prop_oneof![
        4 => Just(Event::Start),
        2 => who().prop_map(|who| Event::Again { who }),
        2 => Just(Event::OtherWay),
        6 => (who(), 0..ANSWERS.len(), prop::option::of(1_u64..4))
            .prop_map(|(who, answer, by_phone)| Event::Answer { who, answer, by_phone }),
        2 => (who(), 1_u64..4).prop_map(|(who, n)| Event::Code { who, n }),
        3 => (who(), 1_u64..4, delivery)
            .prop_map(|(who, n, delivery)| Event::Report { who, n, delivery }),
        1 => Just(Event::Abandon),
        3 => Just(Event::Advance),
        3 => Just(Event::Tick),
        5 => (1_u64..70).prop_map(|seconds| Event::Pass { seconds }),
        3 => (who(), error).prop_map(|(who, error)| Event::Refuse { who, error }),
        1 => any::<bool>().prop_map(Event::Down),
    ]
}

struct Run {
    nodes: [World; 2],
    adaptors: [Arc<Scripted>; 4],
    handle: Digest,
    deadline: Timestamp,
}

impl Run {
    async fn new(login: Login) -> Self {
        let adaptors = NAMES.map(|name| Arc::new(Scripted::new(name, Loa::Two).with_reference()));
        let [a, b, c, d] = &adaptors;
        let here = World::chained([a, b, c, d], STEPS);
        let there = here.beside([a, b, c, d], STEPS);
        let handle = here.open(login).await;
        let deadline = here.clock.now() + LIFETIME;
        Self { nodes: [here, there], adaptors, handle, deadline }
    }

    /// Whether it was a right answer that moved the journey.
    async fn apply(&self, node: usize, event: &Event) -> bool {
        let (world, handle) = (&self.nodes[node], self.handle);
        let router = &*world.router;
        let settled = match event {
            Event::Start => {
                let _ = world.start(handle).await;
                return false;
            }
            Event::Again { who } => {
                let _ = router.again(handle, &self.adaptors[*who].id).await;
                return false;
            }
            Event::OtherWay => {
                let _ = router.other_way(handle).await;
                return false;
            }
            Event::Answer { who, answer: text, by_phone: None } => {
                let id = &self.adaptors[*who].id;
                AuthenticatorRouter::answer(router, handle, id, &answer(ANSWERS[*text])).await
            }
            Event::Answer { who, answer: text, by_phone: Some(n) } => {
                let reference = self.adaptors[*who].reference(LOGIN.id, *n);
                Prompts::answer(router, reference, &answer(ANSWERS[*text])).await
            }
            Event::Code { who, n } => {
                let id = &self.adaptors[*who].id;
                AuthenticatorRouter::answer(router, handle, id, &right_for(*n)).await
            }
            Event::Report { who, n, delivery } => {
                let reference = self.adaptors[*who].reference(LOGIN.id, *n);
                let _ = router.report(reference, *delivery).await;
                return false;
            }
            Event::Abandon => {
                let _ = router.abandon(handle).await;
                return false;
            }
            Event::Advance => {
                if let Ok(Some(read)) =
                    Journeys::read(&*world.kept, handle, world.clock.now()).await
                {
                    let _ = router.advance(handle, read).await;
                }
                return false;
            }
            Event::Tick => {
                router.tick().await;
                return false;
            }
            Event::Pass { seconds } => {
                world.clock.advance(Duration::from_secs(*seconds));
                return false;
            }
            Event::Refuse { who, error } => {
                self.adaptors[*who].refuse(*error);
                return false;
            }
            Event::Down(is_down) => {
                world.go_down(*is_down);
                return false;
            }
        };
        matches!(settled, Ok(Settled::Moved(_))) && world.is_verified(handle)
    }

    fn journey(&self) -> Journey {
        self.nodes[0].kept.journey(self.handle)
    }
}

/// What holds after every event.
fn must_hold(before: &Journey, after: &Journey, is_proof: bool) -> Result<(), TestCaseError> {
    if before.stage.is_final() || matches!(before.stage, Stage::Verified { .. }) {
        let same = before.stage == after.stage;
        let abandoned = matches!(
            (&before.stage, &after.stage),
            (Stage::Verified { .. }, Stage::Refused { .. })
        );
        prop_assert!(same || abandoned, "{} became {}", before.stage.name(), after.stage.name());
    }
    let is_new = !matches!(before.stage, Stage::Verified { .. });
    if is_new && let Stage::Verified { subscriber, evidence, .. } = &after.stage {
        prop_assert!(is_proof, "verified without an answer");
        prop_assert_eq!(Some(subscriber), before.stage.subscriber());
        let Stage::Challenged { chain, .. } = &before.stage else {
            return Err(TestCaseError::fail("verified without a challenge"));
        };
        prop_assert!(chain.prompt_of(&evidence.authenticator).is_some());
    }
    if let Stage::Challenged { chain, .. } = &after.stage {
        let mut names: Vec<_> = chain.live.iter().map(|prompt| &prompt.authenticator).collect();
        names.extend(chain.ahead.iter().flat_map(|step| &step.authenticators));
        let count = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), count, "somebody is asked and ahead, or twice");
        let is_alive =
            !chain.live.is_empty() || !chain.ahead.is_empty() || chain.starting_until.is_some();
        prop_assert!(is_alive, "nobody is asked and nobody is left");
        if let Stage::Challenged { chain: earlier, .. } = &before.stage {
            prop_assert!(chain.ahead.len() <= earlier.ahead.len(), "a step came back");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_happens_to_a_chain_it_ends_once_and_by_a_proof_or_in_time(
        events in prop::collection::vec((0..2_usize, event()), 0..60),
        is_known in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let run = Run::new(Login { is_known, ..LOGIN }).await;
            let mut before = run.journey();
            for (node, event) in &events {
                let is_proof = run.apply(*node, event).await;
                let after = run.journey();
                must_hold(&before, &after, is_proof)?;
                let verified = matches!(after.stage, Stage::Verified { .. });
                prop_assert!(is_known || !verified);
                before = after;
            }
            // Nobody comes any more: the node that runs ends what it began.
            run.nodes[0].go_down(false);
            for _ in 0..2 {
                for node in &run.nodes {
                    node.clock.set(run.deadline.max(node.clock.now()) + Duration::from_mins(1));
                    node.router.tick().await;
                }
            }
            let end = run.journey();
            let begun = matches!(end.stage, Stage::Challenged { .. });
            let is_forgotten = end.is_expired(run.nodes[0].clock.now());
            prop_assert!(!begun || is_forgotten, "a challenge outlived its journey");
            let refusals = run.nodes[0].kept.audit.lock().len();
            prop_assert!(refusals <= 1, "one end, one line in the audit log");
            Ok(())
        })?;
    }
}
