//! Creating a token, from what is typed to the outcome.

use std::sync::Arc;

use leptos::{
    html::{Input, Select},
    prelude::*,
};

use super::draft_storage::{self, Work};
use crate::{
    api::{CreateToken, CreatedToken, Error, UserId},
    collection::name_search::Found,
    failure::{self, FailedAction},
    leaving::{Leaving, Loss},
    session::{Session, permissions::Subject},
    tokens::{
        cache::listing::Listing,
        model::{
            creation::CreationReport,
            draft::{Draft, DraftErrors},
            gate,
            name::{isolated, shortened, subject},
            unsaved::{self, Creation},
            unsure::{Unsure, lost_by_reload},
        },
        widgets::blocked::blocked,
    },
    ui::{
        ActivityLog, ActivityOutcome, Notice, Status, effect, focus_element, focus_input, next_task,
        spawn_in_scope,
    },
};

/// The form for a new token: its values, and what was sent. A handle.
#[derive(Clone, Copy)]
pub(super) struct Creating {
    pub(super) name: RwSignal<String>,
    pub(super) owner: RwSignal<String>,
    pub(super) length: RwSignal<String>,
    /// Whether the values were typed before a reload of the tab.
    pub(super) is_restored: RwSignal<bool>,
    pub(super) errors: RwSignal<DraftErrors>,
    pub(super) failed: RwSignal<Option<Notice>>,
    pub(super) unsure: RwSignal<Option<Unsure>>,
    /// Whether a response is awaited, or the token is being looked for.
    pub(super) busy: RwSignal<bool>,
    pub(super) inputs: Inputs,
    /// What was sent, as long as its outcome is unknown.
    sent: RwSignal<Option<Draft>>,
    created: RwSignal<Option<Arc<CreatedToken>>>,
    blocked: Signal<Option<String>>,
    session: Session,
    activity: ActivityLog,
    listing: Listing,
    status: Status,
}

impl Creating {
    /// Begins with what was typed before a reload of the tab, for the screen that this is called in. A token that was
    /// created is put into `created`.
    pub(super) fn begin(created: RwSignal<Option<Arc<CreatedToken>>>) -> Self {
        let session = Session::expect();
        let Work { typed, sent } = draft_storage::load(session).unwrap_or_default();
        let asked_before = sent.as_ref().and_then(|draft| draft.check().ok());
        spawn_in_scope(session.ask_collection());
        let creating = Self {
            is_restored: RwSignal::new(typed != Draft::default()),
            name: RwSignal::new(typed.name),
            owner: RwSignal::new(typed.owner),
            length: RwSignal::new(typed.length),
            errors: RwSignal::new(DraftErrors::default()),
            failed: RwSignal::new(None),
            unsure: RwSignal::new(None),
            busy: RwSignal::new(false),
            inputs: Inputs::default(),
            sent: RwSignal::new(sent),
            created,
            blocked: blocked(session, gate::TokenAction::Create, Subject::Collection),
            session,
            activity: ActivityLog::expect(),
            listing: Listing::expect(),
            status: Status::expect(),
        };
        effect(move || {
            draft_storage::keep(session, Work { typed: creating.typed(), sent: creating.sent.get() });
        });
        // A reload of the tab runs no cleanup, so the draft stays; anything else that removes the form is intended.
        on_cleanup(move || draft_storage::clear(session));
        Leaving::expect().guard(Signal::derive(move || creating.loss()));
        if let Some(asked) = asked_before {
            creating.look_after_reload(asked);
        }
        creating
    }

    fn typed(self) -> Draft {
        Draft { name: self.name.get(), owner: self.owner.get(), length: self.length.get() }
    }

    /// Returns what leaving would lose.
    fn loss(self) -> Option<Loss> {
        self.unsure.with(|unsure| {
            let creation = match unsure {
                _ if self.busy.get() => Creation::UnderWay,
                Some(unsure) => unsure.creation(),
                None => Creation::Open,
            };
            unsaved::of_draft(&self.typed(), creation)
        })
    }

    /// Returns why nothing can be sent at the moment, if so.
    pub(super) fn obstacle(self) -> Option<String> {
        self.blocked.get().or_else(|| {
            let is_in_doubt =
                self.unsure.with(|unsure| unsure.as_ref().is_some_and(Unsure::forbids_another_try));
            is_in_doubt.then(|| "First check whether the token was created.".to_owned())
        })
    }

