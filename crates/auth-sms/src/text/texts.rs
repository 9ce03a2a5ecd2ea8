//! Whose words a message is in, and how long they are.

use std::collections::HashMap;

use fiador_http_kit::{Messages, Translator};
use fiador_kernel::Language;

use super::{
    Content, Wording,
    gsm7::parts_of,
    layout::{Layout, Sentence},
    own::OwnText,
};
use crate::{Kind, Settings, SettingsError};

/// The longest name of an application that the segment budget counts on: 16 characters
/// (mobile-connect §2.1), each of one septet.
const LONGEST_NAME: &str = "ABCDEFGHIJKLMNOP";

/// The operator's own words by language and kind; the shipped ones stand in for the rest.
pub(crate) struct Texts(HashMap<(Language, Kind), OwnText>);

impl Texts {
    /// Reads the operator's own words, and refuses those that leave too little room.
    pub(crate) fn load(settings: &Settings) -> Result<Self, SettingsError> {
        let refused = |rule| SettingsError { setting: "texts", rule };
        let mut own = HashMap::new();
        for text in &settings.texts {
            let read = OwnText::read(&text.text, text.kind).map_err(refused)?;
            let layout = Layout::new(settings, text.kind, Sentence::Own(&read));
            if parts(layout) > settings.message_parts {
                return Err(refused(
                    "shorter: with a name of 16 characters and everything that follows, the message takes more than sms.message_parts segments; shorten the words, sms.link_base, or raise sms.message_parts",
                ));
            }
            if own.insert((text.language, text.kind), read).is_some() {
                return Err(refused("one text for each language and kind of message"));
            }
        }
        Ok(Self(own))
    }

    /// How a message of this kind is laid out in the language of `words`.
    pub(crate) fn layout<'a>(
        &'a self,
        settings: &'a Settings,
        kind: Kind,
        words: &'a Translator<'a>,
    ) -> Layout<'a> {
        let own = self.0.get(&(words.language(), kind));
        Layout::new(settings, kind, own.map_or(Sentence::Shipped(words), Sentence::Own))
    }

    /// Warns of every language in which a message of this kind takes more than one segment: it is
    /// paid for twice, and phones may show its halves apart.
    pub(crate) fn warn_of_long_ones(&self, messages: &Messages, settings: &Settings, kind: Kind) {
        for language in Language::ALL {
            let words = messages.translator(language);
            let parts = parts(self.layout(settings, kind, &words));
            if parts > 1 {
                tracing::warn!(
                    authenticator = kind.id(),
                    %language,
                    parts,
                    "a message takes more than one segment; a shorter `sms.link_base`, or words of \
                     your own in `sms.texts`, would mend that"
                );
            }
        }
    }
}

/// Segments of a message without details, for the longest name.
fn parts(layout: Layout<'_>) -> usize {
    let content = Content { client_name: LONGEST_NAME, details: [None, None] };
    parts_of(&Wording::brief(layout, &content).sample())
}

#[cfg(test)]
mod tests {
    use fiador_kernel::Issuer;

    use super::*;
    use crate::MessageText;

    fn load(kind: Kind, text: &str, parts: usize) -> Result<Texts, SettingsError> {
        let issuer = Issuer::new("https://id.mno.example", false).unwrap();
        let text = MessageText { language: Language::En, kind, text: text.to_owned() };
        let mut settings = Settings::new(&issuer, "Fiador");
        settings.texts = vec![text];
        settings.message_parts = parts;
        Texts::load(&settings)
    }

    #[test]
    fn an_operators_words_are_held_to_the_segment_budget_when_loaded() {
        let short = "{code} for {client}{details}. Or open:";
        assert!(load(Kind::OtpUrl, short, 1).is_ok());
        let long = format!("{short} {}", "word ".repeat(20));
        assert_eq!(load(Kind::OtpUrl, &long, 1).err().map(|error| error.setting), Some("texts"));
        assert!(load(Kind::OtpUrl, &long, 2).is_ok());
    }

    #[test]
    fn a_language_and_a_kind_have_one_text() {
        let issuer = Issuer::new("https://id.mno.example", false).unwrap();
        let text = MessageText {
            language: Language::En,
            kind: Kind::Otp,
            text: "{code} {client}{details}".to_owned(),
        };
        let mut settings = Settings::new(&issuer, "Fiador");
        settings.texts = vec![text.clone(), text];
        assert!(Texts::load(&settings).is_err());
    }
}
