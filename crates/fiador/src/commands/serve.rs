//! `fiador serve`

use std::{
    io::{Write as _, stdout},
    path::Path,
    sync::Arc,
};

use anyhow::ensure;
use fiador_egress::GuardedClient;
use fiador_http_kit::listener::Bound;
use fiador_kernel::{Clock, Digest, Entropy, OsEntropy, SystemClock};
use fiador_keys::{KeyRing, OperatorKeyRing, RootKey};
use fiador_smpp_link::SmppLink;
use fiador_store::Store;
use tokio_util::sync::CancellationToken;

use crate::{
    admin::{self, Admin},
    applications::KnownApplications,
    config::{self, Config, DevelopmentSection},
    gateway::{self, FirstKeys, Gateway, Parts, Running},
    health::{self, Probes},
    logging, open_files, preflight, sandbox, shutdown,
};

/// Runs until SIGTERM, then ends in the order in which the parts need each other (T-249): requests,
/// messages that they asked for, links to message centres, upkeep, database, probes.
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
    let keys = open_keys(&store, &clock, prepared.root_key, &config).await?;

    let doors = gateway::bind_doors(&config.listeners, &prepared.listeners).await?;
    let (stop, unlink, drained) =
        (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());
    let link = Arc::new(SmppLink::start(prepared.smpp, &entropy, &unlink)?);

    let applications =
        KnownApplications::open(prepared.clients, store.clone()).await?;
    let fetch = Arc::new(GuardedClient::new(prepared.egress));

    let operator_keys = Arc::new(OperatorKeyRing::open(keys.clone(), store.clone()).await?);
    let numbering = Arc::new(prepared.numbering);

    let gateway = gateway::assemble(&Parts {
        issuer: config.issuer.clone(),
        store: store.clone(),
        journeys: store.journeys(config.database.journey_capacity, keys.clone()),
        keys: keys.clone(),
        clients: applications.clone(),
        numbering: numbering.clone(),
        serves_ported_in_numbers: config.operator.serves_ported_in_numbers,
        messages: link.clone(),
        codes: Arc::new(fiador_auth_sms::EntropyCodes::new(entropy.clone())),
        sms: prepared.sms,
        pages: prepared.pages,
        secure_cookies: !config.development.plain_http,
        home: Some(prepared.home),
        rules: gateway::authorization_rules(config.authorization),
        kyc: prepared.kyc,
        operator_keys: operator_keys.clone(),
        limits: config.limits,
        discovery: prepared.discovery,
        portability: gateway::portability(prepared.portability, fetch.clone(), clock.clone())?,
        fetch: fetch.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    })?;
    let deliveries = gateway.deliveries.clone();

    let running = Running::new(stop.clone());
    running.upkeep(keys.clone(), store.clone(), clock.clone());
    running.follow_applications(applications.clone());
    running.follow_operator_keys(operator_keys.clone());
    running.tidy_metrics(metrics.clone());
    let admin = admin::routes(Admin {
        token: prepared.admin_token.unwrap_or_else(|| nobodys_token(&*entropy)),
        keys: keys.clone(),
        operator_keys,
        numbering,
        applications,
        allows_plain_http: config.development.plain_http,
        fetch,
        entropy: entropy.clone(),
        subscribers: store.clone(),
        deactivations: store.clone(),
        consents: store.clone(),
        revocations: store.clone(),
        audit: store.clone(),
        clock: clock.clone(),
        vault: keys,
        home_region: Some(prepared.home),
    });
    let probes = health::routes(Probes {
        maintenance: store.clone(),
        messages: link.clone(),
        clock,
        stop: stop.clone(),
        metrics,
    });

    shutdown::on_signal(stop.clone())?;
    announce(&doors)?;
    let gateway::Doors { public, admin: admin_door, internal, metrics: probe_door } = doors;
    let requests = Requests { public, admin: admin_door, internal };
    let is_development = config.development.in_force().next().is_some();
    let ending = async {
        requests.serve(gateway, admin, &stop, is_development).await;
        deliveries.settled().await;
        unlink.cancel();
        link.stopped().await;
        running.ended().await;
        store.close().await;
        // Probes see "draining" until nothing is left to do.
        drained.cancel();
    };
    tokio::join!(ending, probe_door.serve(probes, drained.clone().cancelled_owned()));
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
    config: &Config,
) -> anyhow::Result<Arc<KeyRing>> {
    let (issuer, section) = (&config.issuer, &config.keys);
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
