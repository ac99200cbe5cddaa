//! What may be done with the tokens, before the question whether it is to be done.

use std::collections::VecDeque;

use leptos::prelude::*;

use super::Bulk;
use crate::{
    api::TokenId,
    session::{Series, permissions::Subject},
    tokens::model::bulk::{
        BulkAct,
        plan::{Plan, unasked},
    },
    ui::follow,
};

/// What is asked before anybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// What may be done with the token.
    Options(TokenId),
    /// The token itself: it may be the one that the session is signed in with.
    Read(TokenId),
}

/// What somebody is about to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Intent {
    pub(super) act: BulkAct,
    pub(super) ids: Vec<TokenId>,
    /// `None` as long as it is being asked what is allowed.
    pub(super) plan: Option<Plan>,
}

/// How far the asking is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) total: usize,
    pub(super) answered: usize,
}

impl Bulk {
    /// Whether somebody is about to do something.
    pub(in crate::tokens) fn is_asked(&self) -> bool {
        self.with_intent(|intent| intent.is_some())
    }

    /// Looks at what somebody is about to do.
    pub(super) fn with_intent<T>(&self, look: impl FnOnce(Option<&Intent>) -> T) -> T {
        follow(&self.intent);
        self.intent.with_untracked(|intent| look(intent.as_ref()))
    }

    /// How far the asking is.
    pub(super) fn asking(&self) -> Asking {
        follow(&self.asking);
        self.asking.get_untracked()
    }

    /// Somebody wants to do this to these tokens: finds out what is allowed.
    pub(super) fn intend(&self, act: BulkAct, ids: Vec<TokenId>) {
        self.stand_by();
        self.known.listing.with_untracked(|catalogue| {
            self.names.update_value(|names| {
                let name = |id: TokenId| catalogue.get(id).map(|row| (id, row.name.to_string()));
                names.extend(ids.iter().filter_map(|id| name(*id)));
            });
        });
        let permissions = self.session.permissions();
        let open = permissions
            .with_untracked(|known| unasked(ids.iter().copied(), |id| known.of(Subject::Token(id))));
        let mut queue: VecDeque<_> = open.into_iter().map(Ask::Options).collect();
        if act != BulkAct::Enable && self.session.is_own_token_open() {
            queue.extend(ids.iter().copied().filter(|id| self.may_be_own(*id)).map(Ask::Read));
        }
        self.session.renew_retries();
        self.asking.set(Asking { total: queue.len(), answered: 0 });
        let is_known = queue.is_empty();
        self.queue.set_value(queue);
        self.intent.set(Some(Intent { act, ids, plan: None }));
        if is_known {
            self.plan();
        } else {
            self.ask_round.update(|n| *n += 1);
        }
    }

    /// Does not ask any further: the server decides.
    pub(super) fn skip_asking(&self) {
        self.queue.update_value(VecDeque::clear);
        self.ask_round.update(|n| *n += 1);
        self.plan();
    }

    /// Nothing is done.
    pub(super) fn give_up(&self) {
        self.queue.try_update_value(VecDeque::clear);
        self.intent.try_set(None);
        self.ask_round.try_update(|n| *n += 1);
    }

    pub(super) async fn ask(self, series: Series) {
        while let Some(Some(ask)) = self.queue.try_update_value(VecDeque::pop_front) {
            // What is not asked is tried, and the server decides.
            if series.turn().await {
                match ask {
                    Ask::Options(id) => self.session.ask_token(id).await,
                    // As soon as one answer has told, there is nothing more to find out.
                    Ask::Read(id) if self.session.is_own_token_open() => self.read(id).await,
                    Ask::Read(_) => {}
                }
            }
            let is_last = self.asking.try_update(|asking| {
                asking.answered += 1;
                asking.answered >= asking.total
            });
            if is_last == Some(true) {
                self.plan();
            }
        }
    }

    /// Whether a token may be the one that the session is signed in with, for all that one has read of it.
    fn may_be_own(&self, id: TokenId) -> bool {
        self.known.details.enabled(id).is_none() || self.session.is_signed_in_again()
    }

    /// Whether the session's own token may be among these, since nobody knows which one it is.
    pub(super) fn may_have_own(&self, ids: &[TokenId]) -> bool {
        self.session.is_own_token_open() && ids.iter().any(|id| self.known.details.enabled(*id).is_none())
    }

    pub(super) async fn read(self, id: TokenId) {
        if let Ok(token) = self.session.read_token(id).await {
            self.known.learned(&token);
        }
    }

    fn plan(&self) {
        let own = untrack(|| self.session.own_token());
        let permissions = self.session.permissions();
        self.intent.try_update(|intent| {
            if let Some(intent) = intent {
                intent.plan = Some(permissions.with_untracked(|known| {
                    let of = |id| known.of(Subject::Token(id));
                    Plan::new(intent.act, intent.ids.iter().copied(), of, own)
                }));
            }
        });
    }
}
