//! The table of tokens: its rows, and the menu of each.

mod row;
mod row_change;
pub(super) mod row_menu;
mod rows;
pub(super) mod steps;
pub(super) mod token_table;
