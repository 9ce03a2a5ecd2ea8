//! `[brand]`

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

/// What pages look like. Colours are `#rrggbb`; ones that could not be read are refused
/// (WCAG 2.2, 1.4.3).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BrandSection {
    /// The operator's logo: a PNG, JPEG or WebP file of at most 64 KiB.
    pub logo_file: Option<PathBuf>,
    /// Folder for logos that are sent to the admin listener; nodes may share it. Without one they last
    /// as long as the process.
    pub uploads_folder: Option<PathBuf>,
    /// Colours of the light scheme.
    pub light: ColoursSection,
    /// Colours of the dark scheme; what is not given here is taken from `light`, but for the
    /// background.
    pub dark: ColoursSection,
    /// What is shown of applications beside their registered names, by `client_id`.
    pub clients: BTreeMap<String, ClientBrandSection>,
}

/// Colours of one scheme.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ColoursSection {
    /// Buttons, links and marks; a shade of it where it would not be seen.
    pub accent: Option<String>,
    /// Text on the accent; by default black or white, whichever reads better.
    pub on_accent: Option<String>,
    /// The page behind the card.
    pub background: Option<String>,
}

/// What is shown of one application.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientBrandSection {
    /// Its logo: a PNG, JPEG or WebP file of at most 64 KiB.
    pub logo_file: Option<PathBuf>,
    /// The edge of the part of a page that says who asks.
    pub accent: Option<String>,
}
