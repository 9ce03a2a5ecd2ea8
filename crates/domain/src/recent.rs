//! What is remembered for a while, and never more than so much (T-260).

use std::{
    borrow::Borrow,
    collections::{HashMap, VecDeque},
    hash::Hash,
    ops::Add,
    time::Duration,
};

/// A map whose entries go when they are old or when there are too many, the oldest first.
///
/// `T` is the caller's time: a [`fiador_kernel::Timestamp`], or the monotonic clock of a driver.
#[derive(Debug)]
pub struct Recent<K, V, T> {
    entries: HashMap<K, (T, V)>,
    /// Every insertion, in order; of a key that was inserted again, the earlier ones mean nothing.
    order: VecDeque<(T, K)>,
    capacity: usize,
    life: Duration,
}

impl<K, V, T> Recent<K, V, T>
where
    K: Clone + Eq + Hash,
    T: Copy + PartialOrd + Add<Duration, Output = T>,
{
    /// Empty; it keeps at most `capacity` entries, each for less than `life`.
    pub fn new(capacity: usize, life: Duration) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), capacity, life }
    }

    /// Enters a value in place of an older one.
    pub fn insert(&mut self, key: K, value: V, now: T) {
        self.entries.insert(key.clone(), (now, value));
        self.order.push_back((now, key));
        while self.order.len() > self.capacity {
            self.forget_oldest();
        }
        while self.order.front().is_some_and(|(since, _)| self.is_old(*since, now)) {
            self.forget_oldest();
        }
    }

    /// The value, if it is not too old.
    pub fn get_mut<Q>(&mut self, key: &Q, now: T) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let life = self.life;
        let (since, value) = self.entries.get_mut(key)?;
        (now < *since + life).then_some(value)
    }

    /// Takes the value out; nothing if it is too old.
    pub fn remove<Q>(&mut self, key: &Q, now: T) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let (since, value) = self.entries.remove(key)?;
        (!self.is_old(since, now)).then_some(value)
    }

    fn is_old(&self, since: T, now: T) -> bool {
        now >= since + self.life
    }

    fn forget_oldest(&mut self) {
        let Some((since, key)) = self.order.pop_front() else { return };
        if self.entries.get(&key).is_some_and(|(entered, _)| *entered == since) {
            self.entries.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use fiador_kernel::Timestamp;

    use super::*;

    const LIFE: Duration = Duration::from_mins(1);

    #[test]
    fn a_flood_pushes_out_the_oldest_and_stays_bounded() {
        let (mut recent, now) = (Recent::new(100, LIFE), Timestamp::from_seconds(1));
        for key in 0..300 {
            recent.insert(key.to_string(), key, now);
        }
        assert!(recent.entries.len() <= 100 && recent.order.len() <= 100);
        assert_eq!(recent.get_mut("199", now), None);
        assert_eq!(recent.get_mut("200", now), Some(&mut 200));
    }

    #[test]
    fn what_is_old_is_gone() {
        let (mut recent, now) = (Recent::new(100, LIFE), Timestamp::from_seconds(1));
        recent.insert("a".to_owned(), 1, now);
        assert_eq!(recent.get_mut("a", now + LIFE), None);
        recent.insert("b".to_owned(), 2, now + LIFE);
        assert_eq!(recent.entries.len(), 1);
        assert_eq!(recent.remove("b", now + LIFE), Some(2));
    }

    #[test]
    fn a_key_that_is_entered_again_lives_anew() {
        let (mut recent, now) = (Recent::new(2, LIFE), Timestamp::from_seconds(1));
        recent.insert("a".to_owned(), 1, now);
        recent.insert("a".to_owned(), 2, now + LIFE / 2);
        recent.insert("b".to_owned(), 3, now + LIFE);
        assert_eq!(recent.get_mut("a", now + LIFE), Some(&mut 2));
    }
}
