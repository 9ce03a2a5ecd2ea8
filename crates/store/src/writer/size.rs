//! How many writes a transaction takes.

use crate::failure::Failure;

/// At most, so that its locks are short.
pub(super) const LARGEST: usize = 256;
const GROWTH: usize = 8;

/// Adapts to the database: one that does not finish a batch in time would never finish another of
/// that size either, and a smaller one costs throughput only.
pub(super) struct BatchSize(usize);

impl BatchSize {
    pub(super) const fn new() -> Self {
        Self(LARGEST)
    }

    pub(super) const fn get(&self) -> usize {
        self.0
    }

    /// Learns from a batch of `writes`: halves after a late one, grows slowly after a good one.
    pub(super) fn learn(&mut self, writes: usize, outcome: Result<(), Failure>) {
        match outcome {
            Err(Failure::Late) => self.0 = (writes.min(self.0) / 2).max(1),
            Ok(()) if writes >= self.0 => self.0 = (self.0 + GROWTH).min(LARGEST),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_batch_halves_the_next_and_full_good_ones_grow_it_slowly() {
        let mut size = BatchSize::new();
        size.learn(256, Err(Failure::Late));
        assert_eq!(size.get(), 128);
        size.learn(40, Err(Failure::Late));
        assert_eq!(size.get(), 20);
        size.learn(3, Ok(()));
        assert_eq!(size.get(), 20, "a small batch proves nothing");
        size.learn(20, Ok(()));
        assert_eq!(size.get(), 28);
        for _ in 0..100 {
            size.learn(size.get(), Ok(()));
        }
        assert_eq!(size.get(), LARGEST);
        for _ in 0..20 {
            size.learn(size.get(), Err(Failure::Late));
        }
        assert_eq!(size.get(), 1);
        size.learn(1, Err(Failure::Gone));
        assert_eq!(size.get(), 1);
    }
}
