//! Messages in the operator's own words.

use fiador_domain::text::{Lure, find_lure};

use super::gsm7;
use crate::Kind;

/// A text with places for what a message must say.
#[derive(Debug)]
pub(super) struct OwnText(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Code,
    Client,
    Details,
}

impl OwnText {
    /// Reads a text; the error is the rule that it breaks.
    pub(super) fn read(text: &str, kind: Kind) -> Result<Self, &'static str> {
        let own = Self(pieces(text)?);
        let count = |wanted: &Piece| own.0.iter().filter(|piece| *piece == wanted).count();
        if count(&Piece::Client) != 1 || count(&Piece::Details) != 1 {
            return Err("{client} and {details}, each once");
        }
        if count(&Piece::Code) != usize::from(kind.has_code()) {
            return Err("{code} once where the message has a code, and nowhere else");
        }
        for piece in &own.0 {
            let Piece::Words(words) = piece else { continue };
            if matches!(find_lure(words), Some(Lure::Invisible | Lure::Address)) {
                return Err("one line without an address: the only link is the gateway's");
            }
            if !gsm7::is_in_alphabet(words) {
                return Err(
                    "characters of the GSM alphabet only: any other more than halves the room",
                );
            }
        }
        Ok(own)
    }

    /// The sentence of one message.
    pub(super) fn fill(&self, code: Option<&str>, client: &str, details: Option<&str>) -> String {
        let mut sentence = String::new();
        for piece in &self.0 {
            match (piece, details) {
                (Piece::Words(words), _) => sentence.push_str(words),
                (Piece::Code, _) => sentence.push_str(code.unwrap_or_default()),
                (Piece::Client, _) => sentence.push_str(client),
                (Piece::Details, Some(details)) => {
                    sentence.push_str(" (");
                    sentence.push_str(details);
                    sentence.push(')');
                }
                (Piece::Details, None) => {}
            }
        }
        sentence
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        pieces.push(Piece::Words(words.to_owned()));
        let (name, after) = after.split_once('}').ok_or("every { closed by }")?;
        pieces.push(match name {
            "code" => Piece::Code,
            "client" => Piece::Client,
            "details" => Piece::Details,
            _ => return Err("no other places than {code}, {client} and {details}"),
        });
        rest = after;
    }
    pieces.push(Piece::Words(rest.to_owned()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_places_are_filled() {
        let own = OwnText::read("{client}{details}: {code}", Kind::Otp).unwrap();
        assert_eq!(own.fill(Some("123456"), "Acme", None), "Acme: 123456");
        assert_eq!(own.fill(Some("123456"), "Acme", Some("AB-1")), "Acme (AB-1): 123456");
    }

    #[test]
    fn a_text_that_could_mislead_or_leaves_something_out_is_refused_t_125() {
        for (kind, text) in [
            (Kind::Otp, "{client}{details}"),
            (Kind::Otp, "{code} {code} {client}{details}"),
            (Kind::Otp, "{code} for {client}"),
            (Kind::Otp, "{code} for {details}"),
            (Kind::Url, "{code} for {client}{details}"),
            (Kind::Url, "{client}{details}{number}"),
            (Kind::Url, "{client}{details}{"),
            (Kind::Url, "{client}{details} see mno.example"),
            (Kind::Url, "{client}{details}\n@evil #1"),
            (Kind::Url, "{client}{details} \u{202e}"),
            (Kind::Url, "{client}{details} código"),
            (Kind::Url, ""),
        ] {
            assert!(OwnText::read(text, kind).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z{} ]{0,40}|\\PC{0,40}") {
            for kind in Kind::ALL {
                if let Ok(own) = OwnText::read(&text, kind) {
                    let filled = own.fill(Some("123456"), "Acme", None);
                    prop_assert!(filled.contains("Acme"));
                    prop_assert_eq!(filled.contains("123456"), kind.has_code());
                }
            }
        }
    }
}
