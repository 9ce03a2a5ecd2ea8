//! What the pages say: one template each, with exactly what it shows.

use std::time::Duration;

use askama::Template;
use fiador_http_kit::{Pages, Translator, countdown_class};
use fiador_kernel::{ClientId, Scope};

use super::Note;

/// Longer waits are told in minutes.
const LONGEST_IN_SECONDS: Duration = Duration::from_mins(2);

/// What every page of a journey says: who asks, about what, and where its forms go.
pub(super) struct About<'a> {
    pub(super) t: Translator<'a>,
    pub(super) pages: &'a Pages,
    /// The path of the journey, which every form begins with.
    pub(super) path: String,
    pub(super) client_id: &'a ClientId,
    /// The service provider's registered name.
    pub(super) client: &'a str,
    pub(super) context: Option<&'a str>,
    pub(super) binding_message: Option<&'a str>,
}

impl About<'_> {
    /// A text.
    fn text(&self, key: &str) -> String {
        self.t.text(key)
    }

    /// A text that names the service provider.
    pub(super) fn named(&self, key: &str) -> String {
        self.t.with(key, "client", self.client)
    }

    /// Who asks, in the words of this text: HTML.
    fn requester(&self, key: &str) -> String {
        self.pages.requester(self.client_id, &self.named(key))
    }

    /// Why no message was sent, and when to try again.
    pub(super) fn waiting(&self, note: Option<&Note>) -> Option<String> {
        match note {
            Some(Note::Wait(wait)) if *wait > LONGEST_IN_SECONDS => {
                let minutes = wait.as_secs().div_ceil(60);
                Some(self.t.with("authserver-wait-minutes", "minutes", minutes))
            }
            Some(Note::Wait(wait)) => {
                Some(self.t.with("authserver-wait", "seconds", wait.as_secs()))
            }
            Some(Note::NotSent) => Some(self.t.text("authserver-not-sent")),
            _ => None,
        }
    }

    /// The name of what a scope shares, and what it is in plain words.
    pub(super) fn words_of(&self, scope: &Scope) -> [String; 2] {
        ["name", "text"].map(|part| self.t.text(&format!("authserver-share-{scope}-{part}")))
    }
}

/// The classes of a form whose button comes after a while.
pub(super) fn again_after(wait: Duration) -> String {
    match countdown_class(wait) {
        Some(countdown) => format!("again {countdown}"),
        None => "again".to_owned(),
    }
}

/// Asks for the number.
#[derive(Template)]
#[template(path = "number.html")]
pub(super) struct NumberPage<'a> {
    pub(super) about: About<'a>,
    pub(super) not_a_number: bool,
}

/// Says that no message could be sent yet.
#[derive(Template)]
#[template(path = "held.html")]
pub(super) struct HeldPage<'a> {
    pub(super) about: About<'a>,
    pub(super) masked: &'a str,
    pub(super) wait: Option<String>,
    /// The classes of the form that tries again, if that may succeed while the journey lasts.
    pub(super) again: Option<String>,
}

/// Waits for an answer: a part for each authenticator that was asked.
#[derive(Template)]
#[template(path = "prompt.html")]
pub(super) struct PromptPage<'a> {
    pub(super) about: About<'a>,
    pub(super) heading: &'a str,
    pub(super) wait: Option<String>,
    pub(super) parts: &'a [Part<'a>],
    /// The chain has a next step.
    pub(super) other_way: bool,
    /// What the page shows, for the stream of events to compare with.
    pub(super) view: String,
}

/// What one authenticator shows.
pub(super) struct Part<'a> {
    pub(super) authenticator: &'a str,
    /// At the end of the ids of its elements: nothing for the first part of a page.
    pub(super) suffix: String,
    /// Its own heading, where it is not the page's.
    pub(super) heading: Option<&'a str>,
    /// Escaped by the adaptor's template.
    pub(super) html: &'a str,
    pub(super) answered_here: bool,
    pub(super) leads_to: Option<&'a str>,
    /// The classes of the form that asks for another message.
    pub(super) again: Option<String>,
}

/// Asks what may be shared (T-049).
#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct ConsentPage<'a> {
    pub(super) about: About<'a>,
    /// Name and description of each group.
    pub(super) groups: Vec<[String; 2]>,
}

/// Carries an authorization response by a form (OAuth 2.0 Form Post Response Mode §2).
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPost<'a> {
    pub(crate) t: Translator<'a>,
    pub(crate) action: &'a str,
    pub(crate) fields: Vec<(&'static str, &'a str)>,
}

/// Asks whether to sign out.
#[derive(Template)]
#[template(path = "confirm_logout.html")]
pub(crate) struct ConfirmLogout<'a> {
    pub(crate) t: Translator<'a>,
    pub(crate) action: String,
    pub(crate) fields: Vec<(&'static str, &'a str)>,
}

#[cfg(test)]
mod tests {
    use fiador_domain::catalog::CATALOG;
    use fiador_http_kit::Messages;
    use fiador_kernel::Language;

    use crate::add_messages;

    #[test]
    fn whatever_can_be_shared_has_plain_words_in_every_language() {
        let messages = add_messages(Messages::builder().unwrap()).unwrap().build().unwrap();
        for language in Language::ALL {
            for entry in CATALOG.iter().filter(|entry| entry.needs_consent()) {
                for part in ["name", "text"] {
                    let key = format!("authserver-share-{}-{part}", entry.scope);
                    assert_ne!(messages.text(language, &key, &[]), key, "{language}");
                }
            }
        }
    }
}
