//! Request framing that two parsers could read differently, seen before HTTP parsing (T-004).
//!
//! hyper resolves a request with both `Content-Length` and `Transfer-Encoding`, or with the same
//! length twice, silently, and accepts a lone line feed as the end of a line. RFC 9112 allows that
//! (§2.2, §6.3), but a proxy in front may resolve it the other way: request smuggling. A scanner
//! reads the bytes as they pass and says which request head is ambiguous; everything else about a
//! head (tokens, obs-fold, bad lengths) hyper refuses by itself.

use memchr::memchr;

/// How a request head is ambiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguity {
    /// A line ends in LF without CR (RFC 9112 §2.2).
    #[error("a line of the request head ends without carriage return")]
    BareLineFeed,
    /// `Content-Length` occurs twice (RFC 9112 §6.3, item 5).
    #[error("Content-Length occurs more than once")]
    RepeatedContentLength,
    /// Both `Content-Length` and `Transfer-Encoding` (RFC 9112 §6.1).
    #[error("Content-Length and Transfer-Encoding occur together")]
    LengthAndEncoding,
}

/// What one piece of the byte stream told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// HTTP/1 without ambiguity so far.
    Plain,
    /// The connection preface of HTTP/2 (RFC 9113 §3.4), which frames by itself.
    Http2,
    /// The head with this number (the first is 0) is ambiguous; the scanner looks no further.
    Ambiguous(u64, Ambiguity),
}

/// Follows the HTTP/1 requests of one connection through its byte stream. Constant memory.
#[derive(Debug, Default)]
pub struct HeadScanner {
    part: Part,
    heads: u64,
    /// A line of the present head has been read; empty lines before it are skipped, as hyper does
    /// (RFC 9112 §2.2).
    begun: bool,
    line: LineStart,
    content_length: Option<u64>,
    transfer_encoding: bool,
}

/// Where in the stream the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Head,
    /// In a body with this many bytes to come.
    Body(u64),
    /// Past what is followed: a chunked body (the edge closes the connection after it), HTTP/2, or
    /// an ambiguity already told.
    Beyond,
}

impl HeadScanner {
    /// Reads the next piece of the stream, cut anywhere.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Sight {
        while !bytes.is_empty() {
            match self.part {
                Part::Beyond => return Sight::Plain,
                Part::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = bytes.get(here..).unwrap_or_default();
                    let left = left - here as u64;
                    self.part = if left == 0 { Part::Head } else { Part::Body(left) };
                }
                Part::Head => {
                    let Some(end) = memchr(b'\n', bytes) else {
                        self.line.extend(bytes);
                        return Sight::Plain;
                    };
                    let (line, rest) = bytes.split_at(end);
                    self.line.extend(line);
                    bytes = rest.get(1..).unwrap_or_default();
                    match self.line_ended() {
                        Sight::Plain => {}
                        seen => {
                            self.part = Part::Beyond;
                            return seen;
                        }
                    }
                }
            }
        }
        Sight::Plain
    }

    fn line_ended(&mut self) -> Sight {
        let line = std::mem::take(&mut self.line);
        if line.last != Some(b'\r') {
            return Sight::Ambiguous(self.heads, Ambiguity::BareLineFeed);
        }
        match line.kind() {
            LineKind::Preface if self.heads == 0 => return Sight::Http2,
            LineKind::ContentLength(_) if self.content_length.is_some() => {
                return Sight::Ambiguous(self.heads, Ambiguity::RepeatedContentLength);
            }
            LineKind::ContentLength(length) => self.content_length = Some(length),
            LineKind::TransferEncoding => self.transfer_encoding = true,
            LineKind::Empty if !self.begun => return Sight::Plain,
            LineKind::Empty => return self.head_ended(),
            LineKind::Preface | LineKind::Other => {}
        }
        self.begun = true;
        if self.transfer_encoding && self.content_length.is_some() {
            return Sight::Ambiguous(self.heads, Ambiguity::LengthAndEncoding);
        }
        Sight::Plain
    }

    fn head_ended(&mut self) -> Sight {
        self.heads += 1;
        self.begun = false;
        self.part = match (self.transfer_encoding, self.content_length.take()) {
            (true, _) => Part::Beyond,
            (false, Some(length)) if length > 0 => Part::Body(length),
            _ => Part::Head,
        };
        self.transfer_encoding = false;
        Sight::Plain
    }
}

