//! Texts with placeholders, and where each placeholder may stand.
//!
//! A template is taken apart once. What fills it never becomes part of the template, nor of the
//! syntax around it: names and values of forms and queries are encoded by the form serializer, JSON
//! is put together as a value and serialised, headers take only what headers carry.

use std::{borrow::Cow, time::Duration};

/// What a request can tell a gateway about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `{destination}`: the number in digits with country code, without `+`.
    Destination,
    /// `{sender}`: who the message is from.
    Sender,
    /// `{text}`: the text.
    Text,
    /// `{validity_seconds}`: for how long the text is of use.
    ValiditySeconds,
    /// `{validity_minutes}`: the same in whole minutes, at least 1.
    ValidityMinutes,
    /// `{coding}`: the gateway's word for the alphabet that the text needs.
    Coding,
    /// `{reference}`: our name for the message, opaque, up to 64 characters of base64url.
    Reference,
    /// `{delivery_url}`: where the gateway tells what became of the message.
    DeliveryUrl,
    /// `{secret}`: what we authenticate with, for gateways that want it among the parameters.
    Secret,
}

/// Where in a request a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path of the URL.
    Path,
    /// As the value of a header.
    Header,
    /// As the value of a parameter of the query or of a form.
    Parameter,
    /// In a string of a JSON document.
    Json,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A single brace.
    #[error("write {{{{ and }}}} for braces that are no placeholder")]
    Brace,
    /// A name that is not known.
    #[error("there is no placeholder {{{0}}}")]
    Unknown(String),
    /// It could break out of its place, or be seen by more people than it should.
    #[error("{{{0}}} cannot stand there")]
    Misplaced(&'static str),
    /// Only numbers can.
    #[error("{{{0}:number}} is no number")]
    NoNumber(&'static str),
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Placeholder(Placeholder),
}

/// What fills the placeholders of one message.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// Digits with country code.
    pub destination: &'a str,
    /// Who from.
    pub sender: &'a str,
    /// The text.
    pub text: &'a str,
    /// For how long it is of use.
    pub validity: Duration,
    /// The word for its alphabet.
    pub coding: &'a str,
    /// Our name for it.
    pub reference: &'a str,
    /// Where its fate is told; empty when nobody asks.
    pub delivery_url: &'a str,
    /// What we authenticate with; empty when there is nothing.
    pub secret: &'a str,
}

impl Placeholder {
    const ALL: [Self; 9] = [
        Self::Destination,
        Self::Sender,
        Self::Text,
        Self::ValiditySeconds,
        Self::ValidityMinutes,
        Self::Coding,
        Self::Reference,
        Self::DeliveryUrl,
        Self::Secret,
    ];

    /// Its name between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Destination => "destination",
            Self::Sender => "sender",
            Self::Text => "text",
            Self::ValiditySeconds => "validity_seconds",
            Self::ValidityMinutes => "validity_minutes",
            Self::Coding => "coding",
            Self::Reference => "reference",
            Self::DeliveryUrl => "delivery_url",
            Self::Secret => "secret",
        }
    }

    fn named(name: &str) -> Result<Self, TemplateError> {
        let found = Self::ALL.into_iter().find(|placeholder| placeholder.name() == name);
        found.ok_or_else(|| TemplateError::Unknown(name.chars().take(40).collect()))
    }

    /// In paths only what has no meaning there, whatever its value: `..` would be another path. In
    /// headers nothing that people wrote at length.
    const fn may_stand_in(self, place: Place) -> bool {
        match place {
            Place::Path => matches!(self, Self::Destination | Self::Reference),
            Place::Header => !matches!(self, Self::Text),
            Place::Parameter | Place::Json => true,
        }
    }

    const fn is_number(self) -> bool {
        matches!(self, Self::ValiditySeconds | Self::ValidityMinutes)
    }
}

impl Values<'_> {
    fn of(&self, placeholder: Placeholder) -> Cow<'_, str> {
        match placeholder {
            Placeholder::Destination => self.destination.into(),
            Placeholder::Sender => self.sender.into(),
            Placeholder::Text => self.text.into(),
            Placeholder::ValiditySeconds | Placeholder::ValidityMinutes => {
                self.number(placeholder).to_string().into()
            }
            Placeholder::Coding => self.coding.into(),
            Placeholder::Reference => self.reference.into(),
            Placeholder::DeliveryUrl => self.delivery_url.into(),
            Placeholder::Secret => self.secret.into(),
        }
    }

    /// Zero for what is no number, which [`Template::number`] has ruled out.
    pub(crate) fn number(&self, placeholder: Placeholder) -> u64 {
        match placeholder {
            Placeholder::ValiditySeconds => self.validity.as_secs().max(1),
            // Rounded down: a code that arrives after its life is of no use.
            Placeholder::ValidityMinutes => (self.validity.as_secs() / 60).max(1),
            _ => 0,
        }
    }
}

