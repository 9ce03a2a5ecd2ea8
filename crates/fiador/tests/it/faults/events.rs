//! A browser that waits at one node hears what the phone has answered at the other.

use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    postgres::Server,
};
use serde_json::json;
use url::Url;

use super::links::{MSISDN, link};
use crate::world::{Landing, Site};

#[tokio::test]
async fn a_browser_at_one_node_hears_what_the_phone_answers_at_the_other_t_240() {
    let database = Server::shared().unwrap().database().unwrap();
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.database_url = database.url().to_owned();
    let (a, b) = (site.start_empty(), site.node().start_empty());
    for node in [&a, &b] {
        node.until_connected().await;
    }
    let body = json!({
        "msisdn": format!("+{MSISDN}"), "status": "active",
        "authenticators": ["sms_url"], "attributes": {},
    });
    assert_eq!(a.admin("PUT", "/admin/v1/subscribers/waits", Some(body)).await.status, 204);

    let provider = a.provider("mobile_connect");
    let mut waiting = a.user(MSISDN).browser;
    let start = provider.start(&provider.request().for_number(MSISDN));
    let page = waiting.open(&start).await.page();
    waiting.meets_node(&b.listener("public"));
    let events = page.answer.text.split("data-events=\"").nth(1).unwrap();
    let events = events.split('"').next().unwrap().replace("&amp;", "&");
    let events = Url::parse(&page.url).unwrap().join(&events).unwrap();
    let mut stream = waiting.listen(events.as_str()).await;
    assert_eq!(stream.status(), 200);
    let greeting = stream.chunk().await.unwrap().unwrap();
    assert!(greeting.starts_with(b"retry:"), "{greeting:?}");

    let mut phone = a.user(MSISDN).browser;
    let asks = phone.open(&link(&mut centre).await).await.page();
    let right = page.text_of("number-to-match");
    let done = phone.submit(&asks, "link-answer", &[("number", &right)]).await.page();
    assert_eq!(done.answer.status, 200, "{}", done.answer.text);

    let mut heard = Vec::new();
    while let Some(chunk) = stream.chunk().await.unwrap() {
        heard.extend_from_slice(&chunk);
    }
    assert!(heard.ends_with(b"event: moved\ndata: moved\n\n"), "{heard:?}");
    let landing = Landing::at(waiting.open(&page.url).await.away());
    provider.tokens(landing.code()).await;
}
