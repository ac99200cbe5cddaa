//! When the details of the rows on the screen are asked for: after the list, and once the user has stopped turning
//! pages.

use std::{ops::Range, time::Duration};

use leptos::prelude::*;

use crate::{
    api::TokenId,
    tokens::cache::{
        listing::{Listing, Reading},
        owners::Owners,
        row_details::RowDetails,
    },
    ui::{Timer, effect, follow},
};

/// How long rows have to be on the screen before their details are asked for: not for rows that the user types or turns
/// past.
const SETTLE: Duration = Duration::from_millis(120);

/// How long the list is read before any details are: both together take longer, and a user who searches wants the list.
/// Most lists are complete long before.
const LIST_FIRST: Duration = Duration::from_millis(1_500);

/// Reads the details of the rows on the page, once the page has settled; first of those that are in the window. Ends
/// with the reactive scope that it is called in.
pub(in crate::tokens::list) fn read_details(
    on_page: Memo<Vec<TokenId>>,
    in_window: StoredValue<Range<usize>>,
) {
    let details = RowDetails::expect();
    let owners = Owners::expect();
    let settled = settled(on_page);
    let may_begin = list_came_first();
    // Outdated details are asked for again.
    let outdated = details.outdated();
    effect(move || {
        follow(&outdated);
        let ids = settled.get();
        if !may_begin.get() {
            return;
        }
        owners.ensure_when_others_appear(ids.iter().map(|id| details.of(*id)).collect());
        details.read(ids, in_window);
    });
}

/// Returns the rows that have been on the page for [`SETTLE`].
fn settled(on_page: Memo<Vec<TokenId>>) -> ReadSignal<Vec<TokenId>> {
    let settled = RwSignal::new(Vec::new());
    let timer = Timer::new();
    effect(move || {
        let ids = on_page.get();
        timer.set(SETTLE, move || settled.set(ids));
    });
    settled.read_only()
}

/// Whether details of rows may be asked for: the list is read, or has had its time.
fn list_came_first() -> Memo<bool> {
    let listing = Listing::expect();
    let is_read = Memo::new(move |_| {
        listing.with_reading(|reading| match reading {
            Reading::Beginning => None,
            reading => Some(*reading != Reading::GoingOn),
        })
    });
    let had_its_time = RwSignal::new(false);
    let timer = Timer::new();
    effect(move || {
        if is_read.get().is_some() && !had_its_time.get_untracked() {
            timer.set_unless_set(LIST_FIRST, move || had_its_time.set(true));
        }
    });
    Memo::new(move |_| is_read.get() == Some(true) || had_its_time.get())
}
