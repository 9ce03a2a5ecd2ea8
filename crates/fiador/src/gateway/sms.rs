//! From `[sms]` to the adaptor's settings.

use std::time::Duration;

use fiador_auth_sms::{SendBudgets, Settings};
use fiador_domain::quota::Limit;

use crate::config::{LimitSection, SmsSection};

/// Settings of one-time codes by SMS; `messages_per_second` is what all centres take together.
pub fn sms_settings(section: &SmsSection, issuer: &str, messages_per_second: u32) -> Settings {
    let budgets = &section.budgets;
    let mut settings = Settings::new(host_of(issuer), &section.sender);
    settings.code_lifetime = Duration::from_secs(section.code_lifetime_seconds);
    settings.send_budgets = SendBudgets {
        subscription: limits(&budgets.subscription),
        client: limits(&budgets.client),
        browser_network: limits(&budgets.browser_network),
        number_block: limits(&budgets.number_block),
        message_centre: SendBudgets::message_centre_share(messages_per_second),
    };
    settings
}

fn limits(sections: &[LimitSection]) -> Vec<Limit> {
    sections.iter().map(|limit| Limit::per_seconds(limit.count, limit.seconds)).collect()
}

/// The host of the pages, which ends the message for WebOTP: no port, as browsers compare it so.
fn host_of(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_otp_host_has_no_port_and_no_path() {
        assert_eq!(host_of("http://localhost:8480"), "localhost");
        assert_eq!(host_of("https://id.example.net/oidc"), "id.example.net");
    }
}
