//! How the operator and its clients look, without a rebuild.
//!
//! Two brands meet on one page, and nobody may take one for the other: the operator's frames the
//! page (header, colours, the address itself), a client's stays inside the part that says who asks.
//! So a client has no say in colours of text, buttons or grounds; its colour is the edge of that part.

mod colour;
mod image;
mod logo;
mod owner;
mod palette;
mod settings;
mod shelf;
mod uploads;

use std::{collections::BTreeMap, fmt::Write as _, io, path::PathBuf};

use fiador_kernel::ClientId;

pub use colour::{Colour, ColourError};
pub use logo::{Logo, LogoError};
pub use owner::BrandOwner;
pub use palette::{ContrastError, Palette, Scheme};
pub use settings::{BrandSettings, ClientBrandSettings, ColourSettings};
pub use shelf::Brands;
pub use uploads::{UploadError, Uploads};

/// The brand cannot be used; each error says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// Not a colour.
    #[error("{name}: {error}")]
    Colour {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        #[source]
        error: ColourError,
    },
    /// Not readable.
    #[error(transparent)]
    Contrast(ContrastError),
    /// Not a logo.
    #[error("{name} {path}: {error}")]
    Logo {
        /// The setting.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: LogoError,
    },
    /// Two brands for one client.
    #[error("the client {client} has two brands; keep one")]
    Repeated {
        /// The client.
        client: ClientId,
    },
    /// The folder of uploads is of no use.
    #[error("uploads {path}: {error}; make it a folder that the gateway's user may write to")]
    Uploads {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
}

/// Name, colours and logo of the operator on every page, and what is shown of clients. Made by
/// [`BrandSettings::check`].
#[derive(Clone, Debug)]
pub struct Brand {
    /// The name people know.
    pub operator_name: String,
    /// Colours for browsers that ask for light pages.
    pub light: Palette,
    /// Colours for browsers that ask for dark pages.
    pub dark: Palette,
    /// Shown before the name when there is one.
    pub logo: Option<Logo>,
    /// What is shown of clients beside their registered names.
    pub clients: BTreeMap<ClientId, ClientBrand>,
    /// Logos that came by the admin listener; they go before those above.
    pub uploads: Uploads,
}

/// What is shown of a client beside its registered name.
#[derive(Clone, Debug, Default)]
pub struct ClientBrand {
    /// Shown before the sentence that says who asks.
    pub logo: Option<Logo>,
    /// The edge of the part of a page that says who asks; a shade of it where it would not be seen.
    pub accent: Option<Colour>,
}

impl Brand {
    /// A brand with the standard colours and no logo.
    pub fn new(operator_name: impl Into<String>) -> Self {
        let accent = settings::ACCENT;
        Self {
            operator_name: operator_name.into(),
            light: Palette::of_accent(Scheme::Light, accent),
            dark: Palette::of_accent(Scheme::Dark, accent),
            logo: None,
            clients: BTreeMap::new(),
            uploads: Uploads::in_memory(),
        }
    }

    /// The custom properties that `page.css` builds on, and a class for each client with a colour.
    pub(crate) fn stylesheet(&self) -> String {
        let scheme = |scheme, palette: &Palette| {
            let mut rules = palette.properties();
            for (client, brand) in &self.clients {
                if let Some(accent) = brand.accent {
                    let class = BrandOwner::Client(client.clone()).key();
                    let edge = palette::edge_on_card(scheme, accent);
                    // Writing into a `String` cannot fail.
                    let _ = write!(rules, ".{class}{{--client-edge:{edge}}}");
                }
            }
            rules
        };
        let light = scheme(Scheme::Light, &self.light);
        let dark = scheme(Scheme::Dark, &self.dark);
        format!("{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n")
    }
}
