//! Keeps track of the rows whose details are in flight, so that readers that want the same row ask once.

use std::{collections::HashMap, future::Future};

use futures_channel::oneshot;
use leptos::prelude::*;

use crate::api::TokenId;

/// The rows that are being read, each with the readers that wait for it.
#[derive(Clone, Copy)]
pub(super) struct InFlight(StoredValue<HashMap<TokenId, Vec<oneshot::Sender<()>>>>);

impl InFlight {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(HashMap::new()))
    }

    /// Begins to read a row; if another reader is reading it, returns the future to wait for.
    pub(super) fn begin(self, id: TokenId) -> Result<RowReading, impl Future> {
        let ended = self.0.try_update_value(|rows| match rows.get_mut(&id) {
            Some(waiting) => {
                let (end, ended) = oneshot::channel();
                waiting.push(end);
                Some(ended)
            }
            None => {
                rows.insert(id, Vec::new());
                None
            }
        });
        match ended.flatten() {
            Some(ended) => Err(ended),
            None => Ok(RowReading { rows: self, id }),
        }
    }
}

/// The reading of a row. Dropped when there is a response, or nobody waits for it any more.
pub(super) struct RowReading {
    rows: InFlight,
    id: TokenId,
}

impl Drop for RowReading {
    fn drop(&mut self) {
        // Dropping their senders wakes the readers that wait.
        self.rows.0.try_update_value(|rows| rows.remove(&self.id));
    }
}
