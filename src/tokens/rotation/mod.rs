//! Rotating tokens: the records of rotations that were begun, the runs, and the screen. The
//! [model](super::model::rotation) decides what to ask next, and words everything.

mod elsewhere;
mod finished;
mod hand_over_step;
mod kept;
mod next_step;
mod progress;
mod questions;
mod requests;
mod run;
mod screen;
mod start;

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use web_sys::PageTransitionEvent;

pub use screen::RotateScreen;

pub(super) use elsewhere::{IN_ROTATION, RotateButton, RotationNotice};
use run::{Live, Run};
pub(super) use start::rotation_blocked;

use super::{
    cache::known_tokens::KnownTokens,
    model::rotation::{Goal, Record, Records, Rotation, merge},
};
use crate::{
    api::{Token, TokenId},
    navigation::Navigation,
    secret::Secret,
    session::Session,
    ui::{ActivityLog, EventPhase, Status, effect, follow, listen, today},
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
    /// The console has no record of it any more.
    Forgotten,
}

/// The rotations that the user has begun and not ended, on this device. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct Rotations {
    /// The user they belong to. If that is uncertain, they last only as long as the page.
    user: Memo<Option<String>>,
    records: RwSignal<Records>,
    /// Whether the browser stored the last change.
    is_kept: RwSignal<bool>,
    /// The rotations that were looked at on this page, by their old token.
    lives: RwSignal<HashMap<TokenId, Live>>,
    runs: StoredValue<u32>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
    status: Status,
    navigation: Navigation,
}

