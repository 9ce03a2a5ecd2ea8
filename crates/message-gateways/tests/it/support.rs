//! Messages, scripted answers and listeners for tests.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::journey::Delivery;
use fiador_kernel::{Digest, Msisdn, Secret};
use fiador_message_gateways::{
    Authentication, Authenticity, BodySettings, DeliverySettings, GatewaySettings, HttpGateway,
    MessageName, NoticeFormat, RequestSettings,
};
use fiador_ports::{
    DeliveryReports, Fetch, FetchError, FetchMethod, FetchRequest, FetchResponse, TextMessage,
};
use fiador_testkit::{SeededEntropy, TestClock};
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The phone of all tests.
pub(crate) const PHONE: &str = "34600000001";
/// The secret of all webhooks.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// Far more than any step takes: reached only by a test that fails.
pub(crate) const LONG: Duration = Duration::from_secs(30);

pub(crate) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A message that lives five minutes.
pub(crate) fn message(text: &str) -> TextMessage {
    TextMessage {
        destination: Msisdn::from_digits(PHONE).unwrap(),
        sender: "Bank".to_owned(),
        text: text.to_owned(),
        validity: Duration::from_mins(5),
        tracking: None,
    }
}

/// The same, followed by its text.
pub(crate) fn followed(text: &str) -> TextMessage {
    TextMessage { tracking: Some(Digest::of(text)), ..message(text) }
}

/// A gateway that wants JSON and says what became of messages.
pub(crate) fn settings() -> GatewaySettings {
    let body =
        r#"{"to": "{destination}", "text": "{text}", "coding": "{coding}", "ref": "{reference}"}"#;
    let mut settings = GatewaySettings::new(
        "peer",
        RequestSettings {
            method: FetchMethod::Post,
            url: "https://sms.example/send".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: BodySettings::Json(body.to_owned()),
            authentication: Authentication::Bearer,
            secret: Some(Secret::new("token".to_owned())),
        },
    );
    settings.deliveries = Some(DeliverySettings {
        secret: Secret::new(SECRET.to_owned()),
        base_url: "https://gateway.example".to_owned(),
        authenticity: Authenticity::Reference,
        format: NoticeFormat::Json,
        items: None,
        message: MessageName::Reference("/ref".to_owned()),
        state: "/state".to_owned(),
        states: vec![
            ("delivered".to_owned(), Delivery::Delivered),
            ("failed".to_owned(), Delivery::Failed),
            ("sent".to_owned(), Delivery::Accepted),
        ],
    });
    settings
}

/// What the next answer is.
pub(crate) enum Scripted {
    Answer(u16, &'static str),
    Error(FetchError),
    /// Comes when the permit does.
    After(Arc<tokio::sync::Semaphore>),
}

/// Answers as a test says, with 200 and nothing when it says nothing, and remembers the requests.
#[derive(Default)]
pub(crate) struct Client {
    pub(crate) script: Mutex<VecDeque<Scripted>>,
    pub(crate) asked: Mutex<Vec<FetchRequest>>,
}

impl Client {
    pub(crate) fn says(answers: impl IntoIterator<Item = Scripted>) -> Arc<Self> {
        let client = Self::default();
        client.script.lock().extend(answers);
        Arc::new(client)
    }

    /// The JSON body of the nth request.
    pub(crate) fn body(&self, at: usize) -> serde_json::Value {
        serde_json::from_slice(&self.asked.lock()[at].body).unwrap()
    }

    pub(crate) fn requests(&self) -> usize {
        self.asked.lock().len()
    }
}

#[async_trait]
impl Fetch for Client {
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        self.asked.lock().push(request);
        let next = self.script.lock().pop_front();
        let (status, body) = match next {
            Some(Scripted::Error(error)) => return Err(error),
            Some(Scripted::Answer(status, body)) => (status, body),
            Some(Scripted::After(gate)) => {
                gate.acquire().await.unwrap().forget();
                (200, "")
            }
            None => (200, ""),
        };
        Ok(FetchResponse { status, content_type: None, body: body.as_bytes().to_vec() })
    }
}

pub(crate) fn gateway(
    settings: GatewaySettings,
    client: Arc<dyn Fetch>,
    clock: &Arc<TestClock>,
) -> Arc<HttpGateway> {
    let entropy = Arc::new(SeededEntropy::new(1));
    let clock = Arc::clone(clock) as Arc<dyn fiador_kernel::Clock>;
    Arc::new(HttpGateway::new(settings, client, clock, entropy).unwrap())
}

pub(crate) fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::default())
}

struct Sink(UnboundedSender<(Digest, Delivery)>);

#[async_trait]
impl DeliveryReports for Sink {
    async fn report(&self, tracking: Digest, delivery: Delivery) {
        self.0.send((tracking, delivery)).unwrap();
    }
}

/// What is told, in order.
pub(crate) struct Reports(UnboundedReceiver<(Digest, Delivery)>);

impl Reports {
    pub(crate) fn channel() -> (Arc<dyn DeliveryReports>, Self) {
        let (sender, receiver) = unbounded_channel();
        (Arc::new(Sink(sender)), Self(receiver))
    }

    pub(crate) async fn next(&mut self) -> (Digest, Delivery) {
        tokio::time::timeout(LONG, self.0.recv()).await.expect("a report").unwrap()
    }

    /// All that was told since the last look.
    pub(crate) fn all(&mut self) -> Vec<(Digest, Delivery)> {
        std::iter::from_fn(|| self.0.try_recv().ok()).collect()
    }
}
