//! Everything that can be refused before a database is opened or a port is bound: what
//! `fiador config check` looks at is what `fiador serve` starts from.

use std::{fmt, sync::Arc};

use anyhow::{Context as _, anyhow, ensure};
use fiador_domain::{client::ClientDirectory, kyc::Normalisation, numbering::NumberingPlan};
use fiador_http_kit::{Pages, listener::ListenerSettings};
use fiador_kernel::{Digest, Issuer, Region};
use fiador_keys::RootKey;
use fiador_message_gateways::GatewaySettings;
use fiador_smpp_link::SmppSettings;
use fiador_store::StoreSettings;

use crate::{
    complaint::complaint,
    config::{self, Config, ListenersSection, read_secret_file},
    directory, gateway, logging, operators,
};

/// Shortest token of the admin listener, in characters.
const ADMIN_TOKEN: usize = 32;

/// The configuration in the form in which the gateway uses it.
pub struct Prepared {
    /// The issuer.
    pub issuer: Issuer,
    /// How the database is opened.
    pub store: StoreSettings,
    /// Opens what lies in it.
    pub root_key: RootKey,
    /// Registered applications.
    pub clients: ClientDirectory,
    /// Operators and number ranges.
    pub numbering: NumberingPlan,
    /// Discovery.
    pub discovery: fiador_discovery::Settings,
    /// The register of ported numbers, if there is one.
    pub portability: Option<fiador_discovery::RegisterSettings>,
    /// Country of numbers in national form.
    pub home_region: Region,
    /// The roads to phones.
    pub messages: gateway::MessageSettings,
    /// Codes and links by text message.
    pub sms: fiador_auth_sms::Settings,
    /// The authenticators among them.
    pub sms_kinds: Vec<fiador_auth_sms::Kind>,
    /// Authenticators that are not ours.
    pub foreign: gateway::ForeignAuthenticators,
    /// Realms of Keycloak that ask by way of this gateway.
    pub keycloak: Vec<fiador_keycloak_channel::RealmSettings>,
    /// Limits of routing.
    pub routing: fiador_authn_routing::Settings,
    /// How values of service providers are compared with the operator's.
    pub kyc: Normalisation,
    /// Systems of the operator's that give attributes.
    pub data_sources: Vec<fiador_data_gateway::HttpSourceSettings>,
    /// How other parties' addresses are asked.
    pub egress: fiador_egress::Settings,
    /// What people see.
    pub pages: Arc<Pages>,
    /// SHA-256 of the token of the admin listener, if there is one.
    pub admin_token: Option<Digest>,
    /// What all listeners have in common.
    pub listeners: ListenerSettings,
}

/// Why the gateway does not start: every reason, each with what to do.
#[derive(Debug, thiserror::Error)]
pub struct Refused(Vec<String>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is refused:\n- {}", self.0.join("\n- "))
    }
}

/// Checks the whole configuration and reads every file that it names.
pub fn prepare(config: &Config) -> Result<Prepared, Refused> {
    let mut reasons = Reasons(config::refusals(config));
    let issuer = reasons.take(issuer(config));
    reasons.take(logging::filter(&config.log));
    reasons.take(certificates(&config.listeners));
    let store = reasons.take(gateway::store_settings(&config.database));
    let root_key = reasons.take(gateway::root_key(&config.keys));
    let clients = reasons.take(directory::client_directory(config));
    let numbering = reasons.take(operators::numbering_plan(config));
    let home_region = reasons.take(home_region(config));
    let discovery = issuer
        .as_ref()
        .zip(home_region)
        .and_then(|(issuer, home)| reasons.take(gateway::discovery_settings(config, issuer, home)));
    let portability = reasons.take(gateway::register_settings(&config.discovery));
    let smpp = reasons.take(smpp(config));
    let gateways = issuer
        .as_ref()
        .and_then(|issuer| reasons.take(gateway::gateway_settings(&config.messages, issuer)));
    let messages = smpp
        .zip(gateways)
        .and_then(|(smpp, gateways)| reasons.take(messages(config, smpp, gateways)));
    let sms = issuer.as_ref().and_then(|at| reasons.take(sms(config, at, messages.as_ref())));
    let sms_kinds = reasons.take(gateway::sms_kinds(&config.sms.authenticators));
    let foreign = reasons.take(gateway::foreign_authenticators(&config.authenticators));
    let keycloak = reasons.take(gateway::keycloak_realms(config));
    let routing = reasons.take(gateway::routing_settings(&config.routing));
    let kyc = reasons.take(config.kyc.rules());
    let data_sources = reasons.take(gateway::data_source_settings(&config.data_sources));
    let egress = reasons.take(gateway::egress_settings(&config.egress));
    let pages = reasons.take(gateway::brand(config).and_then(gateway::build_pages));
    let admin_token = reasons.take(admin_token(&config.listeners));
    let listeners = reasons.take(gateway::listener_settings(&config.listeners));
    let prepared = (|| {
        Some(Prepared {
            issuer: issuer?,
            store: store?,
            root_key: root_key?,
            clients: clients?,
            numbering: numbering?,
            discovery: discovery?,
            portability: portability?,
            home_region: home_region?,
            messages: messages?,
            sms: sms?,
            sms_kinds: sms_kinds?,
            foreign: foreign?,
            keycloak: keycloak?,
            routing: routing?,
            kyc: kyc?,
            data_sources: data_sources?,
            egress: egress?,
            pages: pages?,
            admin_token: admin_token?,
            listeners: listeners?,
        })
    })();
    match prepared {
        Some(prepared) if reasons.0.is_empty() => Ok(prepared),
        _ => Err(Refused(reasons.0)),
    }
}

