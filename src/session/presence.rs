//! Times that tabs store for a tab that was away: when the user was last active, and when sessions ended.
//!
//! A tab that shows another site, or that its browser has put away, receives no messages and runs no timers; the
//! session that it keeps would come back with it. Only times are stored, in milliseconds, by the clock that all tabs
//! share.

use std::time::Duration;

use super::{
    deployment::tab_key,
    tabs::{ACTIVITY_EVERY, last_activity, locks_too},
};
use crate::storage::Storage;

/// Returns the key of the last activity that a tab knew of (`web/first_page.js` reads it as well).
fn own_key(deployment: &str) -> String {
    tab_key(deployment, "active")
}

/// The state of a session in a tab that was away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It goes on.
    Fresh,
    /// Nobody was active for longer than the limit, or that cannot be told because a clock was wrong.
    Idle,
    /// The user has signed out since.
    Ended,
}

/// What all tabs of a deployment share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shared {
    /// Sessions last used at this time or earlier were signed out of.
    signed_out: u64,
    /// Sessions last used at this time or earlier have locked.
    locked: u64,
    /// The time of the last activity in any tab.
    active: u64,
}

impl Shared {
    /// Reads the stored text. An unreadable text counts as no times.
    fn read(text: &str) -> Self {
        let times: Option<Vec<u64>> = text.split(' ').map(|time| time.parse().ok()).collect();
        match times.as_deref() {
            Some([signed_out, locked, active]) => {
                Self { signed_out: *signed_out, locked: *locked, active: *active }
            }
            _ => Self::default(),
        }
    }

    fn write(self) -> String {
        format!("{} {} {}", self.signed_out, self.locked, self.active)
    }

    /// Notes activity. If there was none for too long before, every session that was used before then has locked.
    fn active(&mut self, now: u64, limit: Option<Duration>) {
        let alone = Duration::from_millis(now.saturating_sub(self.active));
        if self.active > 0 && limit.is_some_and(|limit| alone >= limit) {
            self.locked = self.locked.max(self.active.saturating_add(ACTIVITY_EVERY));
        }
        self.active = now;
    }

    /// Notes that a session begins. Moves earlier ends to before `now`: after the clock was set back, they would
    /// otherwise end this session too.
    fn begin(&mut self, now: u64, limit: Option<Duration>) {
        self.active(now, limit);
        let before = now.saturating_sub(1);
        self.signed_out = self.signed_out.min(before);
        self.locked = self.locked.min(before);
    }

    /// Notes that a tab has locked which knew of no activity after `last`. It may have slept while the user was active
    /// elsewhere.
    fn lock(&mut self, last: u64) {
        if locks_too(self.active, last) {
            self.locked = self.locked.max(last.saturating_add(ACTIVITY_EVERY));
        }
    }
}

/// Returns the state at `now` of a session that was last used at `own` in its own tab. Without that time it was kept by
/// an earlier release.
fn assess(own: Option<u64>, shared: Shared, now: u64, limit: Option<Duration>) -> Left {
    let Some(own) = own else { return Left::Fresh };
    if own <= shared.signed_out {
        return Left::Ended;
    }
    let idle = Duration::from_millis(now.saturating_sub(latest(own, shared, now)));
    let is_alone = own <= shared.locked || limit.is_some_and(|limit| idle >= limit);
    if is_alone || !is_sure(own, now) { Left::Idle } else { Left::Fresh }
}

/// Whether a time is not still to come: then a clock was wrong.
const fn is_sure(at: u64, now: u64) -> bool {
    at <= now.saturating_add(ACTIVITY_EVERY)
}

/// Returns the last activity in any tab.
fn latest(own: u64, shared: Shared, now: u64) -> u64 {
    [own, shared.active].into_iter().filter(|at| is_sure(*at, now)).max().unwrap_or_default()
}

/// Returns the last activity in any tab, never later than `now`, for a tab that knows of none after `own`. Returns `own`
/// if the session of such a tab has ended or locked since.
fn caught_up(own: u64, shared: Shared, now: u64, limit: Duration) -> u64 {
    match assess(Some(own), shared, now, Some(limit)) {
        Left::Fresh => last_activity(own, latest(own, shared, now), now),
        Left::Idle | Left::Ended => own,
    }
}

/// Changes what all tabs share. It is stored under the name of the deployment (`web/first_page.js` reads it as well).
fn change(deployment: &str, change: impl FnOnce(&mut Shared)) {
    let mut shared = load(deployment);
    change(&mut shared);
    Storage::Local.set(deployment, &shared.write());
}

fn load(deployment: &str) -> Shared {
    Storage::Local.get(deployment).map(|text| Shared::read(&text)).unwrap_or_default()
}

/// Returns the state of this tab's session, if the tab was away.
pub(super) fn left(deployment: &str, now: u64, limit: Option<Duration>) -> Left {
    let own = Storage::Session.get(&own_key(deployment)).and_then(|own| own.parse().ok());
    assess(own, load(deployment), now, limit)
}

/// Returns the last activity in any tab, for a tab that may have been away and knows of none after `own`.
pub(super) fn last_active(deployment: &str, own: u64, now: u64, limit: Duration) -> u64 {
    caught_up(own, load(deployment), now, limit)
}

/// Notes that a session begins in this tab.
pub(super) fn begin(deployment: &str, now: u64, limit: Option<Duration>) {
    heard(deployment, now);
    change(deployment, |shared| shared.begin(now, limit));
}

