//! From `[sms]` to the adaptor's settings.

use std::time::Duration;

use fiador_auth_sms::{SendBudgets, Settings};
use fiador_domain::quota::Limit;
use fiador_kernel::Issuer;

use crate::config::{LimitSection, SmsSection};

/// Settings of one-time codes by SMS; `messages_per_second` is what all centres take together.
pub fn sms_settings(section: &SmsSection, issuer: &Issuer, messages_per_second: u32) -> Settings {
    let budgets = &section.budgets;
    // The host of the pages, for WebOTP: without port, as browsers compare it so.
    let mut settings = Settings::new(issuer.host(), &section.sender);
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
