//! Changing a token, from what is in the form to the outcome of saving it.

use leptos::{html::Input, prelude::*};
use web_sys::Event;

use crate::{
    api::{Error, ErrorKind, Token, TokenId, patch::Operation},
    failure::{self, FailedAction},
    leaving::Leaving,
    session::{EndKind, Session, permissions::Subject},
    tokens::{
        cache::known_tokens::KnownTokens,
        model::{
            draft::name_error,
            edit::{Kept, Merge, SaveCheck, Values, compare, name_complaint, replaces_name},
            name::{called, subject},
            own::disables,
            unsaved,
        },
        requests::{
            apply::credential_token_end,
            read::read_and_learn,
            save::{Saved, save},
        },
    },
    ui::{
        ActivityLog, ActivityOutcome, EventPhase, Notice, Status, Tone, effect, focus_input, listen,
        spawn_in_scope,
    },
};

/// A change of the token by somebody else.
#[derive(Clone)]
pub(super) struct Conflict {
    /// Which of the user's changes were saved.
    pub(super) kept: Kept,
    /// The token as the server has it.
    pub(super) theirs: Token,
    /// What has become of the user's changes and theirs.
    pub(super) merge: Merge,
}

/// The form of a token: its values, and what the server has. A handle.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    id: TokenId,
    /// The token as it was last seen on the server.
    seen: RwSignal<Token>,
    pub(super) name: RwSignal<String>,
    pub(super) enabled: RwSignal<bool>,
    pub(super) name_input: NodeRef<Input>,
    /// What is wrong with the name.
    pub(super) complaint: RwSignal<Option<String>>,
    pub(super) failed: RwSignal<Option<Notice>>,
    pub(super) conflict: RwSignal<Option<Conflict>>,
    /// Whether the user has to be told that changes are still to be saved: after a choice in a conflict, or when the
    /// network is back.
    is_open: RwSignal<bool>,
    /// Whether the last failure was the lack of a network: nothing was sent, and the server has nothing new to show.
    pub(super) was_offline: RwSignal<bool>,
    /// Whether the token is being saved, or read again.
    pub(super) busy: RwSignal<bool>,
    /// Counts how often the permissions on the token were asked for again.
    asked_again: RwSignal<u32>,
    blocked: Signal<Option<String>>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
    status: Status,
}

impl Editing {
    /// Begins with the token as it was seen, for the form that this is called in. `blocked` says why it cannot be
    /// changed, if it cannot.
    pub(super) fn begin(seen: RwSignal<Token>, blocked: Signal<Option<String>>) -> Self {
        let session = Session::expect();
        let (id, Values { name, enabled }) = seen.with_untracked(|token| (token.id, Values::of(token)));
        let editing = Self {
            id,
            seen,
            name: RwSignal::new(name),
            enabled: RwSignal::new(enabled),
            name_input: NodeRef::new(),
            complaint: RwSignal::new(None),
            failed: RwSignal::new(None),
            conflict: RwSignal::new(None),
            is_open: RwSignal::new(false),
            was_offline: RwSignal::new(false),
            busy: RwSignal::new(false),
            asked_again: RwSignal::new(0),
            blocked,
            session,
            known: KnownTokens::expect(),
            activity: ActivityLog::expect(),
            status: Status::expect(),
        };
        Leaving::expect().guard(Signal::derive(move || {
            unsaved::of_changes(&editing.before(), &editing.wanted(), editing.busy.get())
        }));
        listen(&window(), "online", EventPhase::Bubble, move |_: Event| {
            if editing.was_offline.get_untracked() {
                editing.was_offline.set(false);
                editing.failed.set(None);
                editing.is_open.set(true);
            }
        });
        // In the scope of the form: the button that asks for this disappears with its notice, maybe before the response
        // arrives, and its scope would cancel the request.
        effect(move || {
            if editing.asked_again.get() > 0 {
                spawn_in_scope(session.ask_token(id));
            }
        });
        editing
    }

    /// Returns what the server has, as last seen.
    pub(super) fn before(self) -> Values {
        self.seen.with(Values::of)
    }

    /// Returns what is in the form.
    pub(super) fn wanted(self) -> Values {
        Values { name: self.name.get(), enabled: self.enabled.get() }
    }

    /// Whether changes are still to be saved, and the form has to say so.
    pub(super) fn is_left_to_save(self) -> bool {
        self.is_open.get() && self.before() != self.wanted()
    }

    fn before_and_wanted(self) -> (Values, Values) {
        untrack(|| (self.before(), self.wanted()))
    }

    /// Saves what is in the form.
    pub(super) fn submit(self) {
        if self.busy.get_untracked() || self.blocked.with_untracked(Option::is_some) {
            return;
        }
        let (before, wanted) = self.before_and_wanted();
        self.failed.set(None);
        self.conflict.set(None);
        self.is_open.set(false);
        self.was_offline.set(false);
        self.complaint.set(None);
        // The result of an earlier save has nothing to do with this one.
        self.status.clear();
        self.session.renew_retries();
        if wanted.name != before.name
            && let Some(words) = name_error(&wanted.name)
        {
            return self.complain(words);
        }
        if wanted == before {
            return self.status.show(Notice::new(Tone::Info, "There are no changes to save."));
        }
        self.busy.set(true);
        spawn_in_scope(async move {
            let saved = save(self.session, self.id, &before, &wanted).await;
            self.busy.set(false);
            match saved {
                Saved::Done(now) => self.done(&before, now),
                Saved::Conflict(now) => {
                    let kept = Kept::of(&before, &wanted, &Values::of(&now));
                    let (what, how) = match kept {
                        Kept::Nothing => ("Tried to change", ActivityOutcome::Failed),
                        Kept::Name | Kept::Status => ("Partly changed", ActivityOutcome::Done),
                    };
                    self.activity.add(what, subject(&now.name, self.id), how);
                    self.differs(kept, now);
                }
                Saved::Ignored(now) => self.ignored(now),
                Saved::Failed { error, looked, operations } => self.refused(&error, looked, &operations),
            }
        });
    }

