//! Which rows' details are being asked for, so that readers that want the same row ask once.

use std::{collections::HashMap, future::Future};

use futures_channel::oneshot;
use leptos::prelude::*;

use crate::api::TokenId;

/// The rows that are being read, each with those that wait for the end of that.
#[derive(Clone, Copy)]
pub(super) struct UnderWay(StoredValue<HashMap<TokenId, Vec<oneshot::Sender<()>>>>);

impl UnderWay {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(HashMap::new()))
    }

    /// The right to read a row, unless another reader has it: then what to wait for.
    pub(super) fn begin(self, id: TokenId) -> Result<Turn, impl Future> {
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
            None => Ok(Turn { rows: self, id }),
        }
    }
}

/// A row is being read, until this is dropped: when there is an answer, or nobody waits for it any more.
pub(super) struct Turn {
    rows: UnderWay,
    id: TokenId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Those that wait are woken by their senders going away.
        self.rows.0.try_update_value(|rows| rows.remove(&self.id));
    }
}
