//! Messages and what becomes of them.

use std::time::Duration;

use fiador_ports::{MessageCentre as _, SendError, TextMessage};
use fiador_smpp_link::{CentreSettings, SmppSettings};

use crate::{
    fake::{Connection, FakeCentre, GENERIC_NACK, RESPONSE, SUBMIT_SM, octets},
    support::{Link, centre, message, settings},
};

async fn bound_link() -> (Link, Connection) {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let connection = fake.bound().await;
    link.bound("a").await;
    (link, connection)
}

fn refused(status: u32) -> Result<(), SendError> {
    Err(SendError::Refused { message_centre: "a".to_owned(), status })
}

fn unknown() -> Result<(), SendError> {
    Err(SendError::Unknown { message_centre: "a".to_owned() })
}

#[tokio::test]
async fn a_submit_carries_addresses_validity_and_the_wish_for_a_receipt() {
    let (link, mut connection) = bound_link().await;
    let sent = link.submit_later(message("hello"));
    let submit = connection.take_submit().await;
    sent.await.unwrap().unwrap();
    let fields = String::from_utf8_lossy(&submit.body).into_owned();
    assert!(fields.starts_with("\0\x05\0Bank\0\x01\x0134600000001\0\0\0\0\0"), "{fields:?}");
    // Five minutes, less what a busy machine took since the message was handed over.
    assert!(
        fields.contains("\x00000000000459000R\0") || fields.contains("\x00000000000500000R\0"),
        "{fields:?}"
    );
    assert!(fields.ends_with("\x01\0\0\0\x05hello"), "{fields:?}");
}

#[tokio::test]
async fn answers_out_of_order_reach_their_own_callers() {
    let (link, mut connection) = bound_link().await;
    let one = link.submit_later(message("one"));
    let first = connection.expect(SUBMIT_SM).await;
    let two = link.submit_later(message("two"));
    let second = connection.expect(SUBMIT_SM).await;
    connection.answer(&second, 0x0b, b"").await;
    connection.answer(&first, 0, b"1\0").await;
    assert_eq!(one.await.unwrap(), Ok(()));
    assert_eq!(two.await.unwrap(), refused(0x0b));
}

#[tokio::test]
async fn an_unknown_status_is_a_refusal_and_no_panic() {
    let (link, mut connection) = bound_link().await;
    for status in [0x0400, 0x04ff, 0xdead_beef] {
        let sent = link.submit_later(message("x"));
        let submit = connection.expect(SUBMIT_SM).await;
        connection.answer(&submit, status, b"").await;
        assert_eq!(sent.await.unwrap(), refused(status));
    }
}

#[tokio::test]
async fn a_generic_nack_is_a_refusal_even_with_status_zero() {
    let (link, mut connection) = bound_link().await;
    let sent = link.submit_later(message("x"));
    let submit = connection.expect(SUBMIT_SM).await;
    connection.write(&octets(GENERIC_NACK, 0x03, submit.sequence, b"")).await;
    assert_eq!(sent.await.unwrap(), refused(0x03));

    let sent = link.submit_later(message("x"));
    let submit = connection.expect(SUBMIT_SM).await;
    connection.write(&octets(GENERIC_NACK, 0, submit.sequence, b"")).await;
    // A trouble of the centre, tried once more.
    connection.take_submit().await;
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_left_aside() {
    let (link, mut connection) = bound_link().await;
    connection.write(&octets(SUBMIT_SM | RESPONSE, 0, 4711, b"1\0")).await;
    connection.write(&octets(0x8000_0103, 0, 4711, b"1\0")).await;
    connection.write(&octets(GENERIC_NACK, 0x01, 0, b"")).await;
    let sent = link.submit_later(message("x"));
    connection.take_submit().await;
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_message_without_an_answer_is_unknown_and_not_sent_again_t_131() {
    let fake = FakeCentre::start().await;
    let link = Link::start(SmppSettings {
        decide_within: Duration::from_millis(100),
        ..settings(vec![centre("a", fake.port())])
    });
    let mut connection = fake.bound().await;
    link.bound("a").await;
    assert_eq!(link.submit(message("lost")).await, unknown());
    let lost = connection.expect(SUBMIT_SM).await;
    assert!(lost.ends_with("lost"));
    let next = link.submit_later(message("next"));
    assert!(connection.take_submit().await.ends_with("next"));
    assert_eq!(next.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_connection_that_closes_leaves_the_message_unknown_and_comes_back() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message("one"));
    connection.take_submit().await;
    assert_eq!(sent.await.unwrap(), Ok(()));

    let lost = link.submit_later(message("two"));
    connection.expect(SUBMIT_SM).await;
    drop(connection);
    assert_eq!(lost.await.unwrap(), unknown());

    let sent = link.submit_later(message("three"));
    let mut connection = fake.bound().await;
    // "two" would be here first if it were sent again.
    assert!(connection.take_submit().await.ends_with("three"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn the_window_is_never_exceeded() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![CentreSettings {
        window: 2,
        messages_per_second: 1_000,
        ..centre("a", fake.port())
    }]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent: Vec<_> = (0..3).map(|_| link.submit_later(message("x"))).collect();
    let first = connection.expect(SUBMIT_SM).await;
    let second = connection.expect(SUBMIT_SM).await;
    assert!(connection.is_quiet(Duration::from_millis(50)).await);
    connection.answer(&first, 0, b"1\0").await;
    let third = connection.expect(SUBMIT_SM).await;
    connection.answer(&second, 0, b"2\0").await;
    connection.answer(&third, 0, b"3\0").await;
    for sent in sent {
        assert_eq!(sent.await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_t_260() {
    let fake = FakeCentre::start().await;
    let link = Link::start(SmppSettings { queue: 1, ..settings(vec![centre("a", fake.port())]) });
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message("one"));
    let submit = connection.expect(SUBMIT_SM).await;
    assert_eq!(link.submit(message("two")).await, Err(SendError::QueueFull));
    connection.answer(&submit, 0, b"1\0").await;
    assert_eq!(sent.await.unwrap(), Ok(()));
    let sent = link.submit_later(message("three"));
    assert!(connection.take_submit().await.ends_with("three"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_message_with_less_than_a_minute_to_live_is_not_handed_over_t_130() {
    let (link, mut connection) = bound_link().await;
    let stale = TextMessage { validity: Duration::from_secs(59), ..message("old") };
    assert_eq!(link.submit(stale).await, Err(SendError::Stale));
    let sent = link.submit_later(message("new"));
    assert!(connection.take_submit().await.ends_with("new"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn what_cannot_be_encoded_is_refused_before_a_centre_sees_it() {
    let (link, mut connection) = bound_link().await;
    for (sender, text) in [("Bank", ""), ("Bank", &*"x".repeat(2_000)), ("", "x"), ("Bänk", "x")] {
        let message = TextMessage { sender: sender.to_owned(), ..message(text) };
        let error = link.submit(message).await.unwrap_err();
        assert!(matches!(error, SendError::NotEncodable(_)), "{error:?}");
    }
    let sent = link.submit_later(message("good"));
    assert!(connection.take_submit().await.ends_with("good"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn without_any_centre_the_answer_is_unavailable_within_the_time_set() {
    let port = fiador_testkit::free_port().unwrap();
    let link = Link::start(SmppSettings {
        decide_within: Duration::from_millis(100),
        ..settings(vec![centre("a", port)])
    });
    assert!(!link.is_available());
    assert_eq!(link.submit(message("x")).await, Err(SendError::Unavailable));
}
