//! What answers do.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{Ending, LIFETIME, Refusal, Stage};
use fiador_kernel::{Digest, Loa};
use fiador_ports::{AuthenticatorRouter, Prompts, Road, Settled};

use crate::{
    scripted::{ATTEMPTS, GAVE_UP, LOST, NO, RIGHT, Scripted, WRONG, answer, name, right_for},
    world::{GAP, LOGIN, Login, World, policy, settings},
};

fn otp() -> Arc<Scripted> {
    Arc::new(Scripted::new("otp", Loa::Two))
}

fn link() -> Arc<Scripted> {
    Arc::new(Scripted::new("link", Loa::Two).with_reference())
}

#[tokio::test]
async fn a_right_answer_verifies_the_journey() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    let settled = world.answer(handle, &otp, &answer(RIGHT)).await;
    let Settled::Moved(moved) = settled else { panic!("{settled:?}") };
    assert_eq!(moved.version, world.kept.version(handle));
    assert!(world.is_verified(handle) && world.kept.audit.lock().is_empty());
}

#[tokio::test]
async fn wrong_answers_are_bounded_and_the_last_one_ends_the_journey_t_121() {
    let (otp, other) = (otp(), Arc::new(Scripted::new("other", Loa::Two)));
    let world = World::new([&otp, &other]);
    let handle = world.started(LOGIN).await;
    for _ in 1..ATTEMPTS {
        let settled = world.answer(handle, &otp, &answer(WRONG)).await;
        assert!(matches!(settled, Settled::Wrong(_)));
    }
    world.answer(handle, &otp, &answer(WRONG)).await;
    // No other authenticator gives new attempts (T-104).
    assert_eq!((world.refusal(handle), other.started()), (Some(Refusal::Failed), 0));
    let late = world.answer(handle, &otp, &answer(RIGHT)).await;
    assert!(matches!(late, Settled::TooLate(Some(_))));
    assert_eq!(world.kept.audit.lock().len(), 1);
}

#[tokio::test]
async fn an_answer_for_somebody_else_is_worth_nothing() {
    let (otp, other) = (otp(), Arc::new(Scripted::new("other", Loa::Two)));
    let world = World::new([&otp, &other]);
    let handle = world.started(LOGIN).await;
    let settled = world.answer(handle, &other, &answer(RIGHT)).await;
    assert!(matches!(settled, Settled::TooLate(Some(_))));
    let nowhere = world.answer(Digest::of("nowhere"), &otp, &answer(RIGHT)).await;
    assert!(matches!(nowhere, Settled::TooLate(None)));
    let unknown = world.answer_by_phone(Digest::of("unknown"), &answer(RIGHT)).await;
    assert!(matches!(unknown, Settled::TooLate(None)));
    assert_eq!((other.evaluated(), otp.evaluated()), (0, 0));
}

#[tokio::test]
async fn the_adaptor_learns_the_road_whatever_the_answer_says_t_128() {
    let link = link();
    let world = World::new([&link]);
    let handle = world.started(LOGIN).await;
    let forged = fiador_ports::Answer::by(Road::Reference, [("answer", WRONG)]);
    world.answer(handle, &link, &forged).await;
    let reference = link.reference("journey-1", 1);
    world.answer_by_phone(reference, &answer(WRONG)).await;
    assert_eq!(link.roads(), [Road::Browser, Road::Reference]);
}

#[tokio::test]
async fn a_prompt_is_found_by_its_reference_until_it_is_answered_t_129() {
    let link = link();
    let world = World::new([&link]);
    world.started(LOGIN).await;
    let reference = link.reference("journey-1", 1);
    let prompts = world.router.prompts();
    let pending = prompts.find(reference).await.unwrap().unwrap();
    assert_eq!(pending.prompt.authenticator, name("link"));
    assert!(prompts.find(Digest::of("unknown")).await.unwrap().is_none());
    prompts.answer(reference, &answer(RIGHT)).await.unwrap();
    assert!(prompts.find(reference).await.unwrap().is_none());
}

