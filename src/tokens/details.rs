//! Details of rows: the list says only id and name, the rest costs a request per row.

use std::collections::{HashMap, VecDeque};

use leptos::{prelude::*, task::spawn_local_scoped_with_cancellation};

use crate::{
    api::{Error, Token, TokenId},
    session::Session,
    ui::Load,
};

/// Requests at once; with Basic each one costs the server half a second of processor.
const AT_ONCE: usize = 4;
const AT_ONCE_COSTLY: usize = 2;

/// The details of one row. Counted, not owned by a screen: they outlive the one that asked for them.
pub(super) type RowDetail = ArcRwSignal<Load<Token, Error>>;

/// The details that were read in this session.
#[derive(Clone, Copy)]
pub struct RowDetails {
    known: StoredValue<HashMap<TokenId, RowDetail>>,
    session: Session,
}

impl RowDetails {
    /// Makes the details available to everything below. They are forgotten when the user leaves.
    pub fn provide() -> Self {
        let session = Session::expect();
        let details = Self { known: StoredValue::new(HashMap::new()), session };
        session.when_user_leaves(move || details.forget_all());
        provide_context(details);
        details
    }

    /// The details of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The details of one row, as they are known and when they become known.
    pub(super) fn of(&self, id: TokenId) -> RowDetail {
        let mut known = self.known.write_value();
        known.entry(id).or_insert_with(|| ArcRwSignal::new(Load::Loading)).clone()
    }

    /// Takes what another screen learned.
    pub fn learned(&self, token: &Token) {
        if let Some(detail) = self.known.with_value(|known| known.get(&token.id).cloned()) {
            detail.set(Load::Ready(token.clone()));
        }
    }

    /// Forgets one token, as when it was deleted.
    pub fn forget(&self, id: TokenId) {
        self.known.update_value(|known| {
            known.remove(&id);
        });
    }

    /// Forgets all of them: the next question reads them again.
    pub fn forget_all(&self) {
        self.known.update_value(HashMap::clear);
    }

    /// Reads the details of the rows that are not known yet, a few at a time and in this order. Ends with
    /// the reactive scope that it is called in: when the page turns, the rest is not asked for.
    pub(super) fn read(&self, ids: impl IntoIterator<Item = TokenId>) {
        let wanted: VecDeque<_> = ids
            .into_iter()
            .filter(|id| self.of(*id).with_untracked(|detail| !matches!(detail, Load::Ready(_))))
            .collect();
        let session = self.session;
        let queue = StoredValue::new(wanted);
        let at_once = if session.is_costly() { AT_ONCE_COSTLY } else { AT_ONCE };
        let details = *self;
        for _ in 0..at_once {
            spawn_local_scoped_with_cancellation(async move {
                while let Some(Some(id)) = queue.try_update_value(VecDeque::pop_front) {
                    let result = session.run(|client| async move { client.token(id).await }).await;
                    details.of(id).set(result.map_or_else(Load::Failed, Load::Ready));
                }
            });
        }
    }
}
