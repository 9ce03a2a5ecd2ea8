//! The words of the message: a fixed template, filled with what cannot mislead (T-125).

mod detail;
mod gsm7;

use fiador_http_kit::Translator;
use fiador_kernel::Secret;

/// Parts of a message at most where a text must be shown whole.
const PARTS: usize = 3;

/// What one message is about.
pub(crate) struct Content<'a> {
    /// The registered name of the client, never one from the request.
    pub(crate) client_name: &'a str,
    /// What the transaction is about, most important first.
    pub(crate) details: [Option<&'a str>; 2],
    /// The host whose pages may use the code.
    pub(crate) origin_host: &'a str,
    /// Digits of the code.
    pub(crate) code_length: u8,
}

/// A message but for its code, decided before anything is spent on it.
///
/// The whole text is a sentence with the code, a warning, an empty line, and the origin-bound line
/// `@host #code` that browsers read (<https://wicg.github.io/sms-one-time-codes>).
pub(crate) struct Wording<'a> {
    words: &'a Translator<'a>,
    client: String,
    details: Option<String>,
    origin_host: &'a str,
}

impl<'a> Wording<'a> {
    /// With every detail whole, in up to three parts if need be. `None` when that is too long, or
    /// when a detail could do harm: it is never cut (mobile-connect §2.1 †).
    pub(crate) fn whole(words: &'a Translator<'a>, content: &Content<'a>) -> Option<Self> {
        let mut details = Vec::new();
        for text in content.details.into_iter().flatten() {
            details.push(gsm7::fold(&detail::showable(text)?));
        }
        let details = (!details.is_empty()).then(|| details.join(", "));
        let wording = Self::new(words, content, details);
        gsm7::fits(&wording.sample(content.code_length), PARTS).then_some(wording)
    }

    /// With the details that can do no harm and fit into one part together with the rest; they go
    /// before the text grows past it, the code never does.
    pub(crate) fn brief(words: &'a Translator<'a>, content: &Content<'a>) -> Self {
        let [first, second] = content
            .details
            .map(|text| text.and_then(detail::harmless).map(|text| gsm7::fold(&text)));
        let both = match (&first, &second) {
            (Some(first), Some(second)) => Some(format!("{first}, {second}")),
            _ => None,
        };
        let mut choices = [both, first, second].into_iter().flatten();
        let fitting = choices.find_map(|details| {
            let wording = Self::new(words, content, Some(details));
            gsm7::fits(&wording.sample(content.code_length), 1).then_some(wording)
        });
        fitting.unwrap_or_else(|| Self::new(words, content, None))
    }

    /// The text of the message.
    pub(crate) fn with_code(&self, code: &str) -> Secret<String> {
        let mut values = vec![("code", code.into()), ("client", self.client.as_str().into())];
        let sentence = match &self.details {
            None => self.words.with_all("sms-otp-message", &values),
            Some(details) => {
                values.push(("details", details.as_str().into()));
                self.words.with_all("sms-otp-message-details", &values)
            }
        };
        Secret::new(format!("{sentence}\n\n@{} #{code}", self.origin_host))
    }

    fn new(words: &'a Translator<'a>, content: &Content<'a>, details: Option<String>) -> Self {
        let client = gsm7::fold(&detail::printable(content.client_name));
        Self { words, client, details, origin_host: content.origin_host }
    }

    /// As long as the message will be: every digit takes the same room.
    fn sample(&self, code_length: u8) -> String {
        self.with_code(&"0".repeat(usize::from(code_length))).expose().clone()
    }
}

#[cfg(test)]
mod tests {
    use fiador_http_kit::Messages;
    use fiador_kernel::Language;
    use proptest::prelude::*;

    use super::*;

    fn messages() -> Messages {
        crate::add_messages(Messages::builder().unwrap()).unwrap().build().unwrap()
    }

    fn text(language: Language, client_name: &str, details: [Option<&str>; 2]) -> String {
        let messages = messages();
        let words = messages.translator(language);
        Wording::brief(&words, &content(client_name, details)).with_code("012345").expose().clone()
    }

