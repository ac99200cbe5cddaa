//! Asks for the IDs that are not in the list: can be started, stopped and continued.

use std::collections::VecDeque;

use leptos::prelude::*;

use crate::{
    api::TokenId,
    session::{Series, Session},
    tokens::{
        cache::row_details::RowDetails,
        model::unlisted::{Gaps, Unlisted},
    },
    ui::{effect, spawn_in_scope},
};

/// A search that is going on, or over. A handle.
#[derive(Clone, Copy)]
pub(super) struct UnlistedSearch {
    queue: StoredValue<VecDeque<TokenId>>,
    /// The number of requests of the whole search; `None` before it begins.
    pub(super) total: RwSignal<Option<usize>>,
    pub(super) found: RwSignal<Unlisted>,
    pub(super) is_busy: RwSignal<bool>,
    /// Incremented to start, to continue or to stop.
    round: RwSignal<u32>,
    session: Session,
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

    /// Starts the search, with nothing found.
    pub(super) fn start(&self, gaps: Gaps) {
        self.found.set(Unlisted::default());
        let queue: VecDeque<_> = gaps.queue().collect();
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
    pub(super) fn stop(&self) {
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
        while let Some(Some(id)) = self.queue.try_update_value(VecDeque::pop_front) {
            let back = GiveBack { search: self, id: Some(id) };
            if !series.turn().await {
                drop(back);
                // "Continue" is offered then.
                self.is_busy.try_set(false);
                return;
            }
            let answer = self.session.read_token(id).await;
            back.answered();
            if let Ok(token) = &answer {
                self.details.learned(token);
            }
            self.found.try_update(|found| found.answer(id, answer));
            let asked = self.found.try_with_untracked(Unlisted::asked).unwrap_or_default();
            let total = self.total.try_get_untracked().flatten().unwrap_or_default();
            if asked >= total as u64 {
                self.is_busy.try_set(false);
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
            self.search.queue.try_update_value(|queue| queue.push_front(id));
        }
    }
}
