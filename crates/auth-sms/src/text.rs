//! The words of the message: a fixed template, filled with what cannot mislead (T-125).

mod detail;
mod gsm7;
mod layout;
mod own;
mod texts;

use fiador_kernel::Secret;

pub(crate) use detail::showable;
pub(crate) use layout::{Layout, Secrets};
pub(crate) use texts::Texts;

/// Parts of a message at most where a text must be shown whole.
const PARTS: usize = 3;

/// What one message is about.
pub(crate) struct Content<'a> {
    /// The registered name of the client, never one from the request.
    pub(crate) client_name: &'a str,
    /// What the transaction is about, most important first.
    pub(crate) details: [Option<&'a str>; 2],
}

/// A message but for its code and link, decided before anything is spent on it.
pub(crate) struct Wording<'a> {
    layout: Layout<'a>,
    client: String,
    details: Option<String>,
}

impl<'a> Wording<'a> {
    /// With every detail whole, in up to three parts if need be. `None` when that is too long, or
    /// when a detail could do harm: it is never cut (mobile-connect §2.1 †).
    pub(crate) fn whole(layout: Layout<'a>, content: &Content<'_>) -> Option<Self> {
        let mut details = Vec::new();
        for text in content.details.into_iter().flatten() {
            details.push(gsm7::fold(&detail::showable(text)?));
        }
        let details = (!details.is_empty()).then(|| details.join(", "));
        let wording = Self::new(layout, content, details);
        gsm7::fits(&wording.sample(), PARTS).then_some(wording)
    }

    /// With the details that can do no harm and fit into one part together with the rest; they go
    /// before the text grows past it, the code and the link never do.
    pub(crate) fn brief(layout: Layout<'a>, content: &Content<'_>) -> Self {
        let [first, second] = content
            .details
            .map(|text| text.and_then(detail::harmless).map(|text| gsm7::fold(&text)));
        let both = match (&first, &second) {
            (Some(first), Some(second)) => Some(format!("{first}, {second}")),
            _ => None,
        };
        let mut choices = [both, first, second].into_iter().flatten();
        let fitting = choices.find_map(|details| {
            let wording = Self::new(layout, content, Some(details));
            gsm7::fits(&wording.sample(), 1).then_some(wording)
        });
        fitting.unwrap_or_else(|| Self::new(layout, content, None))
    }

    /// The text of the message.
    pub(crate) fn with(&self, secrets: Secrets<'_>) -> Secret<String> {
        self.layout.fill(&self.client, self.details.as_deref(), secrets)
    }

    fn new(layout: Layout<'a>, content: &Content<'_>, details: Option<String>) -> Self {
        let client = gsm7::fold(&detail::printable(content.client_name));
        Self { layout, client, details }
    }

    /// As long as the message will be: every code and every token takes the same room.
    fn sample(&self) -> String {
        self.layout.sample(&self.client, self.details.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use fiador_http_kit::Messages;
    use fiador_kernel::{Issuer, Language};
    use proptest::prelude::*;

    use super::*;
    use crate::{Kind, Settings, link::SAMPLE_TOKEN};

    const SECRETS: Secrets<'_> = Secrets { code: Some("012345"), token: Some(SAMPLE_TOKEN) };

    fn messages() -> Messages {
        crate::add_messages(Messages::builder().unwrap()).unwrap().build().unwrap()
    }

    fn settings() -> Settings {
        Settings::new(&Issuer::new("https://id.mno.example", false).unwrap(), "Fiador")
    }

    fn write(
        (kind, language): (Kind, Language),
        client_name: &str,
        details: [Option<&str>; 2],
        wording: impl for<'a> FnOnce(Layout<'a>, &Content<'_>) -> Option<Wording<'a>>,
    ) -> Option<String> {
        let (messages, settings) = (messages(), settings());
        let texts = Texts::load(&settings).unwrap();
        let words = messages.translator(language);
        let content = Content { client_name, details };
        let wording = wording(texts.layout(&settings, kind, &words), &content)?;
        let secrets = Secrets {
            code: SECRETS.code.filter(|_| kind.has_code()),
            token: SECRETS.token.filter(|_| kind.has_link()),
        };
        Some(wording.with(secrets).expose().clone())
    }

    fn text(language: Language, client_name: &str, details: [Option<&str>; 2]) -> String {
        brief(Kind::Otp, language, client_name, details)
    }

    fn brief(kind: Kind, language: Language, name: &str, details: [Option<&str>; 2]) -> String {
        write((kind, language), name, details, |layout, content| {
            Some(Wording::brief(layout, content))
        })
        .unwrap()
    }

    fn whole(client_name: &str, details: [Option<&str>; 2]) -> Option<String> {
        write((Kind::Otp, Language::En), client_name, details, |layout, content| {
            Wording::whole(layout, content)
        })
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
    fn a_link_fits_too_in_every_language_and_stands_before_the_last_line_t_125() {
        let link = format!("\nhttps://id.mno.example/l/{SAMPLE_TOKEN}");
        for language in Language::ALL {
            for name in ["Acme Shop Online", "Panadería Núñez!"] {
                let alone = brief(Kind::Url, language, name, [None, None]);
                assert!(gsm7::fits(&alone, 1), "{language}: {alone}");
                assert!(alone.ends_with(&link), "{alone}");
                let both = brief(Kind::OtpUrl, language, name, [None, None]);
                assert!(gsm7::fits(&both, 1), "{language}: {both}");
                let ending = format!("{link}\n\n@id.mno.example #012345");
                assert!(both.ends_with(&ending) && both.starts_with("012345"), "{both}");
            }
        }
    }

    #[test]
    fn details_go_before_the_code_or_the_link_t_125() {
        for kind in Kind::ALL {
            let long = "z".repeat(100);
            let text = brief(kind, Language::En, "Acme Shop", [None, Some(&long)]);
            assert!(!text.contains('z') || kind.has_link(), "{text}");
            assert!(!text.contains("zzzzzzzzzzzzzzzzzzzzzzz") && gsm7::fits(&text, 1), "{text}");
            assert_eq!(text.contains(SAMPLE_TOKEN), kind.has_link());
            assert_eq!(text.ends_with("#012345"), kind.has_code());
        }
    }

    #[test]
    fn nothing_of_a_service_provider_can_inject_into_a_message_t_125() {
        for (name, context) in [
            ("Acme\u{202e}Shop", "right to left \u{202e}oot"),
            ("Acme\nShop", "line\nbreak @evil.example #999999"),
            ("Acme\u{200b}Shop", "zero\u{200b}width"),
            ("Acme\u{0}Shop", "nul\u{0}"),
            ("Acme\u{2066}Shop", "isolate\u{2066}"),
            ("Acme Shop", "https://evil.example/l/abc"),
            ("Acme Shop", "evil.example"),
            ("Acme Shop", "ｅｖｉｌ．ｅｘａｍｐｌｅ"),
            ("Acme Shop", "call +34 600 000 009"),
            ("Acme Shop", "your code is 999999"),
            ("Acme Shop", "@evil #1"),
        ] {
            for kind in Kind::ALL {
                let text = brief(kind, Language::En, name, [Some(context), None]);
                assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
                for harm in ["evil", "999999", "600", "\u{202e}", "\u{200b}", "\u{2066}"] {
                    assert!(!text.contains(harm), "{harm:?} in {text:?}");
                }
                let lines = 1 + usize::from(kind.has_link()) + 2 * usize::from(kind.has_code());
                assert_eq!(text.lines().count(), lines, "{text:?}");
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
