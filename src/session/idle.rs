//! When a session is locked for lack of activity. Pure.

use std::time::Duration;

/// The state of a session that has not been used for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// In use; to be checked again after this long.
    Fresh(Duration),
    /// About to be locked, in this long.
    Warning(Duration),
    /// To be locked now.
    Expired,
}

/// Returns how long before the lock the user is warned: a minute, or half of a shorter limit.
pub fn warning_time(limit: Duration) -> Duration {
    Duration::from_secs(60).min(limit / 2)
}

/// Returns the state of a session that was last used `idle` ago and is locked after `limit`.
pub fn assess(idle: Duration, limit: Duration) -> Idle {
    let Some(left) = limit.checked_sub(idle).filter(|left| !left.is_zero()) else { return Idle::Expired };
    match left.checked_sub(warning_time(limit)) {
        Some(before_warning) if !before_warning.is_zero() => Idle::Fresh(before_warning),
        _ => Idle::Warning(left),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn minutes(n: u64) -> Duration {
        Duration::from_secs(n * 60)
    }

    #[test]
    fn warns_a_minute_before() {
        assert_eq!(assess(Duration::ZERO, minutes(15)), Idle::Fresh(minutes(14)));
        assert_eq!(assess(minutes(14), minutes(15)), Idle::Warning(minutes(1)));
        assert_eq!(assess(minutes(15), minutes(15)), Idle::Expired);
        // the machine slept
        assert_eq!(assess(minutes(600), minutes(15)), Idle::Expired);
    }

    #[test]
    fn a_short_limit_warns_halfway() {
        assert_eq!(assess(Duration::ZERO, minutes(1)), Idle::Fresh(Duration::from_secs(30)));
        assert_eq!(assess(Duration::from_secs(30), minutes(1)), Idle::Warning(Duration::from_secs(30)));
    }

    proptest! {
        #[test]
        fn looking_again_when_told_never_misses_the_warning(idle in 0u64..100_000, limit in 1u64..100_000) {
            let (idle, limit) = (Duration::from_millis(idle), Duration::from_millis(limit));
            match assess(idle, limit) {
                Idle::Fresh(wait) => prop_assert!(matches!(assess(idle + wait, limit), Idle::Warning(_))),
                Idle::Warning(left) => prop_assert_eq!(assess(idle + left, limit), Idle::Expired),
                Idle::Expired => prop_assert!(idle >= limit),
            }
        }
    }
}
