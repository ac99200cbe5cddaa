//! The commands, one module each, and code shared by `serve` and `dev`.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod check;
mod demo;
pub(crate) mod deny;
pub(crate) mod dev;
pub(crate) mod dist;
pub(crate) mod fmt;
pub(crate) mod screens;
pub(crate) mod serve;
pub(crate) mod setup;
pub(crate) mod size;
pub(crate) mod test;
