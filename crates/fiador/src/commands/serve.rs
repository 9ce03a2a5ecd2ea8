//! `fiador serve`

use std::{
    io::{Write as _, stdout},
    path::Path,
    sync::Arc,
};

use anyhow::ensure;
use fiador_egress::GuardedClient;
use fiador_http_kit::listener::Bound;
use fiador_kernel::{Clock, Digest, Entropy, Issuer, OsEntropy, SystemClock};
use fiador_keys::{KeyRing, OperatorKeyRing, RootKey};
use fiador_store::Store;
use tokio_util::sync::CancellationToken;

use crate::{
    applications::KnownApplications,
    config::{self, DevelopmentSection, KeysSection},
    gateway::{self, Ending, FirstKeys, Gateway, Parts, Running, TextMessages},
    health::{self, Probes},
    logging, open_files, preflight, sandbox, shutdown,
};

/// Runs until SIGTERM, then ends in the order in which the parts need each other (T-249): requests,
/// what stands behind them ([`Ending`]), probes.
pub async fn run(path: &Path) -> anyhow::Result<()> {
    let config = config::load(path)?;
    logging::start(&config.log)?;
    let prepared = preflight::prepare(&config)?;
    warn_of_exceptions(config.development);
    open_files::warn_if_low();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let store = Store::open(prepared.store, clock.clone()).await?;
    let keys = open_keys(&store, &clock, prepared.root_key, &prepared.issuer, &config.keys).await?;

    let doors = gateway::bind_doors(&config.listeners, &prepared.listeners).await?;
    let (stop, unlink, drained) =
        (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());
    let gateways = prepared.messages.client(prepared.egress.clone());
    let messages = TextMessages::start(prepared.messages, &gateways, &clock, &entropy, &unlink)?;

    let applications = KnownApplications::open(prepared.clients, store.clone()).await?;
    let fetch = Arc::new(GuardedClient::new(prepared.egress));
    let operator_keys = OperatorKeyRing::open(keys.clone(), store.clone()).await?;

    let parts = Parts {
        issuer: prepared.issuer,
        store: store.clone(),
        ledgers: store.prompt_ledgers(config.database.journey_capacity, keys.clone()),
        routing_policy: store.routing_policy().await?,
        routing_records: store.routing_records(keys.clone()),
        routing: prepared.routing,
        journeys: store.journeys(config.database.journey_capacity, keys.clone()),
        keys,
        applications,
        numbering: Arc::new(prepared.numbering),
        serves_ported_in_numbers: config.operator.serves_ported_in_numbers,
        messages: messages.centre(),
        message_webhook: messages.webhook(),
        codes: Arc::new(fiador_auth_sms::EntropyCodes::new(entropy.clone())),
        sms: prepared.sms,
        sms_kinds: prepared.sms_kinds,
        foreign: prepared.foreign,
        keycloak: prepared.keycloak,
        pages: prepared.pages,
        secure_cookies: !config.development.plain_http,
        home_region: Some(prepared.home_region),
        rules: gateway::authorization_rules(config.authorization),
        kyc: prepared.kyc,
        data_sources: prepared.data_sources,
        operator_keys: Arc::new(operator_keys),
        limits: config.limits,
        discovery: prepared.discovery,
        portability: gateway::portability(prepared.portability, fetch.clone(), clock.clone())?,
        fetch,
        clock: clock.clone(),
        entropy: entropy.clone(),
    };
    let gateway = gateway::assemble(&parts)?;
    messages.report_to(gateway.routing.prompts());
    let token = prepared.admin_token.unwrap_or_else(|| nobodys_token(&*entropy));
    let admin = parts.admin(&gateway, token, config.development.plain_http);
    let running = Running::of(&parts, &gateway, stop.clone());
    running.tidy_metrics(metrics.clone());
    let probes = health::routes(Probes {
        maintenance: store.clone(),
        messages: messages.clone(),
        clock,
        stop: stop.clone(),
        metrics,
    });

    shutdown::on_signal(stop.clone())?;
    announce(&doors)?;
    let gateway::Doors { public, admin: admin_door, internal, metrics: probe_door } = doors;
    let requests = Requests { public, admin: admin_door, internal };
    let is_development = config.development.in_force().next().is_some();
    let ending =
        Ending { deliveries: gateway.deliveries.clone(), unlink, messages, running, store };
    let until_drained = async {
        requests.serve(gateway, admin, &stop, is_development).await;
        ending.ended().await;
        // Probes see "draining" until nothing is left to do.
        drained.cancel();
    };
    tokio::join!(until_drained, probe_door.serve(probes, drained.clone().cancelled_owned()));
    tracing::info!("stopped");
    Ok(())
}

fn warn_of_exceptions(development: DevelopmentSection) {
    for name in development.in_force() {
        tracing::warn!("{name} is set: not for production");
    }
}

/// The keys of this issuer, none of which everybody knows.
async fn open_keys(
    store: &Arc<Store>,
    clock: &Arc<dyn Clock>,
    root: RootKey,
    issuer: &Issuer,
    section: &KeysSection,
) -> anyhow::Result<Arc<KeyRing>> {
    let keys =
        gateway::open_ring(store, clock.clone(), root, issuer, section, FirstKeys::default())
            .await?;
    refuse_sandbox_keys(&keys)?;
    Ok(keys)
}

/// The sandbox's signing keys are known to everybody.
fn refuse_sandbox_keys(keys: &KeyRing) -> anyhow::Result<()> {
    let known = sandbox::signing_key_ids()?;
    let found = keys.list().into_iter().find(|key| known.contains(&key.id));
    ensure!(
        found.is_none(),
        "this database was made by `fiador sandbox`: its signing keys are known to everybody; use \
         another database.url"
    );
    Ok(())
}

/// Without a configured token the admin listener is closed to everybody: the token is random and
/// nobody is told.
fn nobodys_token(entropy: &dyn Entropy) -> Digest {
    tracing::info!("listeners.admin_token_file is not set: the admin listener refuses everybody");
    Digest::of(fiador_kernel::handle(entropy))
}

/// One JSON line with the addresses, for scripts that let the system choose ports.
fn announce(doors: &gateway::Doors) -> anyhow::Result<()> {
    let line = serde_json::json!({
        "public": doors.public.address(),
        "admin": doors.admin.address(),
        "internal": doors.internal.address(),
        "metrics": doors.metrics.address(),
    });
    // Whoever waits for this line finds everything that came before it in the log.
    logging::flush();
    writeln!(stdout(), "{line}")?;
    Ok(())
}

/// The doors that requests come in by.
struct Requests {
    public: Bound,
    admin: Bound,
    internal: Bound,
}

impl Requests {
    /// Serves until `stop`, then drains.
    async fn serve(
        self,
        gateway: Gateway,
        admin: axum::Router,
        stop: &CancellationToken,
        is_development: bool,
    ) {
        let mark = |bound| if is_development { gateway::marked(bound) } else { bound };
        let stopped = || stop.clone().cancelled_owned();
        let (public, _, _) = tokio::join!(
            mark(self.public).serve(gateway.public, stopped()),
            mark(self.admin).serve(admin, stopped()),
            mark(self.internal).serve(gateway.internal, stopped()),
        );
        if public.cut > 0 {
            tracing::warn!(connections = public.cut, "the drain limit cut connections");
        }
    }
}
