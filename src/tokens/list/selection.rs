//! Which rows of the list are selected; the selection outlives search, filters, pages and screens.

use leptos::prelude::*;

use crate::{
    api::{TokenId, UserId},
    session::Session,
    tokens::{
        cache::listing::Listing,
        model::{
            catalogue::view::QueryResult,
            selection::{Extent, Selection},
        },
    },
    ui::{Notice, Status, Tone, effect_with_last, follow},
};

/// The selection of this session. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct ListSelection(RwSignal<Selection>);

impl ListSelection {
    /// Provides the handle to everything below. The selection is cleared when the user leaves, and what is no longer in
    /// the list is removed from it. A filter by owner is another list: the server is asked for it.
    pub fn provide() {
        let selection = Self(RwSignal::new(Selection::default()));
        let listing = Listing::expect();
        let status = Status::expect();
        Session::expect().when_user_leaves(move || selection.clear());
        effect_with_last(move |before: Option<Option<UserId>>| {
            listing.with(|catalogue| {
                let is_there = |s: &Selection| s.all(|id| catalogue.get(id).is_some());
                if !selection.0.with_untracked(is_there) {
                    selection.0.update(|selection| {
                        selection.retain(|id| catalogue.get(id).is_some());
                    });
                    if before.is_some_and(|owner| owner != catalogue.owner()) {
                        let title = "Selection cleared: the owner filter changed.";
                        status.show(Notice::new(Tone::Info, title));
                    }
                }
                catalogue.owner()
            })
        });
        provide_context(selection);
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Calls `look` with the selection. Tracked.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Selection) -> T) -> T {
        follow(&self.0);
        self.0.with_untracked(look)
    }

    /// Returns the selected tokens, by ID.
    pub(super) fn ids(&self) -> Vec<TokenId> {
        self.0.with_untracked(Selection::ids)
    }

    /// Toggles a row; with Shift, all rows from the one that was pressed last to this one.
    pub(super) fn press(&self, id: TokenId, with_shift: bool, shown: Memo<QueryResult>) {
        if with_shift {
            shown.with_untracked(|shown| self.0.update(|selection| selection.toggle_to(id, &shown.ids)));
        } else {
            self.0.update(|selection| selection.toggle(id));
        }
    }

    /// Toggles the page: selects all of it or, if all of it is selected, none.
    pub(super) fn press_page(&self, shown: Memo<QueryResult>) {
        shown.with_untracked(|shown| {
            let page = shown.on_page();
            self.0.update(|selection| {
                let is_all = selection.extent(page) == Extent::All;
                selection.set(page.iter().copied(), !is_all);
            });
        });
    }

    /// Selects all that match.
    pub(super) fn select_all(&self, shown: Memo<QueryResult>) {
        shown.with_untracked(|shown| {
            self.0.update(|selection| selection.set(shown.ids.iter().copied(), true))
        });
    }

    /// Selects nothing.
    pub(super) fn clear(&self) {
        self.0.try_update(Selection::clear);
    }
}