/// Reasons against starting, in the order found.
struct Reasons(Vec<String>);

impl Reasons {
    fn take<T>(&mut self, outcome: anyhow::Result<T>) -> Option<T> {
        outcome.map_err(|error| self.0.push(complaint(&error))).ok()
    }
}

/// The issuer, if it can be one.
pub fn issuer(config: &Config) -> anyhow::Result<Issuer> {
    config::read_issuer(&config.issuer, config.development.plain_http)
        .map_err(|error| anyhow!("issuer `{}` {error}", config.issuer))
}

fn certificates(section: &ListenersSection) -> anyhow::Result<()> {
    let doors = [
        ("public", &section.public),
        ("admin", &section.admin),
        ("internal", &section.internal),
        ("metrics", &section.metrics),
    ];
    for (name, door) in doors {
        if let Some(tls) = &door.tls {
            gateway::certificate(tls).with_context(|| format!("listeners.{name}.tls"))?;
        }
    }
    Ok(())
}

fn home_region(config: &Config) -> anyhow::Result<Region> {
    let region = &config.operator.home_region;
    region.parse().map_err(|_| {
        anyhow!("operator.home_region `{region}` is not a country; write ISO 3166-1 alpha-2, as ES")
    })
}

fn messages(
    config: &Config,
    smpp: Option<SmppSettings>,
    gateways: Vec<GatewaySettings>,
) -> anyhow::Result<gateway::MessageSettings> {
    let (rules, routes) = gateway::route_settings(&config.messages, smpp.as_ref())?;
    Ok(gateway::MessageSettings { smpp, gateways, rules, routes })
}

/// The centres, which may be missing where messages go by gateways.
fn smpp(config: &Config) -> anyhow::Result<Option<SmppSettings>> {
    if config.smpp.message_centres.is_empty() && !config.messages.gateways.is_empty() {
        return Ok(None);
    }
    let settings = gateway::smpp_settings(&config.smpp)?;
    settings.check_files()?;
    Ok(Some(settings))
}

fn sms(
    config: &Config,
    issuer: &Issuer,
    messages: Option<&gateway::MessageSettings>,
) -> anyhow::Result<fiador_auth_sms::Settings> {
    let rate = messages.map_or(0, gateway::MessageSettings::messages_per_second);
    gateway::sms_settings(&config.sms, issuer, rate, config.development.plain_http)
}

