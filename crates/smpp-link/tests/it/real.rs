//! Centres that other people wrote: npm `smpp` and PyPI `smpp34`.

use fiador_domain::gsm7;
use fiador_ports::MessageCentre as _;
use fiador_smpp_link::LinkState;
use fiador_testkit::peers::{Behaviour, Event, MessageCentre, MobileOriginated};

use crate::support::{Link, OTP_TEXT, PHONE, centre, message, settings};

/// Starts both centres, or says which program is missing.
fn both(behaviour: &Behaviour) -> [MessageCentre; 2] {
    [MessageCentre::npm(behaviour).unwrap(), MessageCentre::pypi(behaviour).unwrap()]
}

async fn linked(peer: &MessageCentre) -> Link {
    let link = Link::start(settings(vec![centre("a", peer.address().port())]));
    link.bound("a").await;
    link
}

fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn the_at_of_a_one_time_code_arrives_as_septet_zero() {
    for mut peer in both(&Behaviour::default()) {
        let link = linked(&peer).await;
        link.submit(message(OTP_TEXT)).await.unwrap();
        let submit = peer.next_submit().await.unwrap();
        assert_eq!((submit.source.as_str(), submit.source_ton, submit.source_npi), ("Bank", 5, 0));
        assert_eq!(submit.destination, PHONE);
        assert_eq!((submit.destination_ton, submit.destination_npi), (1, 1));
        assert_eq!((submit.esm_class, submit.data_coding, submit.registered_delivery), (0, 0, 1));
        let octets = octets(&submit.short_message);
        let last_line = octets.rsplit(|octet| *octet == b'\n').next().unwrap();
        assert_eq!(last_line, b"\0localhost #123456");
        assert_eq!(gsm7::decode(&octets).as_deref(), Some(OTP_TEXT));
    }
}

#[tokio::test]
async fn receipts_are_acknowledged() {
    for mut peer in both(&Behaviour::default()) {
        let link = linked(&peer).await;
        link.submit(message("x")).await.unwrap();
        let receipt = |event: &Event| matches!(event, Event::Receipt { .. });
        let event = peer.next_matching(receipt).await.unwrap();
        assert!(matches!(event, Event::Receipt { status: 0, .. }), "{event:?}");
    }
}

#[tokio::test]
async fn a_message_from_a_phone_is_acknowledged() {
    for mut peer in both(&Behaviour::default()) {
        let _link = linked(&peer).await;
        let message = MobileOriginated {
            source: PHONE.to_owned(),
            destination: "4455".to_owned(),
            short_message: "53544f50".to_owned(),
            ..MobileOriginated::default()
        };
        peer.deliver(&message).unwrap();
        let delivered = |event: &Event| matches!(event, Event::Delivered { .. });
        let event = peer.next_matching(delivered).await.unwrap();
        assert!(matches!(event, Event::Delivered { status: 0, .. }), "{event:?}");
    }
}

