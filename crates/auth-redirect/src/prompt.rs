//! The part of the waiting page.

use askama::Template;
use fiador_http_kit::Pages;
use fiador_kernel::Language;
use fiador_ports::PromptFragment;

#[derive(Template)]
#[template(path = "prompt.html")]
struct Part<'a> {
    text: String,
    /// What stands before the number to choose, and the number.
    number: Option<(String, &'a str)>,
}

/// What an authenticator of this name says while the browser waits.
pub(crate) struct Waiting<'a> {
    pub(crate) pages: &'a Pages,
    pub(crate) language: Language,
    pub(crate) name: &'a str,
}

impl Waiting<'_> {
    /// The browser goes on to `address`.
    pub(crate) fn elsewhere(&self, address: String) -> PromptFragment {
        self.fragment("redirect-leads-on", None, Some(address))
    }

    /// The answer comes from the phone, where `number` must be chosen.
    pub(crate) fn on_phone(&self, number: Option<&str>) -> PromptFragment {
        self.fragment("redirect-on-phone", number, None)
    }

    fn fragment(
        &self,
        text: &str,
        number: Option<&str>,
        leads_to: Option<String>,
    ) -> PromptFragment {
        let words = self.pages.translator(self.language);
        let part = Part {
            text: words.with(text, "name", self.name),
            number: number.map(|number| (words.text("redirect-number"), number)),
        };
        let html = part.render().unwrap_or_else(|error| {
            tracing::error!(%error, "the part of the waiting page could not be rendered");
            String::new()
        });
        PromptFragment {
            heading: words.with("redirect-heading", "name", self.name),
            html,
            answered_here: false,
            leads_to,
            again_after: None,
        }
    }
}
