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
    /// Whether the goal is not to begin with anything. Then the record takes what is read; otherwise only if the user has
    /// seen it under that name.
    begins_nothing: bool,
    /// The names, other than those that the rotation gives, under which the user has confirmed tokens.
    confirmed: Vec<(TokenId, String)>,
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
            begins_nothing: false,
            confirmed: Vec::new(),
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

    /// Returns the name of the old or the new token as it was last read; if it was not, the one that the rotation gave it.
    pub fn name_of(&self, id: TokenId) -> &str {
        let (seen, given) = if id == self.record.old {
            (&self.old, &self.record.parked)
        } else {
            (&self.new, &self.record.name)
        };
        seen.values().map_or(given, |values| &values.name)
    }

    /// Returns the ID and name of the new and of the old token, each if that is not a name that the rotation gave it.
    pub fn renamed(&self) -> impl Iterator<Item = (TokenId, &str)> {
        let new = self.record.new.map(|new| (new, &self.new));
        let both = new.into_iter().chain([(self.record.old, &self.old)]);
        both.filter_map(|(id, seen)| {
            let name = seen.values()?.name.as_str();
            (!self.record.gives_name(id, name)).then_some((id, name))
        })
    }

    /// Returns the first of these that the user has not confirmed under its present name.
    pub fn unconfirmed(&self) -> Option<(TokenId, &str)> {
        self.renamed().find(|renamed| !self.is_confirmed(*renamed))
    }

    fn is_confirmed(&self, (id, name): (TokenId, &str)) -> bool {
        self.confirmed.iter().any(|(known, as_shown)| *known == id && as_shown == name)
    }

    /// Returns the names that the user has confirmed.
    pub fn confirmed(&self) -> &[(TokenId, String)] {
        &self.confirmed
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

    /// Forgets the new token, because the user says that the token with its ID is another one.
    pub fn disown(&mut self) {
        self.lose_new();
    }

    /// Begins to pursue a goal. Everything that was seen before is forgotten, and so is the last failure. `confirmed`
    /// has the tokens that the user has confirmed by the names that they were shown: a token with another name than
    /// that, or than the rotation gave it, is not changed.
    pub fn begin(&mut self, goal: Goal, confirmed: Vec<(TokenId, String)>) {
        self.begins_nothing = matches!(goal, Goal::Look | Goal::Undo);
        self.confirmed = confirmed;
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
        if self.record.new.is_none() && self.record.sent && !self.is_name_free {
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
