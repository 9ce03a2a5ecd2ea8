//! Settings that production must not run with (T-286).

use std::net::IpAddr;

use fiador_wire_oauth::redirect_uri::{RedirectUriError, RegisteredRedirectUri};
use url::Url;

use super::{BudgetSection, ClientSection, Config, LimitSection, routing::PromptsSection};

/// Hours that service providers may keep a key set (T-074).
const DAY: u32 = 24;

/// Every insecure setting that no named exception covers, in words that say what to do. Empty
/// means the gateway may start.
pub fn refusals(config: &Config) -> Vec<String> {
    let mut refusals = Vec::new();
    transport(config, &mut refusals);
    authenticators(config, &mut refusals);
    links(config, &mut refusals);
    gateways(config, &mut refusals);
    budgets(config, &mut refusals);
    prompts(config, &mut refusals);
    keys(config, &mut refusals);
    refusals
}

fn transport(config: &Config, refusals: &mut Vec<String>) {
    if config.development.plain_http {
        return;
    }
    let listeners = &config.listeners;
    let doors = [
        ("public", &listeners.public),
        ("admin", &listeners.admin),
        ("internal", &listeners.internal),
        ("metrics", &listeners.metrics),
    ];
    for (name, door) in doors {
        if door.tls.is_none() && !door.address.ip().is_loopback() {
            refusals.push(format!(
                "listeners.{name} speaks plain HTTP on {}; give it tls, bind it to loopback behind \
                 a TLS proxy, or set development.plain_http",
                door.address
            ));
        }
    }
    for client in &config.clients {
        let id = &client.client_id;
        let told = plain_http_of(client).into_iter().map(|what| format!("client `{id}` {what}"));
        refusals.extend(told.map(|what| format!("{what}, or set development.plain_http")));
    }
    for application in &config.discovery.applications {
        let id = &application.client_id;
        for uri in application.redirect_urls.iter().filter(|uri| is_insecure(uri)) {
            refusals.push(format!(
                "discovery application `{id}` has the plain http URI {uri}; use https, or set \
                 development.plain_http"
            ));
        }
    }
}

/// Every address of a registration that is plain http: browsers are sent there with codes, or what
/// the gateway fetches there could be written by anybody on the way.
pub fn plain_http_of(client: &ClientSection) -> Vec<String> {
    let browser = client.redirect_uris.iter().chain(&client.post_logout_redirect_uris);
    let browser = browser.filter(|uri| is_insecure(uri));
    let fetched = client.jwks_uri.iter().chain(&client.sector_identifier_uri);
    let fetched = fetched.filter(|uri| !uri.starts_with("https://"));
    browser.chain(fetched).map(|uri| format!("has the plain http URI {uri}; use https")).collect()
}

fn is_insecure(uri: &str) -> bool {
    RegisteredRedirectUri::parse(uri) == Err(RedirectUriError::Insecure)
}

fn authenticators(config: &Config, refusals: &mut Vec<String>) {
    if config.development.plain_http {
        return;
    }
    let section = &config.authenticators;
    for one in &section.foreign {
        let addresses = [
            &one.authorization_endpoint,
            &one.start_endpoint,
            &one.cancel_endpoint,
            &one.status_endpoint,
            &one.jwks_uri,
        ];
        let insecure = addresses.into_iter().flatten().find(|uri| !uri.starts_with("https://"));
        if let Some(uri) = insecure {
            refusals.push(format!(
                "authenticators.foreign `{}` has the plain http address {uri}; use https, or set \
                 development.plain_http",
                one.id
            ));
        }
    }
    let realms = config.keycloak_channels.iter();
    for one in realms.filter(|one| !one.issuer.starts_with("https://")) {
        refusals.push(format!(
            "keycloak_channels `{}` has the plain http issuer {}; use https, or set development.plain_http",
            one.id, one.issuer
        ));
    }
    for one in section.upstream.iter().filter(|one| !one.issuer.starts_with("https://")) {
        refusals.push(format!(
            "authenticators.upstream `{}` has the plain http issuer {}; use https, or set \
             development.plain_http",
            one.id, one.issuer
        ));
    }
}

fn links(config: &Config, refusals: &mut Vec<String>) {
    for centre in &config.smpp.message_centres {
        if centre.tls.is_none() && !is_loopback(&centre.host) && !centre.private_link {
            refusals.push(format!(
                "message centre `{}` is reached without TLS; set its tls, or \
                 private_link if the link is private by other means",
                centre.name
            ));
        }
    }
    if let Some(host) = unverified_database(config.database.url.expose())
        && !config.database.private_link
    {
        refusals.push(format!(
            "the database at {host} is reached without a verified certificate; add \
             sslmode=verify-full&sslrootcert=… to database.url, or set database.private_link if the \
             link is private by other means"
        ));
    }
}

