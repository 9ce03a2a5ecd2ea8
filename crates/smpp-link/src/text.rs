//! From a text to the octets of one or more short messages (3GPP TS 23.040 §9.2.3.24.1).
//!
//! The whole message uses one encoding: the centre's default alphabet if every character fits,
//! else UCS-2. Nothing is transliterated, because a changed letter may name another brand.

use fiador_domain::gsm7::{self, Septets};

/// `data_coding` of the centre's default alphabet (SMPP 3.4 §5.2.19).
pub const DATA_CODING_DEFAULT: u8 = 0x00;
/// `data_coding` of UCS-2, in practice UTF-16 in network byte order.
pub const DATA_CODING_UCS2: u8 = 0x08;
/// Parts of one message at most. Our texts need one; ten is a guard against a runaway template.
pub const MAX_PARTS: usize = 10;

/// What a message centre reads under `data_coding` 0.
///
/// The radio interface carries GSM 03.38 in any case, so a character must be in that alphabet *and*
/// in the centre's, or the message goes out as UCS-2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alphabet {
    /// GSM 03.38, one septet in each octet: the usual reading.
    #[default]
    Gsm7,
    /// ISO 8859-1, which the centre transcodes itself.
    Latin1,
    /// ASCII, which the centre transcodes itself.
    Ascii,
}

/// A text ready for `short_message`, in one part or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedText {
    /// `data_coding` of every part.
    pub data_coding: u8,
    /// Octets of every part, in order, each with its user data header if there are several. The
    /// longest has 159 octets, so `sm_length` always holds it.
    pub parts: Vec<Vec<u8>>,
}

impl EncodedText {
    /// Whether the parts begin with a user data header (`esm_class` 0x40).
    pub fn has_header(&self) -> bool {
        self.parts.len() > 1
    }
}

/// Why a text cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing to send.
    #[error("the text is empty")]
    Empty,
    /// More than [`MAX_PARTS`] parts.
    #[error("the text needs more than ten parts; shorten the template")]
    TooLong,
}

/// Encodes `text` for a centre that reads `alphabet` under `data_coding` 0.
///
/// One part holds 160 septets or 70 UTF-16 units; of several, each holds 153 or 67 behind a
/// six-octet header with `reference`, the number of parts and its own place. An escape pair or a
/// surrogate pair is never split.
pub fn encode(text: &str, alphabet: Alphabet, reference: u8) -> Result<EncodedText, TextError> {
    let default: Option<Vec<Unit>> =
        text.chars().map(|character| Unit::default(character, alphabet)).collect();
    let (data_coding, units, alone, concatenated) = match default {
        Some(units) => (DATA_CODING_DEFAULT, units, 160, 153),
        None => (DATA_CODING_UCS2, text.chars().map(Unit::ucs2).collect(), 70, 67),
    };
    let size: usize = units.iter().map(|unit| unit.size).sum();
    let bodies = if size <= alone { vec![join(&units)] } else { split(&units, concatenated) };
    match bodies.len() {
        _ if units.is_empty() => Err(TextError::Empty),
        1 => Ok(EncodedText { data_coding, parts: bodies }),
        2..=MAX_PARTS => Ok(EncodedText { data_coding, parts: with_headers(&bodies, reference) }),
        _ => Err(TextError::TooLong),
    }
}

/// One character: its octets, and its size in what a part is measured in.
struct Unit {
    octets: [u8; 4],
    length: usize,
    size: usize,
}

impl Unit {
    fn default(character: char, alphabet: Alphabet) -> Option<Self> {
        let septets = gsm7::septets(character)?;
        let size = if matches!(septets, Septets::Escaped(_)) { 2 } else { 1 };
        let octets = match (alphabet, septets) {
            (Alphabet::Gsm7, Septets::Basic(code)) => vec![code],
            (Alphabet::Gsm7, Septets::Escaped(code)) => vec![0x1b, code],
            (Alphabet::Latin1, _) => vec![u8::try_from(u32::from(character)).ok()?],
            (Alphabet::Ascii, _) if character.is_ascii() => vec![u8::try_from(character).ok()?],
            (Alphabet::Ascii, _) => return None,
        };
        Some(Self::new(&octets, size))
    }

    fn ucs2(character: char) -> Self {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units);
        let octets: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        Self::new(&octets, units.len())
    }

    fn new(source: &[u8], size: usize) -> Self {
        let mut octets = [0; 4];
        octets[..source.len()].copy_from_slice(source);
        Self { octets, length: source.len(), size }
    }
}

fn join(units: &[Unit]) -> Vec<u8> {
    units.iter().flat_map(|unit| unit.octets[..unit.length].iter().copied()).collect()
}

fn split(units: &[Unit], limit: usize) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    let mut rest = units;
    while !rest.is_empty() {
        let mut size = 0;
        let count = rest
            .iter()
            .take_while(|unit| {
                size += unit.size;
                size <= limit
            })
            .count();
        let (part, remaining) = rest.split_at(count);
        bodies.push(join(part));
        rest = remaining;
    }
    bodies
}

