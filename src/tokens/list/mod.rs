//! The list of tokens, `/tokens`: search, filters and pages, around the folders for its rows.

mod below;
pub(super) mod bulk;
mod details;
mod filters;
mod frame;
mod pager;
mod query;
mod reading_line;
pub(super) mod screen;
pub(super) mod selection;
mod table;
