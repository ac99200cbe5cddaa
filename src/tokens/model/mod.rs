//! Decisions about tokens, without a component in sight.

pub mod creation;
pub mod deletion;
pub mod draft;
pub mod edit;
pub mod gate;
pub mod own;
pub mod page;
pub mod unsaved;
pub mod users;