    /// Reads the token again. What is typed stays: if the server has something else than before, that is a conflict
    /// like any other.
    pub(super) fn look(self) {
        let (before, wanted) = self.before_and_wanted();
        self.session.renew_retries();
        self.busy.set(true);
        self.asked_again.update(|times| *times += 1);
        spawn_in_scope(async move {
            let look = read_and_learn(self.session, self.known, self.id).await;
            self.busy.set(false);
            let now = match look {
                Ok(now) => now,
                Err(error) => return self.failed.set(Some(failure::notice(&error, FailedAction::ReadToken))),
            };
            self.failed.set(None);
            self.complaint.set(None);
            let their_values = Values::of(&now);
            if wanted == before {
                self.name.set(their_values.name);
                self.enabled.set(their_values.enabled);
                return self.learned(now);
            }
            match compare(&before, &wanted, &their_values) {
                SaveCheck::Saved => self.done(&before, now),
                SaveCheck::NotSaved => self.learned(now),
                SaveCheck::Conflict => self.differs(Kept::of(&before, &wanted, &their_values), now),
            }
        });
    }

    /// Ends a conflict: the next save is compared with what the server has now, and may overwrite it.
    pub(super) fn rebase(self, theirs: Token) {
        self.seen.set(theirs);
        self.conflict.set(None);
        self.is_open.set(true);
    }

    fn complain(self, words: String) {
        self.complaint.set(Some(words));
        focus_input(self.name_input);
    }

    fn learned(self, now: Token) {
        self.known.learned(&now);
        self.seen.set(now);
    }

    fn done(self, before: &Values, now: Token) {
        self.activity.add("Changed", subject(&now.name, self.id), ActivityOutcome::Done);
        self.status.show(saved_notice(before, &now));
        let is_disabled = disables(before, &Values::of(&now));
        let end = is_disabled
            .then(|| credential_token_end(self.session, EndKind::Disabled, self.id, &now.name))
            .flatten();
        self.known.changed(before.enabled, &now);
        self.seen.set(now);
        if let Some(end) = end {
            self.session.credential_token_ended(end);
        }
    }

    /// Shows a conflict. What only somebody else has changed is taken over into the form.
    fn differs(self, kept: Kept, theirs: Token) {
        // This console disabled the token only if the status is what was kept.
        self.known.changed(kept == Kept::Status, &theirs);
        let (before, mine) = self.before_and_wanted();
        let merge = Merge::of(&before, &mine, &Values::of(&theirs));
        self.name.set(merge.form.name.clone());
        self.enabled.set(merge.form.enabled);
        let Values { name, enabled } = merge.seen.clone();
        self.seen.set(Token { name, enabled, ..theirs.clone() });
        self.conflict.set(Some(Conflict { kept, theirs, merge }));
    }

    fn ignored(self, now: Token) {
        self.activity.add("Tried to change", subject(&now.name, self.id), ActivityOutcome::Failed);
        self.learned(now);
        self.failed.set(Some(
            Notice::new(Tone::Failure, "The server reported success but did not save the changes.")
                .with_text("It returned the old values. Try again, or tell the server's operator."),
        ));
    }

    /// Shows a failure. `looked` says whether a look at the token has shown that nothing changed.
    fn refused(self, error: &Error, looked: bool, operations: &[Operation]) {
        let is_unknown = error.kind.leaves_outcome_unknown() && !looked;
        let outcome = if is_unknown { ActivityOutcome::Unknown } else { ActivityOutcome::Failed };
        let subject = self.seen.with_untracked(|token| subject(&token.name, self.id));
        self.activity.add("Tried to change", subject, outcome);
        self.session.learn(Subject::Token(self.id), error);
        self.known.failed(self.id, error);
        if let Some(words) = name_complaint(operations, &error.kind) {
            self.complain(words);
        }
        let act = if replaces_name(operations) { FailedAction::SaveToken } else { FailedAction::SaveStatus };
        let explain = if looked { failure::notice_after_look } else { failure::notice };
        self.was_offline.set(error.kind == ErrorKind::Offline);
        self.failed.set(Some(explain(error, act)));
    }
}

/// Says what was saved, and where to find a token that was just disabled.
fn saved_notice(before: &Values, now: &Token) -> Notice {
    let id = now.id;
    let name = called(&now.name, id);
    match (before.enabled, now.enabled) {
        (true, false) => {
            Notice::new(Tone::Success, format!("Saved: {name} is disabled.")).with_text(format!(
                "Some servers do not list disabled tokens. You can always open this one by its ID, {id}.",
            ))
        }
        (false, true) => Notice::new(Tone::Success, format!("Saved: {name} is enabled.")),
        _ => Notice::new(Tone::Success, format!("Saved {name}.")),
    }
}
