//! From the octets of a short message to its text: the phone's half of SMS coding.

use std::collections::HashMap;

use fiador_domain::gsm7;

/// Joins the parts of concatenated messages (3GPP TS 23.040 §9.2.3.24.1).
#[derive(Default)]
pub(crate) struct Reassembly {
    waiting: HashMap<(String, u8), Vec<Option<String>>>,
}

/// Parts of unfinished messages are kept for so many messages at most.
const WAITING: usize = 64;

impl Reassembly {
    /// Takes one part; gives the whole text when it is complete.
    pub(crate) fn part(
        &mut self,
        destination: &str,
        user_data_header: bool,
        data_coding: u8,
        octets: &[u8],
    ) -> Option<String> {
        let (header, body) = if user_data_header { split_header(octets)? } else { (None, octets) };
        let text = decode(data_coding, body);
        let Some((reference, total, index)) = header else { return Some(text) };
        if self.waiting.len() >= WAITING {
            self.waiting.clear();
        }
        let key = (destination.to_owned(), reference);
        let parts = self.waiting.entry(key.clone()).or_insert_with(|| vec![None; total.into()]);
        *parts.get_mut(usize::from(index).checked_sub(1)?)? = Some(text);
        let whole: Option<String> = parts.iter().cloned().collect();
        if whole.is_some() {
            self.waiting.remove(&key);
        }
        whole
    }
}

type Concatenation = (u8, u8, u8);

/// The concatenation element `00 03 ref total index`, if there is one, and what follows the header.
fn split_header(octets: &[u8]) -> Option<(Option<Concatenation>, &[u8])> {
    let (&length, rest) = octets.split_first()?;
    let header = rest.get(..length.into())?;
    let concatenation = match header {
        [0x00, 0x03, reference, total, index, ..] => Some((*reference, *total, *index)),
        _ => None,
    };
    Some((concatenation, &rest[usize::from(length)..]))
}

fn decode(data_coding: u8, body: &[u8]) -> String {
    match data_coding {
        0x08 => {
            let units: Vec<u16> =
                body.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        0x03 => body.iter().copied().map(char::from).collect(),
        _ => gsm7::decode(body).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_join_in_whatever_order_they_come() {
        let mut reassembly = Reassembly::default();
        let part = |index: u8, text: &[u8]| [&[5, 0, 3, 9, 2, index], text].concat();
        assert_eq!(reassembly.part("1", true, 0, &part(2, b"world")), None);
        assert_eq!(
            reassembly.part("1", true, 0, &part(1, b"hello ")),
            Some("hello world".to_owned())
        );
    }

    #[test]
    fn a_header_that_lies_about_its_length_is_dropped() {
        assert_eq!(Reassembly::default().part("1", true, 0, &[200, 0, 3]), None);
        assert_eq!(Reassembly::default().part("1", true, 0, &[]), None);
        let zero = [5, 0, 3, 9, 2, 0, b'x'];
        assert_eq!(Reassembly::default().part("1", true, 0, &zero), None);
    }
}
