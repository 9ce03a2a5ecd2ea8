//! What one page says about itself, before its content.

use fiador_kernel::Language;
use http::StatusCode;

use crate::ContentSecurity;

/// What one page says about itself.
#[derive(Clone, Debug)]
pub struct PageFrame {
    pub(super) language: Language,
    pub(super) title: String,
    pub(super) status: StatusCode,
    pub(super) security: ContentSecurity,
    pub(super) scripts: Vec<&'static str>,
    pub(super) styles: Vec<&'static str>,
    pub(super) refresh: Option<u32>,
}

impl PageFrame {
    /// A page in `language`; `title` is plain text and comes before the operator's name.
    pub fn new(language: Language, title: impl Into<String>) -> Self {
        Self {
            language,
            title: title.into(),
            status: StatusCode::OK,
            security: ContentSecurity::own_pages_only(),
            scripts: Vec::new(),
            styles: Vec::new(),
            refresh: None,
        }
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Where forms of this page may lead after us.
    #[must_use]
    pub fn security(mut self, security: ContentSecurity) -> Self {
        self.security = security;
        self
    }

    /// Loads the script of this asset name. The page must work without.
    #[must_use]
    pub fn script(mut self, asset: &'static str) -> Self {
        self.scripts.push(asset);
        self
    }

    /// Loads the style sheet of this asset name after ours.
    #[must_use]
    pub fn style(mut self, asset: &'static str) -> Self {
        self.styles.push(asset);
        self
    }

    /// Has browsers without scripts load the page anew after so many seconds. Only for pages on which
    /// nothing is typed.
    #[must_use]
    pub fn refresh_without_script(mut self, seconds: u32) -> Self {
        self.refresh = Some(seconds);
        self
    }
}
