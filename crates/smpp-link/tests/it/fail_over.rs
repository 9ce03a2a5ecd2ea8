//! Two centres behind one link.

use std::time::Duration;

use fiador_ports::SendError;
use fiador_smpp_link::{CentreSettings, LinkState, SmppSettings};

use crate::{
    fake::{Connection, FakeCentre, SUBMIT_SM},
    support::{Link, centre, message, settings},
};

async fn two() -> (Link, Connection, Connection) {
    let (first, second) = (FakeCentre::start().await, FakeCentre::start().await);
    let link = Link::start(settings(vec![centre("a", first.port()), centre("b", second.port())]));
    let (a, b) = tokio::join!(first.bound(), second.bound());
    link.bound("a").await;
    link.bound("b").await;
    (link, a, b)
}

#[tokio::test]
async fn the_first_centre_of_the_list_has_priority() {
    let (link, mut a, _b) = two().await;
    for _ in 0..3 {
        let sent = link.submit_later(message("x"));
        a.take_submit().await;
        assert_eq!(sent.await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_trouble_of_the_first_centre_passes_the_message_to_the_second() {
    for status in [0x08, 0x14, 0x58, 0x64] {
        let (link, mut a, mut b) = two().await;
        let sent = link.submit_later(message("x"));
        let refused = a.expect(SUBMIT_SM).await;
        a.answer(&refused, status, b"").await;
        assert!(b.take_submit().await.ends_with("x"));
        assert_eq!(sent.await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_refusal_of_the_message_itself_is_final() {
    let (link, mut a, mut b) = two().await;
    let sent = link.submit_later(message("x"));
    let submit = a.expect(SUBMIT_SM).await;
    a.answer(&submit, 0x0b, b"").await;
    let refused = SendError::Refused { message_centre: "a".to_owned(), status: 0x0b };
    assert_eq!(sent.await.unwrap(), Err(refused));
    assert!(b.is_quiet(Duration::from_millis(50)).await);
}

#[tokio::test]
async fn when_the_first_centre_is_gone_the_second_takes_over_and_the_first_comes_back() {
    let (first, second) = (FakeCentre::start().await, FakeCentre::start().await);
    let link = Link::start(settings(vec![centre("a", first.port()), centre("b", second.port())]));
    let (a, mut b) = tokio::join!(first.bound(), second.bound());
    link.bound("b").await;
    drop(a);
    let mut accepted = first.accept().await;
    let bind = accepted.read().await.unwrap();
    assert_eq!(link.health()[0].state, LinkState::Connecting);
    let sent = link.submit_later(message("x"));
    assert!(b.take_submit().await.ends_with("x"));
    assert_eq!(sent.await.unwrap(), Ok(()));
    accepted.answer(&bind, 0, b"fake\0").await;
    link.bound("a").await;
    let sent = link.submit_later(message("y"));
    assert!(accepted.take_submit().await.ends_with("y"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_centre_that_left_a_message_unanswered_comes_last_until_it_answers_t_131() {
    let (first, second) = (FakeCentre::start().await, FakeCentre::start().await);
    let link = Link::start(SmppSettings {
        decide_within: Duration::from_millis(200),
        ..settings(vec![centre("a", first.port()), centre("b", second.port())])
    });
    let (mut a, mut b) = tokio::join!(first.bound(), second.bound());
    link.bound("a").await;
    link.bound("b").await;
    let unanswered = link.submit_later(message("x"));
    a.expect(SUBMIT_SM).await;
    let unknown = SendError::Unknown { message_centre: "a".to_owned() };
    assert_eq!(unanswered.await.unwrap(), Err(unknown));
    let sent = link.submit_later(message("y"));
    assert!(b.take_submit().await.ends_with("y"));
    assert_eq!(sent.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_full_window_passes_the_message_on_after_its_share_of_the_time() {
    let (first, second) = (FakeCentre::start().await, FakeCentre::start().await);
    let narrow = CentreSettings { window: 1, ..centre("a", first.port()) };
    let link = Link::start(SmppSettings {
        decide_within: Duration::from_millis(400),
        ..settings(vec![narrow, centre("b", second.port())])
    });
    let (mut a, mut b) = tokio::join!(first.bound(), second.bound());
    link.bound("a").await;
    link.bound("b").await;
    let stuck = link.submit_later(message("stuck"));
    a.expect(SUBMIT_SM).await;
    let sent = link.submit_later(message("x"));
    assert!(b.take_submit().await.ends_with("x"));
    assert_eq!(sent.await.unwrap(), Ok(()));
    assert!(stuck.await.unwrap().is_err());
}
