//! The catalogue: every token at once, so that search, filters, sorting and pages are the console's own.
//! The API has no search, no total and no stable order.

pub mod facts;
pub mod fold;
pub mod natural;
pub mod pasted;
pub mod query;
pub mod rows;
pub mod time;
pub mod view;
