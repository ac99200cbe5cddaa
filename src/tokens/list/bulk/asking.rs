//! Finds out what may be done with the tokens, before the user is asked whether to do it.

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

/// A request that is sent before the user is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Asks what may be done with the token (`OPTIONS`).
    Options(TokenId),
    /// Reads the token: it may be the one that the session is signed in with.
    Read(TokenId),
}

/// An act that the user has not confirmed yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Intent {
    pub(super) act: BulkAct,
    pub(super) ids: Vec<TokenId>,
    /// `None` while the permissions are still being asked for.
    pub(super) plan: Option<Plan>,
}

/// The progress of these requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) total: usize,
    pub(super) answered: usize,
}

impl Bulk {
    /// Whether an act is waiting for confirmation.
    pub(in crate::tokens::list) fn is_asked(&self) -> bool {
        self.with_intent(|intent| intent.is_some())
    }

    /// Calls `look` with the act to be confirmed, if any. Tracked.
    pub(super) fn with_intent<T>(&self, look: impl FnOnce(Option<&Intent>) -> T) -> T {
        follow(&self.intent);
        self.intent.with_untracked(|intent| look(intent.as_ref()))
    }

    /// Returns the progress of the requests. Tracked.
    pub(super) fn asking(&self) -> Asking {
        follow(&self.asking);
        self.asking.get_untracked()
    }

    /// Prepares an act on these tokens: finds out what is allowed.
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
        if act != BulkAct::Enable && self.session.is_credential_token_unknown() {
            queue.extend(ids.iter().copied().filter(|id| self.may_be_credential_token(*id)).map(Ask::Read));
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

    /// Asks nothing more: the server decides.
    pub(super) fn skip_asking(&self) {
        self.queue.update_value(VecDeque::clear);
        self.ask_round.update(|n| *n += 1);
        self.plan();
    }

    /// Drops the act; nothing is done.
    pub(super) fn give_up(&self) {
        self.queue.try_update_value(VecDeque::clear);
        self.intent.try_set(None);
        self.ask_round.try_update(|n| *n += 1);
    }

    pub(super) async fn ask(self, series: Series) {
        while let Some(Some(ask)) = self.queue.try_update_value(VecDeque::pop_front) {
            // A token that is not asked about is tried, and the server decides.
            if series.turn().await {
                match ask {
                    Ask::Options(id) => self.session.ask_token(id).await,
                    // Once a response has told which token is the credential token, nothing more is needed.
                    Ask::Read(id) if self.session.is_credential_token_unknown() => self.read(id).await,
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

    /// Whether a token may be the credential token. It is not if it was read with the present credentials: the response
    /// would have told.
    fn may_be_credential_token(&self, id: TokenId) -> bool {
        self.known.details.enabled(id).is_none() || self.session.is_signed_in_again()
    }

    /// Whether the credential token may be among these, because no response has told yet which one it is.
    pub(super) fn may_have_credential_token(&self, ids: &[TokenId]) -> bool {
        self.session.is_credential_token_unknown()
            && ids.iter().any(|id| self.known.details.enabled(*id).is_none())
    }

    pub(super) async fn read(self, id: TokenId) {
        if let Ok(token) = self.session.read_token(id).await {
            self.known.learned(&token);
        }
    }

    fn plan(&self) {
        let credential = untrack(|| self.session.credential_token());
        let permissions = self.session.permissions();
        self.intent.try_update(|intent| {
            if let Some(intent) = intent {
                intent.plan = Some(permissions.with_untracked(|known| {
                    let of = |id| known.of(Subject::Token(id));
                    Plan::new(intent.act, intent.ids.iter().copied(), of, credential)
                }));
            }
        });
    }
}
