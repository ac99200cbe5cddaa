//! Taking a secret along, and verifying it.

pub(super) mod secret;
mod snippets;
pub(super) mod verify;
mod verifying;
