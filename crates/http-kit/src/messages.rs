//! The words people read, by language (Fluent catalogues).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fiador_kernel::Language;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::Entry;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};

use crate::{negotiation::negotiate, variables::variables};

/// A catalogue cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessagesError {
    /// The text is no valid Fluent.
    #[error("language {language}: {error}")]
    Malformed {
        /// The language of the text.
        language: Language,
        /// What the parser said first.
        error: String,
    },
    /// Two texts of one language define the same key.
    #[error(
        "language {language}: key {key} is defined twice; begin keys with the name of the crate"
    )]
    Repeated {
        /// The language of the text.
        language: Language,
        /// The key.
        key: String,
    },
    /// A key that another language has is missing.
    #[error("language {language}: key {key} is missing; every language has every key")]
    Missing {
        /// The language without it.
        language: Language,
        /// The key.
        key: String,
    },
    /// A text leaves something else to be filled in than its English original.
    #[error("language {language}: key {key} must use the variables of English, {variables:?}")]
    Variables {
        /// The language of the text.
        language: Language,
        /// The key.
        key: String,
        /// The variables it should have.
        variables: BTreeSet<String>,
    },
}

/// Collects the texts of all crates that show something.
#[derive(Debug)]
pub struct MessagesBuilder {
    catalogues: HashMap<Language, Catalogue>,
}

/// One text for every language.
pub type Texts = [(Language, &'static str); Language::ALL.len()];

/// The file of this name in `locales/<language>/` of the calling crate, in every language: a crate
/// without one of them does not build.
#[macro_export]
macro_rules! texts {
    (@in $language:literal, $file:literal) => {
        ::core::include_str!(::core::concat!(
            ::core::env!("CARGO_MANIFEST_DIR"),
            "/locales/",
            $language,
            "/",
            $file
        ))
    };
    ($file:literal) => {
        [
            ($crate::Language::En, $crate::texts!(@in "en", $file)),
            ($crate::Language::Es, $crate::texts!(@in "es", $file)),
            ($crate::Language::Pt, $crate::texts!(@in "pt", $file)),
            ($crate::Language::De, $crate::texts!(@in "de", $file)),
            ($crate::Language::Fr, $crate::texts!(@in "fr", $file)),
        ]
    };
}

/// All texts. Immutable, loaded once, shared.
///
/// Placeables are **not** wrapped in bidirectional isolation marks, because the same catalogues
/// write SMS and HTML attributes, where U+2068 would cost a whole alphabet or be seen. Templates put
/// `<bdi>` around values of unknown direction instead.
#[derive(Debug)]
pub struct Messages {
    catalogues: HashMap<Language, Catalogue>,
}

struct Catalogue {
    language: Language,
    /// The variables of each key.
    keys: BTreeMap<String, BTreeSet<String>>,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} keys", self.language, self.keys.len())
    }
}

impl MessagesBuilder {
    /// Adds the Fluent text of one crate in one language, usually by `include_str!`.
    pub fn add(mut self, language: Language, text: &str) -> Result<Self, MessagesError> {
        let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
            MessagesError::Malformed {
                language,
                error: errors.first().map_or_else(String::new, ToString::to_string),
            }
        })?;
        self.catalogues
            .entry(language)
            .or_insert_with(|| Catalogue::new(language))
            .add(resource)?;
        Ok(self)
    }

    /// Adds the Fluent texts of one crate in all languages: `messages.add_all(&texts!("sms.ftl"))`.
    pub fn add_all(self, texts: &Texts) -> Result<Self, MessagesError> {
        texts.iter().try_fold(self, |messages, (language, text)| messages.add(*language, text))
    }

    /// Checks that every language has every key, with the same variables.
    pub fn build(self) -> Result<Messages, MessagesError> {
        let all: BTreeMap<_, _> = self.in_order().rev().flat_map(|c| &c.keys).collect();
        for Catalogue { language, keys, .. } in self.in_order() {
            for (key, variables) in &all {
                let (language, key) = (*language, (*key).clone());
                match keys.get(&key) {
                    Some(own) if own == *variables => {}
                    Some(_) => {
                        let variables = (*variables).clone();
                        return Err(MessagesError::Variables { language, key, variables });
                    }
                    None => return Err(MessagesError::Missing { language, key }),
                }
            }
        }
        Ok(Messages { catalogues: self.catalogues })
    }

    /// The catalogues, English first.
    fn in_order(&self) -> impl DoubleEndedIterator<Item = &Catalogue> {
        Language::ALL.iter().filter_map(|language| self.catalogues.get(language))
    }
}

impl Messages {
    /// Begins with the texts of the page frame; every [`Language`] has a catalogue from here on.
    pub fn builder() -> Result<MessagesBuilder, MessagesError> {
        MessagesBuilder { catalogues: Language::ALL.map(|l| (l, Catalogue::new(l))).into() }
            .add_all(&crate::texts!("page.ftl"))
    }

