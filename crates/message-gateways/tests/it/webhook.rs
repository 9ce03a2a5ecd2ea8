//! What gateways tell, and what is believed.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use axum::body::Body;
use fiador_domain::journey::Delivery;
use fiador_kernel::{Clock as _, Digest};
use fiador_message_gateways::{
    Authenticity, BodySettings, DeliveryWebhook, GatewaySettings, HmacSettings, HttpGateway,
    MessageIdPlace, MessageName, NoticeFormat, SignatureEncoding, SignedTimestamp,
};
use fiador_ports::{FetchMethod, MessageCentre as _};
use fiador_testkit::TestClock;
use http::{Request, StatusCode};
use tower::ServiceExt as _;

use crate::support::{
    Client, Reports, SECRET, Scripted, clock, followed, gateway, pairs, settings,
};

/// One gateway with its webhook, its requests and what it tells.
struct World {
    client: Arc<Client>,
    clock: Arc<TestClock>,
    gateway: Arc<HttpGateway>,
    webhook: DeliveryWebhook,
    reports: Reports,
}

impl World {
    fn new(settings: GatewaySettings, answers: impl IntoIterator<Item = Scripted>) -> Self {
        let (client, clock) = (Client::says(answers), clock());
        let gateway = gateway(settings, client.clone(), &clock);
        let (sink, reports) = Reports::channel();
        gateway.report_to(sink);
        let webhook = DeliveryWebhook::new([Arc::clone(&gateway)], clock.clone());
        Self { client, clock, gateway, webhook, reports }
    }

    async fn send(&self, text: &str) {
        self.gateway.submit(followed(text)).await.unwrap();
    }

    /// The reference that the nth request carried.
    fn reference(&self, at: usize) -> String {
        self.client.body(at)["ref"].as_str().unwrap().to_owned()
    }

    async fn call(&self, request: Request<Body>) -> StatusCode {
        let response = self.webhook.router().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        response.status()
    }

    async fn post(&self, body: impl Into<Body>) -> StatusCode {
        let request = Request::post("/message-gateways/peer/deliveries");
        self.call(request.body(body.into()).unwrap()).await
    }

