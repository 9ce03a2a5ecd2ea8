//! The gateway in a sandbox: the same wiring as `serve`, with settings that the sandbox knows.

use std::{sync::Arc, time::Duration};

use axum::Router;
use fiador_authserver::Rules;
use fiador_domain::client::ClientDirectory;
use fiador_domain::kyc::Normalisation;
use fiador_http_kit::Brand;
use fiador_kernel::{Clock, Digest, Entropy, Issuer, OsEntropy, Region};
use fiador_keys::{KeyRing, OperatorKeyRing};
use fiador_ports::{MessageCentre, RoutingRecords};
use fiador_sandbox::{Application, Seed, record};
use fiador_store::Store;
use tokio_util::sync::CancellationToken;

use super::{
    Addresses, Outside, State, codes::SandboxCodes, configuration, number_keys, signing_keys,
    subscribers,
};
use crate::{
    applications::KnownApplications,
    cli::SandboxArguments,
    config::LimitsSection,
    gateway::{self, Ending, FirstKeys, MessageSettings, Parts, Running, TextMessages},
};

/// A running gateway.
pub struct Inside {
    /// Routes of the public listener, traced.
    pub public: Router,
    /// Routes of the admin listener.
    pub admin: Router,
    /// Bearer token of the admin listener.
    pub admin_token: String,
    /// What routing decided.
    pub decisions: Arc<dyn RoutingRecords>,
    ending: Ending,
}

impl Inside {
    /// Opens the state, connects to the message centre and puts the gateway together.
    pub async fn start(
        arguments: &SandboxArguments,
        state: &State,
        seed: Seed,
        addresses: &Addresses,
        outside: &Outside,
        clock: Arc<dyn Clock>,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let issuer = &addresses.issuer;
        let store = Store::open(state.store_settings(), clock.clone()).await?;
        let keys = open_keys(&store, state, issuer, clock.clone()).await?;
        subscribers::add_all(&*store, &*keys).await?;
        let unlink = CancellationToken::new();
        let by_smpp = MessageSettings::smpp_alone(outside.smpp.clone());
        let messages = TextMessages::start(by_smpp, &outside.fetch, &clock, &entropy, &unlink)?;
        let home_region: Option<Region> = "GB".parse().ok();

        let configured = directory(&outside.applications)?;
        let applications = KnownApplications::open(configured, store.clone()).await?;

        let operator_keys = Arc::new(OperatorKeyRing::open(keys.clone(), store.clone()).await?);
        number_keys::register_other_operator(&operator_keys).await?;

        let parts = Parts {
            issuer: issuer.clone(),
            store: store.clone(),
            ledgers: store.prompt_ledgers(configuration::JOURNEYS, keys.clone()),
            routing_policy: store.routing_policy().await?,
            routing_records: store.routing_records(keys.clone()),
            routing: configuration::routing(arguments.strict_send_budgets),
            journeys: store.journeys(configuration::JOURNEYS, keys.clone()),
            keys,
            applications,
            numbering: Arc::new(configuration::numbering(issuer)?),
            serves_ported_in_numbers: false,
            messages: messages.centre(),
            message_webhook: messages.webhook(),
            codes: Arc::new(SandboxCodes::new(seed)),
            sms: configuration::sms(addresses, arguments.strict_send_budgets)?,
            sms_kinds: fiador_auth_sms::Kind::ALL.to_vec(),
            foreign: gateway::ForeignAuthenticators::default(),
            keycloak: Vec::new(),
            pages: gateway::build_pages(Brand::new("Sandbox Mobile"))?,
            secure_cookies: arguments.tls,
            home_region,
            rules: Rules::default(),
            kyc: Normalisation::default(),
            data_sources: Vec::new(),
            operator_keys,
            limits: LimitsSection::default(),
            discovery: configuration::discovery(issuer, arguments.tls, home_region),
            portability: None,
            fetch: outside.fetch.clone(),
            clock,
            entropy,
        };
        let gateway = gateway::assemble(&parts)?;
        messages.report_to(gateway.routing.prompts());
        let admin_token = seed.text("admin token");
        let admin = parts.admin(&gateway, Digest::of(&admin_token), true);
        let running = Running::of(&parts, &gateway, stop.clone());
        until_connected(&*messages.centre()).await;
        Ok(Self {
            public: gateway
                .public
                .layer(axum::middleware::from_fn_with_state(outside.trace.clone(), record)),
            admin,
            admin_token,
            decisions: parts.routing_records,
            ending: Ending { deliveries: gateway.deliveries, unlink, messages, running, store },
        })
    }

    /// Ends everything behind the listeners, after they have (T-249).
    pub async fn ended(self) {
        self.ending.ended().await;
    }
}

async fn open_keys(
    store: &Arc<Store>,
    state: &State,
    issuer: &Issuer,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Arc<KeyRing>> {
    let section = configuration::keys_section();
    let first =
        FirstKeys { signing: signing_keys::built_in()?, numbers: Some(number_keys::built_in()?) };
    gateway::open_ring(store, clock, state.root_key()?, issuer, &section, first).await
}

fn directory(applications: &[Application]) -> anyhow::Result<ClientDirectory> {
    Ok(ClientDirectory::new(
        configuration::clients(applications)?,
        configuration::discovery_applications(applications)?,
    ))
}

/// The link to the simulated centre is on loopback, so this takes milliseconds.
async fn until_connected(link: &dyn MessageCentre) {
    for _ in 0..500 {
        if link.is_available() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
