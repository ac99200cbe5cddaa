//! The types of a rotation: its goals, requests, answers and states.

use crate::{
    api::{Error, Token, TokenId},
    collection::name_search::Found,
    tokens::model::edit::Values,
};

/// A token as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was not read yet, or a request was sent since whose outcome is not known.
    Unread,
    /// There is no token with this ID.
    Gone,
    /// The token exists and has these values.
    There(Values),
}

impl Seen {
    /// Returns the values of a token that exists.
    pub const fn values(&self) -> Option<&Values> {
        match self {
            Self::There(values) => Some(values),
            Self::Unread | Self::Gone => None,
        }
    }

    /// Whether the token exists and is enabled.
    pub fn works(&self) -> bool {
        self.values().is_some_and(|values| values.enabled)
    }
}

/// The goal that the user wants to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To know the state of the two tokens.
    Look,
    /// There is a new token under the proper name; in the urgent order the old one is disabled first.
    Create,
    /// The old token is disabled, and the new one works.
    Disable,
    /// The old token, which is disabled, is deleted.
    Delete,
    /// The old token is enabled, beside the new one.
    EnableOld,
    /// The new token, which somebody had disabled, works again.
    EnableNew,
    /// Everything is as it was before.
    Undo,
}

/// The credential token, and whether the session moves to the new token when the old one is disabled. When the new
/// token is deleted, the session moves back to the old one in any case, since the choice was about the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CredentialToken {
    /// The ID of the token that the session is signed in with, if known.
    pub id: Option<TokenId>,
    /// Whether the session moves to the new token.
    pub goes_on: bool,
}

/// A request, or a few that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Read a token.
    Read(TokenId),
    /// Find the proper name among the owner's tokens.
    Find,
    /// Find out the length of the old secret: the new one must fit wherever the old one did.
    Measure,
    /// Create the new token, with a secret of this length.
    Create(u32),
    /// Change a token.
    Change {
        /// The token.
        id: TokenId,
        /// The values that it had when it was last read.
        seen: Values,
        /// The values that it should have.
        wanted: Values,
    },
    /// Delete a token.
    Delete(TokenId),
    /// Move the session to this token.
    CarryOver(TokenId),
}

/// The result of an [`Ask`].
#[derive(Clone, Debug)]
pub enum Answer {
    /// The present values of a token that was read, changed or created.
    Token(TokenId, Values),
    /// The result of the search for the proper name.
    Found(Found),
    /// The search found a token that was created after the old one was renamed.
    FoundNew(TokenId),
    /// The length of the old secret.
    Length(u32),
    /// The deletion or the move of the session succeeded.
    Done,
    /// The response to a change does not have the wanted values.
    Ignored(Values),
    /// The request failed.
    Failed(Error),
}

impl Answer {
    /// Whether the request achieved what it was for. It did not if somebody else changed the token meanwhile.
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

    /// Returns the answer for a token.
    pub fn token(token: &Token) -> Self {
        Self::Token(token.id, Values::of(token))
    }
}

/// The reason why a rotation does not continue by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// A request failed.
    Failed(Error),
    /// The server reports success but changes nothing.
    Ignored,
    /// The owner's list kept changing during the search for the name, or could not be read.
    InDoubt,
    /// A token that is neither of the two has the proper name.
    NameTaken(TokenId),
    /// The token with this ID has neither a name that the rotation gave it nor one that the user has confirmed, but this
    /// one: somebody has renamed it, or the ID belongs to another token by now, as after a restored backup.
    Renamed(TokenId, String),
    /// There is no new token yet.
    NoNew,
    /// The new secret was not handed over yet, or not verified.
    NotHandedOver,
    /// The new token is disabled, though not by the rotation.
    NewDisabled,
    /// The old token is still enabled.
    OldEnabled,
    /// The old token was deleted, so there is nothing to go back to.
    OldGone,
    /// The session is signed in with the new token, and cannot go back to the old one: that was disabled before.
    OldWasDisabled,
    /// Another tab has gone on with the rotation.
    WentOnElsewhere,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Store the record, send this, and pass the answer to the rotation.
    Ask(Ask),
    /// The goal is reached.
    Reached,
    /// The user has to decide.
    Stuck(Stuck),
}

/// The state of the two tokens, as the screen names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// At least one token was not read yet.
    Unread,
    /// A creation was sent, and it is not known whether there is a new token.
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
