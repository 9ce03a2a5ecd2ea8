//! How many of a route's messages arrive, of late.

use fiador_domain::journey::Delivery;
use fiador_kernel::Timestamp;

use super::settings::DeliveryWatch;

/// How a message of a route ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Delivered,
    Failed,
    /// Nothing was told in time.
    Overdue,
}

impl Fate {
    /// How a report says that it ended; `None` while it has not.
    pub(super) const fn of(delivery: Delivery) -> Option<Self> {
        match delivery {
            Delivery::Delivered => Some(Self::Delivered),
            Delivery::Failed => Some(Self::Failed),
            Delivery::Unknown | Delivery::Accepted => None,
        }
    }

    /// The word in metrics.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Overdue => "overdue",
        }
    }
}

/// Counts of this window and of the one before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    since: Timestamp,
    now: Counts,
    before: Counts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    arrived: u32,
    lost: u32,
}

impl Record {
    pub(super) fn count(&mut self, fate: Fate, now: Timestamp, watch: &DeliveryWatch) {
        self.turn(now, watch);
        let counter = match fate {
            Fate::Delivered => &mut self.now.arrived,
            Fate::Failed | Fate::Overdue => &mut self.now.lost,
        };
        *counter = counter.saturating_add(1);
    }

    /// The share that arrived, in percent; `None` when there are too few to say.
    pub(super) fn percent(&mut self, now: Timestamp, watch: &DeliveryWatch) -> Option<u8> {
        self.turn(now, watch);
        let arrived = u64::from(self.now.arrived) + u64::from(self.before.arrived);
        let all = arrived + u64::from(self.now.lost) + u64::from(self.before.lost);
        if all < u64::from(watch.least_messages.max(1)) {
            return None;
        }
        u8::try_from(arrived * 100 / all).ok()
    }

    /// Lets the past go. A clock that was set back begins anew.
    fn turn(&mut self, now: Timestamp, watch: &DeliveryWatch) {
        if now < self.since || now >= self.since + watch.window * 2 {
            *self = Self { since: now, ..Self::default() };
        } else if now >= self.since + watch.window {
            *self = Self { since: now, now: Counts::default(), before: self.now };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::from_seconds(1_000_000) + Duration::from_mins(minutes)
    }

    fn counted(record: &mut Record, fate: Fate, count: u32, now: Timestamp) {
        for _ in 0..count {
            record.count(fate, now, &DeliveryWatch::default());
        }
    }

    #[test]
    fn a_few_messages_say_nothing() {
        let (mut record, watch) = (Record::default(), DeliveryWatch::default());
        counted(&mut record, Fate::Failed, 19, at(0));
        assert_eq!(record.percent(at(0), &watch), None);
        counted(&mut record, Fate::Delivered, 1, at(0));
        assert_eq!(record.percent(at(0), &watch), Some(5));
    }

    #[test]
    fn what_is_long_ago_is_forgotten() {
        let (mut record, watch) = (Record::default(), DeliveryWatch::default());
        counted(&mut record, Fate::Overdue, 30, at(0));
        counted(&mut record, Fate::Delivered, 30, at(10));
        assert_eq!(record.percent(at(15), &watch), Some(50));
        assert_eq!(record.percent(at(20), &watch), Some(100));
        assert_eq!(record.percent(at(40), &watch), None);
    }

    #[test]
    fn a_clock_set_back_begins_anew() {
        let (mut record, watch) = (Record::default(), DeliveryWatch::default());
        counted(&mut record, Fate::Failed, 30, at(10));
        assert_eq!(record.percent(at(0), &watch), None);
    }
}
