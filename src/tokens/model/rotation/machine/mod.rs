//! The state machine: [`Rotation::next`] returns the next request, [`Rotation::answered`] takes its answer.

mod answers;
mod next;

use super::{
    record::Record,
    terms::{Ask, Goal, Seen, Standing, Stuck},
};
use crate::{api::TokenId, tokens::model::edit::Values};

/// A rotation and what is known of its two tokens.
#[derive(Clone, Debug)]
pub struct Rotation {
    record: Record,
    old: Seen,
    new: Seen,
    /// Whether no token has the proper name: a search found none, or the old token has just given it up.
    is_name_free: bool,
    /// The length of the old secret.
    length: Option<u32>,
    /// Another person's token that has the proper name.
    taken: Option<TokenId>,
    /// How many names for the old token turned out to be taken.
    parked_taken: u32,
    /// Whether the server refuses to let this user delete the new token.
    is_deletion_refused: bool,
    /// The last failure, until it turns out that the request was carried out all the same.
    failed: Option<(Ask, Stuck)>,
    /// The ID and present name of a new token that undoing could not delete.
    left_behind: Option<(TokenId, String)>,
}

impl Rotation {
    /// Creates the rotation from its stored record; nothing is known of the tokens yet.
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

    /// Returns the record to store.
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// Returns the old token.
    pub const fn old(&self) -> &Seen {
        &self.old
    }

    /// Returns the new token; [`Seen::Gone`] if there was none yet.
    pub fn new_token(&self) -> Seen {
        if self.record.new.is_some() { self.new.clone() } else { Seen::Gone }
    }

    /// Returns the request that failed last. If the run is stuck after a look, the server did not carry it out.
    pub fn failed_ask(&self) -> Option<&Ask> {
        self.failed.as_ref().map(|(ask, _)| ask)
    }

    /// Returns the ID and name of a new token that undoing disabled and renamed, since the user may not delete it.
    pub const fn left_behind(&self) -> Option<&(TokenId, String)> {
        self.left_behind.as_ref()
    }

    /// Marks the new secret as handed over.
    pub fn hand_over(&mut self) {
        self.record.handed = true;
    }

    /// Marks the new secret as verified: the server has accepted it.
    pub fn verified(&mut self) {
        self.record.verified = true;
    }

    /// Adds what another tab has noted of the hand-over of this new token.
    pub fn add_hand_over(&mut self, noted: &Record) {
        if self.record.new == noted.new {
            self.record.handed |= noted.handed;
            self.record.verified |= noted.verified;
        }
    }

    /// Takes the token that has the proper name for the new one, because the user says so.
    pub fn adopt(&mut self, id: TokenId) {
        self.take_as_new(id, Seen::Unread);
    }

    /// Begins to pursue a goal. Everything that was seen before is forgotten, and so is the last failure.
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

    /// Returns the values that put a new token out of the way which undoing cannot delete.
    fn retired(&self, new: TokenId) -> Values {
        Values { name: format!("{} (taken back {new})", self.record.name), enabled: false }
    }

    /// Returns the state of the two tokens.
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
