//! The pure models of the tokens feature: decisions, without components.

pub mod bulk;
pub mod catalogue;
pub mod creation;
pub mod deletion;
pub mod draft;
pub mod edit;
pub mod export;
pub mod gate;
pub mod name;
pub mod order;
pub mod own;
pub mod recent;
pub mod rotation;
pub mod selection;
pub mod snippets;
pub mod unlisted;
pub mod unsaved;
pub mod unsure;
pub mod users;
pub mod verify;
