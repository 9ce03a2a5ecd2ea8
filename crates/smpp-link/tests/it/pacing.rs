//! Centres that say "too fast".

use std::time::Duration;

use fiador_ports::{MessageCentre as _, SendError, TextMessage};
use fiador_smpp_link::SmppSettings;

use crate::{
    fake::{FakeCentre, SUBMIT_SM},
    support::{Link, centre, message, settings},
};

#[tokio::test]
async fn a_throttled_message_is_sent_again_as_it_was_t_131() {
    for status in [0x58, 0x14] {
        let fake = FakeCentre::start().await;
        let link = Link::start(settings(vec![centre("a", fake.port())]));
        let mut connection = fake.bound().await;
        link.bound("a").await;
        let sent = link.submit_later(message("x"));
        let refused = connection.expect(SUBMIT_SM).await;
        connection.answer(&refused, status, b"").await;
        let again = connection.take_submit().await;
        assert!(again.ends_with("x"));
        assert_ne!(again.sequence, refused.sequence);
        assert_eq!(sent.await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_centre_that_throttles_for_ever_gives_an_error_in_time_and_no_answer_is_doubted() {
    let fake = FakeCentre::start().await;
    let link = Link::start(SmppSettings {
        decide_within: Duration::from_millis(400),
        ..settings(vec![centre("a", fake.port())])
    });
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message("x"));
    let throttle = async {
        loop {
            let submit = connection.expect(SUBMIT_SM).await;
            connection.answer(&submit, 0x58, b"").await;
        }
    };
    tokio::select! {
        sent = sent => assert_eq!(sent.unwrap(), Err(SendError::QueueFull)),
        () = throttle => {}
    }
}

#[tokio::test]
async fn a_throttled_message_is_given_up_when_it_would_be_stale_t_130() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let short = TextMessage { validity: Duration::from_millis(60_300), ..message("x") };
    let sent = link.submit_later(short);
    let throttle = async {
        loop {
            let submit = connection.expect(SUBMIT_SM).await;
            connection.answer(&submit, 0x58, b"").await;
        }
    };
    tokio::select! {
        sent = sent => assert_eq!(sent.unwrap(), Err(SendError::Stale)),
        () = throttle => {}
    }
}

#[tokio::test]
async fn a_throttled_part_of_a_long_message_repeats_that_part_alone() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message(&"x".repeat(200)));
    let place = |body: &[u8], length: usize| body[body.len() - length - 1];
    assert_eq!(place(&connection.take_submit().await.body, 153), 1);
    let second = connection.expect(SUBMIT_SM).await;
    connection.answer(&second, 0x58, b"").await;
    assert_eq!(place(&connection.take_submit().await.body, 47), 2);
    assert_eq!(sent.await.unwrap(), Ok(()));
    assert!(link.is_available());
}

#[tokio::test]
async fn a_later_part_is_not_handed_over_when_it_would_be_stale_t_130() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let short =
        TextMessage { validity: Duration::from_millis(60_300), ..message(&"x".repeat(200)) };
    let sent = link.submit_later(short);
    connection.take_submit().await;
    let throttle = async {
        loop {
            let submit = connection.expect(SUBMIT_SM).await;
            connection.answer(&submit, 0x58, b"").await;
        }
    };
    let half_sent = SendError::Unknown { message_centre: "a".to_owned() };
    tokio::select! {
        sent = sent => assert_eq!(sent.unwrap(), Err(half_sent)),
        () = throttle => {}
    }
}
