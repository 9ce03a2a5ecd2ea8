//! From `[brand]` to what pages look like.

use anyhow::Context as _;
use fiador_http_kit::{Brand, BrandSettings, ClientBrandSettings, ColourSettings};
use fiador_kernel::ClientId;

use crate::config::{BrandSection, ClientBrandSection, ColoursSection, Config};

/// The brand, with every file of it read and every colour checked.
pub fn brand(config: &Config) -> anyhow::Result<Brand> {
    let BrandSection { logo_file, uploads_folder, light, dark, clients } = &config.brand;
    let clients = clients.iter().map(|(id, section)| client(id, section));
    let settings = BrandSettings {
        name: config.operator.name.clone(),
        logo: logo_file.clone(),
        uploads: uploads_folder.clone(),
        light: colours(light),
        dark: colours(dark),
        clients: clients.collect::<anyhow::Result<_>>()?,
    };
    settings.check().context("brand")
}

fn colours(section: &ColoursSection) -> ColourSettings {
    let ColoursSection { accent, on_accent, background } = section.clone();
    ColourSettings { accent, on_accent, background }
}

fn client(id: &str, section: &ClientBrandSection) -> anyhow::Result<ClientBrandSettings> {
    let client_id = ClientId::new(id).with_context(|| format!("brand.clients: `{id}`"))?;
    let ClientBrandSection { logo_file, accent } = section.clone();
    Ok(ClientBrandSettings { client_id, logo: logo_file, accent })
}
