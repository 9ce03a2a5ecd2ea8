//! From `[egress]` to the guarded client.

use anyhow::Context as _;
use fiador_egress::{AllowList, Authorities, Settings};

use crate::config::EgressSection;

/// What the client may do.
pub fn egress_settings(section: &EgressSection) -> anyhow::Result<Settings> {
    let place = |text: &String| text.parse().with_context(|| format!("egress.allow: `{text}`"));
    let places: anyhow::Result<Vec<_>> = section.allow.iter().map(place).collect();
    let mut authorities = Authorities::of_system();
    if let Some(file) = &section.ca_file {
        authorities = authorities.with_file(file).context("egress.ca_file")?;
    }
    Ok(Settings::new(AllowList::new(places?), authorities))
}
