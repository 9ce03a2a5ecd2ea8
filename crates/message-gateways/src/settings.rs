//! What an operator can set of a gateway, with defaults that suit most.

use std::time::Duration;

use fiador_domain::breaker::BreakerSettings;

use crate::{
    answer::{AnswerError, AnswerReader, AnswerSettings},
    request::{RequestError, RequestSettings, RequestTemplate},
    template::Placeholder,
    webhook::{DeliverySettings, DeliverySettingsError},
};

/// One message gateway behind HTTP.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// Its name in logs, metrics and the path of its webhook: 1 to 64 of `a-z`, `0-9`, `_`, `-`.
    pub name: String,
    /// How a message is handed over.
    pub request: RequestSettings,
    /// How the answer is read.
    pub answer: AnswerSettings,
    /// What `{coding}` says of the alphabet that a text needs.
    pub coding: CodingWords,
    /// How the gateway tells what became of a message, if it does.
    pub deliveries: Option<DeliverySettings>,
    /// Messages per second at most, 1 to 100,000. 20.
    pub messages_per_second: u32,
    /// Messages handed over at the same time, 1 to 1,000. 8. The guarded client has a bound of its
    /// own for each host.
    pub parallel: usize,
    /// Messages inside at most, 1 to 100,000; one more is refused (T-131, T-260). 1,000.
    pub queue: usize,
    /// What is not decided after so long is (T-131). 3 s, which is also the most that one request
    /// may take.
    pub decide_within: Duration,
    /// A message is not handed over with less life than this left (T-130). 60 s.
    pub least_validity: Duration,
    /// When the gateway is left alone. After 5 failures in a row, for 5 s.
    pub breaker: BreakerSettings,
}

/// What a gateway calls the two alphabets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodingWords {
    /// The text fits the GSM 7-bit alphabet (3GPP TS 23.038 §6.2.1). `0`.
    pub gsm7: String,
    /// It does not, and needs UCS-2. `2`, as Kannel says.
    pub ucs2: String,
}

impl Default for CodingWords {
    fn default() -> Self {
        Self { gsm7: "0".to_owned(), ucs2: "2".to_owned() }
    }
}

impl GatewaySettings {
    /// The defaults for a gateway that is asked like this.
    pub fn new(name: &str, request: RequestSettings) -> Self {
        Self {
            name: name.to_owned(),
            request,
            answer: AnswerSettings::default(),
            coding: CodingWords::default(),
            deliveries: None,
            messages_per_second: 20,
            parallel: 8,
            queue: 1_000,
            decide_within: Duration::from_secs(3),
            least_validity: Duration::from_mins(1),
            breaker: BreakerSettings { failures: 5, open_for: Duration::from_secs(5) },
        }
    }

    /// Whether a gateway can be made of these settings.
    pub fn check(&self) -> Result<(), GatewaySettingsError> {
        self.compile().map(drop)
    }

    pub(crate) fn compile(&self) -> Result<(RequestTemplate, AnswerReader), GatewaySettingsError> {
        self.compiled()
            .map_err(|reason| GatewaySettingsError { message_gateway: self.name.clone(), reason })
    }

    fn compiled(&self) -> Result<(RequestTemplate, AnswerReader), Reason> {
        let is_name = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if !(1..=64).contains(&self.name.len()) || !self.name.bytes().all(is_name) {
            return Err(Reason::Value("name", "1 to 64 of a-z, 0-9, _ and -"));
        }
        if !(1..=100_000).contains(&self.messages_per_second) {
            return Err(Reason::Value("messages_per_second", "1 to 100000"));
        }
        if !(1..=1_000).contains(&self.parallel) {
            return Err(Reason::Value("parallel", "1 to 1000"));
        }
        if !(1..=100_000).contains(&self.queue) {
            return Err(Reason::Value("queue", "1 to 100000"));
        }
        if self.decide_within.is_zero() {
            return Err(Reason::Value("decide_within", "more than zero"));
        }
        let request = RequestTemplate::compile(&self.request)?;
        let answer = AnswerReader::compile(&self.answer)?;
        match &self.deliveries {
            Some(deliveries) => deliveries.check(&request, self.answer.message_id.is_some())?,
            None if request.names(Placeholder::DeliveryUrl) => return Err(Reason::NoDeliveries),
            None => {}
        }
        Ok((request, answer))
    }
}

/// Settings no gateway can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message gateway {message_gateway}: {reason}")]
pub struct GatewaySettingsError {
    /// Which gateway.
    pub message_gateway: String,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with the settings of a gateway.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A value out of bounds.
    #[error("{0} must be {1}")]
    Value(&'static str, &'static str),
    /// No request can be made.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Answers cannot be read.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// Notices cannot be read, or not be believed.
    #[error("deliveries: {0}")]
    Deliveries(#[from] DeliverySettingsError),
    /// There is no webhook to name.
    #[error("{{delivery_url}} is used, and deliveries is not set")]
    NoDeliveries,
}
