//! A source that answers over HTTP in JSON: the operator's own systems, or a network API such as
//! CAMARA SIM Swap.
//!
//! The operator gives the URL and says where in the answer each attribute stands. Signs of a takeover
//! come from here as any attribute does; nothing is cached, since a SIM may have been changed a
//! minute ago. What such a system must look like is in docs/reference/data-sources.md.

mod reading;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::{
    json_pointer::JsonPointer,
    subscriber::{Attributes, SubscriberStatus},
};
use fiador_kernel::{Msisdn, Secret, SubscriberId};
use fiador_ports::{
    AttributeSource, Fetch, FetchLimits, FetchRequest, FetchResponse, SourceError, Subscribers,
    Vault,
};
use serde_json::json;

/// What stands for the number in a URL.
const NUMBER: &str = "{msisdn}";

/// Bytes that an answer may have; the attributes of one person need a few thousand.
const MAX_ANSWER: usize = 64 * 1024;

/// How a source is asked.
#[derive(Clone, Debug)]
pub struct HttpSourceSettings {
    /// Its name in logs and metrics.
    pub name: String,
    /// Absolute URL. With `{msisdn}` in it, it is asked by GET and the digits go there, without `+`;
    /// without, by POST of a JSON object with [`Self::number_member`].
    pub url: String,
    /// Under which name the number stands in the body of a POST, as `+` and digits. Default
    /// `phoneNumber`, as in CAMARA.
    pub number_member: String,
    /// Value of the `Authorization` header, if the source wants one.
    pub authorization: Option<Secret<String>>,
    /// How long an answer is waited for; the Data Gateway has a bound of its own (T-202). Default
    /// 500 ms.
    pub timeout: Duration,
    /// Which attributes ([`fiador_domain::attribute::ATTRIBUTES`]) stand where in its answer.
    pub attributes: Vec<(String, JsonPointer)>,
}

/// A setting of a source is out of bounds; the message says which.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpSourceError {
    /// Not in the table of attributes.
    #[error("`{0}` is no attribute; docs/reference/data-sources.md lists them")]
    UnknownAttribute(String),
    /// It would never be asked.
    #[error("a source gives at least one attribute")]
    NoAttribute,
    /// Two numbers would be asked for.
    #[error("the url has {{msisdn}} in it at most once")]
    TwoNumbers,
}

impl HttpSourceSettings {
    /// The defaults for this URL.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            number_member: "phoneNumber".to_owned(),
            authorization: None,
            timeout: Duration::from_millis(500),
            attributes: Vec::new(),
        }
    }

    /// Checks every bound.
    pub fn check(&self) -> Result<(), HttpSourceError> {
        self.claims()?;
        if self.url.matches(NUMBER).count() > 1 { Err(HttpSourceError::TwoNumbers) } else { Ok(()) }
    }

    fn claims(&self) -> Result<Vec<&'static str>, HttpSourceError> {
        if self.attributes.is_empty() {
            return Err(HttpSourceError::NoAttribute);
        }
        let known = |(name, _): &(String, JsonPointer)| {
            let found = fiador_domain::attribute::find(name).map(|(name, _)| name);
            found.ok_or_else(|| HttpSourceError::UnknownAttribute(name.clone()))
        };
        self.attributes.iter().map(known).collect()
    }
}

/// A source behind a URL. It is told a number and nothing else about the person.
pub struct HttpSource {
    settings: HttpSourceSettings,
    claims: Vec<&'static str>,
    subscribers: Arc<dyn Subscribers>,
    vault: Arc<dyn Vault>,
    fetch: Arc<dyn Fetch>,
}

impl HttpSource {
    /// Checks the settings; asks nothing yet.
    pub fn new(
        settings: HttpSourceSettings,
        subscribers: Arc<dyn Subscribers>,
        vault: Arc<dyn Vault>,
        fetch: Arc<dyn Fetch>,
    ) -> Result<Self, HttpSourceError> {
        settings.check()?;
        let claims = settings.claims()?;
        Ok(Self { settings, claims, subscribers, vault, fetch })
    }

    /// A suspended subscription looks like one that does not exist (T-048).
    async fn number(&self, subscriber: &SubscriberId) -> Result<Msisdn, SourceError> {
        let found = self.subscribers.lookup(subscriber).await?;
        let found = found
            .filter(|found| found.status == SubscriberStatus::Active)
            .ok_or(SourceError::UnknownSubscriber)?;
        self.vault.open_msisdn(&found.msisdn_sealed).ok_or(SourceError::Failed)
    }

    fn request(&self, number: &Msisdn) -> FetchRequest {
        let settings = &self.settings;
        let mut request = if settings.url.contains(NUMBER) {
            FetchRequest::get(settings.url.replace(NUMBER, number.digits()))
        } else {
            let number = format!("+{}", number.digits());
            let body = json!({ settings.number_member.as_str(): number });
            FetchRequest::post(&settings.url, "application/json", body.to_string().into_bytes())
        };
        request = request.header("accept", "application/json");
        if let Some(authorization) = &settings.authorization {
            request = request.header("authorization", authorization.expose().clone());
        }
        request.limits = FetchLimits { total: settings.timeout, body: MAX_ANSWER };
        request
    }

    fn read(
        &self,
        response: &FetchResponse,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        match response.status {
            200 => {
                let wanted = self.settings.attributes.iter();
                let wanted = wanted.filter(|(name, _)| claims.contains(&name.as_str()));
                reading::attributes(&response.body, wanted).ok_or(SourceError::Failed)
            }
            // The source knows nothing of this number.
            204 | 404 => Ok(Attributes::default()),
            _ => Err(SourceError::Failed),
        }
    }
}

#[async_trait]
impl AttributeSource for HttpSource {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn claims(&self) -> &[&'static str] {
        &self.claims
    }

    async fn fetch(
        &self,
        subscriber: &SubscriberId,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        let number = self.number(subscriber).await?;
        let response = self.fetch.fetch(self.request(&number)).await;
        let response = response.map_err(|error| {
            tracing::warn!(source = self.settings.name, %error, "a data source could not be asked");
            SourceError::Failed
        })?;
        self.read(&response, claims)
    }
}
