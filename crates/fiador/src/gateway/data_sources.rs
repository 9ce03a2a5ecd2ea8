//! From `[[data_sources]]` to sources of attributes.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, ensure};
use fiador_data_gateway::HttpSourceSettings;
use fiador_domain::json_pointer::JsonPointer;

use crate::config::{DataSourceSection, read_secret_file};

/// How each source is asked, in order of precedence.
pub fn data_source_settings(
    sections: &[DataSourceSection],
) -> anyhow::Result<Vec<HttpSourceSettings>> {
    let names: BTreeSet<_> = sections.iter().map(|section| section.name.as_str()).collect();
    ensure!(names.len() == sections.len(), "data_sources: two have the same name");
    let read = |section: &DataSourceSection| {
        source(section).with_context(|| format!("data source `{}`", section.name))
    };
    sections.iter().map(read).collect()
}

fn source(section: &DataSourceSection) -> anyhow::Result<HttpSourceSettings> {
    ensure!((1..=800).contains(&section.timeout_ms), "timeout_ms must be 1 to 800");
    let mut settings = HttpSourceSettings::new(&section.name, &section.url);
    settings.number_member.clone_from(&section.number_member);
    settings.timeout = Duration::from_millis(section.timeout_ms);
    if let Some(file) = &section.authorization_file {
        let authorization = read_secret_file(file).context("authorization_file")?;
        settings.authorization = Some(authorization);
    }
    for (attribute, at) in &section.attributes {
        let at = JsonPointer::new(at).with_context(|| format!("attributes.{attribute}"))?;
        settings.attributes.push((attribute.clone(), at));
    }
    settings.check()?;
    Ok(settings)
}
