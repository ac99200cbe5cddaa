//! The list of tokens, `/tokens`.

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
