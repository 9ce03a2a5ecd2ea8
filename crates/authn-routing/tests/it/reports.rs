//! What becomes of messages.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{Delivery, Ending};
use fiador_kernel::{Digest, Loa};
use fiador_ports::{AuthenticatorRouter, DeliveryReports, Prompts};

use crate::{
    scripted::{RIGHT, Scripted, answer, name},
    world::{GAP, LOGIN, World},
};

fn link(id: &str) -> Arc<Scripted> {
    Arc::new(Scripted::new(id, Loa::Two).with_reference())
}

#[tokio::test]
async fn a_lost_message_leads_on_at_once_t_131() {
    let (one, two) = (link("one"), link("two"));
    let world = World::chained([&one, &two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    let reports = world.router.prompts();
    DeliveryReports::report(&*reports, one.reference("journey-1", 1), Delivery::Failed).await;
    assert_eq!(world.live(handle), [name("two")]);
    assert_eq!(world.tried(handle), [(name("one"), Ending::Undelivered)]);
}

#[tokio::test]
async fn a_report_that_comes_before_its_prompt_is_not_lost() {
    let (one, two) = (link("one"), link("two"));
    let world = World::chained([&one, &two], r#"["one", "two"]"#);
    let handle = world.open(LOGIN).await;
    for link in [&one, &two] {
        world.router.report(link.reference("journey-1", 1), Delivery::Failed).await.unwrap();
    }
    world.start(handle).await.unwrap();
    // Both are lost; the last one may be asked for again.
    assert_eq!(world.live(handle), [name("two")]);
    assert_eq!(world.chain(handle).live[0].delivery, Delivery::Failed);
    world.clock.advance(GAP);
    world.router.again(handle, &two.id).await.unwrap();
    assert_eq!(world.chain(handle).live[0].delivery, Delivery::Unknown);
}

#[tokio::test]
async fn a_lost_message_is_no_end_where_nobody_else_can_be_asked_t_048() {
    let one = link("one");
    let world = World::new([&one]);
    let handle = world.started(LOGIN).await;
    let reference = one.reference("journey-1", 1);
    world.router.report(reference, Delivery::Failed).await.unwrap();
    world.pass(Duration::from_mins(4)).await;
    // What the report says changes nothing about what an answer is worth.
    world.answer_by_phone(reference, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn a_group_goes_on_when_all_its_messages_are_lost() {
    let (one, two, three) = (link("one"), link("two"), link("three"));
    let world = World::chained([&one, &two, &three], r#"[["one", "two"], "three"]"#);
    let handle = world.started(LOGIN).await;
    world.router.report(one.reference("journey-1", 1), Delivery::Failed).await.unwrap();
    assert_eq!(world.live(handle), [name("one"), name("two")]);
    world.router.report(two.reference("journey-1", 1), Delivery::Failed).await.unwrap();
    assert_eq!(world.live(handle), [name("three")]);
}

#[tokio::test]
async fn receipts_come_late_twice_and_in_any_order() {
    let (one, two) = (link("one"), link("two"));
    let world = World::chained([&one, &two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    let reference = one.reference("journey-1", 1);
    for delivery in [Delivery::Accepted, Delivery::Delivered] {
        world.router.report(reference, delivery).await.unwrap();
    }
    let version = world.kept.version(handle);
    for delivery in [Delivery::Accepted, Delivery::Failed, Delivery::Delivered, Delivery::Unknown] {
        world.router.report(reference, delivery).await.unwrap();
    }
    assert_eq!(world.kept.version(handle), version);
    assert_eq!(world.chain(handle).live[0].delivery, Delivery::Delivered);
    world.router.other_way(handle).await.unwrap();
    world.router.report(reference, Delivery::Failed).await.unwrap();
    assert_eq!(world.live(handle), [name("two")]);
    world.router.report(Digest::of("nobody's"), Delivery::Failed).await.unwrap();
}
