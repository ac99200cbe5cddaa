//! One request about one token, and finding out its outcome.

pub(super) mod apply;
pub(super) mod read;
pub(super) mod save;
