//! What the API speaks of: tokens and users.
//!
//! The server puts the secret into every full answer. [`Token`] has no field for it, so it is
//! dropped at the door; only [`CreatedToken`] and [`super::Client::token_secret`] keep it.

use serde::Deserialize;

use crate::secret::Secret;

/// A token's number. The server's integers; never a JavaScript number, so nothing is rounded.
pub type TokenId = i64;
/// A user's number.
pub type UserId = i64;

/// An entry of the list: all that the API says there. `resource_type` of newer releases is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TokenSummary {
    /// The token's number.
    pub id: TokenId,
    /// Its name, unique per owner only.
    pub name: String,
}

/// One token without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Token {
    /// The token's number.
    pub id: TokenId,
    /// Its name, unique per owner.
    pub name: String,
    /// Whose it is.
    pub owner_id: UserId,
    /// Whether the server accepts it.
    pub enabled: bool,
    /// When it was made, as the server wrote it (RFC 3339). Not trustworthy on real servers: show it,
    /// build nothing on it.
    #[serde(default)]
    pub created: Option<String>,
    /// When it was last changed (RFC 3339).
    #[serde(default)]
    pub updated: Option<String>,
    /// When it last authenticated a request (RFC 3339); `None` if it never did.
    #[serde(default)]
    pub last_used: Option<String>,
}

/// The answer to a creation: the only time that token and secret travel together in this program.
#[derive(Debug)]
pub struct CreatedToken {
    /// The new token.
    pub token: Token,
    /// Its secret.
    pub secret: Secret,
}

/// A full answer's secret and nothing else.
#[derive(Debug, Deserialize)]
pub(super) struct SecretOnly {
    pub(super) token: Secret,
}

/// A user, as far as the console needs to know one. `GET /users/me` says more, but a role must not be
/// derived from it (API.md part 2): permission is what `OPTIONS` said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct User {
    /// The user's number.
    pub id: UserId,
    /// The name that one signs in with.
    pub username: String,
}

/// What a creation asks for. An unset field is left out of the form: an empty `owner_id` is a 422.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateToken {
    /// At least 3 Unicode code points; not trimmed by the server.
    pub name: String,
    /// Whose it will be; `None` for the caller's own.
    pub owner_id: Option<UserId>,
    /// Characters of the secret, 16 to 128; `None` for the server's default, 32.
    pub length: Option<u32>,
}
