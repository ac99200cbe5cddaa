//! Offers to delete the tokens that earlier sessions of this user left behind, for example when their tabs were closed.

use leptos::prelude::*;

use super::{
    cache::{known_tokens::KnownTokens, listing::Listing},
    model::{
        bulk::{
            BulkAct,
            outcome::{Failure, Outcome},
            words::result,
        },
        name::{isolated, subject},
    },
    requests::apply,
    widgets::token_lines::{TokenLine, TokenLines},
};
use crate::{
    part,
    session::{
        Session,
        console_token::{
            Record,
            left_behind::{self as words, LookResult},
        },
    },
    ui::{ActivityLog, Button, When, effect, follow, in_place, spawn_in_scope},
};

/// A token that may be deleted, and the outcome if that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LeftToken {
    record: Record,
    outcome: Option<Outcome>,
}

impl LeftToken {
    fn is_gone(&self) -> bool {
        self.outcome == Some(Outcome::Done)
    }

    fn line(&self) -> TokenLine {
        let outcome = self.outcome.as_ref();
        TokenLine {
            id: self.record.id.unwrap_or_default(),
            name: self.record.name.clone(),
            words: outcome.map(|outcome| result(BulkAct::Delete, outcome)).unwrap_or_default(),
            is_bad: outcome.is_some_and(|outcome| *outcome != Outcome::Done),
            // Without an ID there is nothing to link to.
            is_gone: self.is_gone() || self.record.id.is_none(),
        }
    }
}

/// Looks for such tokens after each sign-in, and offers to delete what is found. Sends no request if no earlier session
/// left a note.
#[component]
pub fn LeftBehind() -> impl IntoView {
    let session = Session::expect();
    let listing = Listing::expect();
    effect(move || {
        let sign_ins = session.sign_ins();
        follow(&sign_ins);
        if sign_ins.get_untracked() > 0 && session.has_console_token() {
            // A list that was read before lacks this session's token, and may have an earlier session's.
            listing.doubt();
        }
    });
    let may_be = Memo::new(move |before: Option<&bool>| {
        follow(&session.sign_ins());
        before == Some(&true) || (session.sign_ins().get_untracked() > 0 && session.has_notes())
    });
    view! {
        // Not atomic: of several lines, only those that change are read out.
        <div role="status" aria-atomic="false">
            <When is=may_be>{offer()}</When>
        </div>
    }
}

part! {
    in more;
    fn offer() {
        view! { <Offer/> }
    }
}

/// The tokens that were found, and what becomes of them. A handle.
#[derive(Clone, Copy)]
struct Leftovers {
    left: RwSignal<Vec<LeftToken>>,
    /// Whether they are being deleted.
    busy: RwSignal<bool>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
}

impl Leftovers {
    /// Looks for them after each sign-in, as long as the reactive scope lives that this is called in.
    fn look_for() -> Self {
        let session = Session::expect();
        let leftovers = Self {
            left: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            session,
            known: KnownTokens::expect(),
            activity: ActivityLog::expect(),
        };
        session.when_user_leaves(move || {
            leftovers.left.try_set(Vec::new());
            leftovers.busy.try_set(false);
        });
        effect(move || {
            let sign_ins = session.sign_ins();
            follow(&sign_ins);
            if sign_ins.get_untracked() > 0 {
                spawn_in_scope(async move {
                    let is_still_here = session.same_user();
                    let found = look(session).await;
                    // While tokens are being deleted, the list of them stays as it is.
                    if is_still_here() && leftovers.busy.try_get_untracked() == Some(false) {
                        in_place(|| {
                            leftovers.left.try_set(found);
                        });
                    }
                });
            }
        });
        leftovers
    }

    /// Whether a token is still among them. None is once their user has left: the next user must not finish what was
    /// begun.
    fn has(self, record: &Record) -> bool {
        self.left.try_with_untracked(|left| left.iter().any(|one| one.record == *record)) == Some(true)
    }

    /// Deletes those that are not gone yet, one after the other.
    fn delete(self) {
        self.session.renew_retries();
        self.busy.set(true);
        spawn_in_scope(async move {
            for LeftToken { record, .. } in self.left.get_untracked().into_iter().filter(|one| !one.is_gone())
            {
                let outcome = delete(self.session, &record, |record| self.has(record)).await;
                if !self.has(&record) {
                    break;
                }
                self.deleted(&record, outcome);
            }
            self.busy.try_set(false);
        });
    }

