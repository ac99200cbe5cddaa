//! How fast a server lets requests through, as far as its refusals tell. Pure; the waiting itself is done by `session`.

use std::time::Duration;

use super::{Error, ErrorKind, retry::Patience};

/// How many refusals (429, or 408 and 5xx with `Retry-After`) in a row, without a request that got through in between,
/// end automatic requests: series and retries.
const MOST_IN_VAIN: u32 = 12;

/// How long to wait after the first 429 without a readable `Retry-After`; on another origin the header is never
/// readable.
const UNSAID: Duration = Duration::from_secs(1);

/// The pace of all requests of a page. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// The time before which the server wants no further request.
    not_before: f64,
    /// The number of requests that got through.
    through: u32,
    /// The number of refusals since a request last got through.
    in_vain: u32,
    /// How often all series of requests were ended.
    ended: u32,
}

impl Pace {
    /// Records that the server did what a request asked for.
    pub const fn got_through(&mut self) {
        self.through = self.through.wrapping_add(1);
        self.in_vain = 0;
    }

    /// Records a failure. `random` is in 0..1 and adds up to a tenth to the wait, so that clients do not all return at
    /// once.
    pub fn failed(&mut self, error: &Error, now: f64, random: f64) {
        let asked = match error.kind {
            ErrorKind::TooManyRequests(None) => UNSAID * (1 << (self.in_vain / 4).min(4)),
            _ => match (error.kind.retry_after(), error.status) {
                (Some(asked), _) => asked,
                // A response such as "not found" also got through.
                (None, Some(status)) if status < 500 => return self.got_through(),
                (None, _) => return,
            },
        };
        self.in_vain += 1;
        if asked > Patience::SCREEN.longest {
            // Nobody waits that long, so all series end.
            self.end();
        } else {
            let wait = asked.mul_f64(1.0 + random.clamp(0.0, 1.0) / 10.0);
            self.not_before = self.not_before.max(now + wait.as_secs_f64() * 1000.0);
        }
    }

    /// Returns how long the next request of a series has to wait; `None` if it need not.
    pub fn wait(&self, now: f64) -> Option<Duration> {
        let left = Duration::try_from_secs_f64((self.not_before - now) / 1000.0).ok()?;
        // Without the cap, a clock that was set back would prolong the wait by as much.
        (!left.is_zero()).then(|| left.min(Patience::SCREEN.longest.mul_f64(1.1)))
    }

    /// Returns the number of requests that got through. While others do, a refused request only has to wait for its
    /// turn.
    pub const fn through(&self) -> u32 {
        self.through
    }

    /// Whether series and retries may continue: refusals only slow them down, as some requests get through.
    pub const fn goes_on(&self) -> bool {
        self.in_vain < MOST_IN_VAIN
    }

    /// Forgets the refusals, because the user asks for the same again.
    pub const fn renew(&mut self) {
        self.in_vain = 0;
    }

    /// Ends all series of requests.
    pub const fn end(&mut self) {
        self.ended = self.ended.wrapping_add(1);
    }

    /// Returns how often all series were ended. A series is over once this number differs from the one at its start.
    pub const fn ended(&self) -> u32 {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Method;

    fn error(kind: ErrorKind, status: u16) -> Error {
        Error { kind, method: Method::Get, path: String::new(), status: Some(status), message: None }
    }

    fn refusal(seconds: Option<u64>) -> Error {
        error(ErrorKind::TooManyRequests(seconds.map(Duration::from_secs)), 429)
    }

    #[test]
    fn a_series_waits_as_long_as_any_refusal_asked() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(0.0), None);
        pace.failed(&refusal(Some(3)), 1000.0, 0.0);
        pace.failed(&refusal(Some(1)), 1000.0, 0.0);
        assert_eq!(pace.wait(1000.0), Some(Duration::from_secs(3)));
        assert_eq!(pace.wait(3999.0), Some(Duration::from_millis(1)));
        assert_eq!(pace.wait(4000.0), None);
        pace.failed(&error(ErrorKind::Server(Some(Duration::from_secs(5))), 503), 4000.0, 1.0);
        assert_eq!(pace.wait(4000.0), Some(Duration::from_millis(5500)));
        assert_eq!(pace.wait(-3_600_000.0), Some(Duration::from_secs(66)), "a clock was set back");
    }

    #[test]
    fn a_refusal_that_does_not_say_how_long_is_waited_for_as_well() {
        let mut pace = Pace::default();
        let waits: Vec<_> = (0..6)
            .map(|n| {
                let now = f64::from(n) * 60_000.0;
                pace.failed(&refusal(None), now, 0.0);
                pace.wait(now).unwrap_or_default().as_secs()
            })
            .collect();
        assert_eq!(waits, [1, 1, 1, 1, 2, 2]);
        let mut pace = Pace::default();
        pace.failed(&error(ErrorKind::Server(None), 502), 0.0, 0.0);
        assert_eq!(pace.wait(0.0), None, "a failure is no question of pace");
    }

    #[test]
    fn it_goes_on_as_long_as_something_gets_through() {
        let mut pace = Pace::default();
        for round in 0..100 {
            for _ in 0..MOST_IN_VAIN - 1 {
                pace.failed(&refusal(Some(1)), 0.0, 0.0);
            }
            assert!(pace.goes_on());
            // "No such token" is a response, too.
            match round % 2 {
                0 => pace.got_through(),
                _ => pace.failed(&error(ErrorKind::NotFound, 404), 0.0, 0.0),
            }
        }
        for _ in 0..MOST_IN_VAIN {
            pace.failed(&refusal(Some(1)), 0.0, 0.0);
        }
        assert!(!pace.goes_on());
        pace.renew();
        assert!(pace.goes_on());
    }

    #[test]
    fn whoever_asks_for_minutes_ends_what_goes_on_by_itself() {
        let mut pace = Pace::default();
        pace.failed(&refusal(Some(61)), 0.0, 0.0);
        assert_eq!((pace.wait(0.0), pace.ended()), (None, 1));
    }
}
