use bytes::BytesMut;
use fiador_domain::gsm7;
use fiador_smpp_link::{
    frame::FrameDecoder,
    pdu,
    receipt::{read, read_text},
    text,
};
use tokio_util::codec::Decoder as _;

const HEADERS: [&str; 10] = [
    "\0\0\0\x10",
    "\0\0\0\x15\0\0\0\0",
    "\0\0\0\x05",
    "\0\0\0\0",
    "\0\0\0\x01",
    "\0",
    "\x01\x01",
    "id:1",
    "\u{7f}\u{7f}",
    "\0\0\0\x40\0\0\0\x05\0\0\0\0\0\0\0\x07",
];

const RECEIPT: [&str; 12] = [
    "id:",
    "0aF3",
    " sub:001",
    " dlvrd:001",
    " stat:",
    "DELIVRD",
    "undeliv",
    " err:",
    "000",
    " text:",
    "id:id:",
    "  ",
];

const LETTERS: [&str; 12] =
    ["@", "a", "€", "[", "ñ", "\u{1f600}", "é", "#", "\n", "漢", "\u{1b}", "_"];

#[test]
fn an_octet_stream_becomes_frames_or_an_error() {
    crate::check!("smpp_frame", HEADERS, |bytes| {
        let mut stream = BytesMut::from(bytes);
        let mut decoder = FrameDecoder;
        while let Ok(Some(frame)) = decoder.decode(&mut stream) {
            if let Ok(pdu::Incoming::DeliverSm(message)) = pdu::read(&frame) {
                let _ = read(&message);
            }
        }
    });
}

#[test]
fn a_receipt_of_any_words_is_read_without_harm() {
    crate::check!("smpp_receipt", RECEIPT, |bytes| {
        let _ = read_text(bytes);
    });
}

#[test]
fn gsm7_reads_back_what_it_wrote() {
    crate::check!("gsm7", LETTERS, |bytes| {
        if let Some(text) = gsm7::decode(bytes) {
            assert!(gsm7::fits(&text));
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Some(octets) = gsm7::encode(text) {
            assert_eq!(gsm7::decode(&octets).as_deref(), Some(text));
        }
    });
}

#[test]
fn a_text_of_any_letters_is_split_into_parts_that_fit() {
    crate::check!("sms_text", LETTERS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(parts) = text::encode(text, text::Alphabet::Gsm7, 7) {
            assert!(!parts.parts.is_empty());
        }
    });
}