#[tokio::test]
async fn a_long_text_in_another_script_arrives_in_parts_that_join() {
    let text = "Код подтверждения входа: 123456. Никому его не сообщайте. \
                Если вы не входили, позвоните нам. 😀";
    for mut peer in both(&Behaviour::default()) {
        let link = linked(&peer).await;
        link.submit(message(text)).await.unwrap();
        let mut units = Vec::new();
        let mut reference = None;
        for place in 1..=2 {
            let submit = peer.next_submit().await.unwrap();
            assert_eq!((submit.esm_class, submit.data_coding), (0x40, 8));
            let octets = octets(&submit.short_message);
            assert_eq!(octets[..3], [5, 0, 3]);
            assert_eq!(octets[4..6], [2, place]);
            assert_eq!(*reference.get_or_insert(octets[3]), octets[3]);
            let pairs = octets[6..].chunks_exact(2);
            units.extend(pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
        }
        assert_eq!(String::from_utf16(&units).unwrap(), text);
    }
}

#[tokio::test]
async fn throttling_delays_messages_and_loses_none_t_131() {
    for mut peer in both(&Behaviour { throttle_every: Some(2), ..Behaviour::default() }) {
        let link = linked(&peer).await;
        for number in 0..6 {
            link.submit(message(&format!("message {number}"))).await.unwrap();
        }
        let (mut taken, mut throttled) = (Vec::new(), 0);
        while taken.len() < 6 {
            let submit = peer.next_submit().await.unwrap();
            match submit.status {
                Some(0) => taken.push(gsm7::decode(&octets(&submit.short_message)).unwrap()),
                Some(0x58) => throttled += 1,
                other => panic!("{other:?}"),
            }
        }
        let wanted: Vec<String> = (0..6).map(|number| format!("message {number}")).collect();
        assert_eq!(taken, wanted);
        assert!(throttled >= 5, "{throttled}");
    }
}

#[tokio::test]
async fn a_centre_that_was_killed_is_used_again_when_it_is_back() {
    let mut peer = MessageCentre::npm(&Behaviour::default()).unwrap();
    let port = peer.address().port();
    let link = linked(&peer).await;
    link.submit(message("before")).await.unwrap();
    peer.kill().unwrap();
    link.reaches("a", LinkState::Waiting).await;
    assert!(!link.is_available());
    let mut peer = MessageCentre::npm(&Behaviour { port: Some(port), ..Behaviour::default() });
    let peer = peer.as_mut().unwrap();
    link.bound("a").await;
    link.submit(message("after")).await.unwrap();
    let submit = peer.next_submit().await.unwrap();
    assert_eq!(octets(&submit.short_message), b"after");
}

#[tokio::test]
async fn when_one_centre_is_killed_the_other_takes_over() {
    let [mut first, mut second] = both(&Behaviour::default());
    let link = Link::start(settings(vec![
        centre("npm", first.address().port()),
        centre("pypi", second.address().port()),
    ]));
    link.bound("npm").await;
    link.bound("pypi").await;
    link.submit(message("one")).await.unwrap();
    assert_eq!(octets(&first.next_submit().await.unwrap().short_message), b"one");
    first.kill().unwrap();
    link.reaches("npm", LinkState::Waiting).await;
    link.submit(message("two")).await.unwrap();
    assert_eq!(octets(&second.next_submit().await.unwrap().short_message), b"two");
}

#[tokio::test]
async fn connections_dropped_by_the_centre_are_made_anew() {
    for mut peer in both(&Behaviour::default()) {
        let link = linked(&peer).await;
        peer.drop_connections().unwrap();
        let bound = |event: &Event| matches!(event, Event::Bind { session: 2, .. });
        peer.next_matching(bound).await.unwrap();
        link.bound("a").await;
        link.submit(message("x")).await.unwrap();
        assert_eq!(peer.next_submit().await.unwrap().session, 2);
    }
}

#[tokio::test]
async fn a_centre_that_dies_in_mid_bind_is_bound_at_the_next_attempt() {
    let behaviour = Behaviour { die_mid_bind: Some(2), ..Behaviour::default() };
    let mut peer = MessageCentre::npm(&behaviour).unwrap();
    let link = linked(&peer).await;
    link.submit(message("x")).await.unwrap();
    assert_eq!(peer.next_submit().await.unwrap().session, 3);
}

/// This centre says "bind failed" of a wrong password: the same that others say of a session they
/// have not yet given up.
#[tokio::test]
async fn a_failed_bind_is_tried_again_at_the_ordinary_pace() {
    let behaviour = Behaviour { password: Some("other".to_owned()), ..Behaviour::default() };
    let mut peer = MessageCentre::npm(&behaviour).unwrap();
    let link = Link::start(settings(vec![centre("a", peer.address().port())]));
    for session in 1..=2 {
        let closed = |event: &Event| matches!(event, Event::Close { session: s } if *s == session);
        peer.next_matching(closed).await.unwrap();
    }
    assert!(!link.is_available());
}

#[tokio::test]
async fn a_shutdown_unbinds() {
    let mut peer = MessageCentre::npm(&Behaviour::default()).unwrap();
    let link = linked(&peer).await;
    link.shutdown.cancel();
    let unbound = |event: &Event| matches!(event, Event::Unbind { .. });
    peer.next_matching(unbound).await.unwrap();
    link.stopped().await;
}