#[tokio::test]
async fn a_prompt_is_not_found_when_its_journey_is_over_time() {
    let link = link();
    let world = World::new([&link]);
    let handle = world.started(LOGIN).await;
    world.clock.advance(LIFETIME);
    let reference = link.reference("journey-1", 1);
    assert!(world.router.find(reference).await.unwrap().is_none());
    let settled = world.answer_by_phone(reference, &answer(RIGHT)).await;
    assert!(matches!(settled, Settled::TooLate(Some(_))));
    assert_eq!(world.refusal(handle), Some(Refusal::TimedOut));
}

#[tokio::test]
async fn a_no_ends_the_journey_whatever_is_left_t_109() {
    let (link, other) = (link(), otp());
    let world = World::new([&link, &other]);
    let handle = world.started(LOGIN).await;
    world.answer_by_phone(link.reference("journey-1", 1), &answer(NO)).await;
    assert_eq!((world.refusal(handle), other.started()), (Some(Refusal::Denied), 0));
    let audit = world.kept.audit.lock();
    assert_eq!(audit[0].detail.as_deref(), Some("denied"));
    assert!(audit[0].subscriber.is_some());
}

#[tokio::test]
async fn one_that_gives_up_hands_over_and_the_last_one_ends_the_journey() {
    let (link, other) = (link(), otp());
    let world = World::new([&link, &other]);
    let handle = world.started(LOGIN).await;
    let settled = world.answer(handle, &link, &answer(GAVE_UP)).await;
    assert!(matches!(settled, Settled::Moved(_)));
    assert_eq!(world.live(handle), [name("otp")]);
    assert_eq!(world.tried(handle), [(name("link"), Ending::Undelivered)]);
    world.answer(handle, &other, &answer(GAVE_UP)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Unavailable));
}

#[tokio::test]
async fn one_of_a_group_may_give_up_while_the_others_are_asked() {
    let (link, other) = (link(), otp());
    let world = World::chained([&link, &other], r#"[["link", "otp"]]"#);
    let handle = world.started(LOGIN).await;
    world.answer(handle, &link, &answer(GAVE_UP)).await;
    assert_eq!(world.live(handle), [name("otp")]);
    world.answer(handle, &other, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn a_claim_above_the_ceiling_verifies_nobody_t_101() {
    let boaster = Arc::new(Scripted::new("boaster", Loa::Two).claiming(Loa::Four));
    let world = World::new([&boaster]);
    let handle = world.started(LOGIN).await;
    world.answer(handle, &boaster, &answer(RIGHT)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Failed));
}

#[tokio::test]
async fn a_proof_below_what_was_asked_for_is_none_t_100() {
    let modest = Arc::new(Scripted::new("modest", Loa::Three).claiming(Loa::Two));
    let world = World::new([&modest]);
    let three = world.started(Login { levels: &[Loa::Three], ..LOGIN }).await;
    world.answer(three, &modest, &answer(RIGHT)).await;
    assert_eq!(world.refusal(three), Some(Refusal::LevelUnmet));
    let lower = Login { id: "journey-2", levels: &[Loa::Three, Loa::Two], ..LOGIN };
    let lower = world.started(lower).await;
    world.answer(lower, &modest, &answer(RIGHT)).await;
    let Stage::Verified { evidence, .. } = world.stage(lower) else { panic!("not verified") };
    assert_eq!(evidence.level, Loa::Two);
}

#[tokio::test]
async fn a_proof_below_what_policy_demands_is_none_t_100() {
    let modest = Arc::new(Scripted::new("modest", Loa::Three).claiming(Loa::Two).with_reference());
    let demands = policy("then = { required_level = 3, fallback = true }");
    for levels in [&[Loa::Two][..], &[]] {
        let world = World::with([&modest], demands.clone(), settings(), None);
        let handle = world.started(Login { levels, ..LOGIN }).await;
        world.answer(handle, &modest, &answer(RIGHT)).await;
        assert_eq!(world.refusal(handle), Some(Refusal::LevelUnmet));
    }
    // Nor is one by the second step, or by a prompt in place of another.
    let deaf = Arc::new(Scripted::new("deaf", Loa::Three));
    let world = World::with([&deaf, &modest], demands, settings(), None);
    let handle = world.started(LOGIN).await;
    world.router.other_way(handle).await.unwrap();
    world.clock.advance(GAP);
    world.router.again(handle, &modest.id).await.unwrap();
    world.answer(handle, &modest, &answer(RIGHT)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::LevelUnmet));
}

#[tokio::test]
async fn a_proof_that_a_rule_about_its_level_forbids_is_none_t_105() {
    let modest = Arc::new(Scripted::new("modest", Loa::Three).claiming(Loa::Two));
    let not_for_less = policy(
        r#"when = { level_at_least = 2, level_at_most = 2 }
           then = { deny = ["modest"] }"#,
    );
    let world = World::with([&modest], not_for_less, settings(), None);
    let handle = world.started(Login { levels: &[Loa::Three, Loa::Two], ..LOGIN }).await;
    world.answer(handle, &modest, &answer(RIGHT)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::LevelUnmet));
}

