//! A model server: tokens, what can go wrong with a request, and other people.

use super::*;

/// The fault that hits one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The request never arrives.
    LostBefore,
    /// The request is carried out, and its response never arrives.
    LostAfter,
    /// The server answers 500 and does nothing.
    Server,
    /// The server refuses it for now, and certainly does not carry it out.
    TooMany,
    /// The server answers 200 and does nothing.
    Ignored,
    /// The request is carried out, and the page is reloaded before the response.
    Reload,
    /// The request is carried out, and the response is about another token.
    AboutAnother,
}

/// A change that somebody else makes between two requests.
#[derive(Clone, Copy, Debug)]
pub(super) enum Other {
    Nothing,
    TakesName,
    RenamesOld,
    RenamesNew,
    DisablesOld,
    DisablesNew,
    DeletesOld,
    DeletesNew,
    /// The server is replaced by one with another database, in which the IDs belong to other tokens.
    ReplacesDatabase,
    /// The server is restored from a backup of before the rotation, and the ID of the new token was used again.
    RestoresBackup,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) tokens: BTreeMap<TokenId, Values>,
    /// The old token before the rotation.
    pub(super) before: Values,
    /// The name that the console looks for and creates a token under.
    pub(super) name: String,
    pub(super) next: TokenId,
    pub(super) own: CredentialToken,
    pub(super) may_delete: bool,
    pub(super) creations: u32,
    /// The new token, as far as the console knows.
    pub(super) new: Option<TokenId>,
    /// What somebody else does just before the next tokens are read. A deletion has no condition that the server
    /// checks, so nothing helps against a change between the last look and the deletion.
    pub(super) before_reads: Vec<Other>,
}

pub(super) fn error(kind: ErrorKind) -> Answer {
    Answer::Failed(Error::new(kind, Method::Get, "/"))
}

pub(super) fn values(name: &str, enabled: bool) -> Values {
    Values { name: name.into(), enabled }
}

/// Returns the token as a page has loaded it which was opened when it had these values.
pub(super) fn loaded(values: &Values) -> Token {
    Token { name: values.name.clone(), enabled: values.enabled, ..sample() }
}

impl World {
    pub(super) fn new(own: bool, may_delete: bool) -> Self {
        Self::with(values(NAME, true), own, may_delete)
    }

    /// Creates a world in which the old token has these values. A session can be signed in with it if it is enabled.
    pub(super) fn with(before: Values, own: bool, may_delete: bool) -> Self {
        let own = CredentialToken { id: (own && before.enabled).then_some(OLD), goes_on: true };
        let tokens = BTreeMap::from([(OLD, before.clone())]);
        let name = before.name.clone();
        let (new, before_reads) = (None, Vec::new());
        Self { tokens, before, name, next: 60, own, may_delete, creations: 0, new, before_reads }
    }

    pub(super) fn with_name(&self, name: &str) -> Vec<TokenId> {
        self.tokens.iter().filter(|(_, v)| v.name == name).map(|(id, _)| *id).collect()
    }

    pub(super) fn carry_out(&mut self, ask: &Ask) -> Answer {
        match ask {
            Ask::Read(id) => {
                if let Some(other) = self.before_reads.pop() {
                    self.interfere(other);
                }
                match self.tokens.get(id) {
                    Some(values) => Answer::Token(*id, values.clone()),
                    None => error(ErrorKind::NotFound),
                }
            }
            Ask::Find => {
                let found = self.with_name(&self.name);
                Answer::Found(found.first().map_or(Found::No, |id| Found::Yes(*id)))
            }
            Ask::Measure => Answer::Length(LENGTH),
            Ask::Create(_) => {
                let new = values(&self.name, true);
                if !self.with_name(&new.name).is_empty() {
                    return error(ErrorKind::Conflict);
                }
                self.next += 1;
                self.creations += 1;
                self.tokens.insert(self.next, new.clone());
                Answer::Token(self.next, new)
            }
            Ask::Change { id, seen, wanted } => {
                let is_taken = self.with_name(&wanted.name).iter().any(|other| other != id);
                match self.tokens.get_mut(id) {
                    None => error(ErrorKind::NotFound),
                    Some(now) if now != seen || is_taken => error(ErrorKind::Conflict),
                    Some(now) => {
                        now.clone_from(wanted);
                        Answer::Token(*id, wanted.clone())
                    }
                }
            }
            Ask::Delete(_) if !self.may_delete => error(ErrorKind::NotPermitted),
            Ask::Delete(id) => self.tokens.remove(id).map_or(error(ErrorKind::NotFound), |_| Answer::Done),
            Ask::CarryOver(id) => {
                if !self.tokens.get(id).is_some_and(|values| values.enabled) {
                    return error(ErrorKind::NotSignedIn);
                }
                self.own.id = Some(*id);
                Answer::Done
            }
        }
    }

    pub(super) fn answer(&mut self, ask: &Ask, fault: Fault) -> Answer {
        match fault {
            Fault::None => self.carry_out(ask),
            Fault::LostBefore => error(ErrorKind::Unreachable),
            Fault::LostAfter | Fault::Reload => {
                self.carry_out(ask);
                error(ErrorKind::Unreachable)
            }
            Fault::AboutAnother => match self.carry_out(ask) {
                Answer::Token(..) => Answer::Token(7, values("somebody else's", true)),
                answer => answer,
            },
            Fault::Server => error(ErrorKind::Server(None)),
            Fault::TooMany => error(ErrorKind::TooManyRequests(None)),
            Fault::Ignored => match ask {
                Ask::Change { id, .. } => match self.tokens.get(id) {
                    Some(values) => Answer::Ignored(values.clone()),
                    None => error(ErrorKind::NotFound),
                },
                _ => error(ErrorKind::Server(None)),
            },
        }
    }

    pub(super) fn interfere(&mut self, other: Other) {
        let new = self.new;
        match other {
            Other::Nothing => {}
            Other::TakesName => {
                if self.with_name(&self.name).is_empty() {
                    self.next += 1;
                    self.tokens.insert(self.next, values(&self.name, true));
                }
            }
            Other::RenamesOld => {
                if self.with_name("something else").is_empty()
                    && let Some(old) = self.tokens.get_mut(&OLD)
                {
                    old.name = "something else".into();
                }
            }
            Other::RenamesNew => {
                if let Some(new) = new.and_then(|new| self.tokens.get_mut(&new)) {
                    new.name = "another".into();
                }
            }
            Other::DisablesOld => {
                if let Some(old) = self.tokens.get_mut(&OLD) {
                    old.enabled = false;
                }
            }
            Other::DisablesNew => {
                if let Some(new) = new.and_then(|new| self.tokens.get_mut(&new)) {
                    new.enabled = false;
                }
            }
            Other::DeletesOld => {
                self.tokens.remove(&OLD);
            }
            Other::DeletesNew => {
                if let Some(new) = new {
                    self.tokens.remove(&new);
                }
            }
            Other::ReplacesDatabase => {
                for (id, values) in &mut self.tokens {
                    values.name = format!("token {id} of another database");
                }
            }
            Other::RestoresBackup => {
                self.tokens = BTreeMap::from([(OLD, self.before.clone())]);
                if let Some(new) = new {
                    self.tokens.insert(new, values("created after the backup", true));
                }
            }
        }
    }
}
