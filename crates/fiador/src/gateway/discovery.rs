//! From `[discovery]` to the service and its portability register.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use fiador_discovery::{HolderAt, HttpPortability, RegisterSettings, Settings};
use fiador_domain::quota::Limit;
use fiador_http_kit::CookiePolicy;
use fiador_kernel::{Clock, Issuer, Region};
use fiador_ports::{Fetch, NumberPortability};

use crate::config::{Config, DiscoverySection, LimitsSection, read_secret_file};

/// The service's own settings.
pub fn discovery_settings(
    config: &Config,
    issuer: &Issuer,
    home_region: Region,
) -> anyhow::Result<Settings> {
    let section = &config.discovery;
    let mut settings = Settings {
        home_region: Some(home_region),
        cookies: CookiePolicy { secure: !config.development.plain_http },
        answer_lifetime: Duration::from_mins(u64::from(section.answer_minutes)),
        ..limited(issuer, &config.limits)
    };
    if let Some(url) = &section.public_url {
        url.trim_end_matches('/').clone_into(&mut settings.public_url);
    }
    settings.validate()?;
    Ok(settings)
}

/// The defaults under these limits.
pub fn limited(issuer: &Issuer, limits: &LimitsSection) -> Settings {
    Settings {
        requests: Limit::per_seconds(limits.discovery_requests_per_second.get(), 1),
        source_requests: Limit::per_seconds(
            limits.discovery_requests_per_second_from_a_network.get(),
            1,
        ),
        unknown_numbers: Limit::per_seconds(
            limits.discovery_unknown_numbers_per_10_minutes.get(),
            600,
        ),
        ..Settings::new(issuer)
    }
}

/// How the register of ported numbers is asked; `None` when there is none.
pub fn register_settings(section: &DiscoverySection) -> anyhow::Result<Option<RegisterSettings>> {
    let Some(section) = &section.portability else { return Ok(None) };
    let holder = HolderAt::new(&section.holder_pointer, section.mnc_pointer.as_deref())
        .context("discovery.portability")?;
    let mut settings = RegisterSettings::new(section.url.clone(), holder);
    settings.timeout = Duration::from_millis(section.timeout_ms);
    settings.keep = Duration::from_secs(section.keep_seconds);
    settings.capacity = section.kept_answers;
    if let Some(file) = &section.authorization_file {
        let authorization = read_secret_file(file);
        settings.authorization =
            Some(authorization.context("discovery.portability.authorization_file")?);
    }
    Ok(Some(settings))
}

/// The register behind its port.
pub fn portability(
    settings: Option<RegisterSettings>,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Option<Arc<dyn NumberPortability>>> {
    let Some(settings) = settings else { return Ok(None) };
    Ok(Some(Arc::new(HttpPortability::new(settings, fetch, clock)?)))
}