impl Rotations {
    /// Provides the handle to everything below.
    pub fn provide() {
        let session = Session::expect();
        let rotations = Self {
            user: Memo::new(move |_| session.storage_owner()),
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
        // The rest of a run is for the user who began it, and so is a new secret.
        session.when_user_leaves(move || {
            rotations.lives.update(HashMap::clear);
            if rotations.user.with_untracked(Option::is_none) {
                rotations.records.set(Records::new(""));
            }
        });
        // Another tab has gone on with a rotation.
        let listener = window_event_listener_untyped("storage", move |_| rotations.reload());
        on_cleanup(move || listener.remove());
        // No such event reaches a page that the browser keeps aside for "back".
        listen(&window(), "pageshow", EventPhase::Bubble, move |event: PageTransitionEvent| {
            if event.persisted() {
                rotations.reload();
            }
        });
        provide_context(rotations);
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Takes over what is in storage: another tab may have gone on with a rotation, or begun one.
    fn reload(self) {
        if let Some(found) = self.load()
            && self.records.with_untracked(|records| *records != found)
        {
            self.records.set(found);
        }
    }

    /// Returns what is in storage. `None` if that is not all: if the user is uncertain, or the last change of this page
    /// was not stored, for example because storage is full.
    fn load(self) -> Option<Records> {
        let user = self.user.try_get_untracked().flatten()?;
        if self.is_kept.try_get_untracked()? { kept::load(&user) } else { None }
    }

    /// Returns the record to compare with what is stored later; see [`merge()`].
    fn to_compare(self, record: &Record) -> Option<Record> {
        // Records of an uncertain user are not stored.
        self.user.try_get_untracked().flatten().map(|_| record.clone())
    }

    /// Returns the rotation that a token belongs to.
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

    /// Returns the old token of the rotation that a token belongs to, also if the rotation has just ended on this page.
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
        // Another tab has begun it meanwhile.
        if let Some(begun) = untrack(|| self.of(token.id)) {
            return self.go(begun.old, Goal::Look);
        }
        self.put(Record::new(token, &today(), urgent));
        self.go_with(token.id, Goal::Create, Some(goes_on), Vec::new());
    }

    /// Goes on with a rotation, towards `goal`.
    fn go(self, old: TokenId, goal: Goal) {
        self.go_with(old, goal, None, Vec::new());
    }

    /// Goes on towards `goal` with tokens that the user has confirmed by the names that they were shown.
    fn go_confirmed(self, old: TokenId, goal: Goal, confirmed: Vec<(TokenId, String)>) {
        self.go_with(old, goal, None, confirmed);
    }

    fn go_with(self, old: TokenId, goal: Goal, goes_on: Option<bool>, confirmed: Vec<(TokenId, String)>) {
        if untrack(|| self.is_running(old)) {
            return;
        }
        self.reload();
        let Some(record) = untrack(|| self.of(old)) else { return };
        let stored = self.to_compare(&record);
        self.runs.update_value(|runs| *runs += 1);
        let number = self.runs.get_value();
        let run = Run { number, goal, ask: None };
        self.lives.update(|lives| {
            let live = lives.entry(old).or_insert_with(|| Live::new(Rotation::new(record.clone())));
            live.goes_on = goes_on.unwrap_or(live.goes_on);
            live.start(record, stored, run, confirmed);
        });
        if !self.keep(old) {
            return;
        }
        self.session.renew_retries();
        run::start(self, old, number);
    }

    fn is_running(self, old: TokenId) -> bool {
        self.with_live(old, |live| live.run.is_some()).unwrap_or(false)
    }

    /// Returns what is known of a rotation for certain, whatever the screen shows: only its record, if another tab has
    /// gone on.
    fn certain(self, old: TokenId) -> Option<Rotation> {
        let record = untrack(|| self.of(old))?;
        let here = untrack(|| self.with_live(old, |live| live.rotation.clone()));
        here.filter(|rotation| *rotation.record() == record).or_else(|| Some(Rotation::new(record)))
    }

    /// Calls `look` with a rotation of this page. Tracked.
    fn with_live<T>(self, old: TokenId, look: impl FnOnce(&Live) -> T) -> Option<T> {
        follow(&self.lives);
        self.lives.try_with_untracked(|lives| lives.get(&old).map(look)).flatten()
    }

    fn update_live<T>(self, old: TokenId, change: impl FnOnce(&mut Live) -> T) -> Option<T> {
        self.lives.try_update(|lives| lives.get_mut(&old).map(change)).flatten()
    }

    /// Notes that the new secret was handed over.
    fn hand_over(self, old: TokenId) {
        self.note(old, Rotation::hand_over);
    }

    /// Notes that the server has accepted the new secret.
    fn verified(self, old: TokenId) {
        self.note(old, Rotation::verified);
    }

    /// Takes another token as the new one, as the user says it is.
    fn adopt(self, old: TokenId, new: TokenId) {
        if self.note(old, |rotation| rotation.adopt(new)) {
            self.go(old, Goal::Look);
        }
    }

    /// Goes on with a token that is named otherwise than expected. `is_right` is whether the user says that it is the old
    /// or the new one all the same; if not, the new one is gone.
    fn resolve(self, old: TokenId, goal: Goal, renamed: (TokenId, String), is_right: bool) {
        if is_right {
            self.go_confirmed(old, goal, vec![renamed]);
        } else if self.note(old, Rotation::disown) {
            self.go(old, goal);
        }
    }

    fn note(self, old: TokenId, note: impl Fn(&mut Rotation)) -> bool {
        self.update_live(old, |live| {
            note(&mut live.rotation);
            note(&mut live.shown);
        });
        self.keep(old)
    }

    /// Ends a rotation: the console has nothing to remember of it.
    fn end(self, old: TokenId, end: End) {
        if !self.keep(old) {
            return;
        }
        if run::is_on_screen(self, old) {
            self.update_live(old, |live| {
                live.end = Some(end);
                live.fresh = None;
                live.stop = None;
                live.run = None;
            });
        } else {
            // The user may come back and begin another one.
            self.lives.try_update(|lives| lives.remove(&old));
        }
        self.reload();
        self.change_records(|records| records.remove(old));
    }

    /// Ends a rotation whose old token stays, disabled. The server may not list it, so it is added to "Recently
    /// disabled".
    fn keep_old(self, old: TokenId) {
        if let Some(token) = self.known.details.token(old) {
            self.known.changed(true, &token);
        }
        self.end(old, End::Kept);
    }

    /// Notes that the screen of a rotation was left. A run goes on, but its new secret is forgotten.
    fn look_away(self, old: TokenId) {
        self.lives.try_update(|lives| match lives.get_mut(&old) {
            Some(live) if live.run.is_some() => live.fresh = None,
            _ => {
                lives.remove(&old);
            }
        });
    }

    /// Stores the present record of a rotation, with what another tab has noted of the hand-over. Returns `false` if
    /// another tab has gone on with the rotation or ended it: then nothing of it is overwritten, and the run ends.
    fn keep(self, old: TokenId) -> bool {
        let here = |live: &Live| (live.stored.clone(), live.rotation.record().clone());
        let Some((known, own)) = untrack(|| self.with_live(old, here)) else { return true };
        let all = self.load();
        let stored = all.as_ref().and_then(|all| all.of(old));
        let merged = if all.is_some() { merge(known.as_ref(), stored, &own) } else { Ok(own) };
        let (is_own, record) = match merged {
            Ok(record) => (true, Some(record)),
            Err(record) => (false, record),
        };
        if let Some(record) = &record {
            let is_known = self.records.with_untracked(|records| records.of(old) == Some(record));
            if !is_known || (all.is_some() && stored != Some(record)) {
                self.put(record.clone());
            }
        }
        match record {
            Some(record) if is_own => {
                let stored = self.to_compare(&record);
                self.update_live(old, |live| {
                    live.rotation.add_hand_over(&record);
                    live.shown.add_hand_over(&record);
                    live.stored = stored;
                });
            }
            record => run::went_on_elsewhere(self, old, record),
        }
        is_own
    }

    fn put(self, record: Record) {
        self.change_records(|records| records.put(record));
    }

    /// Changes the records and stores them, beside what other tabs have stored meanwhile.
    fn change_records(self, change: impl FnOnce(&mut Records)) {
        let user = self.user.try_get_untracked().flatten();
        let stored = self.load();
        self.records.try_update(|records| {
            if let Some(stored) = stored {
                *records = stored;
            }
            change(records);
            let is_kept = user.is_some_and(|user| kept::save(&user, records));
            self.is_kept.set(is_kept);
        });
    }

    /// Returns the secret of the new token, if this page has created it and its screen was not left since.
    fn fresh(self, new: TokenId) -> Option<Arc<Secret>> {
        self.lives.with_untracked(|lives| {
            let fresh = lives.values().find_map(|live| live.fresh.as_ref().filter(|(id, _)| *id == new));
            fresh.map(|(_, secret)| secret.clone())
        })
    }
}
