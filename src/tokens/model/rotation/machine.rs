//! What to ask next: requests out, answers in.

use super::record::Record;
use crate::{
    api::{Error, ErrorKind, Token, TokenId},
    collection::creation::{Found, may_exist},
    tokens::model::edit::Values,
};

/// How a token was when it was seen last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was not looked at, or something was sent since of which nobody knows whether it was carried out.
    Unread,
    /// There is none of this number.
    Gone,
    /// It has these values.
    There(Values),
}

impl Seen {
    /// The values of a token that is there.
    pub const fn values(&self) -> Option<&Values> {
        match self {
            Self::There(values) => Some(values),
            Self::Unread | Self::Gone => None,
        }
    }

    /// Whether it is there and the server accepts it.
    pub fn works(&self) -> bool {
        self.values().is_some_and(|values| values.enabled)
    }
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To know how the two tokens are.
    Look,
    /// A new token under the proper name; in the urgent order the old one is disabled before.
    Create,
    /// The old token is disabled, and the new one works.
    Disable,
    /// The old token, which is disabled, is deleted.
    Delete,
    /// The old token works again, beside the new one.
    EnableOld,
    /// The new token works again: somebody had disabled it.
    EnableNew,
    /// Everything is as it was before.
    Undo,
}

/// The token that the session is signed in with, and whether the session should go on with the new one when the old one
/// is disabled. When the new one is deleted, it goes back to the old one in any case: the choice was about the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its number, if it is known to be one.
    pub id: Option<TokenId>,
    /// Whether the session should go on.
    pub goes_on: bool,
}

/// A request, or a few that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Read a token.
    Read(TokenId),
    /// Find the proper name among the owner's tokens.
    Find,
    /// Find out how long the old secret is: the new one is to fit where that was.
    Measure,
    /// Create the new token, with a secret of this length.
    Create(u32),
    /// Change a token that was seen like this.
    Change {
        /// Which.
        id: TokenId,
        /// As it was seen.
        seen: Values,
        /// As it should be.
        wanted: Values,
    },
    /// Delete a token.
    Delete(TokenId),
    /// Sign the session in with this token.
    CarryOver(TokenId),
}

/// What came back.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The token as it is now: after reading, changing, creating.
    Token(TokenId, Values),
    /// What the search for the name found.
    Found(Found),
    /// It found a token that was made since the old one got its other name.
    FoundNew(TokenId),
    /// How long the old secret is.
    Length(u32),
    /// It was done: deleted, carried over.
    Done,
    /// The answer to a change does not have what was asked for.
    Ignored(Values),
    /// It failed.
    Failed(Error),
}

impl Answer {
    /// Whether what was asked was done. It was not where somebody else has changed the token meanwhile.
    pub fn is_done(&self, ask: &Ask) -> bool {
        match (ask, self) {
            (_, Self::Failed(_) | Self::Ignored(_)) => false,
            (Ask::Change { wanted, .. }, Self::Token(_, now)) => now == wanted,
            _ => true,
        }
    }

    /// An answer that has a token.
    pub fn token(token: &Token) -> Self {
        Self::Token(token.id, Values::of(token))
    }
}

/// Why it does not go on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// A request failed.
    Failed(Error),
    /// The server answers as if all was well, and changes nothing.
    Ignored,
    /// The owner's list kept changing while the name was looked for, or could not be read.
    InDoubt,
    /// A token that is none of the two has the proper name.
    NameTaken(TokenId),
    /// There is no new token yet.
    NoNew,
    /// Nobody has taken the new secret along yet, or the server was not asked whether it accepts it.
    NotHandedOver,
    /// The new token is disabled, which the rotation has not done.
    NewDisabled,
    /// The old token is still enabled.
    OldEnabled,
    /// The old token was deleted, so there is nothing to go back to.
    OldGone,
}

/// What is next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Keep the record, send this, and tell the answer.
    Ask(Ask),
    /// The goal is reached.
    Reached,
    /// Somebody has to decide.
    Stuck(Stuck),
}

