//! All roads to phones, behind one port.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use fiador_egress::GuardedClient;
use fiador_kernel::{Clock, Entropy};
use fiador_message_gateways::{
    DeliveryWebhook, GatewaySettings, HttpGateway, RouteHealth, RouteSettings, Routes,
    RoutesSettings,
};
use fiador_ports::{DeliveryReports, Fetch, MessageCentre};
use fiador_smpp_link::{SmppLink, SmppSettings};
use tokio_util::sync::CancellationToken;

use super::message_gateways::SMPP_ROUTE;

/// What text messages go by, checked.
#[derive(Clone, Debug)]
pub struct MessageSettings {
    /// Message centres; none when all messages go by gateways.
    pub smpp: Option<SmppSettings>,
    /// Message gateways.
    pub gateways: Vec<GatewaySettings>,
    /// The rules between routes.
    pub rules: RoutesSettings,
    /// Which roads are taken, by their names.
    pub routes: Vec<RouteSettings>,
}

/// All roads to phones.
#[derive(Clone)]
pub struct TextMessages {
    link: Option<Arc<SmppLink>>,
    routes: Arc<Routes>,
    webhook: Router,
}

impl MessageSettings {
    /// All messages go to the centres of this link.
    pub fn smpp_alone(smpp: SmppSettings) -> Self {
        let receipts = tells_of_deliveries(&smpp);
        Self {
            smpp: Some(smpp),
            gateways: Vec::new(),
            rules: RoutesSettings::default(),
            routes: vec![RouteSettings { receipts, ..RouteSettings::new(SMPP_ROUTE, 0) }],
        }
    }

    /// The client for gateways. What T-082 grants one host is for strangers; a gateway of the
    /// operator's is asked as often as its settings say, within the same rules otherwise.
    pub fn client(&self, mut egress: fiador_egress::Settings) -> Arc<dyn Fetch> {
        egress.parallel = self.gateways.iter().map(|gateway| gateway.parallel).sum();
        egress.parallel_per_host = egress.parallel;
        Arc::new(GuardedClient::new(egress))
    }

    /// Messages per second that all roads take together, at most.
    pub fn messages_per_second(&self) -> u32 {
        let centres = self.smpp.iter().flat_map(|smpp| &smpp.message_centres);
        let gateways = self.gateways.iter().map(|gateway| gateway.messages_per_second);
        let each = centres.map(|centre| centre.messages_per_second).chain(gateways);
        each.fold(0, u32::saturating_add)
    }

    /// Gives each road its share of the three seconds (T-131).
    fn share_time(&mut self) {
        let share = self.rules.share(self.routes.len());
        if let Some(smpp) = &mut self.smpp {
            smpp.decide_within = share;
        }
        for gateway in &mut self.gateways {
            gateway.decide_within = share;
        }
    }
}

impl TextMessages {
    /// Begins to connect to message centres until `unlink`; gateways are asked through `fetch`.
    pub fn start(
        mut settings: MessageSettings,
        fetch: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
        unlink: &CancellationToken,
    ) -> anyhow::Result<Self> {
        settings.share_time();
        let MessageSettings { smpp, gateways, rules, routes } = settings;
        let link = smpp.map(|smpp| SmppLink::start(smpp, entropy, unlink).map(Arc::new));
        let link = link.transpose()?;
        let gateway = |settings| {
            HttpGateway::new(settings, fetch.clone(), clock.clone(), entropy.clone()).map(Arc::new)
        };
        let gateways: Vec<_> = gateways.into_iter().map(gateway).collect::<Result<_, _>>()?;

        let road = |route: RouteSettings| {
            let centre: Option<Arc<dyn MessageCentre>> = if route.name == SMPP_ROUTE {
                link.clone().map(|link| link as _)
            } else {
                let gateway = gateways.iter().find(|gateway| gateway.name() == route.name);
                gateway.cloned().map(|gateway| gateway as _)
            };
            let centre = centre.with_context(|| format!("no road is called `{}`", route.name))?;
            anyhow::Ok((route, centre))
        };
        let roads = routes.into_iter().map(road).collect::<anyhow::Result<_>>()?;
        let routes = Arc::new(Routes::new(rules, roads, clock.clone())?);
        if let Some((link, reports)) = link.as_ref().zip(routes.reports_of(SMPP_ROUTE)) {
            link.report_to(reports);
        }
        for gateway in &gateways {
            if let Some(reports) = routes.reports_of(gateway.name()) {
                gateway.report_to(reports);
            }
        }
        let webhook = DeliveryWebhook::new(gateways, clock.clone()).router();
        Ok(Self { link, routes, webhook })
    }

    /// The port.
    pub fn centre(&self) -> Arc<dyn MessageCentre> {
        self.routes.clone()
    }

    /// How each road does, in the configured order.
    pub fn health(&self) -> Vec<RouteHealth> {
        self.routes.health()
    }

    /// Where gateways tell what became of messages.
    pub fn webhook(&self) -> Router {
        self.webhook.clone()
    }

    /// Who is told from now on.
    pub fn report_to(&self, reports: Arc<dyn DeliveryReports>) {
        self.routes.report_to(reports);
    }

    /// Returns when every session with a message centre is over.
    pub async fn stopped(&self) {
        if let Some(link) = &self.link {
            link.stopped().await;
        }
    }
}

/// Whether every centre is asked for receipts: otherwise silence says nothing.
pub(super) fn tells_of_deliveries(smpp: &SmppSettings) -> bool {
    smpp.message_centres.iter().all(|centre| centre.registered_delivery != 0)
}
