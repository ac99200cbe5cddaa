//! Replacing a token's secret without breaking what uses it: rename the old token, create a new one under its name
//! (the *proper* name), hand it over and verify it, disable the old one, later delete it.
//!
//! The server knows nothing of rotations. Each step is one or two requests, and any of them may fail, or be carried
//! out without a response. So nothing here relies on an earlier step: a [`Rotation`] compares what the two tokens
//! *are* with what a [`Goal`] wants them to be, and returns the next request. After a failure, a reload or another
//! sign-in it reads the tokens and continues from there. What the server cannot tell, which tokens belong together
//! and whether a creation was sent, is in the [`record`], which is stored before each request.
//!
//! Rules, held by the property tests of `tests`:
//! - no token is changed or deleted that has neither a name which the rotation gave it nor one that the user has
//!   confirmed: somebody may have renamed it, and on a restored server its ID may belong to another token;
//! - never two tokens under the proper name: a creation is sent only if the name is known to be free;
//! - never no working token, unless the urgent order was chosen or the old token was disabled before: the old token is
//!   disabled only after the new one was read and is enabled, and the new one is deleted only while the old one is
//!   enabled;
//! - undoing enables no token that was disabled before the rotation;
//! - as long as the old token is not deleted, both finishing and undoing reach their end.

pub mod machine;
pub mod made_since;
pub mod merge;
pub mod offers;
pub mod record;
pub mod steps;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod words;

pub use machine::Rotation;
pub use made_since::is_made_since;
pub use merge::merge;
pub use offers::{Offer, is_as_before, offers};
pub use record::{Record, Records};
pub use steps::{Step, StepState, steps};
pub use terms::{Answer, Ask, CredentialToken, Goal, Next, Seen, Standing, Stuck};

/// Returns the token that tests rotate.
#[cfg(test)]
fn sample() -> crate::api::Token {
    crate::api::Token {
        id: 5,
        name: "ci".into(),
        owner_id: 3,
        enabled: true,
        created: None,
        updated: None,
        last_used: None,
    }
}