/// Notes activity in this tab.
pub(super) fn active(deployment: &str, now: u64, limit: Duration) {
    heard(deployment, now);
    change(deployment, |shared| shared.active(now, Some(limit)));
}

/// Notes, for this tab only, activity in this tab or another one.
pub(super) fn heard(deployment: &str, at: u64) {
    Storage::Session.set(&own_key(deployment), &at.to_string());
}

/// Notes that this tab no longer has a session.
pub(super) fn forget(deployment: &str) {
    Storage::Session.remove(&own_key(deployment));
}

/// Notes that the user has signed out, in all tabs.
pub(super) fn signed_out(deployment: &str, now: u64) {
    change(deployment, |shared| shared.signed_out = now);
}

/// Notes that this tab has locked itself.
pub(super) fn locked(deployment: &str, last: u64) {
    change(deployment, |shared| shared.lock(last));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: Option<Duration> = Some(Duration::from_secs(900));
    const NOW: u64 = 10_000_000;

    fn at_work(active: u64) -> Shared {
        Shared { active, ..Shared::default() }
    }

    #[test]
    fn a_tab_that_was_away_for_too_long_is_idle() {
        let nobody = Shared::default();
        assert_eq!(assess(Some(NOW - 899_999), nobody, NOW, LIMIT), Left::Fresh);
        assert_eq!(assess(Some(NOW - 900_000), nobody, NOW, LIMIT), Left::Idle);
        assert_eq!(assess(Some(1), nobody, NOW, None), Left::Fresh);
        assert_eq!(assess(None, nobody, NOW, LIMIT), Left::Fresh, "of an earlier release");
    }

    #[test]
    fn a_time_that_is_still_to_come_is_none() {
        assert_eq!(assess(Some(NOW + 1_000), at_work(0), NOW, LIMIT), Left::Fresh);
        assert_eq!(assess(Some(NOW + 3_600_000), at_work(0), NOW, LIMIT), Left::Idle);
        assert_eq!(assess(Some(NOW - 900_000), at_work(NOW + 3_600_000), NOW, LIMIT), Left::Idle);
    }

    #[test]
    fn work_in_another_tab_counts_unless_it_came_too_late() {
        let mut shared = at_work(NOW - 1_800_000);
        let mut later = shared;
        for minutes in 0..30 {
            shared.active(NOW - 1_800_000 + minutes * 60_000, LIMIT);
        }
        assert_eq!(assess(Some(NOW - 1_800_000), shared, NOW, LIMIT), Left::Fresh);
        later.active(NOW - 60_000, LIMIT);
        assert_eq!(assess(Some(NOW - 1_800_000), later, NOW, LIMIT), Left::Idle);
        assert_eq!(assess(Some(NOW - 60_000), later, NOW, LIMIT), Left::Fresh);
    }

    #[test]
    fn what_was_signed_out_of_meanwhile_has_ended_here_too() {
        let shared = Shared { signed_out: 5_000, ..at_work(NOW) };
        assert_eq!(assess(Some(5_000), shared, NOW, LIMIT), Left::Ended);
        assert_eq!(assess(Some(5_001), shared, NOW, LIMIT), Left::Fresh, "signed in again");
    }

    #[test]
    fn a_lock_is_for_those_that_knew_of_no_later_work() {
        let mut shared = at_work(1_000_000);
        shared.lock(1_000_000);
        assert_eq!(assess(Some(1_000_000), shared, 1_000_001, None), Left::Idle);
        // A tab that slept wakes up while the user is active elsewhere.
        let mut busy = at_work(NOW);
        busy.lock(1_000_000);
        assert_eq!(busy, at_work(NOW));
    }

    #[test]
    fn what_ended_before_a_session_is_not_its_end() {
        let mut shared = Shared { signed_out: NOW + 5, locked: NOW + 5, active: NOW + 5 };
        shared.begin(NOW, LIMIT);
        assert_eq!(assess(Some(NOW), shared, NOW + 1, LIMIT), Left::Fresh);
    }

    #[test]
    fn a_tab_that_was_away_takes_over_when_another_was_used() {
        let limit = Duration::from_secs(900);
        let own = NOW - 1_800_000;
        assert_eq!(caught_up(own, at_work(NOW - 1_000), NOW, limit), NOW - 1_000);
        assert_eq!(caught_up(own, at_work(NOW + 1_000), NOW, limit), NOW, "capped");
        assert_eq!(caught_up(NOW - 5, at_work(NOW - 1_000), NOW, limit), NOW - 5, "never earlier");
        assert_eq!(caught_up(own, at_work(NOW + 3_600_000), NOW, limit), own, "a wrong clock");
        assert_eq!(caught_up(NOW - 5, at_work(NOW + 3_600_000), NOW, limit), NOW - 5, "a wrong clock");
        // It locked, or was signed out of, before the user went on in the other tab.
        assert_eq!(caught_up(own, Shared { locked: own, ..at_work(NOW) }, NOW, limit), own);
        assert_eq!(caught_up(own, Shared { signed_out: own, ..at_work(NOW) }, NOW, limit), own);
    }

    #[test]
    fn nonsense_says_nothing() {
        for text in ["", "1", "1 2", "a b c", "1 2 3 4", "-1 5 6"] {
            assert_eq!(Shared::read(text), Shared::default(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_read(signed_out in any::<u64>(), locked in any::<u64>(), active in any::<u64>()) {
            let shared = Shared { signed_out, locked, active };
            prop_assert_eq!(Shared::read(&shared.write()), shared);
        }
    }
}
