//! `fiador serve`

use std::{
    io::{Write as _, stdout},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use fiador_http_kit::{Brand, Colour};
use fiador_kernel::{Clock, Digest, Entropy, OsEntropy, SystemClock};
use fiador_smpp_link::SmppLink;
use fiador_store::Store;
use tokio_util::sync::CancellationToken;

use crate::{
    admin::{self, Admin},
    config::{self, Config, read_secret_file},
    directory,
    gateway::{self, Gateway, Parts, Running},
    health::{self, Probes},
    logging, open_files, shutdown,
};

/// Runs until SIGTERM, then drains.
pub async fn run(path: &Path) -> anyhow::Result<()> {
    let config = config::load(path)?;
    logging::start(&config.log)?;
    refuse_insecure(&config)?;
    open_files::warn_if_low();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let settings = gateway::store_settings(&config.database)?;
    let store = Store::open(settings, clock.clone()).await?;
    let root = gateway::root_key(&config.keys)?;
    let keys =
        gateway::open_ring(&store, clock.clone(), root, &config.issuer, &config.keys, Vec::new())
            .await?;

    let smpp = gateway::smpp_settings(&config.smpp)?;
    let rate = smpp.message_centres.iter().map(|centre| centre.messages_per_second).sum();
    let stop = CancellationToken::new();
    let link = Arc::new(SmppLink::start(smpp, &entropy, &stop)?);
    let home = config.operator.home_region.parse().ok();
    let doors = gateway::bind_doors(&config.listeners).await?;

    let gateway = gateway::assemble(Parts {
        issuer: config.issuer.clone(),
        store: store.clone(),
        journeys: store.journeys(config.database.journey_capacity, keys.clone()),
        keys: keys.clone(),
        clients: Arc::new(directory::client_directory(&config)?),
        numbering: Arc::new(directory::numbering_plan(&config)?),
        serves_ported_in_numbers: config.operator.serves_ported_in_numbers,
        messages: link.clone(),
        codes: Arc::new(fiador_auth_sms::EntropyCodes::new(entropy.clone())),
        sms: gateway::sms_settings(&config.sms, &config.issuer, rate),
        pages: gateway::build_pages(brand(&config)?)?,
        secure_cookies: !config.development.plain_http,
        home,
        limits: config.limits,
        clock: clock.clone(),
        entropy: entropy.clone(),
    })?;

    let running = Running::new(stop.clone());
    running.upkeep(keys.clone(), store.clone(), clock.clone());
    running.tidy_metrics(metrics.clone());
    let admin = admin::routes(Admin {
        token: admin_token(&config, &*entropy)?,
        keys: keys.clone(),
        subscribers: store.clone(),
        consents: store.clone(),
        revocations: store.clone(),
        clock: clock.clone(),
        vault: keys,
        home_region: home,
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
    serve_all(doors, gateway, admin, probes, &stop, config.development.any()).await;
    running.ended().await;
    link.stopped().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn refuse_insecure(config: &Config) -> anyhow::Result<()> {
    let refusals = config::refusals(config);
    if !refusals.is_empty() {
        bail!("insecure settings:\n- {}", refusals.join("\n- "));
    }
    let development = config.development;
    let named = [
        ("development.plain_http", development.plain_http),
        ("development.loose_send_budgets", development.loose_send_budgets),
    ];
    for (name, _) in named.into_iter().filter(|(_, set)| *set) {
        tracing::warn!("{name} is set: not for production");
    }
    Ok(())
}

fn brand(config: &Config) -> anyhow::Result<Brand> {
    let mut brand = Brand::new(config.operator.name.clone());
    if let Some(colour) = &config.operator.accent_colour {
        brand.accent = colour.parse::<Colour>().context("operator.accent_colour")?;
    }
    Ok(brand)
}

/// Without a configured token the admin listener is closed to everybody: the token is random and
/// nobody is told.
fn admin_token(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<Digest> {
    let Some(file) = &config.listeners.admin_token_file else {
        tracing::info!(
            "listeners.admin_token_file is not set: the admin listener refuses everybody"
        );
        return Ok(Digest::of(fiador_kernel::handle(entropy)));
    };
    let token = read_secret_file(file)?;
    if token.expose().len() < 32 {
        bail!("the token in {} has fewer than 32 characters", file.display());
    }
    Ok(Digest::of(token.expose()))
}

/// One JSON line with the addresses, for scripts that let the system choose ports.
fn announce(doors: &gateway::Doors) -> anyhow::Result<()> {
    let line = serde_json::json!({
        "public": doors.public.address(),
        "admin": doors.admin.address(),
        "internal": doors.internal.address(),
        "metrics": doors.metrics.address(),
    });
    writeln!(stdout(), "{line}")?;
    Ok(())
}

async fn serve_all(
    doors: gateway::Doors,
    gateway: Gateway,
    admin: axum::Router,
    probes: axum::Router,
    stop: &CancellationToken,
    development: bool,
) {
    let mark = |router| if development { gateway::marked(router) } else { router };
    let stopped = || stop.clone().cancelled_owned();
    // Probes see "draining" until the last request is answered.
    let drained = CancellationToken::new();
    let metrics = doors.metrics.serve(probes, drained.clone().cancelled_owned());
    let serving = async {
        let ends = tokio::join!(
            doors.public.serve(mark(gateway.public), stopped()),
            doors.admin.serve(mark(admin), stopped()),
            doors.internal.serve(mark(gateway.internal), stopped()),
        );
        drained.cancel();
        ends.0
    };
    let (public, _) = tokio::join!(serving, metrics);
    if public.cut > 0 {
        tracing::warn!(connections = public.cut, "the drain limit cut connections");
    }
}
