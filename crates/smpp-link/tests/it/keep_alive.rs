//! Links that are quiet, dead, or talk nonsense.

use std::time::Duration;

use fiador_smpp_link::CentreSettings;

use crate::{
    fake::{
        Connection, DELIVER_SM, ENQUIRE_LINK, FakeCentre, GENERIC_NACK, RESPONSE, UNBIND,
        deliver_sm, octets,
    },
    support::{Link, centre, message, settings},
};

async fn bound_link() -> (Link, FakeCentre, Connection) {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let connection = fake.bound().await;
    link.bound("a").await;
    (link, fake, connection)
}

#[tokio::test]
async fn a_quiet_link_is_asked_and_one_that_answers_lives_on() {
    let fake = FakeCentre::start().await;
    let enquire_link_interval = Duration::from_millis(20);
    let quick = CentreSettings { enquire_link_interval, ..centre("a", fake.port()) };
    let link = Link::start(settings(vec![quick]));
    let mut connection = fake.bound().await;
    for _ in 0..3 {
        let enquiry = connection.expect(ENQUIRE_LINK).await;
        connection.answer(&enquiry, 0, b"").await;
    }
    let sent = link.submit_later(message("x"));
    loop {
        let pdu = connection.read().await.unwrap();
        connection.answer(&pdu, 0, if pdu.command == ENQUIRE_LINK { b"" } else { b"1\0" }).await;
        if pdu.command != ENQUIRE_LINK {
            break;
        }
    }
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_link_that_does_not_answer_is_closed_and_made_anew() {
    let fake = FakeCentre::start().await;
    let dead = CentreSettings {
        enquire_link_interval: Duration::from_millis(20),
        response_timeout: Duration::from_millis(100),
        ..centre("a", fake.port())
    };
    let link = Link::start(settings(vec![dead]));
    let mut connection = fake.bound().await;
    connection.expect(ENQUIRE_LINK).await;
    assert!(connection.is_closed().await);
    let _connection = fake.bound().await;
    link.bound("a").await;
}

#[tokio::test]
async fn the_centres_own_questions_are_answered_at_once() {
    let (_link, _fake, mut connection) = bound_link().await;
    connection.write(&octets(ENQUIRE_LINK, 0, 3, b"")).await;
    let answer = connection.expect(ENQUIRE_LINK | RESPONSE).await;
    assert_eq!((answer.sequence, answer.status), (3, 0));
    connection.write(&deliver_sm(4, 0x04, b"id:1 stat:DELIVRD err:000 text:")).await;
    let answer = connection.expect(DELIVER_SM | RESPONSE).await;
    assert_eq!((answer.sequence, answer.status, &answer.body[..]), (4, 0, &b"\0"[..]));
}

#[tokio::test]
async fn a_thousand_messages_in_one_write_are_each_answered() {
    let (_link, _fake, mut connection) = bound_link().await;
    let flood: Vec<u8> =
        (1..=1000).flat_map(|sequence| deliver_sm(sequence, 0x04, b"id:1 stat:DELIVRD")).collect();
    connection.write(&flood).await;
    for sequence in 1..=1000 {
        assert_eq!(connection.expect(DELIVER_SM | RESPONSE).await.sequence, sequence);
    }
}

#[tokio::test]
async fn a_request_we_do_not_serve_gets_a_generic_nack() {
    let (_link, _fake, mut connection) = bound_link().await;
    connection.write(&octets(0x0103, 0, 8, b"junk")).await;
    let nack = connection.expect(GENERIC_NACK).await;
    assert_eq!((nack.sequence, nack.status), (8, 0x03));
}

#[tokio::test]
async fn a_malformed_message_costs_one_pdu_and_not_the_session() {
    let (link, _fake, mut connection) = bound_link().await;
    for body in [&b""[..], b"junk", b"\0\x01\x0134\0\x05\0Bank\0\x04\0\0\0\0\0\0\0\0\xff"] {
        connection.write(&octets(DELIVER_SM, 0, 9, body)).await;
        assert_eq!(connection.expect(DELIVER_SM | RESPONSE).await.status, 0x65);
    }
    let sent = link.submit_later(message("x"));
    connection.take_submit().await;
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_senseless_length_is_answered_and_ends_the_connection_t_132() {
    for length in [0_u32, 15, 65_537, u32::MAX] {
        let (link, fake, mut connection) = bound_link().await;
        let mut header = octets(ENQUIRE_LINK, 0, 1, b"");
        header[..4].copy_from_slice(&length.to_be_bytes());
        connection.write(&header).await;
        let nack = connection.expect(GENERIC_NACK).await;
        assert_eq!(nack.status, 0x02);
        assert!(connection.is_closed().await);
        let _connection = fake.bound().await;
        link.bound("a").await;
    }
}

#[tokio::test]
async fn a_centre_that_unbinds_is_answered_and_bound_again() {
    let (link, fake, mut connection) = bound_link().await;
    connection.write(&octets(UNBIND, 0, 12, b"")).await;
    assert_eq!(connection.expect(UNBIND | RESPONSE).await.sequence, 12);
    assert!(connection.is_closed().await);
    let _connection = fake.bound().await;
    link.bound("a").await;
}
