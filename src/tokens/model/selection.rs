//! Which rows are selected.
//!
//! A selection outlives search, filters and pages, so that it can be gathered from several searches. Rows that the
//! present view does not show stay selected and are counted separately, since the user must know about them before
//! acting on the selection. Rows that are gone from the catalogue are deselected.

use std::collections::HashSet;

use super::order::sorted;
use crate::api::TokenId;

/// The selected rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: HashSet<TokenId>,
    /// The row that was pressed last, where a range with shift begins.
    anchor: Option<TokenId>,
}

/// How much of a set of rows is selected, for the checkbox that stands for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// None of them, or the set is empty.
    None,
    /// Some of them.
    Some,
    /// All of them.
    All,
}

/// The counts of a selection relative to a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The selected rows that are in the view, on any page.
    pub shown: usize,
    /// The selected rows that are not in the view.
    pub hidden: usize,
}

impl Selection {
    /// Returns the IDs of the selected rows, in ascending order.
    pub fn ids(&self) -> Vec<TokenId> {
        sorted(self.ids.iter().copied().collect(), Ord::cmp)
    }

    /// Whether `is_such` holds for every selected row.
    pub fn all(&self, is_such: impl Fn(TokenId) -> bool) -> bool {
        self.ids.iter().all(|id| is_such(*id))
    }

    /// Returns the number of selected rows.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether no row is selected.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether a row is selected.
    pub fn contains(&self, id: TokenId) -> bool {
        self.ids.contains(&id)
    }

    /// Toggles a row that was pressed without shift. A range may begin here.
    pub fn toggle(&mut self, id: TokenId) {
        self.set([id], !self.contains(id));
        self.anchor = Some(id);
    }

    /// Handles a press with shift: every row from the last pressed one to this one takes the new state of this one,
    /// which its checkbox already shows. `order` is the view; if the last pressed row is not in it, this is the same
    /// as [`Selection::toggle`].
    pub fn toggle_to(&mut self, id: TokenId, order: &[TokenId]) {
        let position = |id: TokenId| order.iter().position(|other| *other == id);
        let ends = self.anchor.and_then(|anchor| Some((position(anchor)?, position(id)?)));
        let Some((from, to)) = ends else { return self.toggle(id) };
        let range = order.get(from.min(to)..=from.max(to)).unwrap_or_default();
        self.set(range.iter().copied(), !self.contains(id));
        self.anchor = Some(id);
    }

    /// Selects or deselects rows: those of a page, or all that match.
    pub fn set(&mut self, ids: impl IntoIterator<Item = TokenId>, selected: bool) {
        if selected {
            self.ids.extend(ids);
        } else {
            for id in ids {
                self.ids.remove(&id);
            }
        }
    }

    /// Deselects everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Deselects rows that no longer exist.
    pub fn retain(&mut self, exists: impl Fn(TokenId) -> bool) {
        self.ids.retain(|id| exists(*id));
        self.anchor = self.anchor.filter(|id| exists(*id));
    }

    /// Returns how much of `ids` is selected.
    pub fn extent(&self, ids: &[TokenId]) -> Extent {
        let mut selected = ids.iter().map(|id| self.contains(*id));
        match selected.next() {
            None => Extent::None,
            Some(true) if selected.all(|s| s) => Extent::All,
            Some(false) if !selected.any(|s| s) => Extent::None,
            Some(_) => Extent::Some,
        }
    }

