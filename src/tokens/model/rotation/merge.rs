//! A record that two tabs have changed.

use super::Record;

/// Decides what to store for a rotation that this page goes on with.
///
/// `known` is the record that this page has last loaded or stored, `stored` the one that is stored now, and `own` the one
/// that this page wants to store; `None` if there is none. Returns the record to store if no other tab has gone on with
/// the rotation. Otherwise returns an error with the record to go on from; `None` if the rotation has ended.
///
/// That the new secret was handed over or verified is true whichever tab has noted it, so it is added and never lost. The
/// same goes for a new token that this page has learned of while the other tab knows of none.
pub fn merge(
    known: Option<&Record>,
    stored: Option<&Record>,
    own: &Record,
) -> Result<Record, Option<Record>> {
    let Some(theirs) = stored else {
        // Never stored before, or removed meanwhile.
        return if known.is_none() { Ok(own.clone()) } else { Err(None) };
    };
    let is_known = known.is_some_and(|known| is_same_step(known, theirs));
    // Only one tab sends a creation.
    let both_create = own.sent && !known.is_some_and(|known| known.sent);
    let is_unchanged = is_known || (is_same_step(own, theirs) && !both_create);
    if !is_unchanged
        && theirs.new.is_none()
        && known.is_some_and(|known| known.new.is_none())
        && own.new.is_some()
    {
        let (new, handed, verified) = (own.new, own.handed, own.verified);
        return Err(Some(Record { new, handed, verified, sent: false, ..theirs.clone() }));
    }
    let (base, other) = if is_unchanged { (own, theirs) } else { (theirs, own) };
    let is_same_new = base.new == other.new;
    let merged = Record {
        handed: base.handed || (is_same_new && other.handed),
        verified: base.verified || (is_same_new && other.verified),
        ..base.clone()
    };
    if is_unchanged { Ok(merged) } else { Err(Some(merged)) }
}

/// Whether two records differ by what is noted of the hand-over at most.
fn is_same_step(one: &Record, other: &Record) -> bool {
    Record { handed: other.handed, verified: other.verified, ..one.clone() } == *other
}

#[cfg(test)]
mod merge_tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tokens::model::rotation::sample;

    fn begun() -> Record {
        Record { begun: true, ..Record::new(&sample(), "2026-11-24", false) }
    }

    fn with_new() -> Record {
        Record { new: Some(60), ..begun() }
    }

    #[test]
    fn what_no_other_tab_has_changed_is_stored() {
        let (before, after) = (begun(), with_new());
        assert_eq!(merge(None, None, &before), Ok(before.clone()));
        assert_eq!(merge(Some(&before), Some(&before), &after), Ok(after.clone()));
        // The other tab has found out the same.
        assert_eq!(merge(Some(&before), Some(&after), &after), Ok(after));
    }

    #[test]
    fn a_rotation_that_has_ended_elsewhere_is_not_brought_back() {
        assert_eq!(merge(Some(&with_new()), None, &Record { undoing: true, ..with_new() }), Err(None));
    }

    #[test]
    fn what_another_tab_has_found_out_is_not_overwritten() {
        let before = Record { sent: true, ..begun() };
        let own = Record { sent: false, ..before.clone() };
        for theirs in [with_new(), Record { undoing: true, ..before.clone() }] {
            assert_eq!(merge(Some(&before), Some(&theirs), &own), Err(Some(theirs.clone())));
            assert_eq!(merge(None, Some(&theirs), &own), Err(Some(theirs)), "begun in both tabs");
        }
    }

    /// It may exist, whatever the other tab has done: the next look tells.
    #[test]
    fn a_new_token_that_this_tab_has_created_is_not_dropped() {
        let before = Record { sent: true, ..begun() };
        for theirs in [begun(), Record { undoing: true, ..before.clone() }] {
            let expected = Record { undoing: theirs.undoing, ..with_new() };
            assert_eq!(merge(Some(&before), Some(&theirs), &with_new()), Err(Some(expected)));
        }
        // One that the other tab has deleted was known before.
        let undone = Record { undoing: true, ..begun() };
        let own = Record { handed: true, ..with_new() };
        assert_eq!(merge(Some(&with_new()), Some(&undone), &own), Err(Some(undone)));
    }

    #[test]
    fn only_one_tab_sends_a_creation() {
        let (before, sent) = (begun(), Record { sent: true, ..begun() });
        assert_eq!(merge(Some(&before), Some(&before), &sent), Ok(sent.clone()));
        assert_eq!(merge(Some(&before), Some(&sent), &sent), Err(Some(sent.clone())));
        assert_eq!(merge(Some(&sent), Some(&sent), &sent), Ok(sent));
    }

    #[test]
    fn the_hand_over_is_noted_by_both_tabs() {
        let before = with_new();
        let handed = Record { handed: true, ..before.clone() };
        let verified = Record { verified: true, ..before.clone() };
        let both = Record { verified: true, ..handed.clone() };
        assert_eq!(merge(Some(&before), Some(&verified), &handed), Ok(both.clone()));
        // Also if the other tab has gone on, but not with another new token.
        let undoing = Record { undoing: true, ..verified };
        let expected = Record { undoing: true, ..both };
        assert_eq!(merge(Some(&before), Some(&undoing), &handed), Err(Some(expected)));
        let another = Record { new: Some(61), ..before.clone() };
        assert_eq!(merge(Some(&before), Some(&another), &handed), Err(Some(another)));
        // This tab goes on with another new token, of which nothing is noted yet.
        let own = Record { new: Some(61), ..before.clone() };
        assert_eq!(merge(Some(&before), Some(&handed), &own), Ok(own));
    }

    fn record() -> impl Strategy<Value = Record> {
        (any::<[bool; 4]>(), prop::option::of(60i64..62)).prop_map(
            |([sent, handed, verified, undoing], new)| Record {
                sent,
                handed,
                verified,
                undoing,
                new,
                ..begun()
            },
        )
    }

    proptest! {
        /// Whatever two tabs do, neither overwrites what it does not know, and no hand-over is forgotten.
        #[test]
        fn nothing_unknown_is_overwritten(
            known in prop::option::of(record()), stored in prop::option::of(record()), own in record(),
        ) {
            let merged = merge(known.as_ref(), stored.as_ref(), &own);
            if let (Some(theirs), Ok(merged) | Err(Some(merged))) = (&stored, &merged)
                && theirs.new == merged.new
            {
                prop_assert!(!theirs.handed || merged.handed);
                prop_assert!(!theirs.verified || merged.verified);
            }
            match merged {
                Ok(merged) => {
                    prop_assert!(is_same_step(&merged, &own));
                    let is_known = stored.as_ref().is_none_or(|theirs| {
                        known.as_ref().is_some_and(|known| is_same_step(known, theirs)) || is_same_step(&own, theirs)
                    });
                    prop_assert!(is_known);
                }
                Err(Some(merged)) => {
                    let theirs = stored.clone().unwrap();
                    let is_learned = theirs.new.is_none() && known.is_some_and(|known| known.new.is_none());
                    let theirs = match own.new {
                        Some(new) if is_learned => Record { new: Some(new), sent: false, ..theirs },
                        _ => theirs,
                    };
                    prop_assert!(is_same_step(&merged, &theirs));
                }
                Err(None) => prop_assert!(known.is_some() && stored.is_none()),
            }
        }
    }
}
