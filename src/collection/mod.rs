//! Reading all tokens, and looking up a name among them, from an API that returns at most a hundred rows at a time,
//! without a stable order and without a total. Used by the list, for a creation whose response got lost, and for a
//! session's token.

pub mod name_search;
pub mod reader;
