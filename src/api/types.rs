//! The data of the API: tokens and users.
//!
//! The server puts the secret into every full response. [`Token`] has no field for it, so it is dropped while decoding;
//! only [`CreatedToken`] and [`super::Client::token_secret`] keep it.

use serde::Deserialize;

use crate::secret::Secret;

/// A token's ID: an integer of the server, never a JavaScript number, so it is not rounded.
pub type TokenId = i64;
/// A user's ID.
pub type UserId = i64;

/// Parses an ID that was typed or is in an address. Digits only, so that `+5` and ` 5` are not further ways to write 5.
pub fn parse_id(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// An entry of the list: all that the API says there. The `resource_type` of newer releases is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TokenSummary {
    /// The token's ID.
    pub id: TokenId,
    /// The token's name, unique per owner only.
    pub name: String,
}

/// A token without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Token {
    /// The token's ID.
    pub id: TokenId,
    /// The token's name, unique per owner only.
    pub name: String,
    /// The owner's user ID.
    pub owner_id: UserId,
    /// Whether the token is enabled: the server accepts no disabled one.
    pub enabled: bool,
    /// When the token was created, as the server wrote it (RFC 3339). On real servers this may be the start of a worker
    /// process, so it is possibly too early but never too late: decide nothing by it for which too early would be
    /// wrong.
    #[serde(default)]
    pub created: Option<String>,
    /// When the token was last changed (RFC 3339).
    #[serde(default)]
    pub updated: Option<String>,
    /// When the token last authenticated a request (RFC 3339); `None` if it never did.
    #[serde(default)]
    pub last_used: Option<String>,
}

/// The response to a creation: the only type in which a token and its secret are together.
#[derive(Debug)]
pub struct CreatedToken {
    /// The new token.
    pub token: Token,
    /// Its secret.
    pub secret: Secret,
}

/// The secret of a full response, and whose it is.
#[derive(Debug, Deserialize)]
pub(super) struct SecretOnly {
    pub(super) id: TokenId,
    pub(super) token: Secret,
}

/// A user, as far as the console needs to know. `GET /users/me` says more, but no role must be derived from it (API.md
/// part 2): permission is what `OPTIONS` said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct User {
    /// The user's ID.
    pub id: UserId,
    /// The username for signing in.
    pub username: String,
}

/// The input of a creation. Unset fields are left out of the form: an empty `owner_id` is a 422.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateToken {
    /// The name: at least 3 Unicode code points, not trimmed by the server.
    pub name: String,
    /// The future owner's user ID; `None` for the signed-in user.
    pub owner_id: Option<UserId>,
    /// The secret's length in characters, 16 to 128; `None` for the server's default, 32.
    pub length: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_digits() {
        assert_eq!(parse_id("0"), Some(0));
        assert_eq!(parse_id("51"), Some(51));
        assert_eq!(parse_id("9223372036854775807"), Some(i64::MAX));
        for text in ["", "+5", "-5", " 5", "5 ", "5.0", "٥", "alice", "9223372036854775808"] {
            assert_eq!(parse_id(text), None, "{text}");
        }
    }
}
