//! Answers of the register, for a while.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use fiador_kernel::{Digest, Msisdn, Timestamp};
use fiador_ports::NumberHolder;
use parking_lot::Mutex;

/// Answers by the digest of the number. All are kept equally long, so the order of coming is the
/// order of expiry; at the bound the oldest goes first.
pub(super) struct Cache {
    capacity: usize,
    keep: Duration,
    kept: Mutex<Kept>,
}

/// What the register said; that nobody took the number along is an answer too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer(pub(super) Option<NumberHolder>);

#[derive(Default)]
struct Kept {
    answers: HashMap<Digest, (Answer, Timestamp)>,
    oldest_first: VecDeque<Digest>,
}

impl Cache {
    pub(super) fn new(capacity: usize, keep: Duration) -> Self {
        Self { capacity, keep, kept: Mutex::default() }
    }

    /// The answer, unless its time is over or there is none.
    pub(super) fn find(&self, number: &Msisdn, now: Timestamp) -> Option<Answer> {
        let kept = self.kept.lock();
        let (answer, until) = kept.answers.get(&Digest::of(number.digits()))?;
        // An end further away than a whole period comes of a clock that was set back.
        (now < *until && *until <= now + self.keep).then(|| answer.clone())
    }

    pub(super) fn keep(&self, number: &Msisdn, answer: Answer, now: Timestamp) {
        if self.capacity == 0 {
            return;
        }
        let mut kept = self.kept.lock();
        let Kept { answers, oldest_first } = &mut *kept;
        let key = Digest::of(number.digits());
        if answers.insert(key, (answer, now + self.keep)).is_none() {
            oldest_first.push_back(key);
        }
        while answers.len() > self.capacity {
            let Some(oldest) = oldest_first.pop_front() else { break };
            answers.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    fn number(n: u32) -> Msisdn {
        Msisdn::from_digits(&format!("44770090{n:04}")).unwrap()
    }

    #[test]
    fn an_answer_is_kept_for_its_time_also_when_it_says_nobody() {
        let cache = Cache::new(10, Duration::from_mins(1));
        cache.keep(&number(1), Answer(None), START);
        assert_eq!(cache.find(&number(1), START), Some(Answer(None)));
        assert_eq!(cache.find(&number(2), START), None);
        assert_eq!(cache.find(&number(1), START + Duration::from_mins(1)), None);
        assert_eq!(cache.find(&number(1), START.before(Duration::from_hours(1))), None);
    }

    #[test]
    fn no_more_answers_are_kept_than_there_is_room_for_t_260() {
        let cache = Cache::new(3, Duration::from_mins(1));
        for n in 0..100 {
            cache.keep(&number(n), Answer(None), START);
            cache.keep(&number(n), Answer(None), START);
        }
        let kept = cache.kept.lock();
        assert_eq!((kept.answers.len(), kept.oldest_first.len()), (3, 3));
    }
}
