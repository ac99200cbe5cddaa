//! Calendar dates and times as numbers. Pure.

mod rfc3339;

pub use rfc3339::milliseconds;

/// The milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// Returns the seconds from the beginning of 1970 to a moment in UTC (year, month and day; hour, minute and second),
/// negative before 1970. `None` if there is no such day or time of day. A leap second, number 60, counts as the second
/// after it.
pub fn seconds([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3]) -> Option<i64> {
    let is_day = (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (is_day && is_time).then(|| ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
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

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar, negative before 1970. Counts in eras of 400
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
    use super::*;

    #[test]
    fn what_there_is_not() {
        assert_eq!(seconds([1970, 1, 1], [0, 0, 0]), Some(0));
        assert_eq!(seconds([2016, 12, 31], [23, 59, 60]), seconds([2017, 1, 1], [0, 0, 0]));
        for date in [[2021, 2, 29], [2024, 4, 31], [2024, 0, 1], [2024, 13, 1], [2024, 1, 0]] {
            assert_eq!(seconds(date, [0, 0, 0]), None, "{date:?}");
        }
        for clock in [[24, 0, 0], [0, 60, 0], [0, 0, 61], [-1, 0, 0]] {
            assert_eq!(seconds([2024, 1, 1], clock), None, "{clock:?}");
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
}