    /// Takes the outcome of deleting one.
    fn deleted(self, record: &Record, outcome: Outcome) {
        if outcome == Outcome::Done {
            self.session.forget_left_behind(record);
            if let Some(id) = record.id {
                self.known.gone(id);
            }
        }
        let (act, how) = apply::deed(BulkAct::Delete, &outcome);
        let called = record.id.map_or_else(|| isolated(&record.name), |id| subject(&record.name, id));
        self.activity.add(act, called, how);
        self.left.try_update(|left| {
            if let Some(one) = left.iter_mut().find(|one| one.record == *record) {
                one.outcome = Some(outcome);
            }
        });
    }

    /// Leaves them where they are, and does not ask again.
    fn keep(self) {
        self.left.with_untracked(|left| {
            left.iter().for_each(|one| self.session.forget_left_behind(&one.record));
        });
        self.left.set(Vec::new());
    }
}

#[component]
fn Offer() -> impl IntoView {
    let leftovers = Leftovers::look_for();
    let Leftovers { left, busy, .. } = leftovers;
    let all = Memo::new(move |_| left.with(Vec::len));
    let gone = Memo::new(move |_| left.with(|all| all.iter().filter(|one| one.is_gone()).count()));
    let is_over =
        Memo::new(move |_| !busy.get() && left.with(|all| all.iter().all(|one| one.outcome.is_some())));
    let is_done = Memo::new(move |_| is_over.get() && gone.get() == all.get());
    let title = move || {
        if is_over.get() { words::result(gone.get(), all.get()) } else { words::offer(all.get()) }
    };
    let class = move || match (is_over.get(), is_done.get()) {
        (_, true) => "notice notice-success",
        (true, false) => "notice notice-failure",
        (false, _) => "notice notice-info",
    };
    let them = move |act: &str| format!("{act} {}", if all.get() == 1 { "it" } else { "them" });
    // One button all along, so that the focus is still on it when the deletion is over.
    let label = Signal::derive(move || match (is_over.get(), is_done.get()) {
        (_, true) => "Dismiss".to_owned(),
        (true, false) => "Try again".to_owned(),
        (false, _) => them("Delete"),
    });
    let press = move |()| if is_done.get_untracked() { left.set(Vec::new()) } else { leftovers.delete() };
    let lines = Signal::derive(move || left.with(|all| all.iter().map(LeftToken::line).collect()));
    view! {
        <When is=Signal::derive(move || { all.get() > 0 })>
            <div class=class>
                <div class="notice-words">
                    <p class="notice-title">{title}</p>
                    <When is=Signal::derive(move || { !is_over.get() })>
                        <p>{move || words::why(all.get())}</p>
                    </When>
                    <TokenLines lines=lines class="results"/>
                    <div class="notice-actions">
                        <Button label=label busy=busy on_press=press/>
                        <When is=Signal::derive(move || { !is_done.get() && !busy.get() })>
                            <Button label=Signal::derive(move || them("Keep")) on_press=move |()| leftovers.keep()/>
                        </When>
                    </div>
                </div>
            </div>
        </When>
    }
}

/// Returns what earlier sessions left behind. Notes of tokens that turn out to be gone are silently forgotten.
async fn look(session: Session) -> Vec<LeftToken> {
    let mut found = Vec::new();
    for mut record in session.left_behind().await {
        match session.look_for_left_behind(&record).await {
            LookResult::NotOurs => {
                session.forget_left_behind(&record);
                continue;
            }
            LookResult::There(id) => record.id = Some(id),
            // It is offered all the same: the deletion will tell.
            LookResult::Unclear(_) => {}
        }
        found.push(LeftToken { record, outcome: None });
    }
    found
}

/// Looks at a token again, since the question may have been open for long, and deletes it.
async fn delete(session: Session, record: &Record, is_asked: impl Fn(&Record) -> bool) -> Outcome {
    match session.look_for_left_behind(record).await {
        _ if !is_asked(record) => Outcome::Cancelled,
        // Nothing is left to delete, as wanted.
        LookResult::NotOurs => Outcome::Done,
        LookResult::There(id) => apply::delete(session, id, &record.name).await.into(),
        LookResult::Unclear(error) => Outcome::Failed(Failure::Error(error)),
    }
}
