//! When a request is retried automatically: only if it is safe to repeat, a few times, with increasing waits. Pure; the
//! waiting itself is done by `session`.

use std::time::Duration;

use super::{Blocker, Error, ErrorKind, Method};

/// How much a request tolerates before its failure is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The maximum number of retries.
    pub retries: u32,
    /// The longest wait that a server may ask for (`Retry-After`). If it asks for more, the failure is reported at
    /// once: nobody looks at a loading screen for minutes.
    pub longest: Duration,
}

impl Patience {
    /// For the requests of a screen.
    pub const SCREEN: Self = Self { retries: 3, longest: Duration::from_secs(60) };
    /// For signing in: the user is waiting, and a server that limits attempts counts each of them.
    pub const SIGN_IN: Self = Self { retries: 2, longest: Duration::from_secs(5) };
}

/// The first wait of the backoff; each further one is [`GROWTH`] times as long.
const FIRST: Duration = Duration::from_millis(400);
const GROWTH: u32 = 3;

/// What to wait for before a request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A period of time.
    For(Duration),
    /// The network's return, however long that takes. Does not count as a retry.
    Online,
}

/// The retries of one request.
#[derive(Clone, Debug)]
pub struct Retries {
    patience: Patience,
    done: u32,
    /// How many requests had got through when the server last asked this one to wait.
    through: Option<u32>,
    timed_out: bool,
    /// The first failure of a request that changes something which left its outcome unknown.
    open: Option<Error>,
}

impl Retries {
    /// Starts with no retries done.
    pub const fn new(patience: Patience) -> Self {
        Self { patience, done: 0, through: None, timed_out: false, open: None }
    }

    /// Returns what to wait for before the request is sent again; `None` if its failure is final.
    ///
    /// `random` is in 0..1 and is the jitter that keeps the requests of one screen, and the screens of one office, from
    /// returning all at once. Without `Retry-After` the wait is between half and all of the backoff; with it, up to a
    /// tenth longer than asked, but never shorter than asked or than the backoff.
    ///
    /// `through` counts the requests that got through ([`super::pace::Pace::through`]): a request that is asked to wait
    /// while others get through only waits for its turn, which does not count as one of its retries.
    pub fn next(&mut self, error: &Error, random: f64, through: u32) -> Option<Wait> {
        if !error.method.is_safe() && error.kind.leaves_outcome_unknown() {
            self.open.get_or_insert_with(|| error.clone());
        }
        if !is_repeatable(error.method) {
            return None;
        }
        if error.kind == ErrorKind::Offline {
            return Some(Wait::Online);
        }
        let asked = match error.kind {
            ErrorKind::Unreachable => None,
            // On another origin, this is what a server's 404 for an unknown address looks like (API.md part 2); the
            // console does without.
            ErrorKind::Blocked(Blocker::CrossOrigin) if is_optional(&error.path) => return None,
            // A proxy's error page does not allow to be read either, so this may be temporary.
            ErrorKind::Blocked(Blocker::CrossOrigin) => None,
            ErrorKind::Server(after) | ErrorKind::TooManyRequests(after) => after,
            // The limit is long: after the second time-out the user wants to know.
            ErrorKind::TimedOut(_) if !self.timed_out => {
                self.timed_out = true;
                None
            }
            _ => return None,
        };
        let is_slowed = asked.is_some() || error.kind.is_turned_away();
        if is_slowed && self.through.replace(through).is_some_and(|before| before != through) {
            self.done = self.done.saturating_sub(1);
        }
        if self.done >= self.patience.retries || asked.is_some_and(|asked| asked > self.patience.longest) {
            return None;
        }
        let random = random.clamp(0.0, 1.0);
        let back_off = (FIRST * GROWTH.saturating_pow(self.done)).mul_f64(0.5 + random / 2.0);
        self.done += 1;
        Some(Wait::For(asked.map_or(back_off, |asked| asked.mul_f64(1.0 + random / 10.0).max(back_off))))
    }

    /// Returns the failure to report, given that `last` is the last one. A final refusal does not say what became of
    /// the attempts before it, so an earlier failure with an unknown outcome takes precedence; but "not found" does
    /// settle it.
    pub fn verdict(&mut self, last: Error) -> Error {
        match self.open.take() {
            Some(open) if last.kind != ErrorKind::NotFound => open,
            _ => last,
        }
    }
}

/// Whether sending the request twice has the same effect as sending it once. A `DELETE` counts because a 404 to the
/// second one means that the first was carried out. A `PATCH` does not, although it carries `test`s: the second could
/// not tell its own change from another user's.
const fn is_repeatable(method: Method) -> bool {
    method.is_safe() || matches!(method, Method::Delete)
}

