//! Cutting a byte stream into PDUs (SMPP 3.4 §3.2).
//!
//! One read is not one PDU: they arrive in pieces, and several at once (a centre may put a
//! `deliver_sm` right behind its bind response). The decoder looks at the header alone, so that a
//! body that makes no sense costs one PDU and not the connection.

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use tokio_util::codec::Decoder;

/// Octets of a header, and so of the shortest PDU.
pub const HEADER_LENGTH: usize = 16;
/// Octets of the longest PDU we read: a `message_payload` of 64 KiB is not for us (T-132, T-260).
pub const MAX_LENGTH: usize = 64 * 1024;

/// One PDU with its body unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// `command_id`.
    pub command_id: u32,
    /// `command_status`; zero in requests.
    pub command_status: u32,
    /// `sequence_number`, which ties a response to its request.
    pub sequence_number: u32,
    /// Everything behind the header.
    pub body: Bytes,
}

/// The stream cannot be cut any further; the connection is of no more use.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// A length that does not even hold the header.
    #[error("command_length {0} is shorter than a header")]
    TooShort(usize),
    /// A length beyond [`MAX_LENGTH`].
    #[error("command_length {0} is longer than 65536 octets")]
    TooLong(usize),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
}

/// Cuts PDUs out of bytes as they come; holds at most one PDU of [`MAX_LENGTH`] octets.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameDecoder;

impl Decoder for FrameDecoder {
    type Item = Frame;
    type Error = FrameError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        let Some(length) = source.first_chunk().map(|length| u32::from_be_bytes(*length)) else {
            return Ok(None);
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length < HEADER_LENGTH {
            return Err(FrameError::TooShort(length));
        }
        if length > MAX_LENGTH {
            return Err(FrameError::TooLong(length));
        }
        if source.len() < length {
            source.reserve(length - source.len());
            return Ok(None);
        }
        let mut pdu = source.split_to(length).freeze();
        pdu.advance(4);
        Ok(Some(Frame {
            command_id: pdu.get_u32(),
            command_status: pdu.get_u32(),
            sequence_number: pdu.get_u32(),
            body: pdu,
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn octets(frame: &Frame) -> Vec<u8> {
        let length = u32::try_from(HEADER_LENGTH + frame.body.len()).unwrap();
        let header = [length, frame.command_id, frame.command_status, frame.sequence_number];
        let header = header.iter().flat_map(|field| field.to_be_bytes());
        header.chain(frame.body.iter().copied()).collect()
    }

    fn decode_all(source: &mut BytesMut) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Some(frame) = FrameDecoder.decode(source).unwrap() {
            frames.push(frame);
        }
        frames
    }

    #[test]
    fn lengths_outside_the_bounds_end_the_stream() {
        for (length, long) in [(0_u32, false), (15, false), (65_537, true), (u32::MAX, true)] {
            let error = FrameDecoder.decode(&mut BytesMut::from(&length.to_be_bytes()[..]));
            match error.unwrap_err() {
                FrameError::TooLong(_) => assert!(long, "{length}"),
                FrameError::TooShort(_) => assert!(!long, "{length}"),
                FrameError::Io(error) => panic!("{error}"),
            }
        }
    }

    fn any_frame() -> impl Strategy<Value = Frame> {
        (any::<u32>(), any::<u32>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..300))
            .prop_map(|(command_id, command_status, sequence_number, body)| Frame {
                command_id,
                command_status,
                sequence_number,
                body: body.into(),
            })
    }

    proptest! {
        #[test]
        fn frames_come_out_whole_however_the_stream_is_cut(
            frames in prop::collection::vec(any_frame(), 0..6),
            cuts in prop::collection::vec(1_usize..64, 1..40),
        ) {
            let stream: Vec<u8> = frames.iter().flat_map(octets).collect();
            let mut source = BytesMut::new();
            let mut decoded = Vec::new();
            let (mut rest, mut cuts) = (&stream[..], cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, remaining) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                source.extend_from_slice(piece);
                decoded.extend(decode_all(&mut source));
                rest = remaining;
            }
            prop_assert_eq!(decoded, frames);
            prop_assert!(source.is_empty());
        }

        #[test]
        fn any_bytes_give_frames_or_an_error_and_never_a_huge_buffer(stream: Vec<u8>) {
            let mut source = BytesMut::from(&stream[..]);
            while let Ok(Some(frame)) = FrameDecoder.decode(&mut source) {
                prop_assert!(frame.body.len() <= MAX_LENGTH - HEADER_LENGTH);
            }
            prop_assert!(source.capacity() <= 2 * MAX_LENGTH);
        }
    }
}
