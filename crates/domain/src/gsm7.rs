//! The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1), one septet in each octet.
//!
//! SMPP carries it unpacked (SMPP 3.4 §5.2.19, `data_coding` 0). It is not ASCII: `@` is 0x00, `$`
//! is 0x02, `_` is 0x11, and the brackets need an escape. Text sent as ASCII under `data_coding` 0
//! arrives with `¡` for `@`, which breaks the last line that browsers read one-time codes from.

/// Announces a character of the extension table.
const ESCAPE: u8 = 0x1b;

/// 3GPP TS 23.038 §6.2.1; the position is the code. 0x1B is the escape and stands for no character.
const BASIC: [char; 128] = [
    '@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å', //
    'Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', '\u{1b}', 'Æ', 'æ', 'ß', 'É', //
    ' ', '!', '"', '#', '¤', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', //
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?', //
    '¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', //
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§', //
    '¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', //
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à',
];

/// 3GPP TS 23.038 §6.2.1.1: code after the escape, character.
const EXTENSION: [(u8, char); 10] = [
    (0x0a, '\u{c}'),
    (0x14, '^'),
    (0x28, '{'),
    (0x29, '}'),
    (0x2f, '\\'),
    (0x3c, '['),
    (0x3d, '~'),
    (0x3e, ']'),
    (0x40, '|'),
    (0x65, '€'),
];

/// How one character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Septets {
    /// By its code in the basic table.
    Basic(u8),
    /// By the escape 0x1B and its code in the extension table; the two must stay together.
    Escaped(u8),
}

/// The septets of one character, `None` when the alphabet lacks it.
pub fn septets(character: char) -> Option<Septets> {
    let extended = EXTENSION.iter().find(|(_, known)| *known == character);
    if let Some((code, _)) = extended {
        return Some(Septets::Escaped(*code));
    }
    let code = BASIC.iter().position(|known| *known == character)?;
    u8::try_from(code).ok().filter(|code| *code != ESCAPE).map(Septets::Basic)
}

/// Whether every character of `text` is in the alphabet.
pub fn fits(text: &str) -> bool {
    text.chars().all(|character| septets(character).is_some())
}

/// The septets of `text`, one in each octet; `None` when a character is not in the alphabet.
pub fn encode(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    for character in text.chars() {
        match septets(character)? {
            Septets::Basic(code) => octets.push(code),
            Septets::Escaped(code) => octets.extend([ESCAPE, code]),
        }
    }
    Some(octets)
}

/// The text of unpacked septets, as a phone shows it; `None` when an octet is no septet (0x80 and
/// above).
///
/// An escape before a code that the extension table lacks shows the code's basic character, and an
/// escape before nothing or before another escape shows a space (TS 23.038 §6.2.1.1).
pub fn decode(octets: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(octets.len());
    let mut codes = octets.iter().copied();
    while let Some(code) = codes.next() {
        if code != ESCAPE {
            text.push(basic(code)?);
            continue;
        }
        match codes.next() {
            None | Some(ESCAPE) => text.push(' '),
            Some(code) => text.push(extension(code).or_else(|| basic(code))?),
        }
    }
    Some(text)
}

fn basic(code: u8) -> Option<char> {
    BASIC.get(usize::from(code)).copied()
}

fn extension(code: u8) -> Option<char> {
    EXTENSION.iter().find(|(known, _)| *known == code).map(|(_, character)| *character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_signs_that_differ_from_ascii_have_their_own_codes() {
        assert_eq!(encode("@$_¡`"), None);
        assert_eq!(encode("@$_¡"), Some(vec![0x00, 0x02, 0x11, 0x40]));
        assert_eq!(encode("@localhost #123456").unwrap()[0], 0x00);
    }

    #[test]
    fn brackets_and_the_euro_take_an_escape() {
        let pairs = [0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];
        let octets: Vec<u8> = pairs.iter().flat_map(|code| [0x1b, *code]).collect();
        assert_eq!(encode("^{}\\[~]|€"), Some(octets));
    }

    #[test]
    fn every_code_but_the_escape_reads_back() {
        for code in (0..128).filter(|code| *code != ESCAPE) {
            let text = decode(&[code]).unwrap();
            assert_eq!(encode(&text), Some(vec![code]), "{code:#04x}");
        }
    }

    #[test]
    fn odd_escapes_are_shown_as_phones_show_them() {
        assert_eq!(decode(&[0x1b]).as_deref(), Some(" "));
        assert_eq!(decode(&[0x1b, 0x1b, 0x41]).as_deref(), Some(" A"));
        assert_eq!(decode(&[0x1b, 0x41]).as_deref(), Some("A"));
        assert_eq!(decode(&[0x80]), None);
        assert_eq!(decode(&[0x1b, 0x80]), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_to_the_same_text(text in "\\PC{0,80}|[@£$¥èé^{}\\[\\]~|€ A-Za-z0-9]{0,80}") {
            match encode(&text) {
                Some(octets) => {
                    prop_assert!(octets.iter().all(|octet| *octet < 0x80));
                    prop_assert_eq!(decode(&octets), Some(text));
                }
                None => prop_assert!(!fits(&text)),
            }
        }

        #[test]
        fn decoding_any_octets_never_panics(octets: Vec<u8>) {
            prop_assert_eq!(decode(&octets).is_some(), octets.iter().all(|octet| *octet < 0x80));
        }
    }
}
