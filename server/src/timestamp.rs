//! Times in the API's format.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use serde::{Serialize, Serializer};

/// A time in microseconds since 1970-01-01 UTC.
///
/// Formatted as `2020-04-06T13:00:00+00:00`, with six decimals of the second unless they are all zero, which is how
/// Python's `isoformat` formats the real server's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Returns the system clock's time.
    pub fn now() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    /// Returns the time `micros` microseconds after 1970-01-01 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since 1970-01-01 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns this time without its fraction of a second.
    pub const fn whole_seconds(self) -> Self {
        Self(self.0 - self.0.rem_euclid(1_000_000))
    }

    /// Returns the time `earlier` before this one.
    pub fn minus(self, earlier: Duration) -> Self {
        let micros = i64::try_from(earlier.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// Returns the time `later` after this one.
    pub fn plus(self, later: Duration) -> Self {
        let micros = i64::try_from(later.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a hand-edited database can contain a time outside the calendar's range; it must not become a panic.
        let time = DateTime::from_timestamp_micros(self.0).unwrap_or_default();
        let format = if self.0.rem_euclid(1_000_000) == 0 {
            "%Y-%m-%dT%H:%M:%S+00:00"
        } else {
            "%Y-%m-%dT%H:%M:%S%.6f+00:00"
        };
        write!(f, "{}", time.format(format))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_show_only_when_not_zero() {
        let whole = Timestamp::from_micros(1_586_178_000_000_000);
        assert_eq!(whole.to_string(), "2020-04-06T13:00:00+00:00");
        let fraction = Timestamp::from_micros(1_586_178_000_000_120);
        assert_eq!(fraction.to_string(), "2020-04-06T13:00:00.000120+00:00");
        let thousandths = Timestamp::from_micros(1_586_178_000_500_000);
        assert_eq!(thousandths.to_string(), "2020-04-06T13:00:00.500000+00:00");
    }

    #[test]
    fn a_time_beyond_the_calendar_still_prints() {
        assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), "1970-01-01T00:00:00.000000+00:00");
    }

    #[test]
    fn whole_seconds_round_down() {
        assert_eq!(Timestamp::from_micros(1_999_999).whole_seconds().micros(), 1_000_000);
        assert_eq!(Timestamp::from_micros(-1).whole_seconds().micros(), -1_000_000);
    }
}
