//! What this page knows of tokens and keeps from one screen to the next: handles, without views.

mod asked_page;
mod in_flight;
pub(super) mod known_tokens;
pub(super) mod list_place;
pub(super) mod listing;
pub(super) mod owners;
pub(super) mod recent;
pub(super) mod row_details;
