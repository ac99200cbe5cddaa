//! The screen of a new token, `/tokens/new`.

mod created;
mod creating;
pub(super) mod draft_storage;
mod owner_field;
pub(super) mod screen;
mod unsure;