/// How things stand, as the screen names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not all is known.
    Unread,
    /// A creation was sent, and nobody knows whether there is a new token.
    InDoubt,
    /// No new token, and the old one works.
    OnlyOld,
    /// No new token, and the old one is disabled: nothing works.
    Nothing,
    /// Both work.
    Both,
    /// The old one works, and somebody disabled the new one.
    NewDisabled,
    /// The new one works, and the old one is disabled.
    OnlyNew,
    /// Both are disabled.
    BothDisabled,
    /// The old one is gone, and the new one works.
    Replaced,
    /// The old one is gone, and the new one is disabled.
    ReplacedDisabled,
    /// The old one is gone, and there is no new one.
    AllGone,
}

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

    /// What to do now to reach a goal.
    pub fn next(&self, goal: Goal, own: Own) -> Next {
        let next = self.decide(goal, own);
        match (&next, &self.failed) {
            // It was looked at the tokens since, and the same would be asked again: it really failed.
            (Next::Ask(ask), Some((failed, why))) if ask == failed => Next::Stuck(why.clone()),
            _ => next,
        }
    }

    fn decide(&self, goal: Goal, own: Own) -> Next {
        if self.old == Seen::Unread {
            return Next::Ask(Ask::Read(self.record.old));
        }
        match self.record.new {
            Some(new) if self.new == Seen::Unread => return Next::Ask(Ask::Read(new)),
            None if self.record.sent => return Next::Ask(Ask::Find),
            _ => {}
        }
        match goal {
            Goal::Look => Next::Reached,
            Goal::Create => self.create(own),
            Goal::Disable => match self.ready_new() {
                Ok(_) if !self.old.works() => Next::Reached,
                Ok(_) if !(self.record.handed && self.record.verified) => Next::Stuck(Stuck::NotHandedOver),
                Ok(new) => self.disable_old(new, own),
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
            Goal::Undo => self.undo(own),
        }
    }

    fn create(&self, own: Own) -> Next {
        let old_is_own = own.goes_on && own.id == Some(self.record.old);
        // A session that is signed in with the old token has to move to the new one before: without it nothing can
        // be created.
        if self.record.urgent && self.old.works() && !old_is_own {
            return self.change_old(|old| old.enabled = false);
        }
        match (self.record.new, &self.new) {
            (Some(new), Seen::There(values)) => {
                if !values.enabled {
                    Next::Stuck(Stuck::NewDisabled)
                } else if self.record.urgent && self.old.works() {
                    self.disable_old(new, own)
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

    fn undo(&self, own: Own) -> Next {
        let Seen::There(old) = &self.old else { return Next::Stuck(Stuck::OldGone) };
        if !old.enabled {
            return self.change_old(|old| old.enabled = true);
        }
        if let (Some(new), Seen::There(values)) = (self.record.new, &self.new) {
            return if own.id == Some(new) {
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

    /// The new token, if it is there and works.
    fn ready_new(&self) -> Result<TokenId, Stuck> {
        match (self.record.new, &self.new) {
            (Some(new), Seen::There(values)) if values.enabled => Ok(new),
            (Some(_), Seen::There(_)) => Err(Stuck::NewDisabled),
            _ => Err(Stuck::NoNew),
        }
    }

    fn disable_old(&self, new: TokenId, own: Own) -> Next {
        if own.goes_on && own.id == Some(self.record.old) {
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

    /// A new token that should not be there and cannot be deleted: out of the way.
    fn retired(&self, new: TokenId) -> Values {
        Values { name: format!("{} (taken back {new})", self.record.name), enabled: false }
    }

    /// Call this before a request is sent: from here on the record has what must survive a reload.
    pub fn sending(&mut self, ask: &Ask) {
        if !matches!(ask, Ask::Read(_) | Ask::Find | Ask::Measure) {
            self.failed = None;
        }
        if matches!(ask, Ask::Create(_)) {
            self.record.sent = true;
            self.is_name_free = false;
        }
    }

    /// What came of it. Fails if looking at the tokens would not change anything about that: then the run is over.
    pub fn answered(&mut self, ask: &Ask, answer: Answer) -> Result<(), Stuck> {
        match (ask, answer) {
            (Ask::Read(id), Answer::Token(_, values)) => {
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
            (Ask::Create(_), Answer::Token(id, values)) => self.take_as_new(id, Seen::There(values)),
            (Ask::Create(_), Answer::Failed(error)) => {
                // A 409 may be one's own creation, which the browser sent twice, or somebody else's token. Undoing
                // deletes what is taken for the new one, so if looking does not tell, somebody has to.
                self.record.sent = may_exist(&error.kind) && error.kind != ErrorKind::Conflict;
                let look = may_exist(&error.kind);
                return self.failed(ask, Stuck::Failed(error), look);
            }
            (Ask::Change { id, seen, wanted }, Answer::Token(_, values)) => {
                if *id == self.record.old && seen.name == self.record.name && wanted.name != seen.name {
                    self.is_name_free = values.name == wanted.name;
                }
                self.saw(*id, Seen::There(values));
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
                return self.failed(ask, Stuck::Failed(error), true);
            }
            // Whatever is asked next is asked with the other token.
            (Ask::CarryOver(_), Answer::Done) => {}
            (_, Answer::Failed(error)) => return Err(Stuck::Failed(error)),
            // The driver answers what was asked; anything else is no answer.
            _ => return Err(Stuck::Ignored),
        }
        Ok(())
    }

    /// Something failed. With `look` it is found out whether it was carried out all the same.
    fn failed(&mut self, ask: &Ask, why: Stuck, look: bool) -> Result<(), Stuck> {
        let is_given_up = matches!(&why, Stuck::Failed(error) if error.kind == ErrorKind::Cancelled);
        self.failed = Some((ask.clone(), why.clone()));
        if look && !is_given_up { Ok(()) } else { Err(why) }
    }

    /// After a 409 to a change of the old token's name the token was read. If it is as it was seen before, the name was
    /// the trouble: somebody has it. Then another one will do, unless it is the proper one.
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

    /// Whether giving the old token its name back was refused because of the name.
    fn is_name_refused(&self) -> bool {
        matches!(
            &self.failed,
            Some((Ask::Change { id, wanted, .. }, Stuck::Failed(error)))
                if *id == self.record.old && wanted.name == self.record.name && error.kind == ErrorKind::Conflict
        )
    }

    /// Whether the new token was refused because of its name.
    fn is_creation_refused(&self) -> bool {
        matches!(&self.failed, Some((Ask::Create(_), Stuck::Failed(error))) if error.kind == ErrorKind::Conflict)
    }

    fn found(&mut self, found: Found) -> Result<(), Stuck> {
        match found {
            Found::Yes(id) if id == self.record.old => {
                // So nothing was created; and somebody gave it its name back.
                self.record.sent = false;
                self.old = Seen::Unread;
            }
            Found::Yes(id) if self.record.sent => self.take_as_new(id, Seen::Unread),
            Found::Yes(id) => self.taken = Some(id),
            Found::No => {
                self.record.sent = false;
                self.is_name_free = true;
            }
            Found::CannotTell => return Err(Stuck::InDoubt),
        }
        Ok(())
    }

    fn take_as_new(&mut self, id: TokenId, seen: Seen) {
        self.record.new = Some(id);
        self.record.sent = false;
        self.record.handed = false;
        self.record.verified = false;
        self.new = seen;
        self.taken = None;
    }

    fn saw(&mut self, id: TokenId, seen: Seen) {
        if id == self.record.old {
            self.old = seen;
        } else if seen == Seen::Gone || seen.values() == Some(&self.retired(id)) {
            self.left_behind = seen.values().map(|values| (id, values.name.clone()));
            // The next one is another.
            self.record.new = None;
            self.record.handed = false;
            self.record.verified = false;
            self.new = Seen::Gone;
        } else {
            self.new = seen;
        }
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
