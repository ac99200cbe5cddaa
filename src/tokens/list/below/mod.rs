//! What is below the list: other ways to a token, and the export.

pub(super) mod export;
mod exporting;
pub(super) mod find_unlisted;
pub(super) mod open_by_id;
pub(super) mod recent_section;
mod unlisted_search;
