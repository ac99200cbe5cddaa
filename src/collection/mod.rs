//! All tokens at once, of an API that gives a hundred at a time, in no order and without a total: reading them to their
//! end, and looking a name up among them. For the list, for a creation whose answer got lost, and for a session's token.

pub mod creation;
pub mod reader;
