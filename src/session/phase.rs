//! The phases of a session.

use std::time::Duration;

use super::credential_token_end::CredentialTokenEnd;

/// The phase of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is signed in.
    SignedOut,
    /// Requests can be sent.
    Active,
    /// The user was signed in and has to sign in again; the page stays as it is.
    Paused(Pause),
}

/// Why the user has to sign in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The server answered 401.
    Refused,
    /// The user was inactive for this long.
    Idle(Duration),
    /// The user signed out in another tab, and there is unsaved work in this one.
    SignedOutElsewhere,
    /// The user has disabled or deleted the credential token.
    CredentialTokenEnded(CredentialTokenEnd),
}
