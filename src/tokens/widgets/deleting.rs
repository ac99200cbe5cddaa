//! Deleting a token, from the confirmation to its result.

use leptos::prelude::*;

use crate::{
    api::TokenId,
    failure::{self, FailedAction},
    leaving::Leaving,
    session::{EndKind, Session},
    tokens::{
        cache::known_tokens::KnownTokens,
        model::{deletion::Deletion, name::subject, unsaved},
        requests::apply::{delete, end_session_with},
    },
    ui::{ActivityLog, ActivityOutcome, Notice, Tone, next_task, spawn_in_scope},
};

/// The deletion of one token. A handle.
#[derive(Clone, Copy)]
pub(super) struct Deleting {
    /// Whether an answer is awaited.
    pub(super) busy: RwSignal<bool>,
    /// Why the latest attempt failed.
    pub(super) failed: RwSignal<Option<Notice>>,
    id: TokenId,
    name: StoredValue<String>,
    on_deleted: Callback<Notice>,
    session: Session,
    activity: ActivityLog,
    known: KnownTokens,
}

impl Deleting {
    /// Prepares a deletion, for the scope that this is called in. `on_deleted` is called when the token is gone, with the
    /// notice that says so.
    pub(super) fn begin(id: TokenId, name: String, on_deleted: Callback<Notice>) -> Self {
        let (busy, name) = (RwSignal::new(false), StoredValue::new(name));
        Leaving::expect()
            .guard(Signal::derive(move || busy.get().then(|| unsaved::of_deletion(&name.get_value()))));
        Self {
            busy,
            failed: RwSignal::new(None),
            id,
            name,
            on_deleted,
            session: Session::expect(),
            activity: ActivityLog::expect(),
            known: KnownTokens::expect(),
        }
    }

    /// Deletes the token.
    pub(super) fn delete(self) {
        self.busy.set(true);
        self.failed.set(None);
        self.session.renew_retries();
        spawn_in_scope(async move {
            let deletion = delete(self.session, self.id, &self.name.get_value()).await;
            next_task().await;
            self.ended(deletion);
        });
    }

    fn ended(self, deletion: Deletion) {
        let subject = subject(&self.name.get_value(), self.id);
        let (outcome, notice) = match deletion {
            // The caller closes the dialog, so nothing in it is worth changing.
            Deletion::Done => return self.gone(format!("Deleted {subject}."), subject),
            Deletion::AlreadyGone => return self.gone(format!("{subject} was already gone."), subject),
            Deletion::Failed(error) => {
                (ActivityOutcome::Failed, failure::notice_after_look(&error, FailedAction::DeleteToken))
            }
            Deletion::Unknown(error) => {
                (ActivityOutcome::Unknown, failure::notice(&error, FailedAction::DeleteToken))
            }
        };
        self.activity.add("Tried to delete", subject, outcome);
        self.busy.set(false);
        self.failed.set(Some(notice));
    }

    fn gone(self, title: String, subject: String) {
        let name = self.name.get_value();
        self.activity.add("Deleted", subject, ActivityOutcome::Done);
        self.on_deleted.run(Notice::new(Tone::Success, title));
        self.known.gone(self.id);
        end_session_with(self.session, EndKind::Deleted, self.id, &name);
    }
}
