//! Everything that is not the gateway: phones, message centre, demo service provider, page.

use std::sync::Arc;

use axum::Router;
use fiador_egress::GuardedClient;
use fiador_kernel::Clock;
use fiador_ports::{Fetch, RoutingRecords};
use fiador_sandbox::{
    Application, Demo, GatewayAddress, Inboxes, Lane, MessageCentreServer, Page, Seed, Trace,
    applications, control_api, page_routes, phones,
};
use fiador_smpp_link::SmppSettings;

use super::{Addresses, ThrowAwayTls, configuration};

/// The simulated outside; its message centre is running.
pub struct Outside {
    /// The demo service provider's applications.
    pub applications: Vec<Application>,
    /// The wire trace.
    pub trace: Trace,
    /// How the gateway reaches the message centre.
    pub smpp: SmppSettings,
    /// How the gateway reaches whoever runs beside it.
    pub fetch: Arc<dyn Fetch>,
    inboxes: Inboxes,
}

impl Outside {
    /// Starts the message centre on a free port of loopback.
    pub async fn start(
        seed: Seed,
        addresses: &Addresses,
        tls: Option<&ThrowAwayTls>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let trace = Trace::new(clock.clone());
        let inboxes = Inboxes::new(phones().iter().map(|p| p.msisdn.to_owned()), clock);
        let traced = trace.clone();
        let tell = move |pdu: &str, line: &str| {
            traced.add(
                Lane::MessageCentre,
                format!("{pdu} {line}"),
                line.to_owned(),
                String::new(),
            );
        };
        let password = seed.text("message centre")[..8].to_owned();
        let centre = MessageCentreServer::bind(inboxes.clone(), password, tell).await?;
        let smpp = configuration::smpp(&centre);
        tokio::spawn(centre.serve());
        let applications = applications(seed, &format!("{}/demo", addresses.sandbox));
        let fetch = Arc::new(GuardedClient::new(configuration::egress(tls)?));
        Ok(Self { applications, trace, smpp, fetch, inboxes })
    }

    /// Page, control API and demo service provider.
    pub fn routes(
        &self,
        addresses: &Addresses,
        tls: Option<&ThrowAwayTls>,
        seed: Seed,
        decisions: Arc<dyn RoutingRecords>,
    ) -> anyhow::Result<Router> {
        let gateway = GatewayAddress {
            issuer: addresses.issuer.to_string(),
            discovery: addresses.discovery.clone(),
            authority: tls.map(|tls| tls.authority_pem().as_bytes().to_vec()),
        };
        let base = format!("{}/demo", addresses.sandbox);
        let demo = Demo::new(self.applications.clone(), gateway, base, seed)?;
        let page = Page {
            applications: self.applications.clone(),
            demo: demo.clone(),
            inboxes: self.inboxes.clone(),
            trace: self.trace.clone(),
            decisions,
            issuer: addresses.issuer.to_string(),
        };
        Ok(page_routes(page).merge(control_api(self.inboxes.clone())).merge(demo.routes()))
    }
}