/// The first bytes of a line, enough to know it, and its last byte.
#[derive(Debug)]
struct LineStart {
    bytes: [u8; LINE_START],
    kept: usize,
    last: Option<u8>,
}

/// `transfer-encoding:` and `content-length:` with leading spaces and twenty digits fit.
const LINE_START: usize = 48;

enum LineKind {
    Empty,
    Preface,
    ContentLength(u64),
    TransferEncoding,
    Other,
}

impl Default for LineStart {
    fn default() -> Self {
        Self { bytes: [0; LINE_START], kept: 0, last: None }
    }
}

impl LineStart {
    fn extend(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        self.last = Some(last);
        let room = self.bytes.get_mut(self.kept..).unwrap_or_default();
        let fits = room.len().min(bytes.len());
        if let (Some(to), Some(from)) = (room.get_mut(..fits), bytes.get(..fits)) {
            to.copy_from_slice(from);
        }
        self.kept += fits;
    }

    fn kind(&self) -> LineKind {
        let line = self.bytes.get(..self.kept).unwrap_or_default();
        match line.first() {
            Some(b'\r') => LineKind::Empty,
            Some(b'P') if line == b"PRI * HTTP/2.0\r" => LineKind::Preface,
            Some(b'c' | b'C') => match value_of(line, b"content-length:") {
                // A length that is no number is refused by hyper; no body is skipped for it.
                Some(value) => LineKind::ContentLength(number(value).unwrap_or(0)),
                None => LineKind::Other,
            },
            Some(b't' | b'T') if value_of(line, b"transfer-encoding:").is_some() => {
                LineKind::TransferEncoding
            }
            _ => LineKind::Other,
        }
    }
}

fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = line.get(..name.len())?;
    start.eq_ignore_ascii_case(name).then(|| line.get(name.len()..).unwrap_or_default())
}

fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sight(text: &str) -> Sight {
        HeadScanner::default().feed(text.as_bytes())
    }

    #[test]
    fn both_length_and_encoding_are_ambiguous_in_either_order() {
        for head in [
            "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n",
        ] {
            assert_eq!(sight(head), Sight::Ambiguous(0, Ambiguity::LengthAndEncoding));
        }
    }

    #[test]
    fn the_same_length_twice_is_ambiguous() {
        assert_eq!(
            sight("POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n"),
            Sight::Ambiguous(0, Ambiguity::RepeatedContentLength)
        );
    }

    #[test]
    fn a_lone_line_feed_is_ambiguous() {
        assert_eq!(
            sight("GET / HTTP/1.1\nHost: a\r\n\r\n"),
            Sight::Ambiguous(0, Ambiguity::BareLineFeed)
        );
    }

    #[test]
    fn a_body_is_skipped_and_the_second_head_is_numbered() {
        let body = "a=1\nContent-Length: 9\n";
        let stream = format!(
            "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}GET / HTTP/1.1\nHost: a\r\n\r\n",
            body.len()
        );
        assert_eq!(sight(&stream), Sight::Ambiguous(1, Ambiguity::BareLineFeed));
    }

    #[test]
    fn the_preface_of_http_2_ends_the_scan() {
        let mut scanner = HeadScanner::default();
        assert_eq!(scanner.feed(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Sight::Http2);
        assert_eq!(scanner.feed(b"\n\n\n"), Sight::Plain);
    }

    proptest! {
        #[test]
        fn cuts_between_reads_change_nothing(
            lines in prop::collection::vec(
                prop::sample::select(vec![
                    "GET / HTTP/1.1\r\n", "Host: a\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
                    "\r\n", "abc", "X: y\n", "PRI * HTTP/2.0\r\n",
                ]),
                0..12,
            ),
            cuts in prop::collection::vec(1_usize..9, 1..8),
        ) {
            let stream = lines.concat();
            let mut cut = HeadScanner::default();
            let mut rest = stream.as_bytes();
            let mut seen = Sight::Plain;
            for step in cuts.iter().cycle() {
                if rest.is_empty() || seen != Sight::Plain {
                    break;
                }
                let (piece, after) = rest.split_at((*step).min(rest.len()));
                seen = cut.feed(piece);
                rest = after;
            }
            prop_assert_eq!(seen, sight(&stream));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
            let mut scanner = HeadScanner::default();
            for piece in bytes.chunks(7) {
                scanner.feed(piece);
            }
        }
    }
}
