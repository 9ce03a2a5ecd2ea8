//! The brand as an operator writes it down.

use std::{collections::BTreeMap, path::PathBuf};

use fiador_kernel::ClientId;

use super::{
    Brand, BrandError, ClientBrand, Colour, Logo, Palette, Scheme, Uploads, palette::ContrastError,
};

/// The standard accent.
pub(super) const ACCENT: Colour = Colour([0x1f, 0x5f, 0xd6]);

/// Name, logo and colours of the operator, and of clients. Colours are `#rrggbb`.
#[derive(Clone, Debug, Default)]
pub struct BrandSettings {
    /// The name people know the operator by.
    pub name: String,
    /// A PNG, JPEG or WebP file of at most 64 KiB. `None`: a mark in the accent colour.
    pub logo: Option<PathBuf>,
    /// A folder that logos sent to the admin listener are kept in. `None`: they last as long as the
    /// process.
    pub uploads: Option<PathBuf>,
    /// Colours of the light scheme.
    pub light: ColourSettings,
    /// Colours of the dark scheme; what is not given here is taken from `light`, but for the
    /// background.
    pub dark: ColourSettings,
    /// What is shown of clients beside their registered names.
    pub clients: Vec<ClientBrandSettings>,
}

/// Colours of one scheme.
#[derive(Clone, Debug, Default)]
pub struct ColourSettings {
    /// Buttons, links and marks. Any colour will do: where it would not be seen or read, a shade of
    /// it is used.
    pub accent: Option<String>,
    /// Text on the accent; `None`: black or white, whichever reads better. Refused below 4.5:1.
    pub on_accent: Option<String>,
    /// The page behind the card; refused when the text on it has less than 4.5:1.
    pub background: Option<String>,
}

/// What is shown of one client.
#[derive(Clone, Debug)]
pub struct ClientBrandSettings {
    /// Which client.
    pub client_id: ClientId,
    /// A PNG, JPEG or WebP file of at most 64 KiB.
    pub logo: Option<PathBuf>,
    /// The edge of the part of a page that says who asks.
    pub accent: Option<String>,
}

impl BrandSettings {
    /// Reads every file and colour. An error names the setting.
    pub fn check(&self) -> Result<Brand, BrandError> {
        let dark = ColourSettings {
            accent: self.dark.accent.clone().or_else(|| self.light.accent.clone()),
            on_accent: match self.dark.accent {
                // Written for another accent.
                Some(_) => self.dark.on_accent.clone(),
                None => self.dark.on_accent.clone().or_else(|| self.light.on_accent.clone()),
            },
            background: self.dark.background.clone(),
        };
        let mut clients = BTreeMap::new();
        for settings in &self.clients {
            let client = settings.client_id.clone();
            if clients.insert(client.clone(), settings.check()?).is_some() {
                return Err(BrandError::Repeated { client });
            }
        }
        Ok(Brand {
            operator_name: self.name.clone(),
            light: self.light.palette(Scheme::Light)?,
            dark: dark.palette(Scheme::Dark)?,
            logo: read(self.logo.as_ref(), "logo")?,
            clients,
            uploads: match &self.uploads {
                Some(folder) => Uploads::open(folder)?,
                None => Uploads::in_memory(),
            },
        })
    }
}

impl ColourSettings {
    fn palette(&self, scheme: Scheme) -> Result<Palette, BrandError> {
        let accent = colour(self.accent.as_ref(), "accent")?.unwrap_or(ACCENT);
        let mut palette = Palette::of_accent(scheme, accent);
        if let Some(on_accent) = colour(self.on_accent.as_ref(), "on_accent")? {
            palette = palette.on_accent(on_accent)?;
        }
        if let Some(background) = colour(self.background.as_ref(), "background")? {
            palette = palette.background(background)?;
        }
        Ok(palette)
    }
}

impl ClientBrandSettings {
    fn check(&self) -> Result<ClientBrand, BrandError> {
        Ok(ClientBrand {
            logo: read(self.logo.as_ref(), "logo of a client")?,
            accent: colour(self.accent.as_ref(), "accent of a client")?,
        })
    }
}

fn colour(text: Option<&String>, name: &'static str) -> Result<Option<Colour>, BrandError> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|error| BrandError::Colour { name, error })
}

fn read(path: Option<&PathBuf>, name: &'static str) -> Result<Option<Logo>, BrandError> {
    let Some(path) = path else { return Ok(None) };
    let logo = Logo::read(path);
    logo.map(Some).map_err(|error| BrandError::Logo { name, path: path.clone(), error })
}

impl From<ContrastError> for BrandError {
    fn from(error: ContrastError) -> Self {
        Self::Contrast(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours(accent: &str, on_accent: Option<&str>) -> ColourSettings {
        let on_accent = on_accent.map(str::to_owned);
        ColourSettings { accent: Some(accent.to_owned()), on_accent, background: None }
    }

    fn error(settings: &BrandSettings) -> String {
        settings.check().unwrap_err().to_string()
    }

    #[test]
    fn the_dark_scheme_follows_the_light_one() {
        let light = colours("#ffcc00", Some("#1a1a1a"));
        let brand = BrandSettings { light: light.clone(), ..BrandSettings::default() };
        let same = BrandSettings { light: light.clone(), dark: light, ..BrandSettings::default() };
        assert_eq!(brand.check().unwrap().dark, same.check().unwrap().dark);
        let own = BrandSettings { dark: colours("#003366", None), ..brand };
        assert!(own.check().is_ok(), "text for the light accent is not taken for another");
    }

    #[test]
    fn an_error_names_the_setting() {
        let light = colours("blue", None);
        let settings = BrandSettings { light, ..BrandSettings::default() };
        assert!(error(&settings).starts_with("accent: a colour must be written #rrggbb"));
        let light = colours("#ffcc00", Some("#ffffff"));
        let settings = BrandSettings { light, ..BrandSettings::default() };
        assert!(error(&settings).contains("light.on_accent #ffffff has a contrast of 1.51:1"));
        let settings =
            BrandSettings { logo: Some("/no/logo.png".into()), ..BrandSettings::default() };
        assert!(error(&settings).starts_with("logo /no/logo.png: "), "{}", error(&settings));
    }

    #[test]
    fn a_client_has_one_brand() {
        let client_id = ClientId::new("shop").unwrap();
        let client = ClientBrandSettings { client_id, logo: None, accent: None };
        let clients = vec![client.clone(), client];
        let settings = BrandSettings { clients, ..BrandSettings::default() };
        assert!(error(&settings).contains("shop"));
    }
}
