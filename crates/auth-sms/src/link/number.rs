//! Number matching: what ties the phone that answers to the screen that waits (T-107, T-128).

use fiador_domain::journey::Ask;
use fiador_kernel::Entropy;
use serde::{Deserialize, Serialize};

/// Numbers to choose among. Somebody who does not see the other screen is right once in so often,
/// and has no second try.
const CHOICES: usize = 6;

/// A number of two digits for the other screen, and those that the phone offers: drawn once for
/// a prompt, so that loading the page again shows the same ones and gives nothing away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NumberMatch {
    shown: u8,
    choices: Vec<u8>,
}

impl NumberMatch {
    /// Six different numbers from 10 to 99, in random order, and one of them.
    pub(crate) fn draw(entropy: &dyn Entropy) -> Self {
        let mut left: Vec<u8> = (10..=99).collect();
        let mut choices = Vec::with_capacity(CHOICES);
        for _ in 0..CHOICES {
            choices.push(left.swap_remove(below(entropy, left.len())));
        }
        let shown = choices.get(below(entropy, CHOICES)).copied().unwrap_or_default();
        Self { shown, choices }
    }

    /// A number that another screen shows already, among five others.
    pub(crate) fn among_others(shown: u8, entropy: &dyn Entropy) -> Self {
        let mut drawn = Self::draw(entropy);
        if !drawn.offers(shown)
            && let Some(place) = drawn.choices.iter_mut().find(|choice| **choice == drawn.shown)
        {
            *place = shown;
        }
        Self { shown, ..drawn }
    }

    /// What the other screen shows.
    pub(crate) const fn shown(&self) -> u8 {
        self.shown
    }

    /// What the phone offers, in its order.
    pub(crate) fn choices(&self) -> &[u8] {
        &self.choices
    }

    /// Whether the phone offers this number at all.
    pub(crate) fn offers(&self, number: u8) -> bool {
        self.choices.contains(&number)
    }

    /// Whether it is the one that the other screen shows.
    pub(crate) const fn is_right(&self, number: u8) -> bool {
        self.shown == number
    }
}

/// The binding message, as far as the phone is told: not where it is the number to choose.
pub(crate) fn told_binding_message<'a>(ask: &'a Ask, page: Option<&str>) -> Option<&'a str> {
    let is_chosen = page.is_none() && ask.number_to_choose().is_some();
    ask.binding_message.as_deref().filter(|_| !is_chosen)
}

fn below(entropy: &dyn Entropy, bound: usize) -> usize {
    let bound = u32::try_from(bound).unwrap_or(u32::MAX);
    usize::try_from(entropy.below(bound)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use fiador_kernel::OsEntropy;

    use super::*;

    #[test]
    fn a_given_number_is_one_of_six_different_ones_at_any_place_t_108() {
        let mut places: HashMap<usize, u32> = HashMap::new();
        for shown in (10..=99).cycle().take(6_030) {
            let number = NumberMatch::among_others(shown, &OsEntropy);
            let choices: BTreeSet<u8> = number.choices().iter().copied().collect();
            assert_eq!(choices.len(), CHOICES);
            assert!(choices.iter().all(|choice| (10..=99).contains(choice)));
            assert_eq!(number.shown(), shown);
            let place = number.choices().iter().position(|&c| number.is_right(c)).unwrap();
            *places.entry(place).or_default() += 1;
        }
        assert!(places.len() == CHOICES && places.values().all(|&count| count > 800), "{places:?}");
    }

    #[test]
    fn the_right_number_is_one_of_six_different_ones_at_any_place_t_128() {
        let mut places: HashMap<usize, u32> = HashMap::new();
        let mut shown = BTreeSet::new();
        for _ in 0..6_000 {
            let number = NumberMatch::draw(&OsEntropy);
            let choices: BTreeSet<u8> = number.choices().iter().copied().collect();
            assert_eq!(choices.len(), CHOICES);
            assert!(choices.iter().all(|choice| (10..=99).contains(choice)));
            let place = number.choices().iter().position(|&c| number.is_right(c)).unwrap();
            *places.entry(place).or_default() += 1;
            shown.insert(number.shown());
        }
        assert_eq!(shown.len(), 90, "every number is drawn");
        assert!(places.len() == CHOICES && places.values().all(|&count| count > 800), "{places:?}");
    }
}
