//! Users who may make tokens but not delete them. Remembered, so that it is not found out with one more token at every
//! sign-in.

use super::records::Owner;
use crate::storage::Storage;

/// If nothing can be stored, it is found out again.
const STORAGE: Storage = Storage::Local;

/// How long it is remembered, in milliseconds. The user may get the permission meanwhile, so after a month it is tried
/// again.
const FOR: u64 = 30 * 24 * 3600 * 1000;

fn key(owner: &Owner) -> String {
    format!("credmgr.undeletable {} {}", owner.deployment, owner.who)
}

/// Remembers that the server does not let this user delete tokens. `now` is in milliseconds since 1970.
pub(super) fn keep(owner: &Owner, now: u64) {
    STORAGE.set(&key(owner), &now.to_string());
}

/// Whether that was found out within the last month.
pub(super) fn is_known(owner: &Owner, now: u64) -> bool {
    let key = key(owner);
    let Some(kept) = STORAGE.get(&key) else { return false };
    let is_recent = is_recent(&kept, now);
    if !is_recent {
        STORAGE.remove(&key);
    }
    is_recent
}

fn is_recent(kept: &str, now: u64) -> bool {
    kept.parse().is_ok_and(|at: u64| now.checked_sub(at).is_some_and(|age| age < FOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_again_after_a_month() {
        assert!(is_recent("1000", 1000) && is_recent("1000", 1000 + FOR - 1));
        assert!(!is_recent("1000", 1000 + FOR));
        // From a clock that was set back, or not a time.
        assert!(!is_recent("1000", 999) && !is_recent("", 5) && !is_recent("soon", 5));
    }

    #[test]
    fn each_user_of_each_deployment_is_one_of_its_own() {
        let owner = |who: &str, deployment: &str| Owner { who: who.into(), deployment: deployment.into() };
        assert_ne!(key(&owner("user 3", "a")), key(&owner("user 4", "a")));
        assert_ne!(key(&owner("user 3", "a")), key(&owner("user 3", "b")));
    }
}
