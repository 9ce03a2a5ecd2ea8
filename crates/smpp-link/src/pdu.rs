//! PDUs as values: what we send as octets, what we receive out of a [`Frame`].

use bytes::{Bytes, BytesMut};
use rusmpp::{
    Command, CommandId, CommandStatus, Pdu,
    decode::{DecodeWithKeyOptional, DecodeWithLength},
    encode::owned::Encode,
    pdus::{BindTransceiver, DeliverSm, DeliverSmResp, SubmitSm, SubmitSmResp},
    types::{COctetString, EmptyOrFullCOctetString, OctetString},
    values::{DataCoding, EsmClass, InterfaceVersion, Npi, RegisteredDelivery, ServiceType, Ton},
};

use crate::{
    frame::{Frame, HEADER_LENGTH},
    settings::{CentreSettings, Numbering},
    text,
};

/// `esm_class`: the message begins with a user data header.
const UDH_INDICATOR: u8 = 0x40;
/// The bit that makes a `command_id` a response.
const RESPONSE: u32 = 0x8000_0000;

/// What came in, as far as the session cares.
#[derive(Debug)]
pub enum Incoming {
    /// Answer to our bind; the status is in the frame.
    BindTransceiverResp,
    /// Answer to a `submit_sm`; a refusal has no message id, and some centres give none at all.
    SubmitSmResp {
        /// The centre's name for the message, at most 64 characters.
        message_id: Option<String>,
    },
    /// A delivery receipt or a message from a phone.
    DeliverSm(Box<DeliverSm>),
    /// The centre asks whether we live.
    EnquireLink,
    /// The centre lives.
    EnquireLinkResp,
    /// The centre wants to end the session.
    Unbind,
    /// The centre agrees to end the session.
    UnbindResp,
    /// The centre could not read one of our PDUs.
    GenericNack,
    /// A request that we do not serve; it gets a `generic_nack`.
    OtherRequest,
    /// A notification or response that needs no answer.
    Other,
}

/// The body does not follow its command's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body of command {command_id:#010x} is malformed")]
pub struct MalformedBody {
    /// `command_id` of the frame.
    pub command_id: u32,
}

/// Reads a frame. Lenient where centres are careless (a `submit_sm_resp` without a readable id),
/// strict where a guess would be wrong.
pub fn read(frame: &Frame) -> Result<Incoming, MalformedBody> {
    let malformed = MalformedBody { command_id: frame.command_id };
    Ok(match CommandId::from(frame.command_id) {
        CommandId::BindTransceiverResp => Incoming::BindTransceiverResp,
        CommandId::SubmitSmResp => Incoming::SubmitSmResp { message_id: message_id(&frame.body) },
        CommandId::DeliverSm => {
            let mut body = BytesMut::from(&frame.body[..]);
            let decoded = DeliverSm::decode(&mut body, frame.body.len());
            Incoming::DeliverSm(Box::new(decoded.map_err(|_| malformed)?.0))
        }
        CommandId::EnquireLink => Incoming::EnquireLink,
        CommandId::EnquireLinkResp => Incoming::EnquireLinkResp,
        CommandId::Unbind => Incoming::Unbind,
        CommandId::UnbindResp => Incoming::UnbindResp,
        CommandId::GenericNack => Incoming::GenericNack,
        CommandId::AlertNotification | CommandId::Outbind => Incoming::Other,
        _ if frame.command_id & RESPONSE != 0 => Incoming::Other,
        _ => Incoming::OtherRequest,
    })
}

fn message_id(body: &Bytes) -> Option<String> {
    let decoded: Option<(Pdu, usize)> = DecodeWithKeyOptional::decode(
        CommandId::SubmitSmResp,
        &mut BytesMut::from(&body[..]),
        body.len(),
    )
    .ok()
    .flatten();
    match decoded?.0 {
        Pdu::SubmitSmResp(response) => id_of(&response),
        _ => None,
    }
}

fn id_of(response: &SubmitSmResp) -> Option<String> {
    let id = response.message_id().as_str();
    (!id.is_empty()).then(|| id.to_owned())
}

/// The octets of one PDU. Sequence numbers run from 1 to 0x7FFFFFFF.
pub(crate) fn encode(pdu: Pdu, status: u32, sequence_number: u32) -> Bytes {
    let command = Command::new(CommandStatus::from(status), sequence_number, pdu);
    let mut body = BytesMut::new();
    Encode::encode(&command, &mut body);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    let mut octets = BytesMut::with_capacity(HEADER_LENGTH + body.len());
    octets.extend_from_slice(&length.to_be_bytes());
    octets.extend_from_slice(&body);
    octets.freeze()
}

/// The answer to a `deliver_sm`.
pub(crate) fn deliver_sm_resp() -> Pdu {
    Pdu::DeliverSmResp(DeliverSmResp::default())
}

/// `bind_transceiver` with the credentials of a centre (SMPP 3.4 §4.1.5); `None` when a field is
/// too long, which [`CentreSettings::check`] has ruled out.
pub(crate) fn bind_transceiver(centre: &CentreSettings) -> Option<Pdu> {
    Some(Pdu::BindTransceiver(
        BindTransceiver::builder()
            .system_id(c_octets(&centre.system_id)?)
            .password(c_octets(centre.password.expose())?)
            .system_type(c_octets(&centre.system_type)?)
            // The codec would say 5.0, which older centres refuse.
            .interface_version(InterfaceVersion::Smpp3_4)
            .build(),
    ))
}

/// One part of a message as `submit_sm` wants it (SMPP 3.4 §4.4.1).
pub(crate) struct Submission<'a> {
    pub(crate) source: &'a str,
    pub(crate) source_numbering: Numbering,
    pub(crate) destination: &'a str,
    pub(crate) destination_numbering: Numbering,
    pub(crate) has_header: bool,
    pub(crate) data_coding: u8,
    pub(crate) registered_delivery: u8,
    pub(crate) validity_period: String,
    pub(crate) short_message: Vec<u8>,
}

