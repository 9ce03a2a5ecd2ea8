//! `fiador serve` with message centres that other people wrote.

use fiador_testkit::peers::{Behaviour, Event, MessageCentre, Tls};
use rcgen::{CertificateParams, KeyPair};

use crate::world::{Landing, Running, Site, code_for, eventually, octets};

const FIRST: &str = "447700900001";
const SECOND: &str = "447700900002";

async fn a_whole_login(mut centre: MessageCentre) {
    let site = Site::new().through("only", &centre);
    let running = site.start().await;
    running.until_connected().await;
    let provider = running.provider("oidc");
    let mut user = running.user(FIRST);
    let request = provider.request().for_attributes(&provider.application).for_number(FIRST);

    let page = user.browser.open(&provider.start(&request)).await;
    let submit = centre.next_submit().await.unwrap();
    assert_eq!(submit.destination, FIRST);
    assert_eq!((submit.destination_ton, submit.destination_npi), (1, 1), "SMPP 3.4 §5.2.5");
    assert_eq!((submit.source.as_str(), submit.source_ton), ("Fiador", 5));
    assert_eq!((submit.data_coding, submit.registered_delivery), (0, 1));
    let text = octets(&submit);
    let code: String = text[..6].iter().map(|&octet| char::from(octet)).collect();
    // The last line binds the code to the page; GSM-7 writes `@` as 0x00 (GSM 03.38 §6.2.1).
    let last_line = [&[0x0A, 0x00], format!("localhost #{code}").as_bytes()].concat();
    assert!(text.ends_with(&last_line), "{text:02x?}");

    let landing = user.go_on(page, async || code.clone()).await;
    let tokens = provider.tokens(landing.code()).await;
    let attributes = provider.attributes("userinfo", &tokens.access_token).await.json();
    assert_eq!(attributes["phone_number"], format!("+{FIRST}"));
    assert_eq!(attributes["given_name"], "Ada");
    let receipt = |event: &Event| matches!(event, Event::Receipt { .. });
    let receipt = centre.next_matching(receipt).await.unwrap();
    assert!(matches!(receipt, Event::Receipt { status: 0, .. }), "{receipt:?}");
}

/// A login by code alone.
async fn logs_in(running: &Running, msisdn: &str, centre: &mut MessageCentre) {
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(msisdn));
    let landing = running.log_in(&mut running.user(msisdn), &start, centre).await;
    provider.tokens(landing.code()).await;
}

/// What the service provider gets at once, without any page.
async fn refusal(running: &Running, msisdn: &str) -> Option<Landing> {
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(msisdn));
    match running.user(msisdn).browser.open(&start).await {
        crate::world::Shown::Away(url) => Some(Landing::at(url)),
        crate::world::Shown::Page(_) => None,
    }
}

#[tokio::test]
async fn a_login_by_a_code_through_the_npm_centre() {
    a_whole_login(MessageCentre::npm(&Behaviour::default()).unwrap()).await;
}

#[tokio::test]
async fn a_login_by_a_code_through_the_pypi_centre() {
    a_whole_login(MessageCentre::pypi(&Behaviour::default()).unwrap()).await;
}

#[tokio::test]
async fn when_the_first_centre_dies_the_second_one_carries_on() {
    let mut first = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut second = MessageCentre::pypi(&Behaviour::default()).unwrap();
    let running = Site::new().through("first", &first).through("second", &second).start().await;
    running.until_connected().await;
    logs_in(&running, FIRST, &mut first).await;
    first.kill().unwrap();
    logs_in(&running, SECOND, &mut second).await;
}

#[tokio::test]
async fn without_a_centre_the_provider_is_told_at_once_and_logins_come_back_with_it() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let port = centre.address().port();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    centre.kill().unwrap();
    let landing = eventually("the loss is noticed", async || refusal(&running, FIRST).await).await;
    assert_eq!(landing.get("error"), "temporarily_unavailable", "T-131");
    assert_eq!(landing.get("state"), "a state with spaces");
    assert!(running.probe("readyz").await.text.contains("message centre: not connected"));

    let back = Behaviour { port: Some(port), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&back).unwrap();
    running.until_connected().await;
    logs_in(&running, SECOND, &mut centre).await;
}

#[tokio::test]
async fn a_throttled_message_is_sent_again_and_arrives_once() {
    let behaviour = Behaviour { throttle_every: Some(2), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&behaviour).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    logs_in(&running, FIRST, &mut centre).await;

    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(SECOND));
    let mut user = running.user(SECOND);
    let page = user.browser.open(&start).await;
    let refused = centre.next_submit().await.unwrap();
    assert_eq!((refused.destination.as_str(), refused.status), (SECOND, Some(0x58)), "RTHROTTLED");
    let accepted = centre.next_submit().await.unwrap();
    assert_eq!(accepted.status, Some(0));
    assert_eq!(accepted.short_message, refused.short_message);
    let code: String = octets(&accepted)[..6].iter().map(|&octet| char::from(octet)).collect();
    let landing = user.go_on(page, async || code.clone()).await;
    provider.tokens(landing.code()).await;
}

