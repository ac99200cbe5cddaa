//! The catalogue: all tokens in memory, so that the console does search, filters, sorting and paging itself. The API
//! has no search, no total and no stable order.

pub mod facts;
pub mod fold;
pub mod natural;
pub mod pasted;
pub mod query;
pub mod rows;
pub mod view;
