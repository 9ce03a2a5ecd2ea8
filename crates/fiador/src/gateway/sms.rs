//! From `[sms]` to the settings of codes and links.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use fiador_auth_sms::{MessageText, SendBudgets, Settings};
use fiador_domain::quota::Limit;
use fiador_kernel::{Issuer, Language};

use super::sms_kinds;
use crate::config::{self, LimitSection, MessageTextSection, SmsSection};

/// Settings of codes and links; `messages_per_second` is what all centres take together.
pub fn sms_settings(
    section: &SmsSection,
    issuer: &Issuer,
    messages_per_second: u32,
    plain_http: bool,
) -> anyhow::Result<Settings> {
    let budgets = &section.budgets;
    let mut settings = Settings::new(issuer, &section.sender);
    if let Some(base) = &section.link_base {
        settings.link_base = config::read_issuer(base, plain_http)
            .map_err(|error| anyhow!("sms.link_base `{base}` {error}"))?;
    }
    settings.message_cost = section.message_cost;
    settings.show_delivery = section.show_delivery;
    settings.message_parts = section.message_parts;
    settings.conversion_alarm.verified_percent = section.conversion_percent;
    settings.texts = section.texts.iter().map(text).collect::<Result<_, _>>()?;
    settings.code_lifetime = Duration::from_secs(section.code_lifetime_seconds);
    settings.send_budgets = SendBudgets {
        subscription: limits(&budgets.subscription),
        client: limits(&budgets.client),
        browser_network: limits(&budgets.browser_network),
        number_block: limits(&budgets.number_block),
        message_centre: SendBudgets::message_centre_share(messages_per_second),
    };
    settings.validate()?;
    Ok(settings)
}

fn text(section: &MessageTextSection) -> anyhow::Result<MessageText> {
    let kinds = sms_kinds(std::slice::from_ref(&section.authenticator)).context("sms.texts")?;
    let kind = kinds.into_iter().next().context("sms.texts")?;
    let language = Language::ALL.into_iter().find(|language| language.tag() == section.language);
    let language = language.with_context(|| {
        format!("sms.texts: `{}` is no language of the pages", section.language)
    })?;
    Ok(MessageText { language, kind, text: section.text.clone() })
}

fn limits(sections: &[LimitSection]) -> Vec<Limit> {
    sections.iter().map(|limit| Limit::per_seconds(limit.count, limit.seconds)).collect()
}
