//! The words of the message: a fixed template, filled with what cannot mislead (T-125).

mod detail;
mod gsm7;

use fiador_http_kit::Translator;
use fiador_kernel::Secret;

/// What one message says.
pub(crate) struct Content<'a> {
    /// The code.
    pub(crate) code: &'a str,
    /// The registered name of the client, never one from the request.
    pub(crate) client_name: &'a str,
    /// What the transaction is about, most important first; each is shown only if it can do no
    /// harm and fits into the first segment.
    pub(crate) details: [Option<&'a str>; 2],
    /// The host whose pages may use the code.
    pub(crate) origin_host: &'a str,
}

/// The whole text: a sentence with the code, a warning, an empty line, and the origin-bound line
/// `@host #code` that browsers read (<https://wicg.github.io/sms-one-time-codes>).
///
/// Details go before the text grows past one segment; the code never does.
pub(crate) fn compose(words: &Translator<'_>, content: &Content<'_>) -> Secret<String> {
    let client = gsm7::fold(&detail::printable(content.client_name));
    let [first, second] = content.details.map(|text| text.and_then(detail::harmless));
    let (first, second) =
        (first.map(|text| gsm7::fold(&text)), second.map(|text| gsm7::fold(&text)));
    let both = match (&first, &second) {
        (Some(first), Some(second)) => Some(format!("{first}, {second}")),
        _ => None,
    };
    let end = format!("\n\n@{} #{}", content.origin_host, content.code);
    for details in [both, first, second].into_iter().flatten() {
        let values = [
            ("code", content.code.into()),
            ("client", client.as_str().into()),
            ("details", details.as_str().into()),
        ];
        let text = words.with_all("sms-otp-message-details", &values) + &end;
        if gsm7::fits_one_segment(&text) {
            return Secret::new(text);
        }
    }
    let values = [("code", content.code.into()), ("client", client.as_str().into())];
    Secret::new(words.with_all("sms-otp-message", &values) + &end)
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
        let content =
            Content { code: "012345", client_name, details, origin_host: "id.mno.example" };
        compose(&messages().translator(language), &content).expose().clone()
    }

    #[test]
    fn every_language_fits_one_segment_with_the_longest_name_t_125() {
        for language in Language::ALL {
            // A client name has at most 16 characters; the euro sign costs two septets.
            for name in ["Acme Shop Online", "€€€€€€€€€€€€€€€€", "Panadería Núñez!"]
            {
                let text = text(language, name, [None, None]);
                assert!(gsm7::fits_one_segment(&text), "{language}: {text}");
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