    async fn notice(&self, reference: &str, state: &str) -> StatusCode {
        self.post(format!(r#"{{"ref": "{reference}", "state": "{state}"}}"#)).await
    }

    /// Posts a body that the gateway signs at `seconds`.
    async fn signed(&self, body: &str, seconds: i64) -> StatusCode {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
        let tag = Digest::from_bytes(tag.as_ref().try_into().unwrap()).to_hex();
        let request = Request::post("/message-gateways/peer/deliveries")
            .header("x-signature", format!("sha256={tag}"))
            .header("x-timestamp", seconds);
        self.call(request.body(body.to_owned().into()).unwrap()).await
    }

    fn seconds(&self) -> i64 {
        self.clock.now().as_micros() / 1_000_000
    }
}

/// The gateway signs, and names messages by its own ids.
fn signing() -> GatewaySettings {
    let mut settings = settings();
    settings.answer.message_id = Some(MessageIdPlace::Pointer("/id".to_owned()));
    let deliveries = settings.deliveries.as_mut().unwrap();
    deliveries.message = MessageName::MessageId("/id".to_owned());
    deliveries.authenticity = Authenticity::Hmac(HmacSettings {
        header: "x-signature".to_owned(),
        prefix: "sha256=".to_owned(),
        encoding: SignatureEncoding::Hexadecimal,
        timestamp: Some(SignedTimestamp {
            header: "x-timestamp".to_owned(),
            tolerance: Duration::from_mins(5),
        }),
    });
    settings
}

#[tokio::test]
async fn a_notice_by_reference_tells_what_became_of_its_message_once() {
    let mut world = World::new(settings(), []);
    world.send("one").await;
    world.send("two").await;
    assert_eq!(world.notice(&world.reference(1), "FAILED").await, StatusCode::OK);
    assert_eq!(world.notice(&world.reference(0), "sent").await, StatusCode::OK);
    for _ in 0..3 {
        assert_eq!(world.notice(&world.reference(0), "delivered").await, StatusCode::OK);
    }
    let told = [(Digest::of("two"), Delivery::Failed), (Digest::of("one"), Delivery::Delivered)];
    assert_eq!(world.reports.all(), told);
}

#[tokio::test]
async fn a_forged_altered_foreign_or_meaningless_notice_is_answered_alike_and_tells_nothing() {
    let mut world = World::new(settings(), []);
    world.send("one").await;
    let mut other = settings();
    other.name = "other".to_owned();
    let foreign = World::new(other, []);
    foreign.send("one").await;

    let good = world.reference(0);
    let mut altered = good.clone();
    altered.replace_range(..1, if good.starts_with('A') { "B" } else { "A" });
    for reference in [&foreign.reference(0), &altered, &Digest::of("one").to_hex(), "x"] {
        assert_eq!(world.notice(reference, "delivered").await, StatusCode::OK, "{reference}");
    }
    assert_eq!(world.notice(&good, "seen by nobody").await, StatusCode::OK);
    assert_eq!(world.reports.all(), []);
}

#[tokio::test]
async fn a_callback_url_carries_the_reference_for_gateways_that_can_only_get() {
    let mut wanted = settings();
    wanted.request.method = FetchMethod::Get;
    wanted.request.body = BodySettings::Empty;
    wanted.request.query = pairs(&[
        ("to", "{destination}"),
        ("text", "{text}"),
        ("dlr-url", "{delivery_url}&status=1"),
    ]);
    let deliveries = wanted.deliveries.as_mut().unwrap();
    deliveries.format = NoticeFormat::Query;
    deliveries.message = MessageName::CallbackReference;
    deliveries.state = "status".to_owned();
    deliveries.states = vec![("1".to_owned(), Delivery::Delivered)];
    let mut world = World::new(wanted, []);
    world.send("one").await;
    let asked = world.client.asked.lock()[0].url.clone();
    let query = asked.split_once('?').unwrap().1;
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let callback = parameters.find(|(name, _)| name == "dlr-url").unwrap().1;
    let callback = callback.strip_prefix("https://gateway.example").unwrap().to_owned();
    for method in ["GET", "POST"] {
        let request = Request::builder().method(method).uri(&callback);
        assert_eq!(world.call(request.body(Body::empty()).unwrap()).await, StatusCode::OK);
    }
    assert_eq!(world.reports.all(), [(Digest::of("one"), Delivery::Delivered)]);
}

#[tokio::test]
async fn a_signed_notice_is_matched_by_the_gateways_own_id_early_and_late() {
    let answers = [Scripted::Answer(200, r#"{"id": 7}"#), Scripted::Answer(200, r#"{"id": 8}"#)];
    let mut world = World::new(signing(), answers);
    let now = world.seconds();
    world.send("late").await;
    assert_eq!(world.signed(r#"{"id": "7", "state": "delivered"}"#, now).await, StatusCode::OK);
    assert_eq!(world.signed(r#"{"id": "8", "state": "failed"}"#, now).await, StatusCode::OK);
    world.send("early").await;
    let told = [(Digest::of("late"), Delivery::Delivered), (Digest::of("early"), Delivery::Failed)];
    assert_eq!(world.reports.all(), told);
}

#[tokio::test]
async fn a_notice_that_is_not_signed_or_too_old_is_refused_and_a_replay_tells_nothing() {
    let mut world = World::new(signing(), [Scripted::Answer(200, r#"{"id": 7}"#)]);
    let now = world.seconds();
    world.send("one").await;
    let body = r#"{"id": "7", "state": "delivered"}"#;
    assert_eq!(world.post(body).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.signed(body, now - 301).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.reports.all(), []);
    for _ in 0..2 {
        assert_eq!(world.signed(body, now).await, StatusCode::OK);
    }
    assert_eq!(world.reports.all(), [(Digest::of("one"), Delivery::Delivered)]);
    world.clock.advance(Duration::from_secs(301));
    assert_eq!(world.signed(body, now).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn other_methods_places_sizes_and_shapes_are_refused() {
    let mut world = World::new(settings(), []);
    let get = Request::get("/message-gateways/peer/deliveries").body(Body::empty()).unwrap();
    assert_eq!(world.call(get).await, StatusCode::METHOD_NOT_ALLOWED);
    let nobody = Request::post("/message-gateways/nobody/deliveries").body(Body::empty()).unwrap();
    assert_eq!(world.call(nobody).await, StatusCode::NOT_FOUND);
    assert_eq!(world.post(vec![b' '; 64 * 1024 + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
    for body in ["", "[]", "{}", "\u{0}", r#"{"ref": 1}"#] {
        assert_eq!(world.post(body).await, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(world.reports.all(), []);
}

#[tokio::test]
async fn a_gateway_without_deliveries_has_no_webhook() {
    let mut silent = settings();
    silent.deliveries = None;
    let world = World::new(silent, []);
    assert_eq!(world.notice("x", "delivered").await, StatusCode::NOT_FOUND);
}

#[test]
fn a_webhook_that_would_believe_anybody_is_refused() {
    let refused = |settings: GatewaySettings| settings.check().unwrap_err().to_string();
    let mut by_id = signing();
    by_id.deliveries.as_mut().unwrap().authenticity = Authenticity::Reference;
    assert!(refused(by_id).contains("must name their message by reference"));
    let mut in_query = signing();
    in_query.deliveries.as_mut().unwrap().format = NoticeFormat::Query;
    assert!(refused(in_query).contains("everything in the body"));
    let mut unread = signing();
    unread.answer.message_id = None;
    assert!(refused(unread).contains("message_id"));
    let mut unsent = settings();
    unsent.deliveries.as_mut().unwrap().message = MessageName::CallbackReference;
    assert!(refused(unsent).contains("{delivery_url}"));
}
