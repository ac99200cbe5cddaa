//! How a session stands.

use std::time::Duration;

use super::own_token::OwnTokenEnd;

/// How the session stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is signed in.
    SignedOut,
    /// Requests can be sent.
    Active,
    /// Somebody was signed in and has to sign in again; the page stays as it is.
    Paused(Pause),
}

/// Why one has to sign in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The server answered 401.
    Refused,
    /// Nothing was done for this long.
    Idle(Duration),
    /// Somebody signed out in another tab, and there is unsaved work in this one.
    SignedOutElsewhere,
    /// The token that one was signed in with is disabled or deleted, by oneself.
    OwnToken(OwnTokenEnd),
}
