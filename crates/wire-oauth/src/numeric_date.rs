//! Times in JWTs (RFC 7519 §2, `NumericDate`).

use serde_json::Value;

/// Whole seconds since 1970-01-01 UTC, rounded down; a fraction is allowed. `None` for anything but a number
/// of a year that four digits can write.
pub fn read(value: &Value) -> Option<i64> {
    /// 9999-12-31T23:59:59Z.
    const LAST: i64 = 253_402_300_799;
    let seconds = match (value.as_i64(), value.as_f64()) {
        (Some(whole), _) => whole,
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, LAST is compared")]
        (None, Some(fraction)) => fraction.floor() as i64,
        (None, None) => return None,
    };
    (0..=LAST).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_numbers_that_can_be_a_date_are_read() {
        assert_eq!(read(&json!(1_795_003_200)), Some(1_795_003_200));
        assert_eq!(read(&json!(1_795_003_200.9)), Some(1_795_003_200));
        assert_eq!(read(&json!(0)), Some(0));
        for bad in [json!(-1), json!(-0.5), json!(1e18), json!(u64::MAX), json!("1"), json!(null)] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
