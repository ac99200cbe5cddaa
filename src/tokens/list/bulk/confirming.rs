//! Confirming an act on many tokens, from what was selected to the start of the run.

use leptos::{html::Input, prelude::*};

use super::{Bulk, asking::Intent};
use crate::{
    api::TokenId,
    tokens::{
        list::selection::ListSelection,
        model::{
            bulk::{BulkAct, plan::Plan, words},
            name::subject,
        },
    },
    ui::{count, focus_input},
};

/// The confirmation of one act. A handle.
#[derive(Clone, Copy)]
pub(super) struct Confirming {
    /// The act.
    pub(super) act: BulkAct,
    /// The number of tokens that are included in the plan; `None` while there is no plan.
    pub(super) included: Memo<Option<usize>>,
    /// What is typed as the number of tokens.
    pub(super) typed: RwSignal<String>,
    /// What is wrong with that.
    pub(super) error: RwSignal<Option<String>>,
    /// The field for it.
    pub(super) input: NodeRef<Input>,
    bulk: Bulk,
    selection: ListSelection,
}

impl Confirming {
    /// Begins, for the question that this is called in.
    pub(super) fn begin(act: BulkAct) -> Self {
        let bulk = Bulk::expect();
        let included =
            Memo::new(move |_| bulk.with_intent(|intent| Some(intent?.plan.as_ref()?.included.len())));
        Self {
            act,
            included,
            typed: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            input: NodeRef::new(),
            bulk,
            selection: ListSelection::expect(),
        }
    }

    /// Returns the question. Tracked.
    pub(super) fn title(self) -> String {
        self.bulk.with_intent(|intent| match intent {
            Some(Intent { plan: Some(plan), .. }) => words::headline(plan, &called, count),
            Some(Intent { ids, .. }) => words::question(self.act, ids, &called, count),
            None => String::new(),
        })
    }

    /// Returns the number of selected tokens.
    pub(super) fn selected(self) -> usize {
        untrack(|| self.bulk.with_intent(|intent| intent.map_or(0, |intent| intent.ids.len())))
    }

    /// Returns what will be done. Tracked.
    pub(super) fn plan(self) -> Option<Plan> {
        self.bulk.with_intent(|intent| intent?.plan.clone())
    }

    /// Whether there is anything to do. Tracked.
    pub(super) fn can_start(self) -> bool {
        self.included.get().is_some_and(|included| included > 0)
    }

    /// Whether the user has to type the number of tokens. Tracked.
    pub(super) fn asks_for_count(self) -> bool {
        self.included.get().is_some_and(|included| self.act.asks_for_count(included))
    }

    /// Starts the run, unless the number that the user typed is wrong.
    pub(super) fn start(self) {
        let Some(included) = self.included.get_untracked() else { return };
        let is_typed = || self.typed.with_untracked(|typed| typed.trim() == included.to_string());
        if self.act.asks_for_count(included) && !is_typed() {
            self.error.set(Some(format!("Type {included}, the number of tokens that will be deleted.")));
            focus_input(self.input);
            return;
        }
        self.selection.clear();
        self.bulk.start();
    }
}

/// Returns what the question calls a token.
pub(super) fn called(id: TokenId) -> String {
    subject(&Bulk::expect().name(id), id)
}
