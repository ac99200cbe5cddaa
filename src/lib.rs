//! The Credential Manager Console.
#![recursion_limit = "256"]
pub mod api;
pub mod config;
pub mod routes;
pub mod secret;