fn admin_token(section: &ListenersSection) -> anyhow::Result<Option<Digest>> {
    let Some(file) = &section.admin_token_file else { return Ok(None) };
    let token = read_secret_file(file).context("listeners.admin_token_file")?;
    ensure!(
        token.expose().len() >= ADMIN_TOKEN,
        "the token in {} has fewer than {ADMIN_TOKEN} characters",
        file.display()
    );
    ensure!(
        token.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b)),
        "the token in {} has other characters than letters, digits and -._~+/=, so no request \
         could carry it (RFC 6750 §2.1)",
        file.display()
    );
    Ok(Some(Digest::of(token.expose())))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

    use super::*;

    fn load(text: &str, folder: &Path) -> Config {
        let file = folder.join("fiador.toml");
        fs::write(&file, text.replace("FOLDER", &folder.display().to_string())).unwrap();
        config::load(&file).unwrap()
    }

    fn reasons(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [("short", "too short"), ("password", "secret")] {
            let file = folder.path().join(name);
            fs::write(&file, content).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        RootKey::create_file(&folder.path().join("root")).unwrap();
        match prepare(&load(text, folder.path())) {
            Ok(_) => Vec::new(),
            Err(Refused(reasons)) => reasons,
        }
    }

    const GOOD: &str = r#"
issuer = "https://id.operator.example/mc"
operator = { name = "Example", home_region = "ES", number_ranges = ["346"] }
keys.root_key_file = "FOLDER/root"
[[smpp.message_centres]]
name = "a"
host = "127.0.0.1"
port = 2775
system_id = "fiador"
password_file = "FOLDER/password"
[[clients]]
client_id = "shop"
name = "Shop"
profile = "oidc"
redirect_uris = ["https://shop.example/cb"]
scopes = ["openid"]
"#;

    #[test]
    fn a_good_configuration_is_not_refused() {
        assert_eq!(reasons(GOOD), Vec::<String>::new());
    }

    #[test]
    fn the_example_names_only_files_that_are_not_here() {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fiador.example.toml");
        let Err(Refused(reasons)) = prepare(&config::load(&example).unwrap()) else {
            panic!("there is no /etc/fiador on this machine");
        };
        for reason in reasons {
            assert!(reason.contains("/etc/fiador/"), "{reason}");
        }
    }

    #[test]
    fn each_setting_that_serve_cannot_use_is_refused_by_name() {
        for (good, bad, reason) in [
            ("example/mc", "example/mc/", "ends with a slash"),
            ("example/mc", "example/{mc}", "issuer"),
            ("\"ES\"", "\"Spain\"", "operator.home_region"),
            ("FOLDER/root", "FOLDER/nothing", "keys.root_key_file"),
            ("keys.root", "keys.publish_hours = 1\nkeys.root", "keys.publish_hours"),
            ("keys.root", "sms.sender = \"\"\nkeys.root", "sender"),
            ("keys.root", "log.filter = \"a=b=c\"\nkeys.root", "log.filter"),
            ("keys.root", "listeners.trusted_proxies = [\"x\"]\nkeys.root", "trusted_proxies"),
            ("keys.root", "listeners.admin_token_file = \"FOLDER/short\"\nkeys.root", "32"),
            ("keys.root", "database.url = \"mysql:x\"\nkeys.root", "database.url"),
            ("keys.root", "database.url = \"postgres://db.example/x\"\nkeys.root", "verify-full"),
            ("keys.root", "brand.light.accent = \"blue\"\nkeys.root", "#rrggbb"),
            ("keys.root", "brand.logo_file = \"FOLDER/short\"\nkeys.root", "brand"),
            ("keys.root", "sms.authenticators = [\"sms\"]\nkeys.root", "sms.authenticators"),
            ("keys.root", "sms.link_base = \"m.example\"\nkeys.root", "sms.link_base"),
            ("keys.root", "routing.prompts.live = 0\nkeys.root", "routing.prompts.live"),
            (
                "[[clients]]",
                "[[data_sources]]\nname = \"a\"\nurl = \"https://a.example\"\nattributes = { sub = \"/s\" }\n[[clients]]",
                "no attribute",
            ),
            (
                "[[clients]]",
                "[[data_sources]]\nname = \"a\"\nurl = \"https://a.example\"\nattributes = { name = \"n\" }\n[[clients]]",
                "no JSON pointer",
            ),
            ("keys.root", "egress.allow = [\"10.0.0.0/99\"]\nkeys.root", "egress.allow"),
            ("keys.root", "egress.ca_file = \"FOLDER/short\"\nkeys.root", "egress.ca_file"),
            ("system_id = \"fiador\"", "system_id = \"\"", "system_id"),
            ("\"127.0.0.1\"", "\"smsc.example\"", "without TLS"),
            ("https://shop.example/cb\"", "http://shop.example/cb\"", "plain http"),
            ("https://shop.example/cb\"", "HTTP://shop.example/cb\"", "plain http"),
            ("https://shop.example/cb\"", "https://a.example\", \"https://b.example\"", "sector"),
            ("scopes", "post_logout_redirect_uris = [\"http://b.example\"]\nscopes", "plain http"),
            ("scopes", "post_logout_redirect_uris = [\"data:x\"]\nscopes", "post-logout"),
            ("\"shop\"", &format!("\"{}\"", "x".repeat(65)), "client_id"),
            ("scopes", &format!("sector = \"{}\"\nscopes", "x".repeat(129)), "sector"),
        ] {
            let reasons = reasons(&GOOD.replacen(good, bad, 1));
            assert!(reasons.iter().any(|given| given.contains(reason)), "{bad}: {reasons:?}");
        }
    }

    #[test]
    fn all_reasons_are_told_at_once() {
        let text = GOOD
            .replace("example/mc", "example/mc/")
            .replace("\"ES\"", "\"Spain\"")
            .replace("FOLDER/root", "FOLDER/nothing")
            .replace("\"fiador\"", "\"\"");
        assert_eq!(reasons(&text).len(), 4);
    }

    #[test]
    fn secrets_of_the_configuration_are_not_printed() {
        let folder = tempfile::tempdir().unwrap();
        let text =
            "keys.root_key = \"c2VjcmV0\"\ndatabase.url = \"postgres://a:hunter2@localhost/x\"";
        let config =
            load(&GOOD.replace("keys.root_key_file = \"FOLDER/root\"", text), folder.path());
        let printed = format!("{config:?}");
        assert!(!printed.contains("c2VjcmV0") && !printed.contains("hunter2"), "{printed}");
    }
}
