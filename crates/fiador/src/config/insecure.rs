//! Settings that production must not run with (T-286).

use super::{BudgetSection, Config, LimitSection};

/// Every insecure setting that no named exception covers, in words that say what to do. Empty
/// means the gateway may start.
pub fn refusals(config: &Config) -> Vec<String> {
    let mut refusals = Vec::new();
    transport(config, &mut refusals);
    links(config, &mut refusals);
    budgets(config, &mut refusals);
    refusals
}

fn transport(config: &Config, refusals: &mut Vec<String>) {
    let issuer = &config.issuer;
    if config.development.plain_http {
        return;
    }
    if !issuer.starts_with("https://") {
        refusals.push(format!(
            "issuer `{issuer}` is not https; use an https URL, or set development.plain_http"
        ));
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
        for uri in client.redirect_uris.iter().filter(|uri| is_remote_http(uri)) {
            refusals.push(format!(
                "client `{}` has the plain http redirect URI {uri}; use https, or set \
                 development.plain_http",
                client.client_id
            ));
        }
    }
}

fn is_remote_http(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    !matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

fn links(config: &Config, refusals: &mut Vec<String>) {
    for centre in &config.smpp.message_centres {
        let loopback = matches!(centre.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if centre.tls.is_none() && !loopback && !centre.private_link {
            refusals.push(format!(
                "message centre `{}` is reached without TLS; set its tls, or \
                 private_link if the link is private by other means",
                centre.name
            ));
        }
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

/// Whether `given` alone already enforces `strict`.
const fn covers(given: LimitSection, strict: LimitSection) -> bool {
    given.count <= strict.count && given.seconds >= strict.seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_be_plain() {
        assert!(!is_remote_http("http://localhost:3000/cb"));
        assert!(!is_remote_http("http://127.0.0.1/cb"));
        assert!(!is_remote_http("http://[::1]:8080/cb"));
        assert!(!is_remote_http("https://sp.example/cb"));
        assert!(is_remote_http("http://sp.example/cb"));
        assert!(is_remote_http("http://localhost.example/cb"));
    }

    #[test]
    fn a_stricter_budget_covers_a_looser_one() {
        let strict = LimitSection { count: 3, seconds: 600 };
        assert!(covers(LimitSection { count: 2, seconds: 900 }, strict));
        assert!(!covers(LimitSection { count: 2, seconds: 60 }, strict));
        assert!(!covers(LimitSection { count: 4, seconds: 600 }, strict));
    }
}
