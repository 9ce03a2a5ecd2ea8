//! Weekdays and hours at a fixed distance from UTC.

use fiador_kernel::Timestamp;
use serde::Deserialize;

const MINUTES_OF_DAY: i64 = 24 * 60;

/// A day of the week (ISO 8601: Monday is the first).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A set of days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weekdays(u8);

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | 1 << day as u8))
    }
}

impl Weekdays {
    /// Whether a day, counted from Monday = 0, is a member.
    pub(crate) const fn contains(self, weekday: u8) -> bool {
        self.0 & (1 << weekday) != 0
    }
}

/// A stretch of every day in minutes since midnight, the end not included; past midnight where the end
/// is before the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) start: u16,
    pub(crate) end: u16,
}

/// A time of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocalTime {
    /// Monday is 0.
    pub(crate) weekday: u8,
    /// Minutes since midnight.
    pub(crate) minute: u16,
}

impl LocalTime {
    /// The time of the week that a moment is, so many minutes east of UTC.
    pub(crate) fn of(at: Timestamp, utc_offset: i16) -> Self {
        let minutes = at.as_seconds().div_euclid(60) + i64::from(utc_offset);
        // 1970-01-01 was a Thursday.
        let weekday = (minutes.div_euclid(MINUTES_OF_DAY) + 3).rem_euclid(7);
        let minute = minutes.rem_euclid(MINUTES_OF_DAY);
        Self {
            weekday: u8::try_from(weekday).unwrap_or_default(),
            minute: u16::try_from(minute).unwrap_or_default(),
        }
    }

    pub(crate) const fn is_within(self, hours: Hours) -> bool {
        let (after_start, before_end) = (self.minute >= hours.start, self.minute < hours.end);
        if hours.start <= hours.end { after_start && before_end } else { after_start || before_end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_another_time_of_the_week_elsewhere() {
        // Sunday, 22 November 2026, 23:30 UTC.
        let at = Timestamp::from_seconds(1_795_390_200);
        assert_eq!(LocalTime::of(at, 0), LocalTime { weekday: 6, minute: 23 * 60 + 30 });
        assert_eq!(LocalTime::of(at, 60), LocalTime { weekday: 0, minute: 30 });
        assert_eq!(LocalTime::of(at, -24 * 60), LocalTime { weekday: 5, minute: 23 * 60 + 30 });
    }

    #[test]
    fn hours_may_pass_midnight() {
        let at = |minute| LocalTime { weekday: 0, minute };
        let night = Hours { start: 22 * 60, end: 6 * 60 };
        let day = Hours { start: 9 * 60, end: 17 * 60 };
        assert!(at(23 * 60).is_within(night) && at(0).is_within(night));
        assert!(!at(6 * 60).is_within(night) && !at(12 * 60).is_within(night));
        assert!(at(9 * 60).is_within(day));
        assert!(!at(17 * 60).is_within(day));
    }
}
