//! What `fiador serve` reads from its file, a sandbox knows by itself.

use std::collections::HashMap;

use fiador_domain::{
    client::{Client, ClientSecret, DiscoveryApplication, GrantType, OperatorCredentials},
    numbering::{NumberingPlan, Operator, OperatorLinks},
    prompting::PromptLimits,
    quota::Limit,
};
use fiador_http_kit::CookiePolicy;
use fiador_kernel::{ClientId, Issuer, OperatorId, Plmn, Region, ScopeSet, Secret, SectorId};
use fiador_sandbox::{Application, MessageCentreServer, OTHER_OPERATOR, OWN_OPERATOR};
use fiador_smpp_link::{CentreSettings, SmppSettings};

use super::{Doors, ThrowAwayTls};
use crate::config::{EgressSection, KeysSection, LimitsSection, SmsSection};

/// Journeys under way at most.
pub const JOURNEYS: usize = 20_000;

/// Messages per second that the simulated centre takes.
const RATE: u32 = 10_000;

/// Every URL of the sandbox; they say `localhost`, so that certificates and cookies fit.
pub struct Addresses {
    /// The issuer.
    pub issuer: Issuer,
    /// Discovery v2.
    pub discovery: String,
    /// The admin listener.
    pub admin: String,
    /// Page, control API and demo service provider.
    pub sandbox: String,
}

impl Addresses {
    /// The addresses of bound ports.
    pub fn new(doors: &Doors, tls: bool) -> anyhow::Result<Self> {
        let scheme = if tls { "https" } else { "http" };
        let url = |port: u16| format!("{scheme}://localhost:{port}");
        let issuer = Issuer::new(&url(doors.public.address().port()), !tls)?;
        Ok(Self {
            discovery: format!("{issuer}/v2/discovery"),
            issuer,
            admin: url(doors.admin.address().port()),
            sandbox: url(doors.sandbox.address().port()),
        })
    }
}

/// Rotation of keys as in production.
pub fn keys_section() -> KeysSection {
    KeysSection { root_key_file: None, root_key: None, publish_hours: 24, rotation_days: 90 }
}

/// The link to the simulated message centre.
pub fn smpp(centre: &MessageCentreServer) -> SmppSettings {
    let (system_id, password) = centre.credentials();
    let address = centre.address();
    let host = address.ip().to_string();
    let mut settings = CentreSettings::new("sandbox", &host, address.port(), system_id, password);
    settings.messages_per_second = RATE;
    settings.window = 100;
    // It has no phones that could say so.
    settings.registered_delivery = 0;
    SmppSettings::new(vec![settings])
}

/// Programs on this machine may be asked, by plain http too: it is where test clients run. With TLS
/// the sandbox's own authority is trusted as well.
pub fn egress(tls: Option<&ThrowAwayTls>) -> anyhow::Result<fiador_egress::Settings> {
    let section = EgressSection {
        allow: ["127.0.0.0/8", "::1"].map(str::to_owned).to_vec(),
        ..EgressSection::default()
    };
    let mut settings = crate::gateway::egress_settings(&section)?;
    if let Some(tls) = tls {
        settings.authorities = settings.authorities.with_pem(tls.authority_pem().as_bytes())?;
    }
    Ok(settings)
}

/// How often a phone may be prompted; loosened by name unless `strict`, since programs leave logins
/// behind by the dozen.
pub fn routing(strict: bool) -> fiador_authn_routing::Settings {
    let mut settings = fiador_authn_routing::Settings::default();
    if !strict {
        settings.prompts = PromptLimits {
            live: 1_000_000,
            unanswered: 1_000_000,
            rest: std::time::Duration::ZERO,
            ..settings.prompts
        };
    }
    settings
}

/// Codes and links; the send budgets are loosened by name unless `strict`. Links are on another host
/// than pages, so that the cookie of the waiting browser stays with it, as on two devices (T-128).
pub fn sms(addresses: &Addresses, strict: bool) -> anyhow::Result<fiador_auth_sms::Settings> {
    let section = SmsSection {
        sender: "Sandbox".to_owned(),
        link_base: Some(addresses.issuer.as_str().replacen("localhost", "127.0.0.1", 1)),
        show_delivery: true,
        ..SmsSection::default()
    };
    let mut settings = crate::gateway::sms_settings(&section, &addresses.issuer, RATE, true)?;
    if !strict {
        let loose = vec![Limit::per_seconds(1_000_000, 60)];
        settings.send_budgets.subscription.clone_from(&loose);
        settings.send_budgets.client.clone_from(&loose);
        settings.send_budgets.browser_network.clone_from(&loose);
        settings.send_budgets.number_block.clone_from(&loose);
        settings.send_budgets.message_centre = loose;
        settings.resend_gap = std::time::Duration::from_secs(3);
        settings.lock_out = vec![Limit::per_seconds(100, 60)];
        settings.guess_alarm.minimum_guesses = u32::MAX;
        settings.conversion_alarm.minimum_sends = u32::MAX;
    }
    Ok(settings)
}

