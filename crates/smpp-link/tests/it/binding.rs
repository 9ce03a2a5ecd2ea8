//! The way into a session.

use std::time::Duration;

use fiador_ports::{MessageCentre as _, SendError};
use fiador_smpp_link::{CentreSettings, LinkState};

use crate::{
    fake::{BIND_TRANSCEIVER, DELIVER_SM, ENQUIRE_LINK, FakeCentre, RESPONSE, deliver_sm, octets},
    support::{Link, centre, message, settings},
};

#[tokio::test]
async fn a_centre_that_dies_in_mid_bind_is_tried_again() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    for _ in 0..3 {
        fake.accept().await.expect(BIND_TRANSCEIVER).await;
    }
    let _connection = fake.bound().await;
    link.bound("a").await;
    assert!(link.is_available());
}

#[tokio::test]
async fn a_centre_that_is_silent_in_mid_bind_is_given_up_and_tried_again() {
    let fake = FakeCentre::start().await;
    let response_timeout = Duration::from_millis(50);
    let link = Link::start(settings(vec![CentreSettings {
        response_timeout,
        ..centre("a", fake.port())
    }]));
    let mut silent = fake.accept().await;
    assert!(silent.is_closed().await);
    let _connection = fake.bound().await;
    link.bound("a").await;
}

#[tokio::test]
async fn a_message_right_behind_the_bind_response_is_not_lost() {
    let fake = FakeCentre::start().await;
    let _link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.accept().await;
    let bind = connection.expect(BIND_TRANSCEIVER).await;
    let mut together = octets(BIND_TRANSCEIVER | RESPONSE, 0, bind.sequence, b"fake\0");
    together.extend(deliver_sm(77, 0x04, b"id:1 stat:DELIVRD"));
    together.extend(deliver_sm(78, 0x00, b"hello"));
    connection.write(&together).await;
    for sequence in [77, 78] {
        let answer = connection.expect(DELIVER_SM | RESPONSE).await;
        assert_eq!((answer.sequence, answer.status), (sequence, 0));
    }
}

#[tokio::test]
async fn what_comes_before_the_bind_response_is_answered_too() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.accept().await;
    let bind = connection.expect(BIND_TRANSCEIVER).await;
    connection.write(&octets(ENQUIRE_LINK, 0, 5, b"")).await;
    assert_eq!(connection.expect(ENQUIRE_LINK | RESPONSE).await.sequence, 5);
    connection.write(&deliver_sm(6, 0x04, b"id:1 stat:DELIVRD")).await;
    // ESME_RINVBNDSTS: the centre keeps it and repeats it when we are bound.
    assert_eq!(connection.expect(DELIVER_SM | RESPONSE).await.status, 0x04);
    connection.answer(&bind, 0, b"fake\0").await;
    link.bound("a").await;
}

#[tokio::test]
async fn a_bind_response_in_single_octets_is_one_bind_response() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.accept().await;
    let bind = connection.expect(BIND_TRANSCEIVER).await;
    for octet in octets(BIND_TRANSCEIVER | RESPONSE, 0, bind.sequence, b"fake\0") {
        connection.write(&[octet]).await;
        tokio::task::yield_now().await;
    }
    link.bound("a").await;
}

#[tokio::test]
async fn refused_credentials_are_not_hammered_t_131() {
    for status in [0x0e, 0x0f] {
        let fake = FakeCentre::start().await;
        let link = Link::start(settings(vec![centre("a", fake.port())]));
        let mut connection = fake.accept().await;
        let bind = connection.expect(BIND_TRANSCEIVER).await;
        connection.answer(&bind, status, b"").await;
        link.reaches("a", LinkState::Refused { status }).await;
        // Ordinary failures are tried again after 20 ms here, refusals after an hour.
        assert!(!fake.is_called(Duration::from_millis(300)).await);
        assert_eq!(link.submit(message("x")).await, Err(SendError::Unavailable));
    }
}

#[tokio::test]
async fn a_bind_that_fails_for_another_reason_is_tried_again_soon() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    // 0x05: the centre still holds the session of a gateway that was restarted.
    for status in [0x05, 0x0d, 0x08, 0x58, 0x0400, 0xffff_ffff] {
        let mut connection = fake.accept().await;
        let bind = connection.expect(BIND_TRANSCEIVER).await;
        connection.answer(&bind, status, b"").await;
    }
    let _connection = fake.bound().await;
    link.bound("a").await;
}
