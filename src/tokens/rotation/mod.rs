//! Rotating tokens: what is kept of rotations that were begun, what goes on, and their screen. What to ask next, and
//! what everything is called, is the [model](super::model::rotation)'s affair.

mod badge;
mod finished;
mod hand_over_step;
mod kept;
mod next_step;
mod progress;
mod requests;
mod run;
mod screen;
mod start;
mod undo_question;

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;

pub use screen::RotateScreen;

pub(super) use badge::{IN_ROTATION, RotateButton, RotationNotice};
use run::{Live, Run};
pub(super) use start::rotation_blocked;

use super::{
    known_tokens::KnownTokens,
    model::rotation::{Goal, Record, Records, Rotation},
};
use crate::{
    api::{Token, TokenId},
    navigation::Navigation,
    secret::Secret,
    session::Session,
    ui::{ActivityLog, Status, effect, follow, today},
};

/// How a rotation ended on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The old token is deleted.
    Replaced,
    /// The old token stays, disabled.
    Kept,
    /// Everything is as before.
    Undone,
    /// The console knows nothing of it any more.
    Forgotten,
}

/// The rotations that the user has begun and not ended, on this device. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Rotations {
    /// Whose they are; without a certain user they are kept for as long as the page.
    user: Memo<Option<String>>,
    records: RwSignal<Records>,
    /// Whether the last change was kept in the browser.
    is_kept: RwSignal<bool>,
    /// Those that were looked at on this page, by their old token.
    lives: RwSignal<HashMap<TokenId, Live>>,
    runs: StoredValue<u32>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
    status: Status,
    navigation: Navigation,
}

impl Rotations {
    /// Makes them available to everything below.
    pub fn provide() {
        let session = Session::expect();
        let rotations = Self {
            user: Memo::new(move |_| session.keeper()),
            records: RwSignal::new(Records::new("")),
            is_kept: RwSignal::new(true),
            lives: RwSignal::new(HashMap::new()),
            runs: StoredValue::new(0),
            session,
            known: KnownTokens::expect(),
            activity: ActivityLog::expect(),
            status: Status::expect(),
            navigation: Navigation::expect(),
        };
        effect(move || {
            let found =
                rotations.user.get().map(|user| kept::load(&user).unwrap_or_else(|| Records::new(&user)));
            rotations.records.set(found.unwrap_or_else(|| Records::new("")));
        });
        // What a run has still to do is for whoever began it, and so is a new secret.
        session.when_user_leaves(move || {
            rotations.lives.update(HashMap::clear);
            if rotations.user.with_untracked(Option::is_none) {
                rotations.records.set(Records::new(""));
            }
        });
        // Another tab went on with one.
        let listener = window_event_listener_untyped("storage", move |_| rotations.reload());
        on_cleanup(move || listener.remove());
        provide_context(rotations);
    }

    /// Those of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Takes what the browser has: another tab may have gone on, or begun one. Not where it did not take what this page
    /// knows, as when it is full.
    fn reload(self) {
        let Some(user) = self.user.get_untracked().filter(|_| self.is_kept.get_untracked()) else { return };
        if let Some(found) = kept::load(&user)
            && self.records.with_untracked(|records| *records != found)
        {
            self.records.set(found);
        }
    }

    /// The rotation that a token belongs to.
    pub(super) fn of(self, id: TokenId) -> Option<Record> {
        self.with_record(id, |record| record.cloned())
    }

    /// Whether a token is in the middle of a rotation.
    pub(super) fn concerns(self, id: TokenId) -> bool {
        self.with_record(id, |record| record.is_some())
    }

    fn with_record<T>(self, id: TokenId, look: impl FnOnce(Option<&Record>) -> T) -> T {
        follow(&self.records);
        self.records.with_untracked(|records| look(records.of(id)))
    }

    /// The old token of the rotation that a token belongs to, also of one that just ended on this page.
    fn old_of(self, id: TokenId) -> Option<TokenId> {
        self.of(id).map(|record| record.old).or_else(|| {
            let has_ended = self.lives.with(|lives| lives.get(&id).is_some_and(|live| live.end.is_some()));
            has_ended.then_some(id)
        })
    }

    /// Begins to rotate a token.
    fn begin(self, token: &Token, urgent: bool, goes_on: bool) {
        self.lives.update(|lives| {
            lives.remove(&token.id);
        });
        self.reload();
        self.put(Record::new(token, &today(), urgent));
        self.go_with(token.id, Goal::Create, Some(goes_on));
    }

    /// Goes on with a rotation.
    fn go(self, old: TokenId, goal: Goal) {
        self.go_with(old, goal, None);
    }

