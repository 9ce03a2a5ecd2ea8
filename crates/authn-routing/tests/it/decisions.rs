//! What policy is told, and what is kept of its decisions.

use std::{sync::Arc, time::Duration};

use fiador_authn_routing::Settings;
use fiador_domain::{
    journey::{Refusal, Stage},
    risk::RiskSignals,
    routing::{Capability, Outcome, Policy, Signal, Unserved},
};
use fiador_kernel::{Clock, Loa};
use fiador_ports::{AuthenticatorRouter, DataError, StartError};

use crate::{
    fakes::Signs,
    scripted::{ATTEMPTS, RIGHT, Scripted, WRONG, answer, name},
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

/// A policy by which a fresh SIM, or an answer about it that is missing, is not served at all.
const NOBODY_WITH_A_FRESH_SIM: &str = r#"
    when = { sim_changed_within = "72h" }
    then = { deny = ["*"] }
    [[rules]]
    name = "unknown risk"
    when = { risk_unavailable = ["sim_change"] }
    then = { deny = ["*"] }
"#;

/// A world in which the SIM of every known number is fresh.
fn world_of_fresh_sims(adaptors: [&Arc<Scripted>; 2]) -> (World, Arc<Signs>) {
    let signs = Arc::new(Signs::default());
    let policy = policy(NOBODY_WITH_A_FRESH_SIM);
    let world = World::with(adaptors, policy, settings(), Some(Arc::clone(&signs)));
    let fresh = RiskSignals { sim_changed_at: Some(world.clock.now()), ..RiskSignals::default() };
    *signs.told.lock() = Some(Ok(fresh));
    (world, signs)
}

#[tokio::test]
async fn a_number_that_policy_does_not_serve_takes_the_road_of_an_unknown_one_t_048() {
    let [sms, sim] = two();
    let (world, signs) = world_of_fresh_sims([&sms, &sim]);
    let known = world.started(LOGIN).await;
    *signs.told.lock() = Some(Err(DataError::UnknownSubscriber));
    let unknown = Login { id: "journey-2", is_known: false, ..LOGIN };
    let unknown = world.started(unknown).await;
    let Stage::Challenged { subject, .. } = world.stage(known) else { panic!() };
    // An adaptor sends nothing to a subject without a subscriber.
    assert_eq!(subject, Login { is_known: false, ..LOGIN }.subject());
    let (one, other) = (world.chain(known), world.chain(unknown));
    assert_eq!((one.live.len(), one.ahead), (other.live.len(), other.ahead));
    assert_eq!(one.live[0].authenticator, other.live[0].authenticator);
    // Nothing is right.
    for handle in [known, unknown] {
        world.answer(handle, &sms, &answer(RIGHT)).await;
        assert_eq!(world.refusal(handle), Some(Refusal::Failed));
    }
    // Those who may ask are told the truth.
    let records = world.kept.records.lock();
    assert_eq!(records[0].decision.unserved, Some(Unserved::Forbidden));
    assert!(records[0].facts.risk.sim_change.known().is_some());
}

#[tokio::test]
async fn a_list_that_reaches_no_level_is_told_by_nothing_t_048() {
    let sms = Arc::new(Scripted::new("sms", Loa::Two).listed());
    let world = World::new([&sms]);
    let handle = world.started(LOGIN).await;
    assert_eq!(world.live(handle), [name("sms")]);
    world.answer(handle, &sms, &answer(RIGHT)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Failed));
}

#[tokio::test]
async fn a_client_that_may_know_is_told_of_a_refusal_at_once() {
    let [sms, sim] = two();
    let (world, _) = world_of_fresh_sims([&sms, &sim]);
    let handle = world.open(Login { reveals_state: true, ..LOGIN }).await;
    world.start(handle).await.unwrap();
    assert_eq!((world.refusal(handle), sms.started()), (Some(Refusal::LevelUnmet), 0));
}

#[tokio::test]
async fn while_unknown_numbers_are_refused_known_ones_are_too_t_048() {
    let [sms, sim] = two();
    let (world, signs) = world_of_fresh_sims([&sms, &sim]);
    *signs.told.lock() = Some(Err(DataError::Unavailable));
    for (id, is_known) in [("journey-1", true), ("journey-2", false)] {
        let handle = world.open(Login { id, is_known, ..LOGIN }).await;
        world.start(handle).await.unwrap();
        assert_eq!(world.refusal(handle), Some(Refusal::LevelUnmet));
    }
}

#[tokio::test]
async fn a_number_that_has_to_wait_is_looked_at_anew_afterwards() {
    let [sms, sim] = two();
    let (world, signs) = world_of_fresh_sims([&sms, &sim]);
    sms.refuse(Some(StartError::BudgetExhausted(Duration::from_secs(9))));
    let handle = world.open(LOGIN).await;
    assert!(world.start(handle).await.is_err());
    assert_eq!(world.stage(handle).subscriber(), LOGIN.subject().subscriber.as_ref());
    *signs.told.lock() = Some(Ok(RiskSignals::default()));
    sms.refuse(None);
    world.start(handle).await.unwrap();
    world.answer(handle, &sms, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
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
            for _ in 0..ATTEMPTS {
                world.answer(handle, &sms, &answer(WRONG)).await;
            }
        }
    }
    world.started(Login { id: "last", ..LOGIN }).await;
    let records = world.kept.records.lock();
    assert_eq!(records[0].candidates[0].success_rate, None);
    assert_eq!(records[40].candidates[0].success_rate, Some(500));
}

#[tokio::test]
async fn strangers_do_not_steer_the_history_of_success() {
    let [sms, sim] = two();
    let world = World::new([&sms, &sim]);
    for n in 0..40 {
        let [right, unknown, given_up]: [&'static str; 3] =
            ["right", "unknown", "given-up"].map(|id| &*format!("{id}-{n}").leak());
        let handle = world.started(Login { id: right, ..LOGIN }).await;
        world.answer(handle, &sms, &answer(RIGHT)).await;
        let handle = world.started(Login { id: unknown, is_known: false, ..LOGIN }).await;
        for _ in 0..ATTEMPTS {
            world.answer(handle, &sms, &answer(WRONG)).await;
        }
        let handle = world.started(Login { id: given_up, ..LOGIN }).await;
        world.router.abandon(handle).await.unwrap();
    }
    assert_eq!(world.router.candidates()[0].success_rate, Some(1000));
}

#[tokio::test]
async fn an_unknown_number_is_asked_as_the_operator_says_its_subscriptions_are_t_048() {
    let [sms, sim] = ["sms", "sim"].map(|id| Arc::new(Scripted::new(id, Loa::Two).listed()));
    for (lists, asked) in [(vec![], "sms"), (vec![vec![name("sim")]], "sim")] {
        let settings = Settings { unknown_numbers: lists, ..settings() };
        let world = World::with([&sms, &sim], Policy::default(), settings, None);
        let handle = world.started(Login { is_known: false, ..LOGIN }).await;
        assert_eq!(world.live(handle), [name(asked)]);
    }
}