#[tokio::test]
async fn the_last_attempt_is_gone_even_when_nobody_could_judge_it() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    for _ in 1..ATTEMPTS {
        let lost =
            AuthenticatorRouter::answer(&*world.router, handle, &otp.id, &answer(LOST)).await;
        assert!(lost.is_err());
    }
    world.answer(handle, &otp, &answer(LOST)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Failed));
}

#[tokio::test]
async fn a_new_code_voids_the_old_one_t_121() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.clock.advance(GAP);
    world.router.again(handle, &otp.id).await.unwrap();
    assert_eq!(world.tried(handle), [(name("otp"), Ending::Replaced)]);
    let old = world.answer(handle, &otp, &right_for(1)).await;
    assert!(matches!(old, Settled::Wrong(_)));
    world.answer(handle, &otp, &right_for(2)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn an_answer_to_a_prompt_that_was_replaced_while_it_was_judged_is_too_late() {
    let link = link();
    let world = World::new([&link]);
    let handle = world.started(LOGIN).await;
    let reference = link.reference("journey-1", 1);
    let right = answer(RIGHT);
    world.clock.advance(GAP);
    // Both begin; the answer's attempt is taken before the new prompt stands, or there is none.
    let (settled, again) = tokio::join!(
        world.answer_by_phone(reference, &right),
        world.router.again(handle, &link.id)
    );
    again.unwrap();
    match settled {
        Settled::Moved(_) => assert!(world.is_verified(handle)),
        _ => assert_eq!(world.live(handle), [name("link")]),
    }
    let old = world.answer_by_phone(reference, &right).await;
    assert!(matches!(old, Settled::TooLate(_)));
}

#[tokio::test]
async fn a_message_that_cannot_follow_does_not_take_away_the_one_before() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.clock.advance(GAP);
    otp.refuse(Some(fiador_ports::StartError::Unavailable));
    assert!(world.router.again(handle, &otp.id).await.is_err());
    world.answer(handle, &otp, &right_for(1)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn whoever_gives_up_in_the_browser_ends_the_journey_and_takes_back_its_prompts() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    let abandoned = world.router.abandon(handle).await.unwrap().unwrap();
    assert!(matches!(abandoned.journey.stage, Stage::Refused { reason: Refusal::Denied, .. }));
    world.router.settled().await;
    assert_eq!(otp.cancelled(), [1]);
    assert!(world.router.abandon(Digest::of("nowhere")).await.unwrap().is_none());
}

#[tokio::test]
async fn each_live_prompt_has_its_part_of_the_page() {
    let (link, other) = (link(), otp());
    let world = World::chained([&link, &other], r#"[["link", "otp"]]"#);
    let handle = world.started(LOGIN).await;
    let shown =
        AuthenticatorRouter::prompts(&*world.router, &world.kept.journey(handle), Some(&other.id));
    let headings: Vec<_> = shown.iter().map(|shown| shown.fragment.heading.as_str()).collect();
    assert_eq!(headings, ["link", "otp wrong"]);
    world.router.install(vec![]);
    assert!(
        AuthenticatorRouter::prompts(&*world.router, &world.kept.journey(handle), None).is_empty()
    );
    // Nobody can judge an answer for an adaptor that is gone.
    let settled = world.answer(handle, &other, &answer(RIGHT)).await;
    assert!(matches!(settled, Settled::TooLate(Some(_))));
    world.pass(Duration::from_secs(1)).await;
    assert!(!world.is_verified(handle));
}
