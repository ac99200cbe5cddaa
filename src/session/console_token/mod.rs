//! Signing in with a password and working with a token.
//!
//! HTTP Basic costs the server half a second of processor for every request (API.md part 2). Who asks for it
//! gets a token for the session instead ([`Session::sign_in_with_console_token`]): made with the password, which
//! is then dropped, and deleted when the session ends.
//!
//! - [`name`]: what it is called;
//! - `opening`: making it, and what if that fails: then the session works with the password and says so
//!   ([`Refusal`]);
//! - `ending`: deleting it;
//! - [`records`] and `notes`: which ones there may be, so that what a closed tab left behind is found;
//! - `living`: which of those a tab still works with;
//! - `undeletable`: who may make tokens and not delete them;
//! - [`left_behind`]: the others, and what a look at one of them says.

mod ending;
pub mod left_behind;
mod living;
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
pub(super) use living::Hold;
use name::is_console_name;

/// The token that was made for a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleToken {
    /// Which one it is. Its number is known.
    pub record: Record,
    /// The name that its user signed in with, where the server does not say who one is.
    pub username: String,
}

/// A token that its session could not delete.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Undeleted {
    record: Record,
    error: Error,
}

/// What a session knows of tokens of its own making. A handle.
#[derive(Clone, Copy)]
pub(super) struct ConsoleTokens {
    /// The one that it works with.
    current: RwSignal<Option<ConsoleToken>>,
    hold: StoredValue<Option<Hold>, LocalStorage>,
    /// Whether whoever is signed in, or has to sign in again, asked for one.
    is_wanted: StoredValue<bool>,
    undeleted: RwSignal<Option<Undeleted>>,
    /// Counts the sign-ins of this page; taking up a session that the tab kept is none.
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

    /// The session works with this one from now on.
    pub(super) fn take_up(self, token: ConsoleToken, hold: Option<Hold>) {
        self.hold.set_value(hold);
        self.current.set(Some(token));
    }

    /// The same, after a reload of the tab.
    pub(super) fn resume(self, token: ConsoleToken) {
        let hold = Hold::of(&token.record);
        self.begins(true);
        self.take_up(token, hold);
    }

    /// The page was kept aside by the browser, and is back.
    fn hold_again(self) {
        if let Some(record) = self.current_record() {
            self.hold.set_value(Hold::of(&record));
        }
    }

    /// Nobody is to be asked in this session about a token that may have been made for it.
    fn hold_for_later(self, hold: Option<Hold>) {
        self.hold.set_value(hold);
    }

    /// Somebody signed in.
    pub(super) fn signed_in(self) {
        self.undeleted.set(None);
        self.sign_ins.update(|n| *n += 1);
    }

    /// Somebody signs in and asked for a token, or did not; nobody does who signs out.
    pub(super) fn begins(self, is_wanted: bool) {
        self.is_wanted.set_value(is_wanted);
        self.hold.set_value(None);
    }

    fn current_record(self) -> Option<Record> {
        self.current.try_with_untracked(|token| token.as_ref().map(|token| token.record.clone())).flatten()
    }
}

impl Session {
    /// The number of the token that was made for this session, if it works with one.
    pub fn console_token(&self) -> Option<TokenId> {
        self.console.current.with(|token| token.as_ref()?.record.id)
    }

    /// Whether the session works with a token that was made for it.
    pub fn is_own_token_made(&self) -> bool {
        self.console.current_record().is_some()
    }

    /// Whether "Work with a token of its own" is ticked to begin with: if whoever has to sign in again had
    /// asked for it.
    pub fn wants_console_token(&self) -> bool {
        self.console.is_wanted.get_value()
    }

    /// Counts how often somebody signed in on this page. A session that the tab had kept was signed in before.
    pub fn sign_ins(&self) -> ReadSignal<u32> {
        self.console.sign_ins.read_only()
    }

    /// The session's token has this name now. One with a name of its user's choice is its user's: it outlives
    /// the session.
    pub(super) fn own_token_is_called(&self, name: &str) {
        if !is_console_name(name) && self.console.current_record().is_some() {
            self.end_console_token(Ending::NotOurs);
            self.keep_again();
        }
    }
}