/// Whether a server may lack this address.
fn is_optional(path: &str) -> bool {
    path.starts_with("/users/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::Misunderstanding;

    fn error(method: Method, kind: ErrorKind) -> Error {
        Error::new(kind, method, "/api_tokens/")
    }

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn only_what_is_safe_to_repeat_is_repeated() {
        let next =
            |method| Retries::new(Patience::SCREEN).next(&error(method, ErrorKind::Unreachable), 0.5, 0);
        assert!(
            next(Method::Get).is_some() && next(Method::Options).is_some() && next(Method::Delete).is_some()
        );
        assert_eq!((next(Method::Post), next(Method::Patch)), (None, None));
        let offline =
            |method| Retries::new(Patience::SCREEN).next(&error(method, ErrorKind::Offline), 0.5, 0);
        assert_eq!(offline(Method::Get), Some(Wait::Online));
        assert_eq!(offline(Method::Post), None);
    }

    #[test]
    fn an_answer_that_will_be_the_same_again_is_final() {
        for kind in [
            ErrorKind::NotSignedIn,
            ErrorKind::NotPermitted,
            ErrorKind::NotFound,
            ErrorKind::Conflict,
            ErrorKind::Cancelled,
            ErrorKind::Redirected,
            ErrorKind::Blocked(Blocker::Policy),
            ErrorKind::Blocked(Blocker::Insecure),
            ErrorKind::NotUnderstood(Misunderstanding::WebPage),
        ] {
            assert_eq!(Retries::new(Patience::SCREEN).next(&error(Method::Get, kind), 0.5, 0), None);
        }
    }

    #[test]
    fn what_another_origin_is_without_is_not_asked_for_again() {
        let next = |path: &str| {
            let kind = ErrorKind::Blocked(Blocker::CrossOrigin);
            let error = Error { path: path.into(), ..error(Method::Get, kind) };
            Retries::new(Patience::SCREEN).next(&error, 0.5, 0)
        };
        assert_eq!(next("/users/?limit=100&offset=0"), None);
        assert!(next("/api_tokens/?limit=100&offset=0").is_some());
    }

    #[test]
    fn waits_grow() {
        let mut retries = Retries::new(Patience::SCREEN);
        let error = error(Method::Get, ErrorKind::Server(None));
        let waits: Vec<_> = std::iter::from_fn(|| retries.next(&error, 1.0, 0)).collect();
        assert_eq!(
            waits,
            [400, 1200, 3600].map(|ms| Wait::For(Duration::from_millis(ms))),
            "three, and no fourth"
        );
    }

    #[test]
    fn a_server_is_waited_for_as_long_as_it_asks_but_not_for_minutes() {
        let after = |asked| ErrorKind::TooManyRequests(Some(asked));
        let next = |patience, asked| Retries::new(patience).next(&error(Method::Get, after(asked)), 0.0, 0);
        assert_eq!(next(Patience::SCREEN, seconds(60)), Some(Wait::For(seconds(60))));
        assert_eq!(next(Patience::SCREEN, seconds(61)), None);
        assert_eq!(next(Patience::SIGN_IN, seconds(6)), None);
        // To the server zero means at once, but not in a tight loop.
        assert_eq!(next(Patience::SCREEN, seconds(0)), Some(Wait::For(FIRST / 2)));
    }

    #[test]
    fn a_time_limit_is_waited_for_twice() {
        let mut retries = Retries::new(Patience::SCREEN);
        let error = error(Method::Get, ErrorKind::TimedOut(seconds(20)));
        assert!(retries.next(&error, 0.5, 0).is_some());
        assert_eq!(retries.next(&error, 0.5, 0), None);
    }

    #[test]
    fn a_request_waits_for_its_turn_as_long_as_others_get_through() {
        let refused = error(Method::Get, ErrorKind::TooManyRequests(Some(seconds(1))));
        let tries = |through: fn(u32) -> u32| {
            let mut retries = Retries::new(Patience::SCREEN);
            (0..50).take_while(|n| retries.next(&refused, 0.5, through(*n)).is_some()).count()
        };
        assert_eq!(tries(|n| n), 50);
        assert_eq!(tries(|_| 7), 3, "nobody gets through");
        let mut retries = Retries::new(Patience::SCREEN);
        let failed = error(Method::Get, ErrorKind::Server(None));
        assert_eq!((0..50).take_while(|n| retries.next(&failed, 0.5, *n).is_some()).count(), 3);
    }

    #[test]
    fn a_refusal_at_the_end_does_not_say_what_became_of_the_first() {
        let verdict = |first: ErrorKind, last: ErrorKind| {
            let mut retries = Retries::new(Patience::SCREEN);
            let last = error(Method::Delete, last);
            retries.next(&error(Method::Delete, first), 0.5, 0);
            retries.next(&last, 0.5, 0);
            retries.verdict(last).kind
        };
        let refused = ErrorKind::TooManyRequests(Some(seconds(300)));
        assert_eq!(verdict(ErrorKind::Server(None), refused.clone()), ErrorKind::Server(None));
        assert_eq!(verdict(ErrorKind::Server(None), ErrorKind::NotFound), ErrorKind::NotFound);
        assert_eq!(verdict(ErrorKind::Offline, refused.clone()), refused);
    }

    proptest! {
        #[test]
        fn retries_end_and_never_come_early(
            answers in proptest::collection::vec((0u8..4, 0u64..200), 0..40),
            random in -1.0f64..2.0,
        ) {
            let mut retries = Retries::new(Patience::SCREEN);
            let mut waits = 0;
            for (which, after) in answers {
                let kind = match which {
                    0 => ErrorKind::Unreachable,
                    1 => ErrorKind::TimedOut(seconds(20)),
                    2 => ErrorKind::Server(Some(seconds(after))),
                    _ => ErrorKind::TooManyRequests(Some(seconds(after))),
                };
                let asked = match kind { ErrorKind::Server(a) | ErrorKind::TooManyRequests(a) => a, _ => None };
                if let Some(Wait::For(wait)) = retries.next(&error(Method::Get, kind), random, 0) {
                    waits += 1;
                    prop_assert!(wait >= asked.unwrap_or_default());
                    prop_assert!(wait <= Patience::SCREEN.longest.mul_f64(1.1));
                }
            }
            prop_assert!(waits <= Patience::SCREEN.retries);
        }
    }
}
