//! How a gateway tells what became of a message, and why it is believed.

use fiador_domain::{journey::Delivery, json_pointer::JsonPointer};
use fiador_kernel::Secret;

use super::authentic::HmacSettings;
use crate::{request::RequestTemplate, template::Placeholder};

/// Shortest secret, in bytes: 128 bits, if they are random.
const MIN_SECRET: usize = 16;

/// The webhook of one gateway: `{base_url}/message-gateways/{name}/deliveries`.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// Signs notices, or seals references, or both. The same on every node.
    pub secret: Secret<String>,
    /// Scheme, host and port by which the gateway reaches us, such as `https://id.operator.example`.
    pub base_url: String,
    /// Why a notice is believed.
    pub authenticity: Authenticity,
    /// What a notice looks like.
    pub format: NoticeFormat,
    /// JSON only: pointer to a list with a notice in each item; other places are then looked up
    /// inside the item. At most 100 items.
    pub items: Option<String>,
    /// Which message a notice is about.
    pub message: MessageName,
    /// Where the state stands: the name of a parameter, or a JSON pointer.
    pub state: String,
    /// What the words for states mean, in any case. Words that are not listed mean nothing.
    pub states: Vec<(String, Delivery)>,
}

/// Why a notice is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authenticity {
    /// It names its message by the `{reference}` that we gave to this gateway alone: for gateways that
    /// sign nothing. Each message has its own, and no one can guess or make one.
    Reference,
    /// Its body is signed.
    Hmac(HmacSettings),
}

/// What a notice looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeFormat {
    /// Parameters in the query of a GET or POST.
    Query,
    /// `application/x-www-form-urlencoded` in the body of a POST.
    Form,
    /// JSON in the body of a POST.
    Json,
}

/// By what a notice names its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageName {
    /// By the parameter `reference` that `{delivery_url}` carries.
    CallbackReference,
    /// By the `{reference}` of the request, in this parameter or at this JSON pointer.
    Reference(String),
    /// By the gateway's own id (`answer.message_id`), in this parameter or at this JSON pointer. The
    /// node that handed the message over knows it for an hour, and other nodes do not.
    MessageId(String),
}

/// Settings that no webhook can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliverySettingsError {
    /// It could be guessed.
    #[error("the secret must have at least 16 bytes")]
    Secret,
    /// Not an address to call.
    #[error("base_url must be https:// (or http://) with a host, and nothing behind it")]
    BaseUrl,
    /// A place is no JSON pointer.
    #[error("{0}: a JSON pointer begins with /")]
    Pointer(&'static str),
    /// Lists are JSON.
    #[error("items needs the format json")]
    Items,
    /// No state, or none that says how it ended.
    #[error("states must name a word for `delivered`")]
    States,
    /// A signature covers the body alone.
    #[error(
        "signed notices must say everything in the body: format form or json, and message by reference or id"
    )]
    SignedQuery,
    /// Anybody could tell us anything.
    #[error("notices that are not signed must name their message by reference")]
    UnsignedId,
    /// The gateway never learns what it should name.
    #[error("the request does not use {{{0}}}")]
    NotSent(&'static str),
    /// The id is never read.
    #[error("message_id of the answer is not set")]
    IdNotRead,
    /// A header or a length that cannot be.
    #[error("{0}")]
    Hmac(&'static str),
}

impl DeliverySettings {
    /// Whether the gateway's own ids must be remembered.
    pub(crate) const fn names_by_message_id(&self) -> bool {
        matches!(self.message, MessageName::MessageId(_))
    }

    pub(crate) fn check(
        &self,
        request: &RequestTemplate,
        reads_message_id: bool,
    ) -> Result<(), DeliverySettingsError> {
        use DeliverySettingsError as Error;
        if self.secret.expose().len() < MIN_SECRET {
            return Err(Error::Secret);
        }
        if !is_base_url(&self.base_url) {
            return Err(Error::BaseUrl);
        }
        self.check_places()?;
        if !self.states.iter().any(|(_, delivery)| *delivery == Delivery::Delivered) {
            return Err(Error::States);
        }
        let by_callback = self.message == MessageName::CallbackReference;
        match &self.authenticity {
            Authenticity::Reference if matches!(self.message, MessageName::MessageId(_)) => {
                return Err(Error::UnsignedId);
            }
            Authenticity::Hmac(_) if self.format == NoticeFormat::Query || by_callback => {
                return Err(Error::SignedQuery);
            }
            Authenticity::Hmac(hmac) => hmac.check()?,
            Authenticity::Reference => {}
        }
        let sent = |placeholder: Placeholder| {
            request.names(placeholder).then_some(()).ok_or(Error::NotSent(placeholder.name()))
        };
        match &self.message {
            MessageName::CallbackReference => sent(Placeholder::DeliveryUrl),
            MessageName::Reference(_) => sent(Placeholder::Reference),
            MessageName::MessageId(_) if !reads_message_id => Err(Error::IdNotRead),
            MessageName::MessageId(_) => Ok(()),
        }
    }

    fn check_places(&self) -> Result<(), DeliverySettingsError> {
        if self.format != NoticeFormat::Json {
            return if self.items.is_some() { Err(DeliverySettingsError::Items) } else { Ok(()) };
        }
        let message = match &self.message {
            MessageName::CallbackReference => None,
            MessageName::Reference(place) | MessageName::MessageId(place) => Some(place),
        };
        for (field, place) in
            [("items", self.items.as_ref()), ("message", message), ("state", Some(&self.state))]
        {
            if place.is_some_and(|text| JsonPointer::new(text).is_err()) {
                return Err(DeliverySettingsError::Pointer(field));
            }
        }
        Ok(())
    }
}

fn is_base_url(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(is_part)
    })
}