/// `submit_sm`; `None` when a field is too long, which callers have ruled out.
pub(crate) fn submit_sm(part: Submission<'_>) -> Option<Pdu> {
    let esm_class = if part.has_header { UDH_INDICATOR } else { 0 };
    Some(Pdu::SubmitSm(
        SubmitSm::builder()
            .service_type(ServiceType::null())
            .source_addr_ton(Ton::from(part.source_numbering.ton))
            .source_addr_npi(Npi::from(part.source_numbering.npi))
            .source_addr(c_octets(part.source)?)
            .dest_addr_ton(Ton::from(part.destination_numbering.ton))
            .dest_addr_npi(Npi::from(part.destination_numbering.npi))
            .destination_addr(c_octets(part.destination)?)
            .esm_class(EsmClass::from(esm_class))
            .validity_period(EmptyOrFullCOctetString::from_string(part.validity_period).ok()?)
            .registered_delivery(RegisteredDelivery::from(part.registered_delivery))
            .data_coding(match part.data_coding {
                text::DATA_CODING_UCS2 => DataCoding::Ucs2,
                _ => DataCoding::McSpecific,
            })
            .short_message(OctetString::from_vec(part.short_message).ok()?)
            .build(),
    ))
}

fn c_octets<const MAX: usize>(text: &str) -> Option<COctetString<1, MAX>> {
    COctetString::from_string(text.to_owned()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_util::codec::Decoder as _;

    use super::*;
    use crate::frame::FrameDecoder;

    fn frame(octets: &[u8]) -> Frame {
        FrameDecoder.decode(&mut BytesMut::from(octets)).unwrap().unwrap()
    }

    #[test]
    fn a_bind_says_version_3_4() {
        let centre = CentreSettings::new("a", "localhost", 2775, "fiador", "secret".to_owned());
        let octets = encode(bind_transceiver(&centre).unwrap(), 0, 1);
        assert_eq!(octets[..16], [0, 0, 0, 35, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(&octets[16..], b"fiador\0secret\0\0\x34\0\0\0");
    }

    #[test]
    fn a_submit_has_every_field_in_its_place() {
        let pdu = submit_sm(Submission {
            source: "Bank",
            source_numbering: Numbering { ton: 5, npi: 0 },
            destination: "34600000001",
            destination_numbering: Numbering { ton: 1, npi: 1 },
            has_header: true,
            data_coding: 8,
            registered_delivery: 1,
            validity_period: "000000000300000R".to_owned(),
            short_message: vec![0, 1, 0xff],
        });
        let octets = encode(pdu.unwrap(), 0, 0x0102_0304);
        assert_eq!(octets[4..16], [0, 0, 0, 4, 0, 0, 0, 0, 1, 2, 3, 4]);
        let body = [
            &b"\0\x05\0Bank\0\x01\x0134600000001\0\x40\0\0\0"[..],
            b"000000000300000R\0",
            &[1, 0, 8, 0, 3, 0, 1, 0xff],
        ]
        .concat();
        assert_eq!(octets[16..], body);
        assert_eq!(octets.len(), 16 + body.len());
    }

    #[test]
    fn an_unknown_status_and_an_unknown_command_are_ordinary_values() {
        let octets = encode(Pdu::GenericNack, 0x0000_04ff, 9);
        assert_eq!(frame(&octets).command_status, 0x0000_04ff);
        let mut unknown = frame(&octets);
        unknown.command_id = 0x0001_0203;
        assert!(matches!(read(&unknown), Ok(Incoming::OtherRequest)));
        unknown.command_id |= RESPONSE;
        assert!(matches!(read(&unknown), Ok(Incoming::Other)));
    }

    #[test]
    fn a_response_without_a_readable_id_is_still_a_response() {
        for body in [&b""[..], b"\0", b"no end", b"\xff\xff\0"] {
            let frame = Frame {
                command_id: 0x8000_0004,
                command_status: 0,
                sequence_number: 1,
                body: Bytes::copy_from_slice(body),
            };
            let read = read(&frame);
            assert!(matches!(read, Ok(Incoming::SubmitSmResp { message_id: None })), "{read:?}");
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(
            known in prop::sample::select(&[4_u32, 5, 0x8000_0004, 0x8000_0009, 0x8000_0005][..]),
            any_id: u32,
            body: Vec<u8>,
        ) {
            for command_id in [known, any_id] {
                let body = Bytes::copy_from_slice(&body);
                let frame = Frame { command_id, command_status: 0, sequence_number: 1, body };
                let _ = read(&frame);
            }
        }

        #[test]
        fn no_deliver_sm_with_odd_lengths_or_parameters_makes_the_reader_panic(
            sm_length: u8,
            message in prop::collection::vec(any::<u8>(), 0..40),
            tag in prop_oneof![Just(0x1e_u16), Just(0x427), Just(0x423), Just(0x424), any::<u16>()],
            value_length: u16,
            value in prop::collection::vec(any::<u8>(), 0..12),
        ) {
            let mut body = b"\0\x01\x0134\0\x05\0Bank\0\x04\0\0\0\0\0\0\0\0".to_vec();
            body.push(sm_length);
            body.extend(message);
            body.extend(tag.to_be_bytes());
            body.extend(value_length.to_be_bytes());
            body.extend(value);
            let body = body.into();
            let frame = Frame { command_id: 5, command_status: 0, sequence_number: 1, body };
            if let Ok(Incoming::DeliverSm(message)) = read(&frame) {
                let _ = crate::receipt::read(&message);
            }
        }
    }
}
