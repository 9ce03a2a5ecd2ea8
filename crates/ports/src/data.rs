//! Attributes of subscribers, as the Access Gateway asks for them.

use async_trait::async_trait;
use fiador_domain::subscriber::Attributes;
use fiador_kernel::{ClientId, SubscriberId, Timestamp};

use crate::StoreError;

/// A question to the Data Gateway. It names exactly what may leave and is worthless after
/// `expires_at` (at most 60 s ahead, T-204).
#[derive(Clone, Debug)]
pub struct AttributeRequest {
    /// About whom.
    pub subscriber: SubscriberId,
    /// For whom, for logs and quotas.
    pub client: ClientId,
    /// Claims that scopes, consent and product allow (T-200).
    pub claims: Vec<&'static str>,
    /// When the question is void.
    pub expires_at: Timestamp,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Attribution {
    /// At most the claims asked for; unknown ones are absent.
    pub attributes: Attributes,
    /// Some source did not answer in time: what is missing may exist (T-202).
    pub partial: bool,
}

/// No answer can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// The subscriber is gone.
    #[error("the subscriber no longer exists")]
    UnknownSubscriber,
    /// The question is older than its expiry.
    #[error("the request for attributes has expired")]
    Expired,
    /// Every source failed.
    #[error("no data source answers")]
    Unavailable,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The Data Gateway.
#[async_trait]
pub trait DataGateway: Send + Sync {
    /// Collects attributes from the sources that have them.
    async fn attributes(&self, request: AttributeRequest) -> Result<Attribution, DataError>;
}

/// Why one source gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It does not know the subscriber.
    #[error("the source does not know the subscriber")]
    UnknownSubscriber,
    /// It failed.
    #[error("the source failed")]
    Failed,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One source of attributes behind the Data Gateway.
#[async_trait]
pub trait AttributeSource: Send + Sync {
    /// Its name in configuration and logs.
    fn name(&self) -> &str;

    /// The claims it can give; it is asked for no others (T-200).
    fn claims(&self) -> &[&'static str];

    /// What it knows of `claims` about the subscriber.
    async fn fetch(
        &self,
        subscriber: &SubscriberId,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError>;
}
