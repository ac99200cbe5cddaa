//! What tabs leave for one that was not there: when somebody was last at work, and when it all ended.
//!
//! A tab that shows another site, or that its browser has put away, hears nothing of the others, and no timer of it runs; what it
//! kept for its session would be there again with it. Only times are left, in milliseconds, by the clock that all tabs share.

use std::time::Duration;

use super::tabs::ACTIVITY_EVERY;
use crate::storage::Storage;

/// Where a tab has the time of the last activity that it knew of, beside its session (`web/first_page.js` reads it as well).
const OWN: &str = "credmgr.active";

/// How a session stands that a tab had kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Somebody was at work lately.
    Fresh,
    /// Nobody was, for longer than the session may be left alone.
    Idle,
    /// Somebody has signed out since, or the other tabs have locked.
    Ended,
}

/// What all tabs of a deployment share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shared {
    /// Sessions that were last used at this time or before have ended.
    ended: u64,
    /// When somebody was last at work in one of the tabs.
    active: u64,
}

impl Shared {
    /// What cannot be read says nothing.
    fn read(text: &str) -> Self {
        let times = text.split_once(' ').and_then(|(ended, active)| {
            Some(Self { ended: ended.parse().ok()?, active: active.parse().ok()? })
        });
        times.unwrap_or_default()
    }

    fn write(self) -> String {
        format!("{} {}", self.ended, self.active)
    }
}

/// How a session stands at `now` that was last used at `own` in its own tab. Without any time it is from an earlier release.
fn assess(own: Option<u64>, shared: Shared, now: u64, limit: Option<Duration>) -> Kept {
    let Some(own) = own else { return Kept::Fresh };
    if own <= shared.ended {
        return Kept::Ended;
    }
    // A clock that was set back counts as activity.
    let idle = Duration::from_millis(now.saturating_sub(own.max(shared.active)));
    if limit.is_some_and(|limit| idle >= limit) { Kept::Idle } else { Kept::Fresh }
}

fn change(deployment: &str, change: impl FnOnce(&mut Shared)) {
    let mut shared = load(deployment);
    change(&mut shared);
    Storage::Local.set(deployment, &shared.write());
}

fn load(deployment: &str) -> Shared {
    Storage::Local.get(deployment).map(|text| Shared::read(&text)).unwrap_or_default()
}

/// How the session stands that this tab had kept.
pub(super) fn kept(deployment: &str, now: u64, limit: Option<Duration>) -> Kept {
    let own = Storage::Session.get(OWN).and_then(|own| own.parse().ok());
    assess(own, load(deployment), now, limit)
}

/// A session begins that this tab keeps.
pub(super) fn begin(deployment: &str, now: u64) {
    active(now);
    change(deployment, |shared| {
        // After a clock was set back, an earlier end would be this one's too.
        shared.ended = shared.ended.min(now.saturating_sub(1));
        shared.active = now;
    });
}

/// Somebody was at work in this tab, or told this tab from another one.
pub(super) fn active(at: u64) {
    Storage::Session.set(OWN, &at.to_string());
}

/// Somebody was at work, for the tabs that cannot be told.
pub(super) fn tell_active(deployment: &str, at: u64) {
    change(deployment, |shared| shared.active = at);
}

/// This tab keeps no session any more.
pub(super) fn forget() {
    Storage::Session.remove(OWN);
}

/// Somebody has signed out, in all tabs.
pub(super) fn signed_out(deployment: &str, now: u64) {
    change(deployment, |shared| shared.ended = now);
}

/// This tab has locked itself and those that knew of no activity after `last` either ([`super::tabs::locks_too`]).
pub(super) fn locked(deployment: &str, last: u64) {
    change(deployment, |shared| shared.ended = shared.ended.max(last.saturating_add(ACTIVITY_EVERY)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: Option<Duration> = Some(Duration::from_secs(900));

    #[test]
    fn a_tab_that_was_away_for_too_long_is_idle() {
        let now = 10_000_000;
        let nobody = Shared::default();
        assert_eq!(assess(Some(now - 899_999), nobody, now, LIMIT), Kept::Fresh);
        assert_eq!(assess(Some(now - 900_000), nobody, now, LIMIT), Kept::Idle);
        assert_eq!(assess(Some(1), nobody, now, None), Kept::Fresh);
        // the clock was set back
        assert_eq!(assess(Some(now + 5_000_000), nobody, now, LIMIT), Kept::Fresh);
    }

    #[test]
    fn work_in_another_tab_counts() {
        let shared = Shared { ended: 0, active: 9_999_000 };
        assert_eq!(assess(Some(1), shared, 10_000_000, LIMIT), Kept::Fresh);
    }

    #[test]
    fn what_ended_meanwhile_has_ended_here_too() {
        let shared = Shared { ended: 5_000, active: 9_999_000 };
        assert_eq!(assess(Some(5_000), shared, 10_000_000, LIMIT), Kept::Ended);
        assert_eq!(assess(Some(5_001), shared, 10_000_000, LIMIT), Kept::Fresh, "signed in again");
        assert_eq!(assess(None, shared, 10_000_000, LIMIT), Kept::Fresh, "of an earlier release");
    }

    #[test]
    fn nonsense_says_nothing() {
        for text in ["", "1", "a b", "1 2 3", "-1 5"] {
            assert_eq!(Shared::read(text), Shared::default(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_read(ended in any::<u64>(), active in any::<u64>()) {
            let shared = Shared { ended, active };
            prop_assert_eq!(Shared::read(&shared.write()), shared);
        }
    }
}
