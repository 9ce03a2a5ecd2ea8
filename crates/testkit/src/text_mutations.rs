//! Forgeries of an opaque text: what anyone can make of a sealed code, an access token or a refresh
//! token without the key (T-054).

use std::collections::HashSet;

/// One forgery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMutation {
    /// What was done, for the message of a failing test.
    pub what: String,
    /// The forged text.
    pub text: String,
}

/// Characters that a decoder may take for something else: of base64url, of other alphabets, of
/// padding, of white space, and beyond ASCII.
const CHARACTERS: [char; 12] = ['A', 'B', 'z', '0', '-', '_', '+', '/', '=', '.', ' ', 'é'];

/// What is put before, behind and between.
const PIECES: [&str; 10] = ["=", "==", "A", "AA", "AAAA", ".", " ", "%41", "+", "\u{200b}"];

/// All forgeries of `text` (ASCII), none equal to another one or to the text: 2,000 and more for
/// texts of 64 characters and more. `other` is a good text of the same kind, for splices.
pub fn text_mutations(text: &str, other: &str) -> Vec<TextMutation> {
    let mut made = Vec::new();
    let mut add = |what: String, text: String| made.push(TextMutation { what, text });
    for at in 0..text.len() {
        let (front, rest) = text.split_at(at);
        let behind = &rest[1..];
        for character in CHARACTERS {
            add(format!("{character:?} instead of {at}"), format!("{front}{character}{behind}"));
            add(format!("{character:?} before {at}"), format!("{front}{character}{rest}"));
        }
        for bit in 0..7 {
            let flipped = char::from(rest.as_bytes()[0] ^ (1 << bit));
            add(format!("bit {bit} of {at}"), format!("{front}{flipped}{behind}"));
        }
        add(format!("without {at}"), format!("{front}{behind}"));
        add(format!("the first {at}"), front.to_owned());
        add(format!("from {at} on"), rest.to_owned());
        add(format!("turned at {at}"), format!("{rest}{front}"));
        if let Some(tail) = other.get(at..) {
            add(format!("another one from {at} on"), format!("{front}{tail}"));
            add(format!("another one up to {at}"), format!("{}{rest}", &other[..at]));
        }
    }
    for piece in PIECES {
        add(format!("{piece:?} before"), format!("{piece}{text}"));
        add(format!("{piece:?} behind"), format!("{text}{piece}"));
    }
    add("twice".to_owned(), text.repeat(2));
    add("backwards".to_owned(), text.chars().rev().collect());
    add("in capitals".to_owned(), text.to_ascii_uppercase());
    add("in small letters".to_owned(), text.to_ascii_lowercase());
    let mut seen = HashSet::from([text.to_owned(), other.to_owned()]);
    made.retain(|mutation| seen.insert(mutation.text.clone()));
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_two_thousand_of_the_shortest_token_and_none_is_the_token_itself() {
        let text = "q8Yk".repeat(16);
        let made = text_mutations(&text, &"w-1_".repeat(16));
        assert!(made.len() >= 2_000, "{}", made.len());
        assert!(made.iter().all(|mutation| mutation.text != text));
    }
}
