//! What the answers mean for a rotation.

use super::Rotation;
use crate::{
    api::{ErrorKind, TokenId},
    collection::name_search::Found,
    tokens::model::{
        edit::Values,
        rotation::terms::{Answer, Ask, Seen, Stuck},
    },
};

impl Rotation {
    /// Marks a request as sent. Call this before sending it: from then on the record has what must survive a reload.
    pub fn sending(&mut self, ask: &Ask) {
        if !matches!(ask, Ask::Read(_) | Ask::Find | Ask::Measure) {
            self.failed = None;
            self.record.begun = true;
        }
        if matches!(ask, Ask::Create(_)) {
            self.record.sent = true;
            self.is_name_free = false;
        }
    }

    /// Takes the answer to a request. Returns an error if reading the tokens cannot help: then the run is over.
    pub fn answered(&mut self, ask: &Ask, answer: Answer) -> Result<(), Stuck> {
        match (ask, answer) {
            (Ask::Read(id), Answer::Token(read, values)) if *id == read => {
                self.looked_after_refusal(*id, &values);
                self.saw(*id, Seen::There(values));
            }
            (Ask::Read(id), Answer::Failed(error)) if error.kind == ErrorKind::NotFound => {
                self.saw(*id, Seen::Gone);
            }
            (Ask::Find, Answer::FoundNew(id)) if self.record.sent || self.is_creation_refused() => {
                self.take_as_new(id, Seen::Unread);
            }
            (Ask::Find, Answer::FoundNew(id)) => self.taken = Some(id),
            (Ask::Find, Answer::Found(found)) => return self.found(found),
            (Ask::Measure, Answer::Length(length)) => self.length = Some(length),
            (Ask::Create(_), Answer::Token(id, values))
                if id != self.record.old && values.name == self.record.name =>
            {
                self.take_as_new(id, Seen::There(values));
            }
            // About another token. The new one, if there is one, is found by its name.
            (Ask::Create(_), Answer::Token(..)) => return self.failed(ask, Stuck::Ignored, true),
            (Ask::Create(_), Answer::Failed(error)) => {
                // A 409 may be caused by this creation, if the browser sent it twice, or by another person's token.
                // Undoing deletes the token that is taken for the new one, so if looking does not tell, the user must.
                self.record.sent = error.kind.may_have_created() && error.kind != ErrorKind::Conflict;
                let look = error.kind.may_have_created();
                return self.failed(ask, Stuck::Failed(error), look);
            }
            (Ask::Change { id, seen, wanted }, Answer::Token(changed, values)) if *id == changed => {
                if *id == self.record.old && seen.name == self.record.name && wanted.name != seen.name {
                    self.is_name_free = values.name == wanted.name;
                }
                self.saw(*id, Seen::There(values));
            }
            (Ask::Change { id, .. }, Answer::Token(..)) => {
                self.saw(*id, Seen::Unread);
                return self.failed(ask, Stuck::Ignored, true);
            }
            (Ask::Change { id, .. }, Answer::Ignored(values)) => {
                self.saw(*id, Seen::There(values));
                return self.failed(ask, Stuck::Ignored, true);
            }
            (Ask::Delete(id), Answer::Done) => self.saw(*id, Seen::Gone),
            (Ask::Delete(id), Answer::Failed(error)) if error.kind == ErrorKind::NotFound => {
                self.saw(*id, Seen::Gone);
            }
            (Ask::Delete(id), Answer::Failed(error))
                if Some(*id) == self.record.new && error.kind.is_refusal() && !self.is_deletion_refused =>
            {
                self.is_deletion_refused = true;
            }
            (Ask::Change { id, .. } | Ask::Delete(id), Answer::Failed(error)) => {
                self.saw(*id, Seen::Unread);
                // If the name is the reason, it is not as free as it was.
                self.is_name_free &= error.kind != ErrorKind::Conflict;
                return self.failed(ask, Stuck::Failed(error), true);
            }
            // The next request is signed with the other token.
            (Ask::CarryOver(_), Answer::Done) => {}
            (_, Answer::Failed(error)) => return Err(Stuck::Failed(error)),
            // The driver answers what was asked; anything else is not an answer.
            _ => return Err(Stuck::Ignored),
        }
        Ok(())
    }

    /// Notes a failure. With `look`, the tokens are read next to find out whether the request was carried out.
    fn failed(&mut self, ask: &Ask, why: Stuck, look: bool) -> Result<(), Stuck> {
        let is_given_up = matches!(&why, Stuck::Failed(error) if error.kind == ErrorKind::Cancelled);
        self.failed = Some((ask.clone(), why.clone()));
        if look && !is_given_up { Ok(()) } else { Err(why) }
    }

    /// Called when the token was read after a 409 to renaming the old token. If it is as it was seen before, the name
    /// was the reason: another token has it. Then another name will do, unless it is the proper one.
    fn looked_after_refusal(&mut self, read: TokenId, now: &Values) {
        const MOST_NAMES: u32 = 20;
        let Some((Ask::Change { id, seen, wanted }, Stuck::Failed(error))) = &self.failed else { return };
        let is_taken = *id == read && seen == now && seen.name != wanted.name;
        let is_about_parked = read == self.record.old && wanted.name != self.record.name;
        if error.kind == ErrorKind::Conflict && is_taken && is_about_parked && self.parked_taken < MOST_NAMES
        {
            self.parked_taken += 1;
            self.failed = None;
        }
    }

    /// Whether the creation was refused because of the name.
    fn is_creation_refused(&self) -> bool {
        matches!(&self.failed, Some((Ask::Create(_), Stuck::Failed(error))) if error.kind == ErrorKind::Conflict)
    }

    fn found(&mut self, found: Found) -> Result<(), Stuck> {
        match found {
            Found::Yes(id) if id == self.record.old => {
                // So nothing was created, and somebody gave the old token its name back.
                self.record.sent = false;
                self.old = Seen::Unread;
            }
            Found::Yes(id) if self.record.sent => self.take_as_new(id, Seen::Unread),
            Found::Yes(id) => self.taken = Some(id),
            Found::No => {
                // Only the page that has the answer to a creation knows that it is not under way any more, and without
                // an answer in time not even that one.
                if matches!(
                    &self.failed,
                    Some((Ask::Create(_), Stuck::Failed(error))) if !matches!(error.kind, ErrorKind::TimedOut(_))
                ) {
                    self.record.sent = false;
                }
                self.is_name_free = true;
            }
            Found::CannotTell => return Err(Stuck::InDoubt),
        }
        Ok(())
    }

    pub(super) fn take_as_new(&mut self, id: TokenId, seen: Seen) {
        self.record.new = Some(id);
        self.record.sent = false;
        self.record.handed = false;
        self.record.verified = false;
        self.new = seen;
        self.taken = None;
    }

    fn saw(&mut self, id: TokenId, seen: Seen) {
        if id == self.record.old {
            // A run for which the user has seen another name stops before it changes anything.
            if let Seen::There(now) = &seen
                && (self.begins_nothing || now.name == self.record.name || self.is_confirmed((id, &now.name)))
            {
                self.record.take_present(now);
            }
            self.old = seen;
        } else if seen == Seen::Gone || seen.values() == Some(&self.retired(id)) {
            self.left_behind = seen.values().map(|values| (id, values.name.clone()));
            self.lose_new();
        } else {
            self.new = seen;
        }
    }

    /// The next new token is another one.
    pub(super) fn lose_new(&mut self) {
        self.record.new = None;
        self.record.handed = false;
        self.record.verified = false;
        self.new = Seen::Gone;
    }
}
