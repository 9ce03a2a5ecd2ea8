//! What gateways and centres tell of deliveries, and what routing makes of it.

use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::json;

use super::{configuration::by_peer, peer::Peer};
use crate::world::{Page, Running, Site, User, eventually, octets};

const ANN: &str = "447700900001";

/// A subscriber who can get a code, and a link when that fails.
async fn with_two_ways(running: &Running) {
    let body = json!({
        "msisdn": format!("+{ANN}"), "status": "active", "authenticators": ["sms_otp", "sms_url"],
    });
    let answer = running.admin("PUT", "/admin/v1/subscribers/contract-0001", Some(body)).await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

async fn begin(running: &Running) -> (User, Page) {
    let provider = running.provider("oidc");
    let mut user = running.user(ANN);
    let start = provider.start(&provider.request().for_number(ANN));
    let page = user.browser.open(&start).await.page();
    assert!(page.has("journey-answer"), "{}", page.answer.text);
    (user, page)
}

/// Waits until the browser is shown what belongs to a link.
async fn until_link(user: &mut User, page: &Page) {
    eventually("the page waits for the link", async || {
        let shown = user.browser.open(&page.url).await.page();
        shown.has("number-to-match").then_some(())
    })
    .await;
}

fn text(message: &serde_json::Value) -> &str {
    message["Body"].as_str().unwrap()
}

#[tokio::test]
async fn a_message_that_its_gateway_could_not_deliver_leads_to_the_next_authenticator() {
    let peer = Peer::start().await;
    let running = by_peer(Site::new(), &peer).start().await;
    with_two_ways(&running).await;
    let (mut user, page) = begin(&running).await;
    let code = peer.next().await;
    assert!(!text(&code).contains("/l/"), "a code comes first: {code}");

    let reference = code["Ref"].as_str().unwrap();
    let told = Peer::signed_notice(&running, reference, "failed").await;
    assert_eq!(told.status, 200, "{told:?}");
    let link = peer.next().await;
    assert!(text(&link).contains("/l/"), "then a link: {link}");
    assert_ne!(link["Ref"], code["Ref"]);
    until_link(&mut user, &page).await;
}

#[tokio::test]
async fn a_notice_that_the_gateway_did_not_sign_changes_nothing() {
    let peer = Peer::start().await;
    let running = by_peer(Site::new(), &peer).start().await;
    with_two_ways(&running).await;
    let (mut user, page) = begin(&running).await;
    let code = peer.next().await;
    let reference = code["Ref"].as_str().unwrap();
    let wrong = Some("another-secret-of-32-bytes-------");
    for secret in [wrong, None] {
        let answer = Peer::notice(&running, reference, "failed", secret).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(answer.text, "", "nobody learns why");
    }
    // A reference that is nobody's is answered like any other, and does nothing.
    assert_eq!(Peer::signed_notice(&running, "x", "failed").await.status, 200);

    let same = user.browser.open(&page.url).await.page();
    assert!(same.has("journey-answer") && !same.has("number-to-match"), "{}", same.answer.text);
    let digits = text(&code)[..6].to_owned();
    let landing = user.go_on(crate::world::Shown::Page(same), async || digits.clone()).await;
    running.provider("oidc").tokens(landing.code()).await;
    let metrics = running.probe("metrics").await.text;
    for line in [
        "fiador_message_gateway_notices_total{message_gateway=\"peer\",outcome=\"unauthentic\"} 2",
        "fiador_message_gateway_notices_total{message_gateway=\"peer\",outcome=\"unknown_message\"} 1",
        "fiador_message_gateway_submits_total{message_gateway=\"peer\",outcome=\"accepted\"} 1",
    ] {
        assert!(metrics.lines().any(|counted| counted == line), "{line} is not in:\n{metrics}");
    }
}

#[tokio::test]
async fn an_undeliverable_receipt_of_a_centre_leads_to_the_next_authenticator_too() {
    let undeliverable =
        Behaviour { receipt: Some(Some("UNDELIV".to_owned())), ..Behaviour::default() };
    let mut centre = MessageCentre::npm(&undeliverable).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    with_two_ways(&running).await;
    let (mut user, page) = begin(&running).await;
    let code = centre.next_submit().await.unwrap();
    let link = centre.next_submit().await.unwrap();
    let has_link = |octets: &[u8]| octets.windows(3).any(|three| three == b"/l/");
    assert!(!has_link(&octets(&code)) && has_link(&octets(&link)));
    until_link(&mut user, &page).await;
}

#[tokio::test]
async fn nobody_reports_to_gateways_that_are_not_there() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    assert_eq!(Peer::signed_notice(&running, "x", "failed").await.status, 404);
}
