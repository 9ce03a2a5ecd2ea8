//! Texts that stand for durations, hours and moments.

use std::time::Duration;

use fiador_kernel::Timestamp;

use super::error::Problem;
use crate::{journey::LIFETIME, routing::policy::calendar::Hours};

/// A sign of risk may lie so far back.
const LONGEST_MEMORY: Duration = Duration::from_hours(10 * 365 * 24);

/// `90s`, `15m`, `72h`, `30d`: at least a second, at most ten years.
pub(super) fn age(text: &str) -> Result<Duration, Problem> {
    let wanted = "a duration such as `90s`, `15m`, `72h` or `30d`, at most 3650d";
    duration(text).filter(|&age| age <= LONGEST_MEMORY).ok_or_else(|| wrong(text, wanted))
}

/// How long a step may be waited for: no longer than a journey lives.
pub(super) fn patience(text: &str) -> Result<Duration, Problem> {
    let wanted = "a duration from `1s` to `5m`, which is as long as a journey lives";
    duration(text).filter(|&patience| patience <= LIFETIME).ok_or_else(|| wrong(text, wanted))
}

/// `22:00-06:00`.
pub(super) fn hours(text: &str) -> Result<Hours, Problem> {
    let wanted = "hours such as `08:00-18:30` or `22:00-06:00`";
    let range = text.split_once('-').and_then(|(from, to)| {
        let hours = Hours { start: clock(from)?, end: clock(to)? };
        (hours.start != hours.end).then_some(hours)
    });
    range.ok_or_else(|| wrong(text, wanted))
}

/// `+HH:MM` or `-HH:MM`, in minutes; at most 14 hours.
pub(super) fn utc_offset(text: &str) -> Result<i16, Problem> {
    let wanted = "a distance from UTC such as `+01:00` or `-03:30`, at most 14 hours";
    let offset = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(east), _) => clock(east).and_then(|minutes| i16::try_from(minutes).ok()),
        (_, Some(west)) => clock(west).and_then(|minutes| i16::try_from(minutes).ok()).map(|m| -m),
        _ => None,
    };
    offset.filter(|offset| offset.abs() <= 14 * 60).ok_or_else(|| wrong(text, wanted))
}

/// RFC 3339, in UTC or with an offset.
pub(super) fn moment(text: &str) -> Result<Timestamp, Problem> {
    let wanted = "a moment such as `2026-12-24T18:00:00Z` (RFC 3339)";
    let read = || {
        let moment: toml::value::Datetime = text.parse().ok()?;
        let (date, time, offset) = (moment.date?, moment.time?, moment.offset?);
        let offset = match offset {
            toml::value::Offset::Z => 0,
            toml::value::Offset::Custom { minutes } => i64::from(minutes),
        };
        let days = days_since_epoch(date.year.into(), date.month.into(), date.day.into());
        let minutes = (days * 24 + i64::from(time.hour)) * 60 + i64::from(time.minute) - offset;
        let seconds = minutes * 60 + i64::from(time.second.unwrap_or(0));
        Some(Timestamp::from_seconds(seconds))
    };
    read().ok_or_else(|| wrong(text, wanted))
}

fn wrong(value: &str, wanted: &'static str) -> Problem {
    Problem::Value { value: value.to_owned(), wanted }
}

/// A whole number and its unit; `None` for zero.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits.then(|| number.parse().ok())??;
    let seconds = number.checked_mul(seconds).filter(|&seconds| seconds > 0)?;
    Some(Duration::from_secs(seconds))
}

/// `HH:MM` in minutes; `24:00` is the end of the day.
fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let minutes = two_digits(hours)? * 60 + two_digits(minutes).filter(|&minutes| minutes < 60)?;
    (minutes <= 24 * 60).then_some(minutes)
}

/// Days of the Gregorian calendar, by years that begin in March.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (century_400, year_of_400) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_400 = year_of_400 * 365 + year_of_400 / 4 - year_of_400 / 100 + day_of_year;
    century_400 * 146_097 + day_of_400 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_bounds() {
        assert_eq!(age("72h"), Ok(Duration::from_hours(72)));
        assert_eq!(age("30d"), Ok(Duration::from_hours(30 * 24)));
        assert_eq!(patience("5m"), Ok(LIFETIME));
        for bad in
            ["", "s", "0s", "1", "1w", "-1s", "+1s", "1.5h", "99999999999999999999d", "é", "1é"]
        {
            assert!(age(bad).is_err(), "{bad}");
        }
        assert!(age("3651d").is_err());
        assert!(patience("301s").is_err());
    }

    #[test]
    fn hours_are_of_the_day() {
        assert_eq!(hours("22:00-06:00"), Ok(Hours { start: 22 * 60, end: 6 * 60 }));
        assert_eq!(hours("00:00-24:00"), Ok(Hours { start: 0, end: 24 * 60 }));
        for bad in
            ["", "22:00", "8:00-9:00", "25:00-26:00", "10:60-11:00", "10:00-10:00", "24:01-1:00"]
        {
            assert!(hours(bad).is_err(), "{bad}");
        }
        assert_eq!(utc_offset("-03:30"), Ok(-210));
        assert!(utc_offset("01:00").is_err() && utc_offset("+14:01").is_err());
    }

    #[test]
    fn moments_are_those_of_rfc_3339() {
        assert_eq!(moment("1970-01-01T00:00:00Z"), Ok(Timestamp::default()));
        assert_eq!(moment("2026-11-22T23:30:00Z"), Ok(Timestamp::from_seconds(1_795_390_200)));
        assert_eq!(moment("2026-11-23T00:30:00+01:00"), moment("2026-11-22T23:30:00Z"));
        assert_eq!(moment("2000-02-29T00:00:00Z"), Ok(Timestamp::from_seconds(951_782_400)));
        for bad in ["", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T23:30:00", "tomorrow"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }
}
