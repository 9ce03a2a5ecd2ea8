//! Delivery receipts (SMPP 3.4 §5.2.12 and appendix B).
//!
//! A receipt comes as optional parameters, as text, or as both; the parameters win. The text form
//! was never standardised, so it is read leniently.

use rusmpp::{pdus::DeliverSm, tlvs::TlvValue, values::MessageState as WireState};

/// Bits 5 to 2 of `esm_class`: what kind of message this is.
const MESSAGE_TYPE: u8 = 0b0011_1100;
/// A delivery receipt.
const DELIVERY_RECEIPT: u8 = 0b0000_0100;
/// A receipt about a message that is still on its way.
const INTERMEDIATE_NOTIFICATION: u8 = 0b0010_0000;

/// What became of a message (SMPP 3.4 §5.2.28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the states are named by the standard")]
pub enum State {
    Enroute,
    Delivered,
    Expired,
    Deleted,
    Undeliverable,
    Accepted,
    Unknown,
    Rejected,
}

impl State {
    /// The label in metrics and logs.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enroute => "enroute",
            Self::Delivered => "delivered",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
            Self::Undeliverable => "undeliverable",
            Self::Accepted => "accepted",
            Self::Unknown => "unknown",
            Self::Rejected => "rejected",
        }
    }

    /// Whether no further receipt will come.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Enroute | Self::Accepted)
    }
}

/// A receipt; nothing in it names a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The centre's name for the message, which may be spelt differently than in the response.
    pub message_id: Option<String>,
    /// What became of the message.
    pub state: State,
}

/// The receipt that a `deliver_sm` carries, `None` when it is something else, such as a message
/// that a phone sent.
pub fn read(message: &DeliverSm) -> Option<Receipt> {
    let kind = u8::from(message.esm_class) & MESSAGE_TYPE;
    if kind != DELIVERY_RECEIPT && kind != INTERMEDIATE_NOTIFICATION {
        return None;
    }
    let (mut message_id, mut state, mut payload) = (None, None, None);
    for value in message.tlvs().iter().filter_map(|parameter| parameter.value()) {
        match value {
            TlvValue::ReceiptedMessageId(id) => message_id = Some(id.as_str().to_owned()),
            TlvValue::MessageState(wire) => state = Some(from_wire(*wire)),
            TlvValue::MessagePayload(text) => payload = Some(text.value.as_ref()),
            _ => {}
        }
    }
    let text = read_text(payload.unwrap_or(message.short_message().as_ref()));
    Some(Receipt {
        message_id: message_id.or(text.message_id),
        state: state.or(text.state).unwrap_or(State::Unknown),
    })
}

/// What the text form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextReceipt {
    /// After `id:`, in lower case, at most 64 characters.
    pub message_id: Option<String>,
    /// After `stat:`.
    pub state: Option<State>,
}

/// Reads `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…` in any case, order and
/// spacing. What follows `text:` is the user's message and is not looked at.
pub fn read_text(text: &[u8]) -> TextReceipt {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let mut found = TextReceipt::default();
    let mut words = text.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some((key, value)) = word.split_once(':') else { continue };
        let value = match value {
            "" => words.peek().copied().filter(|next| !next.contains(':')).unwrap_or_default(),
            value => value,
        };
        match key {
            "id" if (1..=64).contains(&value.len()) => found.message_id = Some(value.to_owned()),
            "stat" => found.state = from_word(value),
            "text" => break,
            _ => {}
        }
    }
    found
}

fn from_word(word: &str) -> Option<State> {
    Some(match word {
        "enroute" => State::Enroute,
        "delivrd" | "delivered" => State::Delivered,
        "expired" => State::Expired,
        "deleted" => State::Deleted,
        "undeliv" | "undeliverable" => State::Undeliverable,
        "acceptd" | "accepted" => State::Accepted,
        "unknown" => State::Unknown,
        "rejectd" | "rejected" => State::Rejected,
        _ => return None,
    })
}

fn from_wire(state: WireState) -> State {
    match state {
        WireState::Scheduled | WireState::Enroute => State::Enroute,
        WireState::Delivered => State::Delivered,
        WireState::Expired => State::Expired,
        WireState::Deleted => State::Deleted,
        WireState::Undeliverable => State::Undeliverable,
        WireState::Accepted => State::Accepted,
        WireState::Rejected | WireState::Skipped => State::Rejected,
        WireState::Unknown | WireState::Other(_) => State::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusmpp::{
        tlvs::MessageDeliveryRequestTlvValue as Parameter,
        types::{COctetString, OctetString},
        values::EsmClass,
    };

    use super::*;

    const TEXT: &str = "id:0123456789 sub:001 dlvrd:001 submit date:2601010000 \
                        done date:2601010001 stat:DELIVRD err:000 text:Your code stat:EXPIRED";

    fn message(esm_class: u8, text: &str, parameters: Vec<Parameter>) -> DeliverSm {
        DeliverSm::builder()
            .esm_class(EsmClass::from(esm_class))
            .short_message(OctetString::from_string(text.to_owned()).unwrap())
            .tlvs(parameters)
            .build()
    }

    fn state(receipt: Option<Receipt>) -> Option<State> {
        receipt.map(|receipt| receipt.state)
    }

    #[test]
    fn the_text_form_is_read_whatever_its_case_and_spacing() {
        let read = read_text(TEXT.as_bytes());
        assert_eq!(read.message_id.as_deref(), Some("0123456789"));
        assert_eq!(read.state, Some(State::Delivered));
        let read = read_text(b"STAT: UNDELIV  Id:ABC");
        assert_eq!(
            (read.message_id.as_deref(), read.state),
            (Some("abc"), Some(State::Undeliverable))
        );
    }

    #[test]
    fn the_parameters_win_over_the_text() {
        let id = COctetString::from_string("5".to_owned()).unwrap();
        let parameters =
            vec![Parameter::ReceiptedMessageId(id), Parameter::MessageState(WireState::Expired)];
        let receipt = read(&message(0x04, TEXT, parameters)).unwrap();
        assert_eq!(receipt.message_id.as_deref(), Some("5"));
        assert_eq!(receipt.state, State::Expired);
        assert_eq!(state(read(&message(0x04, TEXT, vec![]))), Some(State::Delivered));
    }

    #[test]
    fn only_receipts_are_receipts() {
        assert_eq!(read(&message(0x00, TEXT, vec![])), None);
        assert_eq!(read(&message(0x40, TEXT, vec![])), None);
        assert_eq!(state(read(&message(0x20, "stat:ENROUTE", vec![]))), Some(State::Enroute));
        assert_eq!(state(read(&message(0x44, "", vec![]))), Some(State::Unknown));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_ids_are_short(text: Vec<u8>) {
            let read = read_text(&text);
            prop_assert!(read.message_id.is_none_or(|id| id.len() <= 64));
        }
    }
}
