//! Prefixes of digits in one flat table.
//!
//! Open addressing over a single array of `u64`: an entry is prefix, length and holder in one word,
//! so ten million entries take 128 MB and a look-up touches one or two cache lines per length that
//! occurs at all. A tree would chase a pointer per digit, a sorted list would halve its way through
//! memory 23 times; both get slower with every entry, this does not (docs/decisions/0018).

/// Bits of the digits: 15 digits are less than 2^50.
const DIGIT_BITS: u32 = 50;
/// Bits of digits and length together: what two entries must agree in to be the same prefix.
const KEY_BITS: u32 = 54;
const KEY: u64 = (1 << KEY_BITS) - 1;

/// Longest prefix, the longest number of E.164.
const MAX_DIGITS: usize = 15;

/// Largest holder an entry has room for.
pub(super) const MAX_HOLDER: u16 = (1 << (64 - KEY_BITS)) - 1;

/// A prefix and its holder in one word; never zero, because a length is at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry(u64);

impl Entry {
    /// `None` unless `prefix` is 1 to 15 digits and `holder` at most [`MAX_HOLDER`].
    pub(super) fn new(prefix: &str, holder: u16) -> Option<Self> {
        let fits = (1..=MAX_DIGITS).contains(&prefix.len()) && holder <= MAX_HOLDER;
        let digits = prefix.bytes().all(|b| b.is_ascii_digit());
        (fits && digits)
            .then(|| Self(key(value(prefix), prefix.len()) | (u64::from(holder) << KEY_BITS)))
    }

    fn key(self) -> u64 {
        self.0 & KEY
    }

    pub(super) fn holder(self) -> u16 {
        // Ten bits are left.
        u16::try_from(self.0 >> KEY_BITS).unwrap_or(MAX_HOLDER)
    }

    fn length(self) -> u32 {
        // Four bits are left.
        u32::try_from(self.key() >> DIGIT_BITS).unwrap_or(0)
    }
}

/// Prefixes with their holders.
#[derive(Clone, Debug, Default)]
pub(super) struct PrefixTable {
    /// Zero is a free slot. At most five of eight are taken.
    slots: Box<[u64]>,
    /// Bit `n` is set when prefixes of `n` digits occur.
    lengths: u16,
}

impl PrefixTable {
    /// Builds the table; of two entries for one prefix the later wins, unless `clash` refuses them.
    pub(super) fn build<E>(
        entries: &[Entry],
        clash: impl Fn(Entry, Entry) -> Result<(), E>,
    ) -> Result<Self, E> {
        let slots = if entries.is_empty() { 0 } else { entries.len() / 5 * 8 + 8 };
        let mut table = Self { slots: vec![0; slots].into_boxed_slice(), lengths: 0 };
        for &entry in entries {
            let slot = table.slot_of(entry.key());
            let Some(place) = table.slots.get_mut(slot) else { continue };
            if *place != 0 {
                clash(Entry(*place), entry)?;
            }
            *place = entry.0;
            table.lengths |= 1 << entry.length();
        }
        Ok(table)
    }

    /// The holder of exactly these digits.
    pub(super) fn exact(&self, digits: &str) -> Option<u16> {
        self.find(value(digits), digits.len())
    }

    /// The holder of the longest prefix of these digits.
    pub(super) fn longest(&self, digits: &str) -> Option<u16> {
        let digits = &digits[..digits.len().min(MAX_DIGITS)];
        let mut value = value(digits);
        for length in (1..=digits.len()).rev() {
            if let Some(holder) = self.find(value, length) {
                return Some(holder);
            }
            value /= 10;
        }
        None
    }

