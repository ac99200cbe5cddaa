//! What is asked and answered in a rotation, what somebody wants of it, and how it stands.

use crate::{
    api::{Error, Token, TokenId},
    collection::creation::Found,
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

    /// Whether the server [did not take](crate::api::ErrorKind::is_turned_away) the request.
    pub const fn is_turned_away(&self) -> bool {
        matches!(self, Self::Failed(error) if error.kind.is_turned_away())
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
