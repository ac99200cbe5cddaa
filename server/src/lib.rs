//! The embedded API server of the Credential Manager Console.
//!
//! It serves the REST API for API tokens from a SQLite database, or forwards it to another server, and serves the
//! console's files as well. The map:
//!
//! - [`cli`], [`commands`], [`logging`], [`health`]: the program;
//! - [`config`]: the settings of a deployment; [`listen`], `places`, `stall`: connections; [`app`]: the layers around
//!   every request;
//! - [`upstream`]: the API of another server, in place of the database;
//! - [`routes`]: one module for each resource of the API, with [`auth`] (who asks), [`permissions`] (who may),
//!   [`body`], [`fields`], [`patch`] (what is asked), [`error`] and [`messages`] (what is wrong), [`openapi`] (its
//!   description);
//! - [`password`], [`secret`], [`throttle`], [`client`]: credentials, and their protection;
//! - [`db`], [`timestamp`]: the data; [`demo`]: the demo data;
//! - `static_files`, `embedded`, `headers`, `cors`: everything specific to browsers.

pub mod app;
pub mod auth;
pub mod body;
pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
mod cors;
pub mod db;
pub mod demo;
mod demo_tokens;
#[cfg(feature = "embedded-console")]
mod embedded;
pub mod error;
pub mod fields;
mod headers;
pub mod health;
pub mod listen;
pub mod logging;
pub mod messages;
pub mod openapi;
pub mod password;
pub mod patch;
pub mod permissions;
mod places;
pub mod routes;
pub mod secret;
mod stall;
mod static_files;
pub mod throttle;
pub mod timestamp;
pub mod upstream;
