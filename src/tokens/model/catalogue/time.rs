//! Times of the server as numbers.

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// A moment that the server wrote (RFC 3339: `2020-04-06T13:00:00.123456+00:00`) in milliseconds since
/// 1970, rounded down. `None` for anything else, for a time without an offset too: nobody knows which
/// moment that is.
pub fn milliseconds(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (digits(date.next()?, 4)?, digits(date.next()?, 2)?, digits(date.next()?, 2)?);
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let mut clock = clock.splitn(3, ':');
    let (hour, minute, second) =
        (digits(clock.next()?, 2)?, digits(clock.next()?, 2)?, digits(clock.next()?, 2)?);
    // RFC 3339 has leap seconds; here such a second is the next one.
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, offset) = rest.split_at_checked(length)?;
            (thousandths(fraction)?, offset)
        }
        None => (0, rest),
    };
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        - offset_minutes(offset)? * 60;
    Some(seconds * 1000 + fraction)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The first three digits of a fraction, which has at least one.
fn thousandths(fraction: &str) -> Option<i64> {
    let mut shown = fraction.bytes().map(|b| i64::from(b - b'0')).chain(std::iter::repeat(0));
    let value = shown.by_ref().take(3).fold(0, |value, digit| value * 10 + digit);
    (!fraction.is_empty()).then_some(value)
}

fn offset_minutes(offset: &str) -> Option<i64> {
    if matches!(offset, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match offset.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, offset.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, negative before it. Counts in eras of 400
/// years that begin in March, so that the leap day is the last of its year.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_servers_write() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.001+00:00", 1),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2020-04-06T13:00:00+00:00", 1_586_178_000_000),
            ("2020-04-06T13:00:00.123456+00:00", 1_586_178_000_123),
            ("2020-04-06T15:30:00.5+02:30", 1_586_178_000_500),
            ("2020-04-06t08:00:00-05:00", 1_586_178_000_000),
            ("2000-02-29 00:00:00Z", 951_782_400_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(milliseconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "never",
            "2020-04-06",
            "2020-04-06T13:00:00",
            "2020-04-06T13:00Z",
            "2021-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-00-01T00:00:00Z",
            "2020-04-31T00:00:00Z",
            "2020-04-06T24:00:00Z",
            "2020-04-06T13:00:00.Z",
            "2020-04-06T13:00:00+0000",
            "2020-04-06T13:00:00Z ",
            "+020-04-06T13:00:00Z",
            "2020-4-006T13:00:00Z",
            "２020-04-06T13:00:00Z",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = days_since_1970(1583, 1, 1);
        for year in 1583..2500 {
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month) {
                    assert_eq!(days_since_1970(year, month, day), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        assert_eq!(days_since_1970(1970, 1, 1), 0);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*", almost in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})?") {
            milliseconds(&text);
            milliseconds(&almost);
        }
    }
}