#[tokio::test]
async fn a_centre_that_dies_in_mid_bind_is_tried_again() {
    let behaviour = Behaviour { die_mid_bind: Some(2), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&behaviour).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    let binds = |event: &Event| matches!(event, Event::Bind { .. });
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let Event::Bind { status, .. } = centre.next_matching(binds).await.unwrap() else {
            unreachable!("only a bind matches")
        };
        statuses.push(status);
    }
    assert_eq!(statuses, [None, None, Some(0)]);
    running.until_connected().await;
    logs_in(&running, FIRST, &mut centre).await;
}

#[tokio::test]
async fn a_centre_that_refuses_the_password_is_no_centre() {
    let behaviour = Behaviour { password: Some("other".to_owned()), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&behaviour).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    let refused = |event: &Event| matches!(event, Event::Bind { status: Some(0x0D), .. });
    centre.next_matching(refused).await.unwrap();
    let landing = refusal(&running, FIRST).await.expect("no page is shown");
    assert_eq!(landing.get("error"), "temporarily_unavailable");
}

#[tokio::test]
async fn nobody_waits_for_a_slow_centre() {
    let behaviour = Behaviour { silent: Some(true), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&behaviour).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let mut user = running.user(FIRST);
    let page = user.browser.open(&provider.start(&provider.request().for_number(FIRST))).await;
    // The centre never says whether it took the message, yet the phone has it.
    let submit = centre.next_submit().await.unwrap();
    assert_eq!(submit.status, None);
    let code: String = octets(&submit)[..6].iter().map(|&octet| char::from(octet)).collect();
    let landing = user.go_on(page, async || code.clone()).await;
    provider.tokens(landing.code()).await;

    // Whether it was taken is unknown, so it is not sent twice (T-131).
    centre.behave(&Behaviour { silent: Some(false), ..Behaviour::default() }).unwrap();
    user.browser.open(&provider.start(&provider.request().for_number(SECOND))).await.page();
    let next = centre.next_submit().await.unwrap();
    assert_eq!((next.destination.as_str(), next.message_id.as_str()), (SECOND, "n2"));
}

#[tokio::test]
async fn a_link_over_tls_trusts_the_configured_authority_alone() {
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let tls = Tls { key: key.serialize_pem(), cert: certificate.pem() };
    let behaviour = Behaviour { tls: Some(tls), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&behaviour).unwrap();

    let mut site = Site::new();
    std::fs::write(site.file("ca.pem"), certificate.pem()).unwrap();
    site.more = format!(
        "[[smpp.message_centres]]\nname = \"tls\"\nhost = \"127.0.0.1\"\nport = {}\n\
         system_id = \"fiador\"\npassword_file = {:?}\n\
         [smpp.message_centres.tls]\nca_file = {:?}\n",
        centre.address().port(),
        site.file("centre_password"),
        site.file("ca.pem"),
    );
    let running = site.start().await;
    running.until_connected().await;
    logs_in(&running, FIRST, &mut centre).await;
    drop(running);

    let stranger = KeyPair::generate().unwrap();
    let other = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let other = other.self_signed(&stranger).unwrap();
    std::fs::write(site.file("ca.pem"), other.pem()).unwrap();
    let running = site.start().await;
    let landing = refusal(&running, FIRST).await.expect("no page is shown");
    assert_eq!(landing.get("error"), "temporarily_unavailable", "T-132");
}

#[tokio::test]
async fn twenty_logins_at_once_send_twenty_messages() {
    let mut centre = MessageCentre::pypi(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let numbers: Vec<_> = (1..=20).map(|n| format!("44770090{n:04}")).collect();
    let opened: Vec<_> = numbers
        .iter()
        .map(|number| {
            let mut user = running.user(number);
            let start = provider.start(&provider.request().for_number(number));
            tokio::spawn(async move {
                let page = user.browser.open(&start).await;
                (user, page)
            })
        })
        .collect();
    let mut codes = std::collections::BTreeMap::new();
    for _ in &numbers {
        let submit = centre.next_submit().await.unwrap();
        let code: String = octets(&submit)[..6].iter().map(|&octet| char::from(octet)).collect();
        assert!(codes.insert(submit.destination, code).is_none(), "one message each");
    }
    for login in opened {
        let (mut user, page) = login.await.unwrap();
        let code = codes[&user.msisdn].clone();
        let landing = user.go_on(page, async || code.clone()).await;
        provider.tokens(landing.code()).await;
    }
}

#[tokio::test]
async fn the_budgets_of_production_hold_unless_a_setting_loosens_them() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.loose_send_budgets = false;
    let running = site.start().await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(FIRST));
    let mut user = running.user(FIRST);
    let page = user.browser.open(&start).await.page();
    assert!(page.has("journey-answer"));
    code_for(&mut centre, FIRST).await;
    let page = running.user(FIRST).browser.open(&start).await.page();
    assert!(page.has("wait") && !page.has("journey-answer"), "T-122: {}", page.answer.text);
}
