//! Dates in the format of HTTP. Pure.

use crate::calendar;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns the seconds since 1970 of a date like `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may be sent (RFC
/// 9110, 5.6.7). `None` for anything else.
pub fn seconds(date: &str) -> Option<i64> {
    let mut parts = date.trim().split([' ', ':']).skip(1);
    let day = number(parts.next()?)?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year = number(parts.next()?)?;
    let clock = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    let is_one = parts.next() == Some("GMT") && parts.next().is_none();
    calendar::seconds([year, month, day], clock).filter(|_| is_one)
}

/// Parses a number of at most four digits, so that nothing overflows.
fn number(digits: &str) -> Option<i64> {
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read() {
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds(" Sun, 06 Nov 1994 08:49:37 GMT "), Some(784_111_777));
        assert_eq!(seconds("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199));
        assert_eq!(seconds("Fri, 01 Mar 2024 00:00:00 GMT"), Some(1_709_251_200));
        assert_eq!(seconds("Fri, 31 Dec 2100 00:00:00 GMT"), Some(4_133_894_400));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "120",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*", day in "[0-9]{0,5}", year in "[0-9]{0,5}") {
            let _ = seconds(&text);
            let _ = seconds(&format!("Sun, {day} Jan {year} 08:49:37 GMT"));
        }
    }
}