/// Discovery under the limits of production.
pub fn discovery(
    issuer: &Issuer,
    tls: bool,
    home_region: Option<Region>,
) -> fiador_discovery::Settings {
    fiador_discovery::Settings {
        home_region,
        cookies: CookiePolicy { secure: tls },
        ..crate::gateway::limited(issuer, &LimitsSection::default())
    }
}

/// The applications as registered clients.
pub fn clients(applications: &[Application]) -> anyhow::Result<Vec<Client>> {
    applications.iter().map(client).collect()
}

fn client(application: &Application) -> anyhow::Result<Client> {
    let id = ClientId::new(&application.client_id)?;
    let sector = SectorId::new(&application.client_id)?;
    Ok(Client {
        name: application.name.to_owned(),
        grant_types: GrantType::ALL.into_iter().collect(),
        secrets: vec![ClientSecret::of(&application.client_secret)],
        redirect_uris: application.redirect_uris.clone(),
        post_logout_redirect_uris: application.post_logout_redirect_uris.clone(),
        scopes: ScopeSet::parse(&application.scopes.join(" "))?,
        id_token_signed_response_alg: application.id_token_signed_response_alg,
        ..Client::new(id, application.profile, sector)
    })
}

/// The applications at Discovery.
pub fn discovery_applications(
    applications: &[Application],
) -> anyhow::Result<Vec<DiscoveryApplication>> {
    let application = |application: &Application| {
        let credentials = |suffix: &str| {
            anyhow::Ok(OperatorCredentials {
                client_id: ClientId::new(&format!("{}{suffix}", application.client_id))?,
                client_secret: Secret::new(format!("{}{suffix}", application.client_secret)),
                client_name: application.name.to_owned(),
            })
        };
        Ok(DiscoveryApplication {
            id: ClientId::new(&application.discovery_client_id)?,
            secrets: vec![ClientSecret::of(&application.discovery_client_secret)],
            redirect_urls: application.redirect_uris.clone(),
            may_send_source_ip: true,
            may_omit_secret: true,
            operator_credentials: HashMap::from([
                (OperatorId::new(OWN_OPERATOR)?, credentials("")?),
                (OperatorId::new(OTHER_OPERATOR)?, credentials("-telecom")?),
            ]),
        })
    };
    applications.iter().map(application).collect()
}

/// Our own operator with the range kept for drama, and another one with the numbers that American
/// fiction has. Addresses are those kept for documentation (RFC 5737, RFC 3849).
pub fn numbering(issuer: &Issuer) -> anyhow::Result<NumberingPlan> {
    let own = Operator {
        id: OperatorId::new(OWN_OPERATOR)?,
        name: "Sandbox Mobile".to_owned(),
        country: "GB".to_owned(),
        currency: "GBP".to_owned(),
        networks: vec![Plmn::new("234", "15")?],
        issuer: issuer.to_string(),
        links: OperatorLinks::default(),
        own: true,
    };
    let other = Operator {
        id: OperatorId::new(OTHER_OPERATOR)?,
        name: "Sandbox Telecom".to_owned(),
        country: "US".to_owned(),
        currency: "USD".to_owned(),
        networks: vec![Plmn::new("001", "01")?],
        issuer: "https://id.telecom.example".to_owned(),
        links: OperatorLinks::default(),
        own: false,
    };
    let addresses = [(&own, "192.0.2.0/24"), (&own, "2001:db8::/48"), (&other, "198.51.100.0/24")]
        .map(|(operator, range)| (operator.id.clone(), range));
    let mut plan = NumberingPlan::new([
        (own, vec!["447700900".to_owned()]),
        (other, vec!["120255501".to_owned()]),
    ])?;
    for (operator, range) in addresses {
        plan = plan.with_addresses(&operator, range.parse()?)?;
    }
    Ok(plan)
}
