//! The screen of one token, `/tokens/{id}`.

mod cards;
mod conflict;
mod editing;
mod form;
pub(super) mod screen;
