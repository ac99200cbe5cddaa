//! Loading details on request, and the progress of that.

use leptos::prelude::*;

use crate::{api::TokenId, session::Session, tokens::cache::row_details::RowDetails, ui::effect};

/// Reads the details of the rows that lack them. A handle.
#[derive(Clone, Copy)]
pub(in crate::tokens::list) struct DetailsReading {
    missing: Memo<Vec<TokenId>>,
    /// The number of responses still to come; `None` while nothing is being read.
    awaited: RwSignal<Option<usize>>,
    details: RowDetails,
    /// Incremented to begin and to stop.
    round: RwSignal<u32>,
    session: Session,
}

impl DetailsReading {
    /// Reads the rows that are `missing` when it begins, as long as the reactive scope lives that this is called in.
    pub(in crate::tokens::list) fn new(details: RowDetails, missing: Memo<Vec<TokenId>>) -> Self {
        let reading = Self {
            missing,
            awaited: RwSignal::new(None),
            details,
            round: RwSignal::new(0),
            session: Session::expect(),
        };
        effect(move || {
            reading.round.track();
            if reading.awaited.with_untracked(Option::is_some) {
                // When the reading stops or its scope ends, requests in flight are cancelled.
                let number = details.read_then(missing.get_untracked(), move || reading.answered());
                reading.awaited.set((number > 0).then_some(number));
            }
        });
        reading
    }

    pub(in crate::tokens::list) fn start(&self) {
        self.session.renew_retries();
        self.set(Some(self.missing.with_untracked(Vec::len)));
    }

    pub(in crate::tokens::list) fn stop(&self) {
        self.set(None);
    }

    fn set(&self, awaited: Option<usize>) {
        self.awaited.set(awaited);
        self.round.update(|n| *n += 1);
    }

    fn answered(&self) {
        let is_over = self.awaited.try_update(|awaited| {
            *awaited = awaited.and_then(|left| left.checked_sub(1)).filter(|left| *left > 0);
            awaited.is_none()
        });
        // Otherwise what was just read would be missing again until the facts are told.
        if is_over == Some(true) {
            self.details.tell();
        }
    }

    /// Returns how many responses are still to come.
    pub(in crate::tokens::list) fn awaited(&self) -> ReadSignal<Option<usize>> {
        self.awaited.read_only()
    }
}
