//! Requests that a server refuses with 401 although it accepts the credentials.

use crate::api::Method;

/// How long after signing in a refusal counts as such, in milliseconds. Later ones may be due to an expired session.
const LATELY: u64 = 60_000;

/// The requests that were refused before the user signed in the last time, and since then. Without them, every request
/// of the same kind would ask the user to sign in, for ever.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    before: Vec<Kind>,
    since: Vec<Kind>,
    signed_in_at: u64,
}

/// A method, and a path without the ID at its end: what a server refuses of one token it will refuse of others.
type Kind = (Method, String);

impl Refusals {
    /// Notes that the server has accepted credentials.
    pub(super) fn accepted(&mut self, now: u64) {
        self.before = std::mem::take(&mut self.since);
        self.signed_in_at = now;
    }

    /// Notes a refusal. Returns whether signing in would not help: it was the answer to a refusal of this kind. Such a kind
    /// is remembered for the next time, too: another kind may be why the user signs in then.
    pub(super) fn refused(&mut self, method: Method, path: &str, now: u64) -> bool {
        let kind = (method, path.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
        let is_again = now.saturating_sub(self.signed_in_at) < LATELY && self.before.contains(&kind);
        if !self.since.contains(&kind) {
            self.since.push(kind);
        }
        is_again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: (Method, &str) = (Method::Options, "/api_tokens/1");

    fn refused(refusals: &mut Refusals, (method, path): (Method, &str), now: u64) -> bool {
        refusals.refused(method, path, now)
    }

    #[test]
    fn signing_in_does_not_help_twice() {
        let mut refusals = Refusals::default();
        assert!(!refused(&mut refusals, ONE, 0));
        assert!(!refused(&mut refusals, ONE, 1), "nobody has signed in since");
        refusals.accepted(2);
        assert!(refused(&mut refusals, ONE, 3));
        assert!(refused(&mut refusals, (Method::Options, "/api_tokens/25"), 3), "of the same kind");
    }

    #[test]
    fn two_kinds_do_not_take_turns() {
        let other = (Method::Get, "/api_tokens/1");
        let mut refusals = Refusals::default();
        assert!(!refused(&mut refusals, ONE, 0));
        refusals.accepted(1);
        assert!(refused(&mut refusals, ONE, 2));
        assert!(!refused(&mut refusals, other, 3));
        refusals.accepted(4);
        assert!(refused(&mut refusals, ONE, 5));
        assert!(refused(&mut refusals, other, 5));
    }

    #[test]
    fn what_was_not_refused_before_may_be_an_expired_session() {
        let mut refusals = Refusals::default();
        assert!(!refused(&mut refusals, ONE, 0));
        refusals.accepted(1);
        assert!(!refused(&mut refusals, (Method::Get, "/api_tokens/1"), 2));
        assert!(!refused(&mut refusals, (Method::Options, "/api_tokens/1?x"), 2));
        assert!(!refused(&mut refusals, ONE, 1 + LATELY), "much later");
    }

    #[test]
    fn a_sign_in_that_helped_is_forgotten_with_the_next() {
        let mut refusals = Refusals::default();
        assert!(!refused(&mut refusals, ONE, 0));
        refusals.accepted(1);
        refusals.accepted(2);
        assert!(!refused(&mut refusals, ONE, 3));
    }
}
