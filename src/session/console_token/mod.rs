//! Console session tokens: signing in with a password and working with a token.
//!
//! HTTP Basic costs the server half a second of processor time for every request (API.md part 2). A user may therefore
//! ask for a *console session token* ([`Session::sign_in_with_console_token`]): it is made with the password, which is
//! then dropped, and deleted when the session ends. While a session works with one, it is also the session's credential
//! token.
//!
//! - [`name`]: its name;
//! - `opening`: making it, and what happens if that fails: the session then works with the password and says so
//!   ([`Refusal`]);
//! - `ending`: deleting it;
//! - [`records`] and `notes`: which ones may exist, so that those left behind by closed tabs are found;
//! - `in_use`: which of those a tab still works with;
//! - `undeletable`: users who may make tokens but not delete them;
//! - [`left_behind`]: the remaining ones, and what the server says about each.

mod ending;
mod in_use;
pub mod left_behind;
pub mod name;
mod notes;
mod opening;
pub mod records;
pub mod refusal;
mod undeletable;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub(super) use ending::Ending;
pub use ending::UndeletedNews;
pub use opening::Begun;
pub use records::Record;
pub use refusal::Refusal;

use super::Session;
use crate::api::{Error, TokenId};
pub(super) use in_use::Hold;
use name::is_console_name;

/// A console session token: one that was made for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleToken {
    /// Which token it is. Its ID is known.
    pub record: Record,
    /// The name of the user who signed in, for servers that do not say whose a token is.
    pub username: String,
}

/// A console session token that its session could not delete.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Undeleted {
    record: Record,
    error: Error,
}

/// What a session knows about console session tokens. A handle.
#[derive(Clone, Copy)]
pub(super) struct ConsoleTokens {
    /// The token that the session works with.
    current: RwSignal<Option<ConsoleToken>>,
    hold: StoredValue<Option<Hold>, LocalStorage>,
    /// Whether the user who is signed in, or has to sign in again, asked for one.
    is_wanted: StoredValue<bool>,
    undeleted: RwSignal<Option<Undeleted>>,
    /// Counts the sign-ins on this page; resuming a session that the tab kept is none.
    sign_ins: RwSignal<u32>,
    /// What other tabs answered to the last question.
    answers: StoredValue<Vec<u64>>,
}

impl ConsoleTokens {
    pub(super) fn new() -> Self {
        Self {
            current: RwSignal::new(None),
            hold: StoredValue::new_local(None),
            is_wanted: StoredValue::new(false),
            undeleted: RwSignal::new(None),
            sign_ins: RwSignal::new(0),
            answers: StoredValue::new(Vec::new()),
        }
    }

    /// Makes the session work with this token from now on.
    pub(super) fn take_up(self, token: ConsoleToken, hold: Option<Hold>) {
        self.hold.set_value(hold);
        self.current.set(Some(token));
    }

    /// Like [`Self::take_up`], after a reload of the tab.
    pub(super) fn resume(self, token: ConsoleToken) {
        let hold = Hold::of(&token.record);
        self.begins(true);
        self.take_up(token, hold);
    }

    /// Takes the lock again, after the browser had cached the page.
    fn hold_again(self) {
        if let Some(record) = self.current_record() {
            self.hold.set_value(Hold::of(&record));
        }
    }

    /// Keeps the lock of a token that may have been made, so that this session does not ask the user about it.
    fn hold_for_later(self, hold: Option<Hold>) {
        self.hold.set_value(hold);
    }

    /// Notes that the user has signed in.
    pub(super) fn signed_in(self) {
        self.undeleted.set(None);
        self.sign_ins.update(|n| *n += 1);
    }

    /// Notes whether the user who signs in asked for a console session token; `false` when signing out.
    pub(super) fn begins(self, is_wanted: bool) {
        self.is_wanted.set_value(is_wanted);
        self.hold.set_value(None);
    }

    fn current_record(self) -> Option<Record> {
        self.current.try_with_untracked(|token| token.as_ref().map(|token| token.record.clone())).flatten()
    }
}

impl Session {
    /// Returns the ID of the console session token that the session works with, if any.
    pub fn console_token(&self) -> Option<TokenId> {
        self.console.current.with(|token| token.as_ref()?.record.id)
    }

    /// Whether the session works with a console session token, so that its credential token is one.
    pub fn has_console_token(&self) -> bool {
        self.console.current_record().is_some()
    }

    /// Whether "Use a temporary token for this session" (a console session token) is ticked initially: yes, if the user
    /// who has to sign in again had asked for one and can delete it.
    pub fn wants_console_token(&self) -> bool {
        self.console.is_wanted.get_value()
    }

    /// Counts the sign-ins on this page. A session that the tab had kept was signed in before.
    pub fn sign_ins(&self) -> ReadSignal<u32> {
        self.console.sign_ins.read_only()
    }

    /// Notes the current name of the credential token. A console session token that its user has renamed belongs to the
    /// user: it outlives the session.
    pub(super) fn credential_token_is_called(&self, name: &str) {
        if !is_console_name(name) && self.console.current_record().is_some() {
            self.end_console_token(Ending::NotOurs);
            self.keep_without_session_token();
        }
    }
}
