//! What an operator may set.

use std::time::Duration;

use fiador_domain::quota::Limit;
use fiador_http_kit::CookiePolicy;
use fiador_kernel::{Issuer, Region};

/// Settings of Discovery.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers reach Discovery, without a slash at the end: `https://discovery.example`.
    pub public_url: String,
    /// How long an answer is good: `ttl` says when it lapses. 5 min to 180 days, which is what
    /// clients make of it anyway (mobile-connect §1.3).
    pub answer_lifetime: Duration,
    /// Requests that one application may make (T-173).
    pub requests: Limit,
    /// Requests that one network (/24 of IPv4, /56 of IPv6) may make, whoever it says it is (T-173).
    pub source_requests: Limit,
    /// Numbers without operator that one application, or one network, may ask for. Beyond, the alarm
    /// is raised and numbers are not looked up any more until the window is over (T-173).
    pub unknown_numbers: Limit,
    /// The country whose numbers may be typed in national form on the selection page.
    pub home_region: Option<Region>,
    /// Whether cookies carry `Secure`: always, except under the development flag.
    pub cookies: CookiePolicy,
    /// Selections that one application may have under way at once, in memory of this node: some 300
    /// bytes each. When there are more, its oldest ends early and that user is asked to start again;
    /// those of other applications go on (T-264).
    pub selection_capacity: usize,
    /// How long a user may take to select.
    pub selection_lifetime: Duration,
}

/// A setting that the rules do not allow. The message names it and its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("discovery.{setting}: {rule}")]
pub struct SettingsError {
    /// The setting.
    pub setting: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

impl Settings {
    /// The defaults for a Discovery on the same host as `issuer`; its paths begin at the root,
    /// whatever the path of the issuer.
    pub fn new(issuer: &Issuer) -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            public_url: issuer.origin().to_owned(),
            answer_lifetime: DAY,
            requests: Limit::per_seconds(100, 1),
            source_requests: Limit::per_seconds(200, 1),
            unknown_numbers: Limit::per_seconds(100, 600),
            home_region: None,
            cookies: CookiePolicy { secure: true },
            selection_capacity: 5_000,
            selection_lifetime: Duration::from_mins(10),
        }
    }

    /// Checks every bound.
    pub fn validate(&self) -> Result<(), SettingsError> {
        const LONGEST: Duration = Duration::from_hours(180 * 24);
        let is_url =
            self.public_url.starts_with("https://") || self.public_url.starts_with("http://");
        let rules = [
            (
                is_url && self.public_url.bytes().all(|b| b.is_ascii_graphic()),
                "public_url",
                "an http or https URL",
            ),
            (
                (Duration::from_mins(5)..=LONGEST).contains(&self.answer_lifetime),
                "answer_lifetime",
                "5 minutes to 180 days",
            ),
            (self.requests.count > 0, "requests", "at least one request"),
            (self.source_requests.count > 0, "source_requests", "at least one request"),
            (self.selection_capacity > 0, "selection_capacity", "at least 1"),
            (
                self.selection_lifetime >= Duration::from_mins(1),
                "selection_lifetime",
                "at least one minute",
            ),
        ];
        match rules.into_iter().find(|&(holds, ..)| !holds) {
            Some((_, setting, rule)) => Err(SettingsError { setting, rule }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discovery_is_at_the_root_of_the_issuers_host() {
        for (issuer, url) in [
            ("https://id.example", "https://id.example"),
            ("https://id.example:8443/oidc", "https://id.example:8443"),
            ("https://[2001:db8::1]:8443/oidc", "https://[2001:db8::1]:8443"),
            ("http://localhost:8480", "http://localhost:8480"),
        ] {
            let settings = Settings::new(&Issuer::new(issuer, true).unwrap());
            assert_eq!((settings.public_url.as_str(), settings.validate()), (url, Ok(())));
        }
    }

    #[test]
    fn settings_out_of_bounds_are_named() {
        let refused = |change: fn(&mut Settings)| {
            let issuer = Issuer::new("https://id.example", false).unwrap();
            let mut settings = Settings::new(&issuer);
            change(&mut settings);
            settings.validate().unwrap_err().setting
        };
        assert_eq!(refused(|s| s.public_url = "id.example".to_owned()), "public_url");
        assert_eq!(refused(|s| s.answer_lifetime = Duration::from_mins(4)), "answer_lifetime");
        assert_eq!(refused(|s| s.selection_capacity = 0), "selection_capacity");
    }
}
