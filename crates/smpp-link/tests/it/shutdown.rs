//! Going down in good order.

use std::time::Duration;

use fiador_ports::{MessageCentre as _, SendError};
use fiador_smpp_link::{LinkState, SmppSettings};

use crate::{
    fake::{FakeCentre, SUBMIT_SM, UNBIND},
    support::{LONG, Link, centre, message, settings},
};

#[tokio::test]
async fn a_shutdown_waits_for_answers_and_then_unbinds() {
    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("a", fake.port())]));
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message("x"));
    let submit = connection.expect(SUBMIT_SM).await;
    link.shutdown.cancel();
    assert!(connection.is_quiet(Duration::from_millis(50)).await);
    connection.answer(&submit, 0, b"1\0").await;
    assert_eq!(sent.await.unwrap(), Ok(()));
    let unbind = connection.expect(UNBIND).await;
    connection.answer(&unbind, 0, b"").await;
    assert!(connection.is_closed().await);
    tokio::time::timeout(LONG, link.stopped()).await.unwrap();
    assert_eq!(link.health()[0].state, LinkState::Stopped);
    assert_eq!(link.submit(message("y")).await, Err(SendError::Unavailable));
}

#[tokio::test]
async fn a_centre_that_does_not_say_good_bye_holds_up_nobody() {
    let fake = FakeCentre::start().await;
    let link = Link::start(SmppSettings {
        shutdown_grace: Duration::from_millis(20),
        ..settings(vec![centre("a", fake.port())])
    });
    let mut connection = fake.bound().await;
    link.bound("a").await;
    let sent = link.submit_later(message("x"));
    connection.expect(SUBMIT_SM).await;
    link.shutdown.cancel();
    tokio::time::timeout(LONG, link.stopped()).await.unwrap();
    let unknown = SendError::Unknown { message_centre: "a".to_owned() };
    assert_eq!(sent.await.unwrap(), Err(unknown));
}

#[tokio::test]
async fn a_shutdown_ends_a_link_that_never_bound() {
    let link = Link::start(settings(vec![centre("a", fiador_testkit::free_port().unwrap())]));
    link.shutdown.cancel();
    tokio::time::timeout(LONG, link.stopped()).await.unwrap();
}
