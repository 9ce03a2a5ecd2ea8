//! Routing, and the authenticators that it may choose.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, bail, ensure};
use fiador_auth_sms::{Kind, LinkPages, Sms};
use fiador_authn_routing::{Dependencies, Router, Settings};
use fiador_domain::prompting::PromptLimits;
use fiador_http_kit::CookiePolicy;
use fiador_kernel::AuthenticatorId;
use fiador_ports::{Authenticator, RiskSource};

use super::Parts;
use crate::config::RoutingSection;

/// From `[routing]` to routing's settings.
pub fn routing_settings(section: &RoutingSection) -> anyhow::Result<Settings> {
    let prompts = &section.prompts;
    ensure!(prompts.live > 0, "routing.prompts.live must be 1 or more");
    ensure!(prompts.unanswered > 0, "routing.prompts.unanswered must be 1 or more");
    ensure!(
        (1..=3000).contains(&section.risk_timeout_ms),
        "routing.risk_timeout_ms must be 1 to 3000"
    );
    Ok(Settings {
        prompts: PromptLimits {
            live: prompts.live,
            unanswered: prompts.unanswered,
            window: Duration::from_secs(prompts.window_seconds),
            rest: Duration::from_secs(prompts.rest_seconds),
        },
        unknown_numbers: unknown_numbers(&section.unknown_numbers)?,
        risk_timeout: Duration::from_millis(section.risk_timeout_ms),
        ..Settings::default()
    })
}

fn unknown_numbers(lists: &[Vec<String>]) -> anyhow::Result<Vec<Vec<AuthenticatorId>>> {
    ensure!(lists.len() <= 64, "routing.unknown_numbers must be 64 lists or fewer");
    let list = |names: &Vec<String>| {
        ensure!(
            (1..=16).contains(&names.len()),
            "routing.unknown_numbers: each list must name 1 to 16 authenticators"
        );
        let name = |name: &String| {
            AuthenticatorId::new(name).with_context(|| {
                format!("routing.unknown_numbers: `{name}` is no name of an authenticator")
            })
        };
        names.iter().map(name).collect()
    };
    lists.iter().map(list).collect()
}

/// The authenticators by text message that the configuration names, the preferred one first.
pub fn sms_kinds(names: &[String]) -> anyhow::Result<Vec<Kind>> {
    let mut kinds = Vec::new();
    for name in names {
        let kind = Kind::ALL.into_iter().find(|kind| kind.id() == name);
        let Some(kind) = kind else {
            anyhow::bail!("sms.authenticators: `{name}` is none of sms_otp, sms_url, sms_otp_url");
        };
        ensure!(!kinds.contains(&kind), "sms.authenticators: `{name}` stands there twice");
        kinds.push(kind);
    }
    Ok(kinds)
}

impl Parts {
    /// Routing without authenticators, which follow by [`Router::install`]: some need its prompts.
    pub(super) fn router(&self, risk: Arc<dyn RiskSource>) -> Arc<Router> {
        Arc::new(Router::new(Dependencies {
            journeys: self.journeys.clone(),
            ledgers: self.ledgers.clone(),
            budgets: self.store.clone(),
            policy: self.routing_policy.clone(),
            records: self.routing_records.clone(),
            subscribers: self.store.clone(),
            vault: self.keys.clone(),
            risk: Some(risk),
            audit: self.store.clone(),
            clock: self.clock.clone(),
            settings: self.routing.clone(),
        }))
    }

    /// What the authenticators by text message share.
    pub(super) fn text_messages(&self, router: &Arc<Router>) -> anyhow::Result<Arc<Sms>> {
        let ports = fiador_auth_sms::Ports {
            budgets: self.store.clone(),
            subscribers: self.store.clone(),
            vault: self.keys.clone(),
            message_centre: self.messages.clone(),
            delivery_reports: router.prompts(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            codes: self.codes.clone(),
            pages: self.pages.clone(),
        };
        Ok(Sms::new(self.sms.clone(), ports)?)
    }

    /// Each authenticator, the preferred one first. A new one of ours is a line more here. Those that
    /// are not ours come last: a policy that wants them earlier says so.
    pub(super) fn authenticators(
        &self,
        sms: &Arc<Sms>,
        foreign: Vec<Arc<dyn Authenticator>>,
    ) -> anyhow::Result<Vec<Arc<dyn Authenticator>>> {
        let mut authenticators: Vec<Arc<dyn Authenticator>> = Vec::new();
        for kind in &self.sms_kinds {
            authenticators.push(Arc::new(sms.authenticator(*kind)?));
        }
        authenticators.extend(foreign);
        let is_there =
            |name: &AuthenticatorId| authenticators.iter().any(|one| one.candidate().id == *name);
        if let Some(name) =
            self.routing.unknown_numbers.iter().flatten().find(|name| !is_there(name))
        {
            bail!("routing.unknown_numbers: there is no authenticator `{name}`");
        }
        Ok(authenticators)
    }

    /// The pages behind links in messages.
    pub(super) fn link_pages(&self, router: &Arc<Router>, sms: &Arc<Sms>) -> axum::Router {
        let cookies = CookiePolicy { secure: self.secure_cookies };
        LinkPages::new(router.prompts(), sms.clone(), cookies).routes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unknown_numbers_are_taken_for_is_bounded_and_named() {
        let complaint = |lists: &[&[&str]]| {
            let list = |names: &&[&str]| names.iter().map(|&name| name.to_owned()).collect();
            let section = RoutingSection {
                unknown_numbers: lists.iter().map(list).collect(),
                ..RoutingSection::default()
            };
            routing_settings(&section).err().map(|error| error.to_string())
        };
        assert_eq!(complaint(&[]), None);
        assert_eq!(complaint(&[&["sms_otp"], &["sms_otp", "sms_url"]]), None);
        let (otp, too_long): (&[&str], &[&str]) = (&["sms_otp"], &["sms_otp"; 17]);
        let bad: [Vec<&[&str]>; 4] = [vec![&[]], vec![&["sms otp"]], vec![otp; 65], vec![too_long]];
        for lists in bad {
            assert!(complaint(&lists).unwrap().starts_with("routing.unknown_numbers"));
        }
    }
}