    /// Returns the counts relative to a view, whose rows are distinct.
    pub fn counts(&self, shown: &[TokenId]) -> Counts {
        if self.is_empty() {
            return Counts::default();
        }
        let shown = shown.iter().filter(|id| self.contains(**id)).count();
        Counts { shown, hidden: self.len().saturating_sub(shown) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    fn selected(selection: &Selection) -> Vec<TokenId> {
        selection.ids()
    }

    #[test]
    fn shift_makes_a_range_like_the_row_that_is_pressed() {
        let order = [5, 3, 8, 1, 9];
        let mut selection = Selection::default();
        selection.toggle(3);
        selection.toggle_to(1, &order);
        assert_eq!(selected(&selection), [1, 3, 8]);
        // Upwards, continuing from there.
        selection.toggle_to(5, &order);
        assert_eq!(selected(&selection), [1, 3, 5, 8]);
        // A row that is deselected deselects the range.
        selection.toggle_to(8, &order);
        assert_eq!(selected(&selection), [1]);
    }

    #[test]
    fn without_a_beginning_shift_is_an_ordinary_press() {
        let mut selection = Selection::default();
        selection.toggle_to(3, &[1, 2, 3]);
        assert_eq!(selected(&selection), [3]);
        // The beginning is not in this view.
        selection.toggle_to(8, &[7, 8, 9]);
        assert_eq!(selected(&selection), [3, 8]);
        selection.toggle_to(9, &[7, 8, 9]);
        assert_eq!(selected(&selection), [3, 8, 9]);
    }

    #[test]
    fn what_is_hidden_stays_and_is_counted_what_is_gone_goes() {
        let mut selection = Selection::default();
        selection.set(1..=5, true);
        assert_eq!(selection.counts(&[4, 5, 6]), Counts { shown: 2, hidden: 3 });
        assert_eq!(selection.extent(&[4, 5]), Extent::All);
        assert_eq!(selection.extent(&[4, 6]), Extent::Some);
        assert_eq!(selection.extent(&[6, 4]), Extent::Some);
        assert_eq!(selection.extent(&[6, 7]), Extent::None);
        assert_eq!(selection.extent(&[]), Extent::None);
        selection.retain(|id| id != 2);
        assert_eq!(selected(&selection), [1, 3, 4, 5]);
        selection.clear();
        assert!(selection.is_empty());
    }

    #[test]
    fn ten_thousand_rows_are_little_work() {
        let order: Vec<_> = (1..=10_000).rev().collect();
        let begin = Instant::now();
        let mut selection = Selection::default();
        selection.set(order.iter().copied(), true);
        assert_eq!(selection.counts(&order).shown, 10_000);
        selection.toggle(10_000);
        selection.toggle_to(1, &order);
        assert!(selection.is_empty());
        // Generous: this build is not optimised, and the machine may be busy.
        assert!(begin.elapsed().as_secs() < 1, "{:?}", begin.elapsed());
    }

    #[derive(Clone, Debug)]
    enum Act {
        Toggle(TokenId),
        ToggleTo(TokenId),
        Set(Vec<TokenId>, bool),
        Gone(TokenId),
        Clear,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            (0i64..20).prop_map(Act::Toggle),
            (0i64..20).prop_map(Act::ToggleTo),
            (prop::collection::vec(0i64..20, 0..6), any::<bool>()).prop_map(|(ids, on)| Act::Set(ids, on)),
            (0i64..20).prop_map(Act::Gone),
            Just(Act::Clear),
        ]
    }

    proptest! {
        #[test]
        fn the_counts_are_right_whatever_one_does(
            acts in prop::collection::vec(act(), 0..30),
            order in Just((0i64..15).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let mut selection = Selection::default();
            for act in acts {
                let before = selection.clone();
                match act {
                    Act::Toggle(id) => {
                        selection.toggle(id);
                        prop_assert_ne!(selection.contains(id), before.contains(id));
                    }
                    Act::ToggleTo(id) => {
                        selection.toggle_to(id, &order);
                        prop_assert_ne!(selection.contains(id), before.contains(id));
                    }
                    Act::Set(ids, on) => {
                        selection.set(ids.iter().copied(), on);
                        prop_assert!(ids.iter().all(|id| selection.contains(*id) == on));
                    }
                    Act::Gone(gone) => {
                        selection.retain(|id| id != gone);
                        prop_assert_eq!(selection.len() + usize::from(before.contains(gone)), before.len());
                    }
                    Act::Clear => selection.clear(),
                }
                let counts = selection.counts(&order);
                prop_assert_eq!(counts.shown + counts.hidden, selection.len());
                prop_assert_eq!(selection.extent(&order) == Extent::All, counts.shown == order.len());
                prop_assert_eq!(selection.extent(&order) == Extent::None, counts.shown == 0);
            }
        }
    }
}
