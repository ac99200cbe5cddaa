//! Whether a token that has the proper name is the one that this rotation has created.

use crate::calendar::milliseconds;

/// Whether a token was created since the last change of the old one, which is its renaming. `created` and `updated` are
/// the server's texts, both by its clock.
///
/// Real servers may report a time of creation that is too early, such as the start of a worker process (API.md), but
/// never one that is too late. So `true` is certain, and a wrong `false` only means that the user is asked whose token
/// it is. `false` also if a time is missing or unreadable.
pub fn is_made_since(created: Option<&str>, updated: Option<&str>) -> bool {
    match (created.and_then(milliseconds), updated.and_then(milliseconds)) {
        (Some(created), Some(updated)) => created >= updated,
        _ => false,
    }
}

#[cfg(test)]
mod made_since_tests {
    use super::*;

    const RENAMED: &str = "2026-11-24T10:00:00.500000+00:00";

    #[test]
    fn what_was_created_after_the_renaming_is_the_new_one() {
        for created in [
            "2026-11-24T10:00:00.500000+00:00",
            "2026-11-24T10:00:01+00:00",
            "2026-11-24T12:00:01+02:00",
            "2026-11-24T10:00:00.501Z",
        ] {
            assert!(is_made_since(Some(created), Some(RENAMED)), "{created}");
        }
    }

    /// Also the new one itself, on a server that reports the start of a worker process: then the user is asked.
    #[test]
    fn what_was_created_before_may_be_anybodys() {
        for created in ["2026-11-24T10:00:00+00:00", "2026-11-24T11:30:00+02:00", "2020-04-06T13:00:00+00:00"]
        {
            assert!(!is_made_since(Some(created), Some(RENAMED)), "{created}");
        }
    }

    /// A time without an offset denotes no moment. A browser takes it for local time.
    #[test]
    fn what_is_not_known_is_not_certain() {
        for created in ["", "soon", "2030-01-01", "2030-01-01T00:00:00", "Tue, 01 Jan 2030 00:00:00 GMT"] {
            assert!(!is_made_since(Some(created), Some(RENAMED)), "{created}");
            assert!(!is_made_since(Some(RENAMED), Some(created)), "{created}");
        }
        assert!(!is_made_since(None, Some(RENAMED)) && !is_made_since(Some(RENAMED), None));
    }
}
