//! What became of messages, told to whoever follows them.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::journey::Delivery;
use fiador_kernel::Digest;
use fiador_ports::{DeliveryReports, MessageCentre as _, TextMessage};
use fiador_testkit::peers::{Behaviour, Event, MessageCentre, MessageIds};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::{
    fake::{Connection, DELIVER_SM, FakeCentre, Pdu, RESPONSE, SUBMIT_SM, deliver_sm},
    support::{LONG, Link, PHONE, centre, message, settings},
};

struct Sink(UnboundedSender<(Digest, Delivery)>);

#[async_trait]
impl DeliveryReports for Sink {
    async fn report(&self, tracking: Digest, delivery: Delivery) {
        self.0.send((tracking, delivery)).unwrap();
    }
}

/// The reports of a link, in order.
struct Reports(UnboundedReceiver<(Digest, Delivery)>);

impl Reports {
    fn of(link: &Link) -> Self {
        let (sender, receiver) = unbounded_channel();
        link.report_to(Arc::new(Sink(sender)));
        Self(receiver)
    }

    async fn next(&mut self) -> (Digest, Delivery) {
        timeout(LONG, self.0.recv()).await.expect("a report").unwrap()
    }

    fn is_empty(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

fn tracked(text: &str, name: &str) -> TextMessage {
    TextMessage { tracking: Some(Digest::of(name)), ..message(text) }
}

fn told(name: &str, delivery: Delivery) -> (Digest, Delivery) {
    (Digest::of(name), delivery)
}

async fn linked(peer: &MessageCentre) -> (Link, Reports) {
    let link = Link::start(settings(vec![centre("a", peer.address().port())]));
    link.bound("a").await;
    let reports = Reports::of(&link);
    (link, reports)
}

/// Sends two messages after each other to both centres that behave so; each is told once.
async fn both_tell(behaviour: Behaviour, delivery: Delivery) {
    let copies = 2 * behaviour.receipt_copies.unwrap_or(1);
    for mut peer in
        [MessageCentre::npm(&behaviour).unwrap(), MessageCentre::pypi(&behaviour).unwrap()]
    {
        let (link, mut reports) = linked(&peer).await;
        for name in ["one", "two"] {
            link.submit(tracked("x", name)).await.unwrap();
            assert_eq!(reports.next().await, told(name, delivery), "{behaviour:?}");
        }
        let acknowledged = |event: &Event| matches!(event, Event::Receipt { status: 0, .. });
        for _ in 0..copies {
            peer.next_matching(acknowledged).await.unwrap();
        }
        assert!(reports.is_empty(), "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_receipt_tells_that_a_message_is_on_the_phone_or_will_never_be() {
    both_tell(Behaviour::default(), Delivery::Delivered).await;
    for state in ["UNDELIV", "EXPIRED", "REJECTD"] {
        let behaviour = Behaviour { receipt: Some(Some(state.into())), ..Behaviour::default() };
        both_tell(behaviour, Delivery::Failed).await;
    }
}

#[tokio::test]
async fn a_receipt_before_the_answer_to_its_submit_is_matched() {
    let behaviour = Behaviour { receipt_early: Some(true), ..Behaviour::default() };
    both_tell(behaviour, Delivery::Delivered).await;
}

#[tokio::test]
async fn a_late_receipt_is_matched() {
    let behaviour = Behaviour { receipt_delay_ms: Some(200), ..Behaviour::default() };
    both_tell(behaviour, Delivery::Delivered).await;
}

#[tokio::test]
async fn a_repeated_receipt_is_acknowledged_and_told_once() {
    for early in [false, true] {
        let behaviour = Behaviour {
            receipt_copies: Some(3),
            receipt_early: Some(early),
            ..Behaviour::default()
        };
        both_tell(behaviour, Delivery::Delivered).await;
    }
}

#[tokio::test]
async fn ids_in_hexadecimal_and_decimal_are_matched_early_and_late() {
    for (ids, early) in [
        (MessageIds::Hexadecimal, false),
        (MessageIds::Hexadecimal, true),
        (MessageIds::Decimal, false),
        (MessageIds::Decimal, true),
    ] {
        let behaviour = Behaviour {
            message_ids: Some(ids),
            receipt_early: Some(early),
            receipt_copies: Some(2),
            ..Behaviour::default()
        };
        both_tell(behaviour, Delivery::Delivered).await;
    }
}

#[tokio::test]
async fn a_centre_without_receipts_tells_nothing_and_takes_messages_all_the_same() {
    for peer in [
        MessageCentre::npm(&Behaviour { receipt: Some(None), ..Behaviour::default() }).unwrap(),
        MessageCentre::pypi(&Behaviour { receipt: Some(None), ..Behaviour::default() }).unwrap(),
    ] {
        let (link, mut reports) = linked(&peer).await;
        link.submit(tracked("x", "one")).await.unwrap();
        link.submit(tracked("x", "two")).await.unwrap();
        assert!(reports.is_empty());
    }
}

#[tokio::test]
async fn a_long_message_is_told_once_all_its_parts_are_on_the_phone() {
    for peer in [
        MessageCentre::npm(&Behaviour::default()).unwrap(),
        MessageCentre::pypi(&Behaviour::default()).unwrap(),
    ] {
        let (link, mut reports) = linked(&peer).await;
        link.submit(tracked(&"x".repeat(400), "long")).await.unwrap();
        assert_eq!(reports.next().await, told("long", Delivery::Delivered));
        link.submit(tracked("x", "next")).await.unwrap();
        assert_eq!(reports.next().await, told("next", Delivery::Delivered));
    }
}

async fn scripted() -> (Link, Reports, Connection) {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let connection = fake.bound().await;
    link.bound("a").await;
    let reports = Reports::of(&link);
    (link, reports, connection)
}

/// The centre says what became of `id`, and sees the receipt acknowledged.
async fn receipt(connection: &mut Connection, id: &str, state: &str) {
    let text = format!("id:{id} sub:001 dlvrd:001 stat:{state} err:000 text:");
    connection.write(&deliver_sm(7, 0x04, text.as_bytes())).await;
    let answer = connection.expect(DELIVER_SM | RESPONSE).await;
    assert_eq!(answer.status, 0);
}

async fn two_parts(link: &Link, connection: &mut Connection) -> [Pdu; 2] {
    let sent = link.submit_later(tracked(&"x".repeat(200), "long"));
    let first = connection.expect(SUBMIT_SM).await;
    connection.answer(&first, 0, b"1\0").await;
    let second = connection.expect(SUBMIT_SM).await;
    connection.answer(&second, 0, b"2\0").await;
    sent.await.unwrap().unwrap();
    [first, second]
}

#[tokio::test]
async fn a_long_message_has_failed_when_any_part_has() {
    let (link, mut reports, mut connection) = scripted().await;
    two_parts(&link, &mut connection).await;
    receipt(&mut connection, "1", "DELIVRD").await;
    assert!(reports.is_empty());
    receipt(&mut connection, "2", "UNDELIV").await;
    assert_eq!(reports.next().await, told("long", Delivery::Failed));
    receipt(&mut connection, "2", "DELIVRD").await;
    receipt(&mut connection, "1", "DELIVRD").await;
    assert!(reports.is_empty());
}

#[tokio::test]
async fn one_part_twice_is_not_both_parts() {
    let (link, mut reports, mut connection) = scripted().await;
    two_parts(&link, &mut connection).await;
    receipt(&mut connection, "1", "DELIVRD").await;
    receipt(&mut connection, "1", "DELIVRD").await;
    assert!(reports.is_empty());
    receipt(&mut connection, "2", "ENROUTE").await;
    receipt(&mut connection, "2", "DELIVRD").await;
    assert_eq!(reports.next().await, told("long", Delivery::Delivered));
}

#[tokio::test]
async fn a_message_whose_answer_came_too_late_for_its_caller_is_still_followed() {
    let fake = FakeCentre::start().await;
    let settings = fiador_smpp_link::SmppSettings {
        decide_within: Duration::from_millis(100),
        ..settings(vec![centre("a", fake.port())])
    };
    let link = Link::start(settings);
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let mut reports = Reports::of(&link);
    assert!(link.submit(tracked("x", "slow")).await.is_err());
    let submit = connection.expect(SUBMIT_SM).await;
    connection.answer(&submit, 0, b"1\0").await;
    receipt(&mut connection, "1", "DELIVRD").await;
    assert_eq!(reports.next().await, told("slow", Delivery::Delivered));
}

#[tokio::test]
async fn receipts_of_strangers_and_of_other_phones_tell_nothing() {
    let (link, mut reports, mut connection) = scripted().await;
    let sent = link.submit_later(tracked("x", "one"));
    connection.take_submit().await;
    sent.await.unwrap().unwrap();
    receipt(&mut connection, "4711", "DELIVRD").await;
    let other = [
        b"\0\x01\x0134699999999\0\x05\0Bank\0\x04\0\0\0\0\0\0\0\0".as_slice(),
        b"\x11id:1 stat:DELIVRD",
    ];
    connection.write(&crate::fake::octets(DELIVER_SM, 0, 8, &other.concat())).await;
    connection.expect(DELIVER_SM | RESPONSE).await;
    assert!(reports.is_empty());
    receipt(&mut connection, "1", "DELIVRD").await;
    assert_eq!(reports.next().await, told("one", Delivery::Delivered));
    assert_eq!(PHONE, "34600000001", "which the receipts name");
}

#[tokio::test]
async fn a_message_that_nobody_follows_tells_nothing() {
    let (link, mut reports, mut connection) = scripted().await;
    let sent = link.submit_later(message("x"));
    connection.take_submit().await;
    sent.await.unwrap().unwrap();
    receipt(&mut connection, "1", "DELIVRD").await;
    assert!(reports.is_empty());
}
