//! `validity_period` in its relative form (SMPP 3.4 §7.1.1).

use std::time::Duration;

const HALF_A_SECOND: Duration = Duration::from_millis(500);
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Longer periods would need months and years, whose length centres disagree about.
const LONGEST: u64 = 30 * DAY;

/// `YYMMDDhhmmsstnnR`: whole seconds, the nearest, from one second to thirty days.
pub(crate) fn relative(validity: Duration) -> String {
    let seconds = validity.saturating_add(HALF_A_SECOND).as_secs().clamp(1, LONGEST);
    let (days, hours) = (seconds / DAY, seconds % DAY / HOUR);
    let (minutes, seconds) = (seconds % HOUR / MINUTE, seconds % MINUTE);
    format!("0000{days:02}{hours:02}{minutes:02}{seconds:02}000R")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_counts_in_calendar_digits() {
        for (seconds, text) in [
            (0, "000000000001000R"),
            (180, "000000000300000R"),
            (59, "000000000059000R"),
            (90_061, "000001010101000R"),
            (u64::MAX, "000030000000000R"),
        ] {
            assert_eq!(relative(Duration::from_secs(seconds)), text);
            assert_eq!(text.len(), 16);
        }
    }

    #[test]
    fn the_blink_between_caller_and_centre_does_not_show() {
        assert_eq!(relative(Duration::from_millis(179_990)), "000000000300000R");
        assert_eq!(relative(Duration::from_millis(179_400)), "000000000259000R");
    }
}