    fn go_with(self, old: TokenId, goal: Goal, goes_on: Option<bool>) {
        if untrack(|| self.is_running(old)) {
            return;
        }
        self.reload();
        let Some(record) = untrack(|| self.of(old)) else { return };
        self.runs.update_value(|runs| *runs += 1);
        let number = self.runs.get_value();
        let run = Run { number, goal, ask: None };
        self.lives.update(|lives| {
            let live = lives.entry(old).or_insert_with(|| Live::new(Rotation::new(record.clone())));
            live.goes_on = goes_on.unwrap_or(live.goes_on);
            live.start(record, run);
        });
        self.keep(old);
        self.session.renew_retries();
        run::start(self, old, number);
    }

    fn is_running(self, old: TokenId) -> bool {
        self.with_live(old, |live| live.run.is_some()).unwrap_or(false)
    }

    /// One as it is known for certain, whatever the screen shows: nothing is, where another tab has gone on.
    fn known(self, old: TokenId) -> Option<Rotation> {
        let record = untrack(|| self.of(old))?;
        let here = untrack(|| self.with_live(old, |live| live.rotation.clone()));
        here.filter(|rotation| *rotation.record() == record).or_else(|| Some(Rotation::new(record)))
    }

    /// Looks at one that is on this page, and again when it changes.
    fn with_live<T>(self, old: TokenId, look: impl FnOnce(&Live) -> T) -> Option<T> {
        follow(&self.lives);
        self.lives.try_with_untracked(|lives| lives.get(&old).map(look)).flatten()
    }

    fn update_live<T>(self, old: TokenId, change: impl FnOnce(&mut Live) -> T) -> Option<T> {
        self.lives.try_update(|lives| lives.get_mut(&old).map(change)).flatten()
    }

    /// Somebody has taken the new secret along.
    fn hand_over(self, old: TokenId) {
        self.note(old, Rotation::hand_over);
    }

    /// The server has accepted the new secret.
    fn verified(self, old: TokenId) {
        self.note(old, Rotation::verified);
    }

    /// Somebody says that another token is the new one.
    fn adopt(self, old: TokenId, new: TokenId) {
        self.note(old, |rotation| rotation.adopt(new));
        self.go(old, Goal::Look);
    }

    fn note(self, old: TokenId, note: impl Fn(&mut Rotation)) {
        self.update_live(old, |live| {
            note(&mut live.rotation);
            note(&mut live.shown);
        });
        self.keep(old);
    }

    /// Ends one: the console has nothing to remember of it.
    fn end(self, old: TokenId, end: End) {
        if run::is_on_screen(self, old) {
            self.update_live(old, |live| {
                live.end = Some(end);
                live.fresh = None;
                live.stop = None;
                live.run = None;
            });
        } else {
            // Whoever comes back may want to begin another.
            self.lives.try_update(|lives| lives.remove(&old));
        }
        self.reload();
        self.change_records(|records| records.remove(old));
    }

    /// Ends one whose old token stays, disabled. The server may not list it, so it is put where it is found again.
    fn keep_old(self, old: TokenId) {
        if let Some(token) = self.known.details.token(old) {
            self.known.changed(true, &token);
        }
        self.end(old, End::Kept);
    }

    /// Nobody looks at one any more. One that goes on is not stopped by that, but its new secret is forgotten.
    fn look_away(self, old: TokenId) {
        self.lives.try_update(|lives| match lives.get_mut(&old) {
            Some(live) if live.run.is_some() => live.fresh = None,
            _ => {
                lives.remove(&old);
            }
        });
    }

    /// Keeps the record of one as it is now.
    fn keep(self, old: TokenId) {
        let record = untrack(|| self.with_live(old, |live| live.rotation.record().clone()));
        if let Some(record) = record
            && self.records.with_untracked(|records| records.of(old) != Some(&record))
        {
            self.put(record);
        }
    }

    fn put(self, record: Record) {
        self.change_records(|records| records.put(record));
    }

    fn change_records(self, change: impl FnOnce(&mut Records)) {
        let user = self.user.try_get_untracked().flatten();
        self.records.try_update(|records| {
            change(records);
            let is_kept = user.is_some_and(|user| kept::save(&user, records));
            self.is_kept.set(is_kept);
        });
    }

    /// The secret of the new token, if this page has made it and nobody has left the screen since.
    fn fresh(self, new: TokenId) -> Option<Arc<Secret>> {
        self.lives.with_untracked(|lives| {
            let fresh = lives.values().find_map(|live| live.fresh.as_ref().filter(|(id, _)| *id == new));
            fresh.map(|(_, secret)| secret.clone())
        })
    }
}
