//! Which request comes next.

use super::Rotation;
use crate::{
    api::{ErrorKind, TokenId},
    tokens::model::{
        edit::Values,
        rotation::terms::{Ask, CredentialToken, Goal, Next, Seen, Stuck},
    },
};

impl Rotation {
    /// Returns what to do next to reach a goal.
    pub fn next(&self, goal: Goal, credential: CredentialToken) -> Next {
        let next = self.decide(goal, credential);
        match (&next, &self.failed) {
            // The tokens were read since, and the same request would follow again: it really failed.
            (Next::Ask(ask), Some((failed, why))) if ask == failed => Next::Stuck(why.clone()),
            _ => next,
        }
    }

    fn decide(&self, goal: Goal, credential: CredentialToken) -> Next {
        if self.old == Seen::Unread {
            return Next::Ask(Ask::Read(self.record.old));
        }
        match self.record.new {
            Some(new) if self.new == Seen::Unread => return Next::Ask(Ask::Read(new)),
            None if self.record.sent && !self.is_name_free => return Next::Ask(Ask::Find),
            _ => {}
        }
        if let Some((id, name)) = self.unconfirmed() {
            return Next::Stuck(Stuck::Renamed(id, name.to_owned()));
        }
        match goal {
            Goal::Look => self.look(),
            Goal::Create => self.create(credential),
            Goal::Disable => match self.ready_new() {
                Ok(_) if !self.old.works() => Next::Reached,
                Ok(_) if !(self.record.handed && self.record.verified) => Next::Stuck(Stuck::NotHandedOver),
                Ok(new) => self.disable_old(new, credential),
                Err(why) => Next::Stuck(why),
            },
            Goal::Delete => match self.ready_new() {
                Ok(_) if self.old == Seen::Gone => Next::Reached,
                Ok(_) if self.old.works() => Next::Stuck(Stuck::OldEnabled),
                Ok(_) => Next::Ask(Ask::Delete(self.record.old)),
                Err(why) => Next::Stuck(why),
            },
            Goal::EnableOld => self.enable(self.record.old, &self.old, Stuck::OldGone),
            Goal::EnableNew => match self.record.new {
                Some(new) => self.enable(new, &self.new, Stuck::NoNew),
                None => Next::Stuck(Stuck::NoNew),
            },
            Goal::Undo => self.undo(credential),
        }
    }

    /// While the old token has its other name and no new one is known, there may be one: a creation that was given up
    /// may arrive late, and another tab may have sent one.
    fn look(&self) -> Next {
        let is_parked = self.old.values().is_some_and(|old| old.name != self.record.name);
        match self.taken {
            Some(id) => Next::Stuck(Stuck::NameTaken(id)),
            None if is_parked && self.record.new.is_none() && !self.is_name_free => Next::Ask(Ask::Find),
            None => Next::Reached,
        }
    }

    fn create(&self, credential: CredentialToken) -> Next {
        let old_is_credential = credential.goes_on && credential.id == Some(self.record.old);
        // A session that is signed in with the old token has to move to the new one first: without that token it
        // could not create anything.
        if self.record.is_urgent() && self.old.works() && !old_is_credential {
            return self.change_old(|old| old.enabled = false);
        }
        match (self.record.new, &self.new) {
            (Some(new), Seen::There(values)) => {
                if !values.enabled {
                    Next::Stuck(Stuck::NewDisabled)
                } else if self.record.is_urgent() && self.old.works() {
                    self.disable_old(new, credential)
                } else {
                    Next::Reached
                }
            }
            _ if self.old.values().is_some_and(|old| old.name == self.record.name) => {
                let parked = self.record.parked_name(self.parked_taken);
                self.change_old(|old| old.name = parked)
            }
            _ => match self.taken {
                Some(id) => Next::Stuck(Stuck::NameTaken(id)),
                None if self.is_name_free => Next::Ask(self.length.map_or(Ask::Measure, Ask::Create)),
                None => Next::Ask(Ask::Find),
            },
        }
    }

    fn undo(&self, credential: CredentialToken) -> Next {
        let Seen::There(old) = &self.old else { return Next::Stuck(Stuck::OldGone) };
        let was_enabled = self.record.was_enabled;
        if !was_enabled && self.record.new.is_some() && credential.id == self.record.new {
            return Next::Stuck(Stuck::OldWasDisabled);
        }
        if old.enabled != was_enabled {
            return self.change_old(|old| old.enabled = was_enabled);
        }
        if let (Some(new), Seen::There(values)) = (self.record.new, &self.new) {
            return if credential.id == Some(new) {
                Next::Ask(Ask::CarryOver(self.record.old))
            } else if self.is_deletion_refused {
                Next::Ask(Ask::Change { id: new, seen: values.clone(), wanted: self.retired(new) })
            } else {
                Next::Ask(Ask::Delete(new))
            };
        }
        if old.name == self.record.name {
            return Next::Reached;
        }
        match self.taken {
            Some(id) => Next::Stuck(Stuck::NameTaken(id)),
            None if self.is_name_refused() && !self.is_name_free => Next::Ask(Ask::Find),
            None => {
                let name = self.record.name.clone();
                self.change_old(|old| old.name = name)
            }
        }
    }

    /// Returns the new token, if it exists and is enabled.
    fn ready_new(&self) -> Result<TokenId, Stuck> {
        match (self.record.new, &self.new) {
            (Some(new), Seen::There(values)) if values.enabled => Ok(new),
            (Some(_), Seen::There(_)) => Err(Stuck::NewDisabled),
            _ => Err(Stuck::NoNew),
        }
    }

    fn disable_old(&self, new: TokenId, credential: CredentialToken) -> Next {
        if credential.goes_on && credential.id == Some(self.record.old) {
            return Next::Ask(Ask::CarryOver(new));
        }
        self.change_old(|old| old.enabled = false)
    }

    fn enable(&self, id: TokenId, seen: &Seen, gone: Stuck) -> Next {
        match seen {
            Seen::There(values) if values.enabled => Next::Reached,
            Seen::There(values) => {
                let wanted = Values { enabled: true, ..values.clone() };
                Next::Ask(Ask::Change { id, seen: values.clone(), wanted })
            }
            _ => Next::Stuck(gone),
        }
    }

    fn change_old(&self, change: impl FnOnce(&mut Values)) -> Next {
        let Seen::There(seen) = &self.old else { return Next::Stuck(Stuck::OldGone) };
        let mut wanted = seen.clone();
        change(&mut wanted);
        Next::Ask(Ask::Change { id: self.record.old, seen: seen.clone(), wanted })
    }

    /// Whether the server refused to give the old token its name back because of the name.
    fn is_name_refused(&self) -> bool {
        matches!(
            &self.failed,
            Some((Ask::Change { id, wanted, .. }, Stuck::Failed(error)))
                if *id == self.record.old && wanted.name == self.record.name && error.kind == ErrorKind::Conflict
        )
    }
}