impl Template {
    /// Takes `text` apart: `{name}` is a placeholder, `{{` and `}}` are braces.
    pub fn parse(text: &str, place: Place) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                literal.push_str(&brace[..1]);
                rest = after;
                continue;
            }
            let inside = brace.strip_prefix('{').ok_or(TemplateError::Brace)?;
            let (name, after) = inside.split_once('}').ok_or(TemplateError::Brace)?;
            let placeholder = Placeholder::named(name)?;
            if !placeholder.may_stand_in(place) {
                return Err(TemplateError::Misplaced(placeholder.name()));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Placeholder(placeholder));
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// The placeholder of a JSON string that stands for a number: exactly `{name:number}`.
    pub(crate) fn number(text: &str) -> Result<Option<Placeholder>, TemplateError> {
        let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix(":number}"))
        else {
            return Ok(None);
        };
        let placeholder = Placeholder::named(name)?;
        if placeholder.is_number() {
            Ok(Some(placeholder))
        } else {
            Err(TemplateError::NoNumber(placeholder.name()))
        }
    }

    /// Fills the placeholders.
    pub fn fill(&self, values: &Values<'_>) -> String {
        self.fill_with(values, |value| value)
    }

    /// Fills the placeholders with what `encode` makes of their values.
    pub(crate) fn fill_with<'v>(
        &self,
        values: &'v Values<'_>,
        encode: impl Fn(Cow<'v, str>) -> Cow<'v, str>,
    ) -> String {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => filled.push_str(text),
                Piece::Placeholder(placeholder) => {
                    filled.push_str(&encode(values.of(*placeholder)));
                }
            }
        }
        filled
    }

    /// Whether `placeholder` occurs.
    pub(crate) fn names(&self, placeholder: Placeholder) -> bool {
        self.0.contains(&Piece::Placeholder(placeholder))
    }

    /// The text before the first placeholder.
    pub(crate) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(text: &str) -> Values<'_> {
        Values {
            destination: "34600000001",
            sender: "Bank",
            text,
            validity: Duration::from_secs(299),
            coding: "0",
            reference: "r",
            delivery_url: "https://gateway.example/d?reference=r",
            secret: "s",
        }
    }

    fn filled(template: &str, text: &str) -> String {
        Template::parse(template, Place::Parameter).unwrap().fill(&values(text))
    }

    #[test]
    fn every_placeholder_is_filled_and_doubled_braces_are_braces() {
        assert_eq!(
            filled("+{destination} {{{sender}}} {text} {coding} {reference} {secret}", "hi"),
            "+34600000001 {Bank} hi 0 r s"
        );
        assert_eq!(
            filled("{validity_seconds}s {validity_minutes}m {delivery_url}&s=%d", ""),
            "299s 4m https://gateway.example/d?reference=r&s=%d"
        );
    }

    #[test]
    fn what_is_no_template_is_refused_with_a_reason() {
        let refused = |text: &str, place| Template::parse(text, place).unwrap_err();
        for text in ["{", "}", "a{text", "a}b", "{text}}", "{{text}"] {
            assert_eq!(refused(text, Place::Json), TemplateError::Brace, "{text}");
        }
        for name in ["", "msisdn", " text", "Text", "text:number"] {
            let error = refused(&format!("{{{name}}}"), Place::Json);
            assert_eq!(error, TemplateError::Unknown(name.to_owned()));
        }
        assert_eq!(refused("{text}", Place::Header), TemplateError::Misplaced("text"));
        assert_eq!(refused("/{sender}", Place::Path), TemplateError::Misplaced("sender"));
        assert_eq!(refused("/{secret}", Place::Path), TemplateError::Misplaced("secret"));
        assert_eq!(Template::number("{text:number}"), Err(TemplateError::NoNumber("text")));
    }

    proptest! {
        #[test]
        fn a_value_is_never_read_as_a_template(text in ".{0,40}|(\\{secret\\}|\\{\\{|\\}|%d){0,4}") {
            prop_assert_eq!(filled("<{text}>", &text), format!("<{text}>"));
        }

        #[test]
        fn any_text_is_a_template_or_an_error(text in "[{}a-z_:]{0,30}|.{0,30}") {
            for place in [Place::Path, Place::Header, Place::Parameter, Place::Json] {
                if let Ok(template) = Template::parse(&text, place) {
                    let _ = template.fill(&values("x"));
                }
            }
        }

        #[test]
        fn a_text_without_braces_is_itself(text in "[^{}]{0,40}") {
            prop_assert_eq!(filled(&text, "x"), text);
        }
    }
}
