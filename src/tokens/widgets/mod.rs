//! Widgets that know tokens, for several screens.

pub(super) mod back;
pub(super) mod badges;
pub(super) mod blocked;
pub(super) mod delete_dialog;
mod deleting;
pub(super) mod loaded_token;
pub(super) mod token_facts;
pub(super) mod token_lines;