/// Information element 0x00, concatenation with an 8-bit reference (TS 23.040 §9.2.3.24.1).
fn with_headers(bodies: &[Vec<u8>], reference: u8) -> Vec<Vec<u8>> {
    let total = u8::try_from(bodies.len()).unwrap_or(u8::MAX);
    let headers = (1..=total).map(|place| [0x05, 0x00, 0x03, reference, total, place]);
    headers.zip(bodies).map(|(header, body)| [&header[..], body].concat()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gsm7_text(text: &str) -> EncodedText {
        encode(text, Alphabet::Gsm7, 7).unwrap()
    }

    /// What a phone puts together again.
    fn shown(encoded: &EncodedText) -> String {
        let header = if encoded.has_header() { 6 } else { 0 };
        let bodies: Vec<u8> =
            encoded.parts.iter().flat_map(|part| part[header..].iter().copied()).collect();
        if encoded.data_coding == DATA_CODING_DEFAULT {
            return gsm7::decode(&bodies).unwrap();
        }
        let units: Vec<u16> =
            bodies.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).unwrap()
    }

    #[test]
    fn a_web_otp_line_leaves_with_at_as_zero() {
        let encoded = gsm7_text("123456 is your code.\n\n@localhost #123456");
        assert_eq!(encoded.data_coding, 0);
        assert_eq!(encoded.parts.len(), 1);
        assert!(encoded.parts[0].ends_with(b"\n\0localhost #123456"));
        assert!(!encoded.parts[0].contains(&b'@'));
    }

    #[test]
    fn the_limits_of_one_part_are_160_septets_and_70_units() {
        assert_eq!(gsm7_text(&"a".repeat(160)).parts.len(), 1);
        assert_eq!(gsm7_text(&"a".repeat(161)).parts.len(), 2);
        assert_eq!(gsm7_text(&"€".repeat(80)).parts.len(), 1);
        assert_eq!(gsm7_text(&"€".repeat(81)).parts.len(), 2);
        assert_eq!(gsm7_text(&"я".repeat(70)).parts.len(), 1);
        assert_eq!(gsm7_text(&"я".repeat(71)).parts.len(), 2);
    }

    #[test]
    fn parts_carry_reference_total_and_place() {
        let encoded = gsm7_text(&"a".repeat(400));
        let headers: Vec<&[u8]> = encoded.parts.iter().map(|part| &part[..6]).collect();
        assert_eq!(headers, [[5, 0, 3, 7, 3, 1], [5, 0, 3, 7, 3, 2], [5, 0, 3, 7, 3, 3]]);
        assert_eq!(encoded.parts[0].len(), 6 + 153);
    }

    #[test]
    fn an_escape_pair_and_a_surrogate_pair_stay_together() {
        let encoded = gsm7_text(&format!("{}€{}", "a".repeat(152), "b".repeat(20)));
        assert_eq!(encoded.parts[0].len(), 6 + 152);
        assert_eq!(encoded.parts[1][6..8], [0x1b, 0x65]);
        let encoded = gsm7_text(&format!("{}😀{}", "я".repeat(66), "я".repeat(20)));
        assert_eq!(encoded.parts[0].len(), 6 + 132);
        assert_eq!(encoded.parts[1][6..10], [0xd8, 0x3d, 0xde, 0x00]);
    }

    #[test]
    fn one_character_outside_turns_the_whole_message_into_ucs2() {
        let encoded = gsm7_text("Código для @banco");
        assert_eq!(encoded.data_coding, DATA_CODING_UCS2);
        assert_eq!(shown(&encoded), "Código для @banco");
    }

    #[test]
    fn a_centre_of_latin_1_gets_at_as_0x40_and_characters_it_lacks_as_ucs2() {
        let latin = encode("@ñ", Alphabet::Latin1, 0).unwrap();
        assert_eq!((latin.data_coding, &latin.parts[0][..]), (0, &[0x40, 0xf1][..]));
        assert_eq!(encode("€", Alphabet::Latin1, 0).unwrap().data_coding, DATA_CODING_UCS2);
        assert_eq!(encode("@[", Alphabet::Ascii, 0).unwrap().parts, [b"@["]);
        assert_eq!(encode("ñ", Alphabet::Ascii, 0).unwrap().data_coding, DATA_CODING_UCS2);
        assert_eq!(encode("`", Alphabet::Ascii, 0).unwrap().data_coding, DATA_CODING_UCS2);
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(encode("", Alphabet::Gsm7, 0), Err(TextError::Empty));
        assert_eq!(encode(&"a".repeat(1530), Alphabet::Gsm7, 0).unwrap().parts.len(), 10);
        assert_eq!(encode(&"a".repeat(1531), Alphabet::Gsm7, 0), Err(TextError::TooLong));
    }

    proptest! {
        #[test]
        fn every_text_is_shown_as_written_in_parts_that_fit(
            text in "\\PC{1,200}|[a-z€^{}]{1,700}|[я😀]{1,300}",
            reference: u8,
        ) {
            let encoded = match encode(&text, Alphabet::Gsm7, reference) {
                Ok(encoded) => encoded,
                Err(error) => { prop_assert_eq!(error, TextError::TooLong); return Ok(()); }
            };
            let longest = if encoded.data_coding == 0 { 160 } else { 140 };
            prop_assert!(encoded.parts.iter().all(|part| part.len() <= longest));
            prop_assert_eq!(shown(&encoded), text);
        }

        #[test]
        fn each_part_is_whole_by_itself(text in "[a€]{161,700}|[я😀]{71,300}") {
            let Ok(encoded) = encode(&text, Alphabet::Gsm7, 1) else { return Ok(()) };
            for part in &encoded.parts {
                let alone = EncodedText {
                    data_coding: encoded.data_coding,
                    parts: vec![part[6..].to_vec()],
                };
                prop_assert!(text.contains(&shown(&alone)));
            }
        }
    }
}
