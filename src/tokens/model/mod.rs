//! Decisions about tokens, without a component in sight.

pub mod catalogue;
pub mod creation;
pub mod deletion;
pub mod draft;
pub mod edit;
pub mod gate;
pub mod page;
pub mod users;
