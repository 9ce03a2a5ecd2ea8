//! Languages that pages and messages are written in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language the gateway has texts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, also the fall-back.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Portuguese, worded for Portugal and Brazil alike.
    Pt,
    /// German.
    De,
    /// French.
    Fr,
}

impl Language {
    /// Every language, the fall-back first.
    pub const ALL: [Self; 5] = [Self::En, Self::Es, Self::Pt, Self::De, Self::Fr];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
