//! A rotation and what is known of it: [`Rotation::next`] says what to ask, [`Rotation::answered`] takes the answer.

mod answers;
mod next;

use super::{
    record::Record,
    terms::{Ask, Goal, Seen, Standing, Stuck},
};
use crate::{api::TokenId, tokens::model::edit::Values};

/// A rotation and what is known of its tokens.
#[derive(Clone, Debug)]
pub struct Rotation {
    record: Record,
    old: Seen,
    new: Seen,
    /// Whether nobody has the proper name, by having looked or by having just taken it from the old token.
    is_name_free: bool,
    /// How long the old secret is.
    length: Option<u32>,
    /// Somebody else's token of the proper name.
    taken: Option<TokenId>,
    /// How many names for the old token were taken.
    parked_taken: u32,
    /// The server does not let this user delete the new token.
    is_deletion_refused: bool,
    /// What failed last, until it turns out that it was carried out all the same.
    failed: Option<(Ask, Stuck)>,
    /// The new token that was taken back without being deleted, and what it is called now.
    left_behind: Option<(TokenId, String)>,
}

impl Rotation {
    /// As it was kept; nothing is known of the tokens yet.
    pub const fn new(record: Record) -> Self {
        Self {
            record,
            old: Seen::Unread,
            new: Seen::Unread,
            is_name_free: false,
            length: None,
            taken: None,
            parked_taken: 0,
            is_deletion_refused: false,
            failed: None,
            left_behind: None,
        }
    }

    /// What has to be kept.
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// The old token.
    pub const fn old(&self) -> &Seen {
        &self.old
    }

    /// The new token; not there if there was none yet.
    pub fn new_token(&self) -> Seen {
        if self.record.new.is_some() { self.new.clone() } else { Seen::Gone }
    }

    /// The request that failed last, if it is certain that the server did not carry it out.
    pub fn failed_ask(&self) -> Option<&Ask> {
        self.failed.as_ref().map(|(ask, _)| ask)
    }

    /// The new token that was taken back without being deleted, since its user may not: it is disabled, and this is its name.
    pub const fn left_behind(&self) -> Option<&(TokenId, String)> {
        self.left_behind.as_ref()
    }

    /// Somebody has taken the new secret along.
    pub fn hand_over(&mut self) {
        self.record.handed = true;
    }

    /// The server has accepted the new secret.
    pub fn verified(&mut self) {
        self.record.verified = true;
    }

    /// Somebody says that the token which has the proper name is the new one.
    pub fn adopt(&mut self, id: TokenId) {
        self.take_as_new(id, Seen::Unread);
    }

    /// Somebody wants something: nothing that was seen before counts any more. A failure is behind us, too.
    pub fn begin(&mut self, goal: Goal) {
        self.old = Seen::Unread;
        self.new = Seen::Unread;
        self.is_name_free = false;
        self.taken = None;
        self.failed = None;
        match goal {
            Goal::Undo => self.record.undoing = true,
            Goal::Look => {}
            _ => self.record.undoing = false,
        }
    }

    /// A new token that should not be there and cannot be deleted: out of the way.
    fn retired(&self, new: TokenId) -> Values {
        Values { name: format!("{} (taken back {new})", self.record.name), enabled: false }
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        if self.record.new.is_none() && self.record.sent {
            return Standing::InDoubt;
        }
        let is_on = |values: &Values| values.enabled;
        match (&self.old, &self.new_token()) {
            (Seen::Unread, _) | (_, Seen::Unread) => Standing::Unread,
            (Seen::There(old), Seen::Gone) if is_on(old) => Standing::OnlyOld,
            (Seen::There(_), Seen::Gone) => Standing::Nothing,
            (Seen::There(old), Seen::There(new)) => match (is_on(old), is_on(new)) {
                (true, true) => Standing::Both,
                (true, false) => Standing::NewDisabled,
                (false, true) => Standing::OnlyNew,
                (false, false) => Standing::BothDisabled,
            },
            (Seen::Gone, Seen::There(new)) if is_on(new) => Standing::Replaced,
            (Seen::Gone, Seen::There(_)) => Standing::ReplacedDisabled,
            (Seen::Gone, Seen::Gone) => Standing::AllGone,
        }
    }
}