    fn whole(client_name: &str, details: [Option<&str>; 2]) -> Option<String> {
        let messages = messages();
        let words = messages.translator(Language::En);
        let wording = Wording::whole(&words, &content(client_name, details))?;
        Some(wording.with_code("012345").expose().clone())
    }

    fn content<'a>(client_name: &'a str, details: [Option<&'a str>; 2]) -> Content<'a> {
        Content { client_name, details, origin_host: "id.mno.example", code_length: 6 }
    }

    #[test]
    fn a_text_that_must_be_shown_is_shown_whole_or_not_at_all() {
        let (long, longer) = ("z".repeat(120), "z".repeat(121));
        let shown = whole("Acme Shop", [Some("AB-1"), Some(&long)]).unwrap();
        assert!(shown.contains(&format!("(AB-1, {long})")), "{shown}");
        assert_eq!(whole("Acme Shop", [None, Some(&longer)]), None);
        assert_eq!(whole("Acme Shop", [Some("AB-1"), Some("see evil.example")]), None);
        // Another script takes more than twice the room.
        let other = "ж".repeat(80);
        assert!(whole("Acme Shop", [None, Some(&other)]).unwrap().contains(&other));
        assert_eq!(whole("Acme Shop", [Some(&"ж".repeat(50)), Some(&"ж".repeat(120))]), None);
        let plain = whole("Acme Shop", [None, None]).unwrap();
        assert_eq!(plain, text(Language::En, "Acme Shop", [None, None]));
    }

    #[test]
    fn every_language_fits_one_segment_with_the_longest_name_t_125() {
        for language in Language::ALL {
            // A client name has at most 16 characters; the euro sign costs two septets.
            for name in ["Acme Shop Online", "€€€€€€€€€€€€€€€€", "Panadería Núñez!"]
            {
                let text = text(language, name, [None, None]);
                assert!(gsm7::fits(&text, 1), "{language}: {text}");
                assert!(text.starts_with("012345"), "{text}");
                assert!(text.ends_with("\n\n@id.mno.example #012345"), "{text}");
            }
        }
    }

    #[test]
    fn the_text_names_the_client_and_warns() {
        assert_eq!(
            text(Language::En, "Acme Shop", [None, Some("Pay 12.50 EUR")]),
            "012345 is your code for Acme Shop (Pay 12.50 EUR). Never share it with anyone.\
             \n\n@id.mno.example #012345"
        );
        assert_eq!(
            text(Language::Es, "Acme Shop", [None, None]),
            "012345 es tu clave para Acme Shop. No la compartas con nadie.\
             \n\n@id.mno.example #012345"
        );
    }

    #[test]
    fn details_that_do_not_fit_go_one_by_one_and_the_code_stays() {
        let long = "z".repeat(70);
        let shown = text(Language::En, "Acme Shop", [Some("AB-1"), Some(&long)]);
        assert!(shown.contains("(AB-1)") && !shown.contains(&long), "{shown}");
        let longer = "z".repeat(200);
        let shown = text(Language::En, "Acme Shop", [None, Some(&longer)]);
        assert!(shown.starts_with("012345") && !shown.contains('z'), "{shown}");
    }

    #[test]
    fn a_script_outside_the_alphabet_still_carries_the_code() {
        let shown = text(Language::En, "Магазин", [None, Some("Оплата")]);
        assert!(shown.contains("Магазин") && shown.ends_with("#012345"), "{shown}");
    }

    proptest! {
        #[test]
        fn no_name_and_no_detail_can_add_a_line_or_a_second_code(
            name in any::<String>(),
            first in any::<String>(),
            second in "[ -~\u{202e}\n]{0,80}",
        ) {
            let text = text(Language::En, &name, [Some(&first), Some(&second)]);
            prop_assert_eq!(text.lines().count(), 3);
            prop_assert_eq!(text.lines().last(), Some("@id.mno.example #012345"));
            let has_override = text.contains('\u{202e}');
            prop_assert!(!has_override);
        }
    }
}