    /// The text of `key` with its placeables filled. A key that a language lacks is taken from
    /// English; one that is nowhere is logged and shown as itself: a page never fails for a word.
    pub fn text(
        &self,
        language: Language,
        key: &str,
        values: &[(&str, FluentValue<'_>)],
    ) -> String {
        self.format(language, key, values)
            .or_else(|| self.format(Language::default(), key, values))
            .unwrap_or_else(|| {
                tracing::error!(key, "a text is missing in all languages; please report it");
                key.to_owned()
            })
    }

    /// The texts of one language, as templates use them.
    pub fn translator(&self, language: Language) -> Translator<'_> {
        Translator { messages: self, language }
    }

    /// The language for a request: `ui_locales` of the service provider, then `Accept-Language`,
    /// then English.
    pub fn negotiate(&self, ui_locales: Option<&str>, headers: &HeaderMap) -> Language {
        let accept = headers.get(ACCEPT_LANGUAGE);
        negotiate(ui_locales, accept.and_then(|value| value.to_str().ok()))
    }

    fn format(
        &self,
        language: Language,
        key: &str,
        values: &[(&str, FluentValue<'_>)],
    ) -> Option<String> {
        let catalogue = self.catalogues.get(&language)?;
        let pattern = catalogue.bundle.get_message(key)?.value()?;
        let values: FluentArgs<'_> = values.iter().cloned().collect();
        let mut errors = Vec::new();
        let text = catalogue.bundle.format_pattern(pattern, Some(&values), &mut errors);
        if let Some(error) = errors.first() {
            tracing::error!(key, %error, "a text has an unfilled place; please report it");
        }
        Some(text.into_owned())
    }
}

impl Catalogue {
    fn new(language: Language) -> Self {
        let locales = language.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(locales);
        bundle.set_use_isolating(false);
        Self { language, keys: BTreeMap::new(), bundle }
    }

    fn add(&mut self, resource: FluentResource) -> Result<(), MessagesError> {
        for entry in resource.entries() {
            let Entry::Message(message) = entry else {
                continue;
            };
            let key = message.id.name.to_owned();
            if self.keys.contains_key(&key) {
                return Err(MessagesError::Repeated { language: self.language, key });
            }
            let variables = message.value.as_ref().map(variables).unwrap_or_default();
            self.keys.insert(key, variables);
        }
        self.bundle.add_resource(resource).map_err(|errors| MessagesError::Malformed {
            language: self.language,
            error: errors.first().map_or_else(String::new, ToString::to_string),
        })
    }
}

/// The texts of one language.
#[derive(Clone, Copy, Debug)]
pub struct Translator<'a> {
    messages: &'a Messages,
    language: Language,
}

impl Translator<'_> {
    /// A text without placeables: `{{ t.text("sms-title") }}`.
    pub fn text(&self, key: &str) -> String {
        self.messages.text(self.language, key, &[])
    }

    /// A text with one placeable, text or number: `{{ t.with("sms-sent", "number", masked) }}`.
    pub fn with<'v>(&self, key: &str, name: &str, value: impl Into<FluentValue<'v>>) -> String {
        self.messages.text(self.language, key, &[(name, value.into())])
    }

    /// A text with several placeables.
    pub fn with_all(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        self.messages.text(self.language, key, values)
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(en: &str, es: &str) -> Result<Messages, MessagesError> {
        let others = [Language::Pt, Language::De, Language::Fr];
        let messages = Messages::builder()?.add(Language::En, en)?.add(Language::Es, es)?;
        others.into_iter().try_fold(messages, |messages, other| messages.add(other, en))?.build()
    }

    #[test]
    fn the_shipped_languages_have_the_same_keys() {
        let messages = Messages::builder().unwrap().build().unwrap();
        assert_eq!(messages.catalogues.len(), Language::ALL.len());
        assert!(messages.catalogues.values().all(|c| c.keys.len() > 5));
    }

    #[test]
    fn a_key_that_one_language_lacks_stops_the_start() {
        let error = build("greeting = Hello\nparting = Bye", "greeting = Hola").unwrap_err();
        assert_eq!(
            error,
            MessagesError::Missing { language: Language::Es, key: "parting".to_owned() }
        );
    }

    #[test]
    fn a_text_that_fills_in_something_else_stops_the_start() {
        let error = build("left = { $n } left", "left = Quedan { $m }").unwrap_err();
        let MessagesError::Variables { language, variables, .. } = error else {
            panic!("{error}");
        };
        assert_eq!((language, variables), (Language::Es, ["n".to_owned()].into()));
        let chosen = "left = { NUMBER($n) ->\n    [one] one\n   *[other] many\n} left";
        assert!(build(chosen, "left = Quedan { $n }").is_ok(), "a choice uses its variable");
    }

    #[test]
    fn two_crates_cannot_define_one_key() {
        let error = build("a = 1\na = 2", "a = 1").unwrap_err();
        assert!(matches!(error, MessagesError::Repeated { .. }));
    }

    #[test]
    fn values_are_filled_without_invisible_marks() {
        let messages = build(
            "left =\n    { $n ->\n        [one] { $n } try\n       *[other] { $n } tries\n    } left, { $name }",
            "left = Quedan { $n }, { $name }",
        )
        .unwrap();
        let values = [("n", 1.into()), ("name", "Ana".into())];
        assert_eq!(messages.text(Language::En, "left", &values), "1 try left, Ana");
        assert_eq!(messages.text(Language::Es, "left", &values), "Quedan 1, Ana");
    }

    #[test]
    fn a_key_that_is_nowhere_is_shown_as_itself() {
        let messages = build("", "").unwrap();
        assert_eq!(messages.text(Language::Es, "no-such-key", &[]), "no-such-key");
    }
}
