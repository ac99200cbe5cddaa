//! Which rows of the list are selected; it outlives search, filters, pages and screens.

use leptos::prelude::*;

use super::{
    listing::Listing,
    model::{
        catalogue::view::Shown,
        selection::{Extent, Selection},
    },
};
use crate::{
    api::{TokenId, UserId},
    session::Session,
    ui::{Notice, Status, Tone, effect_with_last, follow},
};

/// The selection of this session. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct ListSelection(RwSignal<Selection>);

impl ListSelection {
    /// Makes it available to everything below. It is forgotten when the user leaves, and whatever is not in
    /// the list any more is taken out. A filter by owner is another list: the server is asked for it.
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
                        let title = "Nothing is selected any more: with another owner it is another list.";
                        status.show(Notice::new(Tone::Info, title));
                    }
                }
                catalogue.owner()
            })
        });
        provide_context(selection);
    }

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Looks at it.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Selection) -> T) -> T {
        follow(&self.0);
        self.0.with_untracked(look)
    }

    /// The selected rows, by id.
    pub(super) fn ids(&self) -> Vec<TokenId> {
        self.0.with_untracked(Selection::ids)
    }

    /// A row was pressed; with Shift, all from the one that was pressed last to this one.
    pub(super) fn press(&self, id: TokenId, with_shift: bool, shown: Memo<Shown>) {
        if with_shift {
            shown.with_untracked(|shown| self.0.update(|selection| selection.toggle_to(id, &shown.ids)));
        } else {
            self.0.update(|selection| selection.toggle(id));
        }
    }

    /// The checkbox for the page was pressed: all of it, or, if that is so already, none.
    pub(super) fn press_page(&self, shown: Memo<Shown>) {
        shown.with_untracked(|shown| {
            let page = shown.on_page();
            self.0.update(|selection| {
                let is_all = selection.extent(page) == Extent::All;
                selection.set(page.iter().copied(), !is_all);
            });
        });
    }

    /// Selects all that match.
    pub(super) fn select_all(&self, shown: Memo<Shown>) {
        shown.with_untracked(|shown| {
            self.0.update(|selection| selection.set(shown.ids.iter().copied(), true))
        });
    }

    /// Selects nothing.
    pub(super) fn clear(&self) {
        self.0.try_update(Selection::clear);
    }
}