/// Gateways to which codes, and from which notices, travel in the clear (T-132).
fn gateways(config: &Config, refusals: &mut Vec<String>) {
    if config.development.plain_http {
        return;
    }
    for gateway in config.messages.gateways.iter().filter(|one| !one.private_link) {
        let base_url = gateway.deliveries.as_ref().and_then(|told| told.base_url.as_deref());
        let addresses = [("url", Some(&*gateway.url)), ("deliveries.base_url", base_url)];
        for (key, _) in addresses.iter().filter(|(_, url)| url.is_some_and(is_exposed)) {
            refusals.push(format!(
                "message gateway `{}`: {key} is plain http; use https, set private_link if the link \
                 is private by other means, or set development.plain_http",
                gateway.name
            ));
        }
    }
}

/// Whether others could read along: http, and not to this machine.
fn is_exposed(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    url.scheme() == "http" && !url.host_str().is_some_and(is_loopback)
}

/// The host of a PostgreSQL database on another machine that nobody has proven to be it.
fn unverified_database(url: &str) -> Option<String> {
    let url = Url::parse(url).ok().filter(|url| url.scheme().starts_with("postgres"))?;
    let parameter = |names: &[&str]| {
        let named = url.query_pairs().filter(|(name, _)| names.contains(&&**name));
        named.last().map(|(_, value)| value.into_owned())
    };
    let host = parameter(&["host", "hostaddr"]).or_else(|| url.host_str().map(str::to_owned))?;
    let is_socket = host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    let mode = parameter(&["sslmode", "ssl-mode"]).unwrap_or_default();
    let is_safe = is_socket || is_loopback(&host) || mode.eq_ignore_ascii_case("verify-full");
    (!is_safe).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn keys(config: &Config, refusals: &mut Vec<String>) {
    if config.keys.publish_hours < DAY && !config.development.short_key_publication {
        refusals.push(format!(
            "keys.publish_hours is {}: service providers keep key sets for a day; use 24 or more, or \
             set development.short_key_publication",
            config.keys.publish_hours
        ));
    }
}

fn budgets(config: &Config, refusals: &mut Vec<String>) {
    if config.development.loose_send_budgets {
        return;
    }
    let (given, strict) = (&config.sms.budgets, BudgetSection::default());
    let lists = [
        ("subscription", &given.subscription, &strict.subscription),
        ("client", &given.client, &strict.client),
        ("browser_network", &given.browser_network, &strict.browser_network),
        ("number_block", &given.number_block, &strict.number_block),
    ];
    for (name, given, strict) in lists {
        for limit in strict.iter().filter(|limit| !given.iter().any(|g| covers(*g, **limit))) {
            refusals.push(format!(
                "sms.budgets.{name} allows more than {} in {} s; tighten it, or set \
                 development.loose_send_budgets",
                limit.count, limit.seconds
            ));
        }
    }
}

/// T-106
fn prompts(config: &Config, refusals: &mut Vec<String>) {
    if config.development.loose_send_budgets {
        return;
    }
    let (given, strict) = (&config.routing.prompts, PromptsSection::default());
    let looser = [
        ("live", given.live > strict.live),
        ("unanswered", given.unanswered > strict.unanswered),
        ("window_seconds", given.window_seconds < strict.window_seconds),
        ("rest_seconds", given.rest_seconds < strict.rest_seconds),
    ];
    for (name, _) in looser.into_iter().filter(|(_, looser)| *looser) {
        refusals.push(format!(
            "routing.prompts.{name} lets one subscription be prompted more often than the default \
             does; tighten it, or set development.loose_send_budgets"
        ));
    }
}

/// Whether `given` alone already enforces `strict`.
const fn covers(given: LimitSection, strict: LimitSection) -> bool {
    given.count <= strict.count && given.seconds >= strict.seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_must_prove_itself() {
        for good in [
            "sqlite:fiador.db",
            "postgres://fiador@localhost/fiador",
            "postgres://fiador@127.0.0.1:5432/fiador",
            "postgres://fiador@[::1]/fiador",
            "postgres:///fiador?host=/run/postgresql",
            "postgres://fiador@%2Frun%2Fpostgresql/fiador",
            "postgres://fiador@db.example/fiador?sslmode=verify-full&sslrootcert=/ca.pem",
        ] {
            assert_eq!(unverified_database(good), None, "{good}");
        }
        for bad in [
            "postgres://fiador@db.example/fiador",
            "postgresql://fiador@db.example/fiador?sslmode=require",
            "postgres://fiador@db.example/fiador?sslmode=verify-full&sslmode=prefer",
            "postgres://fiador@localhost/fiador?host=db.example",
            "postgres://fiador@localhost.example/fiador",
        ] {
            assert!(unverified_database(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_stricter_budget_covers_a_looser_one() {
        let strict = LimitSection { count: 3, seconds: 600 };
        assert!(covers(LimitSection { count: 2, seconds: 900 }, strict));
        assert!(!covers(LimitSection { count: 2, seconds: 60 }, strict));
        assert!(!covers(LimitSection { count: 4, seconds: 600 }, strict));
    }
}
