//! Times as the server writes them.

use super::seconds;

/// Parses a time of the server (RFC 3339: `2020-04-06T13:00:00.123456+00:00`) into milliseconds since 1970, rounded
/// down. `None` for anything else, including a time without an offset, which does not denote a moment.
pub fn milliseconds(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (digits(date.next()?, 4)?, digits(date.next()?, 2)?, digits(date.next()?, 2)?);
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let mut clock = clock.splitn(3, ':');
    let (hour, minute, second) =
        (digits(clock.next()?, 2)?, digits(clock.next()?, 2)?, digits(clock.next()?, 2)?);
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, offset) = rest.split_at_checked(length)?;
            (thousandths(fraction)?, offset)
        }
        None => (0, rest),
    };
    let seconds = seconds([year, month, day], [hour, minute, second])?;
    Some((seconds - offset_minutes(offset)? * 60) * 1000 + fraction)
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Returns the first three digits of a fraction; `None` if it has no digit.
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

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*", almost in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})?") {
            milliseconds(&text);
            milliseconds(&almost);
        }
    }
}
