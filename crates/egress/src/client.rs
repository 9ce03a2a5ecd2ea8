//! The road of a fetch, on one screen.

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_ports::{Fetch, FetchError, FetchLimits, FetchRequest, FetchResponse};
use tokio::time::{Instant, timeout_at};
use url::Host;

use crate::{
    AllowList, Authorities, Resolve, SystemResolver,
    connect::{Duplex, connect},
    exchange::exchange,
    reachable::is_reachable_by_anybody,
    slots::{Slot, Slots},
    target::Target,
    trust::Tls,
};

/// What the client may do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Places that may be private and may be asked without TLS.
    pub allow: AllowList,
    /// Who vouches for https servers.
    pub authorities: Authorities,
    /// Fetches at once.
    pub parallel: usize,
    /// Fetches at once from one host, all its ports together; 4 at most by T-082.
    pub parallel_per_host: usize,
    /// How long one address may take to accept a connection.
    pub connect: Duration,
}

impl Settings {
    /// 32 fetches at once, 4 of them from one host, and a second to connect.
    pub fn new(allow: AllowList, authorities: Authorities) -> Self {
        Self {
            allow,
            authorities,
            parallel: 32,
            parallel_per_host: 4,
            connect: Duration::from_secs(1),
        }
    }
}

/// The one client for addresses that other parties name (T-080).
pub struct GuardedClient {
    allow: AllowList,
    connect: Duration,
    slots: Slots,
    resolver: Arc<dyn Resolve>,
    tls: Tls,
}

impl GuardedClient {
    /// A client that resolves names as the system does.
    pub fn new(settings: Settings) -> Self {
        Self::with_resolver(settings, Arc::new(SystemResolver))
    }

    /// A client that asks `resolver`.
    pub fn with_resolver(settings: Settings, resolver: Arc<dyn Resolve>) -> Self {
        Self {
            slots: Slots::new(settings.parallel, settings.parallel_per_host),
            tls: Tls::new(settings.authorities),
            allow: settings.allow,
            connect: settings.connect,
            resolver,
        }
    }

    async fn ask_in_time(&self, mut request: FetchRequest) -> Result<FetchResponse, FetchError> {
        let target = Target::parse(&request.url)?;
        let most = FetchLimits::default();
        request.limits.total = request.limits.total.min(most.total);
        request.limits.body = request.limits.body.min(most.body);
        let deadline = Instant::now() + request.limits.total;
        let (stream, _slot) =
            timeout_at(deadline, self.reach(&target)).await.unwrap_or(Err(FetchError::NotAsked))?;
        timeout_at(deadline, exchange(stream, &target, request))
            .await
            .unwrap_or(Err(FetchError::TimedOut))
    }

    /// A connection to the host; until here, nothing of the request is sent.
    async fn reach(&self, target: &Target) -> Result<(Box<dyn Duplex>, Slot), FetchError> {
        let slot = self.slots.take(&target.host.to_string()).await?;
        let (addresses, slot) = self.addresses(target, slot).await?;
        let checked = self.checked(target, addresses)?;
        let stream = connect(target, &checked, self.connect, &self.tls).await?;
        Ok((stream, slot))
    }

    /// Where the host is. A look-up that outlives its fetch keeps its slot: the system's resolver
    /// cannot be interrupted, and slow names must not pile up.
    async fn addresses(
        &self,
        target: &Target,
        slot: Slot,
    ) -> Result<(Vec<IpAddr>, Slot), FetchError> {
        let name = match &target.host {
            Host::Ipv4(address) => return Ok((vec![(*address).into()], slot)),
            Host::Ipv6(address) => return Ok((vec![(*address).into()], slot)),
            Host::Domain(name) => name.clone(),
        };
        let resolver = self.resolver.clone();
        let look_up = tokio::spawn(async move { (resolver.resolve(&name).await, slot) });
        let (found, slot) = look_up.await.map_err(|_| FetchError::Unresolved)?;
        let found = found.map_err(|_| FetchError::Unresolved)?;
        if found.is_empty() { Err(FetchError::Unresolved) } else { Ok((found, slot)) }
    }

    /// Those of the addresses that may be asked (T-081).
    fn checked(&self, target: &Target, found: Vec<IpAddr>) -> Result<Vec<IpAddr>, FetchError> {
        let is_named = |address: &IpAddr| self.allow.names(target, *address);
        let (named, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_named);
        if !named.is_empty() {
            return Ok(named);
        }
        if !target.https {
            return Err(FetchError::PlainHttp);
        }
        let public: Vec<_> =
            others.into_iter().filter(|address| is_reachable_by_anybody(*address)).collect();
        if public.is_empty() { Err(FetchError::ForbiddenAddress) } else { Ok(public) }
    }
}

#[async_trait]
impl Fetch for GuardedClient {
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        let outcome = self.ask_in_time(request).await;
        let word = outcome.as_ref().map_or_else(|error| error.as_str(), |_| "answered");
        metrics::counter!("fiador_fetches_total", "outcome" => word).increment(1);
        outcome
    }
}