    /// Bytes of memory.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        size_of_val(&*self.slots)
    }

    fn find(&self, value: u64, length: usize) -> Option<u16> {
        if length > MAX_DIGITS || self.lengths & (1 << length) == 0 {
            return None;
        }
        let slot = self.slot_of(key(value, length));
        self.slots.get(slot).filter(|entry| **entry != 0).map(|entry| Entry(*entry).holder())
    }

    /// Where the key is, or where it would go. There is always a free slot, so this ends.
    fn slot_of(&self, key: u64) -> usize {
        let slots = self.slots.len();
        let mut slot = spread(key, slots);
        while let Some(&entry) = self.slots.get(slot) {
            if entry == 0 || entry & KEY == key {
                break;
            }
            slot = if slot + 1 == slots { 0 } else { slot + 1 };
        }
        slot
    }
}

/// The digits as a number; only ever called with at most 15 of them.
fn value(digits: &str) -> u64 {
    digits.bytes().fold(0, |value, digit| value * 10 + u64::from(digit & 0x0f))
}

/// Leading zeros make other prefixes, so the length is part of the key.
fn key(value: u64, length: usize) -> u64 {
    value | ((length as u64) << DIGIT_BITS)
}

/// A slot for the key, evenly: the finaliser of SplitMix64, scaled to the table.
fn spread(key: u64, slots: usize) -> usize {
    let mut mixed = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let scaled = (u128::from(mixed) * slots as u128) >> 64;
    usize::try_from(scaled).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn table(prefixes: &[(&str, u16)]) -> PrefixTable {
        let entries: Vec<_> =
            prefixes.iter().map(|(prefix, holder)| Entry::new(prefix, *holder).unwrap()).collect();
        PrefixTable::build(&entries, |_, _| Ok::<_, ()>(())).unwrap()
    }

    #[test]
    fn a_prefix_with_a_leading_zero_is_another_one() {
        let table = table(&[("07", 1), ("7", 2)]);
        assert_eq!(
            (table.exact("07"), table.exact("7"), table.exact("007")),
            (Some(1), Some(2), None)
        );
    }

    #[test]
    fn an_empty_table_holds_nothing() {
        assert_eq!(PrefixTable::default().longest("447700900907"), None);
        assert_eq!(PrefixTable::default().exact("447700900907"), None);
    }

    #[test]
    fn an_entry_takes_thirteen_bytes() {
        let entries: Vec<_> =
            (0..100_000).map(|n| Entry::new(&format!("4477{n:08}"), 3).unwrap()).collect();
        let table = PrefixTable::build(&entries, |_, _| Ok::<_, ()>(())).unwrap();
        assert!(table.bytes() <= 1_300_000, "{}", table.bytes());
        assert!((0..100_000).all(|n| table.exact(&format!("4477{n:08}")) == Some(3)));
        assert_eq!(table.exact("447700100000"), None);
    }

    #[test]
    fn what_is_no_prefix_makes_no_entry() {
        for bad in ["", "1234567890123456", "+44", "44 ", "٣"] {
            assert_eq!(Entry::new(bad, 0), None, "{bad}");
        }
        assert_eq!(Entry::new("44", MAX_HOLDER + 1), None);
        assert_eq!(Entry::new("44", MAX_HOLDER).unwrap().holder(), MAX_HOLDER);
    }

    proptest! {
        #[test]
        fn it_answers_as_a_map_of_texts_does(
            prefixes in prop::collection::hash_map("[0-3]{1,6}", 0..1000_u16, 0..60),
            numbers in prop::collection::vec("[0-3]{1,17}", 0..40),
        ) {
            let pairs: Vec<(&str, u16)> = prefixes.iter().map(|(p, h)| (p.as_str(), *h)).collect();
            let table = table(&pairs);
            for number in &numbers {
                let model: &HashMap<String, u16> = &prefixes;
                let longest = (1..=number.len()).rev().find_map(|n| model.get(&number[..n]));
                prop_assert_eq!(table.longest(number), longest.copied());
                prop_assert_eq!(
                    table.exact(number),
                    model.get(number.as_str()).copied().filter(|_| number.len() <= 15)
                );
            }
        }
    }
}
