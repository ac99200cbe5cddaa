//! Asks for the IDs that are not in the list: can be started, stopped and continued.

use std::collections::VecDeque;

use leptos::prelude::*;

use crate::{
    api::TokenId,
    session::{Series, Session},
    tokens::{
        cache::{listing::Listing, row_details::RowDetails},
        model::{
            catalogue::rows::Catalogue,
            unlisted::{Gaps, Unlisted},
        },
    },
    ui::{count, effect, spawn_in_scope},
};

/// A search that is going on, or over. A handle.
#[derive(Clone, Copy)]
pub(super) struct UnlistedSearch {
    queue: StoredValue<VecDeque<TokenId>>,
    /// The number of requests of the whole search; `None` before it begins.
    total: RwSignal<Option<usize>>,
    pub(super) found: RwSignal<Unlisted>,
    pub(super) is_busy: RwSignal<bool>,
    /// Incremented to start, to continue or to stop.
    round: RwSignal<u32>,
    session: Session,
    listing: Listing,
    details: RowDetails,
}

impl UnlistedSearch {
    /// Creates a search that has not begun. Lives as long as the reactive scope that this is called in.
    pub(super) fn new() -> Self {
        let search = Self {
            queue: StoredValue::new(VecDeque::new()),
            total: RwSignal::new(None),
            found: RwSignal::new(Unlisted::default()),
            is_busy: RwSignal::new(false),
            round: RwSignal::new(0),
            session: Session::expect(),
            listing: Listing::expect(),
            details: RowDetails::expect(),
        };
        effect(move || {
            search.round.track();
            if search.is_busy.get_untracked() {
                let series = search.session.series();
                for _ in 0..search.session.at_once() {
                    spawn_in_scope(search.look(series));
                }
            }
        });
        search
    }

    /// Returns the IDs that are not in the list. Tracked; goes through all rows.
    pub(super) fn gaps(&self) -> Gaps {
        self.listing.with(|catalogue| Gaps::new(catalogue.rows().iter().map(|row| row.id)))
    }

    /// Returns why no search can be started, if so. Tracked.
    pub(super) fn obstacle(&self) -> Option<String> {
        if self.is_busy.get() {
            None
        } else if self.listing.with(Catalogue::owner).is_some() {
            Some("First clear the owner filter: the list lacks the tokens of other owners.".to_owned())
        } else if !self.listing.is_complete() {
            Some("The whole list has to be loaded first.".to_owned())
        } else {
            None
        }
    }

    /// Whether a search was started. Tracked.
    pub(super) fn is_begun(&self) -> bool {
        self.total.with(Option::is_some)
    }

    /// Whether the search was stopped before its end. Tracked.
    pub(super) fn is_stopped(&self) -> bool {
        !self.is_busy.get() && self.is_begun() && self.asked() < self.total()
    }

    /// Returns how many IDs were asked for. Tracked.
    pub(super) fn asked(&self) -> usize {
        usize::try_from(self.found.with(Unlisted::asked)).unwrap_or_default()
    }

    /// Returns how many IDs the whole search asks for. Tracked.
    pub(super) fn total(&self) -> usize {
        self.total.get().unwrap_or_default()
    }

    /// Says what is going on, or what was found. Tracked.
    pub(super) fn words(&self) -> String {
        if !self.is_begun() {
            String::new()
        } else if self.is_busy.get() {
            "Searching for unlisted tokens.".to_owned()
        } else {
            self.found.with(|found| found.summary(self.is_stopped(), count))
        }
    }

    /// Starts the search, or stops it.
    pub(super) fn press(&self) {
        if self.is_busy.get_untracked() { self.stop() } else { self.start() }
    }

    fn start(&self) {
        self.found.set(Unlisted::default());
        let queue: VecDeque<_> = untrack(|| self.gaps()).queue().collect();
        self.total.set(Some(queue.len()));
        self.queue.set_value(queue);
        self.go_on();
    }

    /// Asks for what is left.
    pub(super) fn go_on(&self) {
        self.session.renew_retries();
        self.is_busy.set(true);
        self.round.update(|n| *n += 1);
    }

    /// Stops. Requests in flight are sent again when the search goes on.
    fn stop(&self) {
        self.is_busy.set(false);
        self.round.update(|n| *n += 1);
    }

    /// Asks again for what failed.
    pub(super) fn retry(&self) {
        let again = self.found.try_update(Unlisted::retry).unwrap_or_default();
        self.queue.set_value(again.into());
        self.go_on();
    }

    async fn look(self, series: Series) {
        while let Some(id) = self.queue.try_update_value(VecDeque::pop_front).flatten() {
            let back = GiveBack { search: self, id: Some(id) };
            if !series.turn().await {
                drop(back);
                // "Continue" is offered then.
                self.is_busy.set(false);
                return;
            }
            let answer = self.session.read_token(id).await;
            back.answered();
            if let Ok(token) = &answer {
                self.details.learned(token);
            }
            self.found.update(|found| found.answer(id, answer));
            if untrack(|| self.asked() >= self.total()) {
                self.is_busy.set(false);
            }
        }
    }
}

/// An ID that was asked for. If it is dropped without a response, it goes back into the queue.
struct GiveBack {
    search: UnlistedSearch,
    id: Option<TokenId>,
}

impl GiveBack {
    fn answered(mut self) {
        self.id = None;
    }
}

impl Drop for GiveBack {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            // Dropped with the scope of the search, too.
            self.search.queue.try_update_value(|queue| queue.push_front(id));
        }
    }
}
