//! Which details of rows the list reads, and when.

pub(super) mod cost;
pub(super) mod page;
pub(super) mod reading;
