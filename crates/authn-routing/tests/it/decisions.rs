//! What policy is told, and what is kept of its decisions.

use std::sync::Arc;

use fiador_domain::{
    journey::Refusal,
    risk::RiskSignals,
    routing::{Capability, Outcome, Signal},
};
use fiador_kernel::{Clock, Loa};
use fiador_ports::{AuthenticatorRouter, DataError};

use crate::{
    fakes::Signs,
    scripted::{RIGHT, Scripted, answer, name},
    world::{LOGIN, Login, World, policy, settings},
};

const NOT_BY_SMS: &str = r#"
    when = { sim_changed_within = "72h" }
    then = { deny = ["sms"] }
    [[rules]]
    name = "unknown risk"
    when = { risk_unavailable = ["sim_change"] }
    then = { deny = ["sms"] }
    [[rules]]
    name = "others"
    then = { fallback = true }
"#;

fn world(signs: &Arc<Signs>, adaptors: [&Arc<Scripted>; 2]) -> World {
    World::with(adaptors, policy(NOT_BY_SMS), settings(), Some(Arc::clone(signs)))
}

fn two() -> [Arc<Scripted>; 2] {
    ["sms", "sim"].map(|id| Arc::new(Scripted::new(id, Loa::Two)))
}

#[tokio::test]
async fn a_fresh_sim_leads_around_messages_t_105() {
    let ([sms, sim], signs) = (two(), Arc::new(Signs::default()));
    let world = world(&signs, [&sms, &sim]);
    let fresh = RiskSignals { sim_changed_at: Some(world.clock.now()), ..RiskSignals::default() };
    *signs.told.lock() = Some(Ok(fresh));
    let handle = world.started(LOGIN).await;
    assert_eq!((world.live(handle), sms.started()), (vec![name("sim")], 0));
    let records = world.kept.records.lock();
    let record = &records[0];
    assert!(matches!(record.decision.verdicts[0].outcome, Outcome::Dropped { .. }));
    assert_eq!(record.facts.risk.sim_change, Signal::Known(world.clock.now()));
    assert_eq!(record.facts.subscriber.capabilities.get(Capability::HandsetBrowser), Some(true));
    assert_eq!(record.candidates.len(), 2);
}

#[tokio::test]
async fn silence_about_risk_is_not_a_good_sign_t_105() {
    let silent = [None, Some(Err(DataError::Unavailable))];
    for told in silent {
        let ([sms, sim], signs) = (two(), Arc::new(Signs::default()));
        *signs.told.lock() = told;
        let world = world(&signs, [&sms, &sim]);
        let handle = world.started(LOGIN).await;
        assert_eq!(world.live(handle), [name("sim")]);
    }
}

#[tokio::test]
async fn an_unknown_number_is_asked_about_too_and_decided_like_an_ordinary_one_t_048() {
    let ([sms, sim], signs) = (two(), Arc::new(Signs::default()));
    *signs.told.lock() = Some(Err(DataError::UnknownSubscriber));
    let world = world(&signs, [&sms, &sim]);
    let handle = world.started(Login { is_known: false, ..LOGIN }).await;
    assert_eq!((world.live(handle), signs.asked.lock().len()), (vec![name("sms")], 1));
    // While the source is down both are treated alike.
    *signs.told.lock() = Some(Err(DataError::Unavailable));
    let handle = world.started(Login { id: "other", is_known: false, ..LOGIN }).await;
    assert_eq!(world.live(handle), [name("sim")]);
}

#[tokio::test]
async fn a_request_that_policy_forbids_asks_nobody() {
    let [sms, sim] = two();
    let world = World::with([&sms, &sim], policy(r#"then = { deny = ["*"] }"#), settings(), None);
    let handle = world.open(LOGIN).await;
    world.start(handle).await.unwrap();
    assert_eq!(world.refusal(handle), Some(Refusal::LevelUnmet));
    assert_eq!((sms.started(), sim.started()), (0, 0));
    assert!(world.kept.records.lock()[0].decision.unserved.is_some());
}

#[tokio::test]
async fn the_history_of_success_is_a_fact() {
    let [sms, sim] = two();
    let world = World::new([&sms, &sim]);
    for n in 0..40 {
        let id: &'static str = format!("journey-{n}").leak();
        let handle = world.started(Login { id, ..LOGIN }).await;
        if n % 2 == 0 {
            world.answer(handle, &sms, &answer(RIGHT)).await;
        } else {
            world.router.abandon(handle).await.unwrap();
        }
    }
    world.started(Login { id: "last", ..LOGIN }).await;
    let records = world.kept.records.lock();
    assert_eq!(records[0].candidates[0].success_rate, None);
    assert_eq!(records[40].candidates[0].success_rate, Some(500));
}