    /// Sends what is typed: one request per press, whatever is clicked meanwhile.
    pub(super) fn submit(self) {
        if self.busy.get_untracked() || untrack(|| self.obstacle()).is_some() {
            return;
        }
        // The failure of the previous attempt has nothing to do with what is wrong now.
        self.failed.set(None);
        let draft = untrack(|| self.typed());
        let asked = match draft.check() {
            Ok(asked) => asked,
            Err(errors) => return self.complain(errors),
        };
        self.errors.set(DraftErrors::default());
        self.unsure.set(None);
        self.status.clear();
        self.session.renew_retries();
        self.sent.set(Some(draft));
        self.busy.set(true);
        spawn_in_scope(async move {
            let answer = self.session.create_token(&asked).await;
            next_task().await;
            match answer {
                Ok(token) => self.done(token),
                Err(error) => {
                    let report = self.report_on(&asked, error).await;
                    self.activity.add("Tried to create", isolated(&asked.name), report.outcome);
                    self.show(report);
                }
            }
            // The form is gone once there is a token.
            self.busy.try_set(false);
        });
    }

    /// Looks again for a token whose creation is in doubt.
    pub(super) fn look_again(self) {
        let in_doubt = self.unsure.with_untracked(|unsure| {
            let (asked, failure) = unsure.as_ref()?.in_doubt()?;
            Some((asked.clone(), failure.clone()))
        });
        let Some((asked, failure)) = in_doubt else { return };
        self.session.renew_retries();
        self.busy.set(true);
        spawn_in_scope(async move {
            let report = self.look(&asked, failure).await;
            self.busy.set(false);
            self.show(report);
        });
    }

    /// Looks for what was sent before the tab was reloaded.
    fn look_after_reload(self, asked: CreateToken) {
        self.busy.set(true);
        self.status.progress(format!("Checking whether “{}” was created", shortened(&asked.name)));
        spawn_in_scope(async move {
            let report = self.look(&asked, lost_by_reload()).await;
            self.status.done();
            self.activity.add("Tried to create", isolated(&asked.name), report.outcome);
            self.busy.set(false);
            self.show(report);
        });
    }

    /// Empties the form.
    pub(super) fn clear(self) {
        let Draft { name, owner, length } = Draft::default();
        self.name.set(name);
        self.owner.set(owner);
        self.length.set(length);
        self.errors.set(DraftErrors::default());
        self.is_restored.set(false);
        focus_input(self.inputs.name);
    }

    fn done(self, token: CreatedToken) {
        self.activity.add("Created", subject(&token.token.name, token.token.id), ActivityOutcome::Done);
        self.status.clear();
        self.created.set(Some(Arc::new(token)));
    }

    async fn report_on(self, asked: &CreateToken, failure: Error) -> CreationReport {
        if failure.kind.may_have_created() {
            self.listing.doubt();
            return self.look(asked, failure).await;
        }
        let refused_owner = self.session.learn_creation(asked, &failure);
        CreationReport::of_refusal(failure, refused_owner)
    }

    /// Looks the name up, to find out what the failure means.
    async fn look(self, asked: &CreateToken, failure: Error) -> CreationReport {
        let whose = self.owner_of(asked);
        let found = self.session.find_token(&asked.name, whose).await.unwrap_or(Found::CannotTell);
        CreationReport::of_look(failure, found, whose, asked.clone())
    }

    /// Returns the owner of the token. `None` if the server does not say who the user is: the token is then looked for
    /// among all that the user may see.
    fn owner_of(self, asked: &CreateToken) -> Option<UserId> {
        asked.owner_id.or_else(|| untrack(|| self.session.user_id()))
    }

    fn show(self, report: CreationReport) {
        if report.is_settled {
            self.sent.set(None);
        }
        if !report.errors.is_empty() {
            self.complain(report.errors);
        }
        self.failed.set(report.failure.map(|failure| failure::notice(&failure, FailedAction::CreateToken)));
        self.unsure.set(report.unsure);
    }

    fn complain(self, errors: DraftErrors) {
        self.inputs.focus_first(&errors);
        self.errors.set(errors);
    }
}

/// The fields, as far as they are on the page.
#[derive(Clone, Copy, Default)]
pub(super) struct Inputs {
    pub(super) name: NodeRef<Input>,
    /// Either this one or `owner` is there, depending on whether the users are known.
    pub(super) owner_select: NodeRef<Select>,
    pub(super) owner: NodeRef<Input>,
    pub(super) length: NodeRef<Input>,
}

impl Inputs {
    /// Moves the focus to the first field with an error.
    fn focus_first(self, errors: &DraftErrors) {
        if errors.name.is_some() {
            focus_input(self.name);
        } else if errors.owner_id.is_some() {
            if let Some(select) = self.owner_select.get_untracked() {
                focus_element(&select);
            } else {
                focus_input(self.owner);
            }
        } else if errors.length.is_some() {
            focus_input(self.length);
        }
    }
}
