//! The REST contract: one method of [`Client`] per operation, one type for failures ([`Error`]).
//!
//! This module knows HTTP and nothing above it: no screen, no signal, no component. What to send
//! ([`request`]) and what an answer means ([`answer`]) are pure and tested natively; only
//! `transport` touches the browser.

pub mod allow;
pub mod answer;
mod client;
pub mod credentials;
pub mod error;
pub mod patch;
pub mod request;
mod transport;
pub mod types;

pub use allow::{Method, MethodSet};
pub use client::{Client, Endpoint};
pub use credentials::Credentials;
pub use error::{Error, ErrorKind, FieldMessages, Misunderstanding};
pub use types::{CreateToken, CreatedToken, Token, TokenId, TokenSummary, User, UserId};
