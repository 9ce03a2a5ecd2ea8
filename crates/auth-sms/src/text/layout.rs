//! What stands where in a message.

use fiador_http_kit::Translator;
use fiador_kernel::{Issuer, Secret};

use super::own::OwnText;
use crate::{
    Kind, Settings,
    link::{SAMPLE_TOKEN, address},
};

/// A sentence; on its own line the link, where there is one; then, where there is a code, an empty
/// line and the origin-bound line `@host #code` that browsers read. That one must be the last
/// (<https://wicg.github.io/sms-one-time-codes>).
#[derive(Clone, Copy)]
pub(crate) struct Layout<'a> {
    kind: Kind,
    sentence: Sentence<'a>,
    origin_host: &'a str,
    link_base: &'a Issuer,
    code_length: usize,
}

/// Whose words.
#[derive(Clone, Copy)]
pub(super) enum Sentence<'a> {
    Shipped(&'a Translator<'a>),
    Own(&'a OwnText),
}

/// What only the subscriber is to know.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// Where the message has a code.
    pub(crate) code: Option<&'a str>,
    /// Where it has a link.
    pub(crate) token: Option<&'a str>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(settings: &'a Settings, kind: Kind, sentence: Sentence<'a>) -> Self {
        Self {
            kind,
            sentence,
            origin_host: &settings.origin_host,
            link_base: &settings.link_base,
            code_length: usize::from(settings.code_length),
        }
    }

    /// The whole text.
    pub(super) fn fill(
        &self,
        client: &str,
        details: Option<&str>,
        secrets: Secrets<'_>,
    ) -> Secret<String> {
        let mut text = self.sentence.fill(self.kind, client, details, secrets.code);
        if let Some(token) = secrets.token {
            text.push('\n');
            text.push_str(&address(self.link_base, token));
        }
        if let Some(code) = secrets.code {
            text.push_str("\n\n@");
            text.push_str(self.origin_host);
            text.push_str(" #");
            text.push_str(code);
        }
        Secret::new(text)
    }

    /// A text as long as every other with this client and these details.
    pub(super) fn sample(&self, client: &str, details: Option<&str>) -> String {
        let zeros = "0".repeat(self.code_length);
        let secrets = Secrets {
            code: self.kind.has_code().then_some(zeros.as_str()),
            token: self.kind.has_link().then_some(SAMPLE_TOKEN),
        };
        self.fill(client, details, secrets).expose().clone()
    }
}

impl Sentence<'_> {
    fn fill(self, kind: Kind, client: &str, details: Option<&str>, code: Option<&str>) -> String {
        match self {
            Self::Own(own) => own.fill(code, client, details),
            Self::Shipped(words) => {
                let mut values = vec![("client", client.into())];
                values.extend(code.map(|code| ("code", code.into())));
                values.extend(details.map(|details| ("details", details.into())));
                let ending = if details.is_some() { "-details" } else { "" };
                words.with_all(&format!("{}-message{ending}", kind.words()), &values)
            }
        }
    }
}
