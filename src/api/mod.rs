//! The REST contract: one method of [`Client`] per operation, and one error type ([`Error`]).
//!
//! This module knows HTTP and nothing above it: no screen, no signal, no component. What to send ([`request`]) and what
//! a response means ([`answer`]) are pure and have native tests; only `transport`, `blocked` and `early` touch the
//! browser.

pub mod allow;
pub mod answer;
mod blocked;
mod client;
pub mod credentials;
mod early;
pub mod error;
mod error_body;
pub mod http_date;
pub mod pace;
pub mod patch;
pub mod request;
pub mod retry;
mod transport;
pub mod types;

pub use allow::{Method, MethodSet};
pub use client::{Client, Endpoint};
pub use credentials::Credentials;
pub use error::{Blocker, Error, ErrorKind, FieldMessages, Misunderstanding};
pub use types::{CreateToken, CreatedToken, Token, TokenId, TokenSummary, User, UserId, parse_id};
