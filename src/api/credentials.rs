//! How a request says who sends it.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::secret::Secret;

/// Exactly one kind of credential. The server answers 401 to a bad token even next to good Basic
/// credentials (API.md part 2), so a type that could hold both would be a trap.
#[derive(Debug)]
pub enum Credentials {
    /// An API token, sent in the header that the deployment names (`X-API-TOKEN` by default).
    Token(Secret),
    /// A user name and a password, sent as HTTP Basic.
    Basic {
        /// The user's name.
        username: String,
        /// The user's password.
        password: Secret,
    },
}

/// Why something typed cannot be a credential. Found before anything is sent, since a header with
/// such a value cannot be built at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsError {
    /// The token field is empty.
    TokenMissing,
    /// The token has a character that cannot stand in a header (a space, a line break, an umlaut).
    TokenCharacter,
    /// The user name field is empty.
    UsernameMissing,
    /// HTTP Basic separates name and password by the first colon (RFC 7617), so a name has none.
    UsernameColon,
    /// The password field is empty.
    PasswordMissing,
    /// A control character, which RFC 7617 forbids in both.
    ControlCharacter,
}

impl Credentials {
    /// An API token as typed or pasted. White space around it is dropped: it comes along when one
    /// copies a line, and no token has any.
    pub fn token(typed: &str) -> Result<Self, CredentialsError> {
        let token = typed.trim();
        if token.is_empty() {
            return Err(CredentialsError::TokenMissing);
        }
        // The documented alphabet is `A–Z a–z 0–9 _ . - ~`; anything printable is let through, since a
        // server may have another one. The rest would be refused by the browser.
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CredentialsError::TokenCharacter);
        }
        Ok(Self::Token(Secret::new(token.to_owned())))
    }

    /// A user name and a password as typed; nothing is trimmed, a password may begin with a space.
    pub fn basic(username: &str, password: &str) -> Result<Self, CredentialsError> {
        if username.is_empty() {
            return Err(CredentialsError::UsernameMissing);
        }
        if username.contains(':') {
            return Err(CredentialsError::UsernameColon);
        }
        if password.is_empty() {
            return Err(CredentialsError::PasswordMissing);
        }
        if username.chars().chain(password.chars()).any(char::is_control) {
            return Err(CredentialsError::ControlCharacter);
        }
        Ok(Self::Basic { username: username.to_owned(), password: Secret::new(password.to_owned()) })
    }

    /// The one header that carries them: its name and value. `token_header` is the name that the
    /// deployment chose. Name and password are UTF-8 before base64, as RFC 7617 recommends.
    pub fn header<'a>(&self, token_header: &'a str) -> (&'a str, Secret) {
        match self {
            Self::Token(token) => (token_header, token.duplicate()),
            Self::Basic { username, password } => {
                let pair = Secret::new(format!("{username}:{}", password.expose()));
                ("Authorization", Secret::new(format!("Basic {}", STANDARD.encode(pair.expose()))))
            }
        }
    }

    /// Whether every request costs the server a password hash (0.4–0.5 s of processor, API.md part 2).
    pub const fn is_costly(&self) -> bool {
        matches!(self, Self::Basic { .. })
    }
}

/// Puts asterisks in the place of the secret in a text, as it was sent in the value of a header: a server, or a firewall in front
/// of it, may repeat what it refuses.
pub(super) fn hide(sent: &str, text: &mut [u8]) {
    let secret = sent.trim_start_matches("Basic ").as_bytes();
    for at in 0..text.len() {
        if let Some(part) = text.get_mut(at..at + secret.len())
            && part == secret
        {
            part.fill(b'*');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_into_the_configured_header() {
        let credentials = Credentials::token("  a.B-c_9~ \n").unwrap();
        let (name, value) = credentials.header("X-API-KEY");
        assert_eq!((name, value.expose()), ("X-API-KEY", "a.B-c_9~"));
    }

    #[test]
    fn what_a_text_repeats_of_them_is_hidden() {
        let hidden = |credentials: &Credentials, text: &str| {
            let mut text = text.as_bytes().to_vec();
            hide(credentials.header("X").1.expose(), &mut text);
            String::from_utf8(text).unwrap()
        };
        let token = Credentials::token("a_-.~").unwrap();
        assert_eq!(hidden(&token, r#"{"message": "No token: a_-.~"}"#), r#"{"message": "No token: *****"}"#);
        assert_eq!(hidden(&token, "a_-.~a_-.~a_-."), "**********a_-.");
        assert_eq!(hidden(&token, ""), "");
        let basic = Credentials::basic("alice", "päss word").unwrap();
        // printf 'alice:päss word' | base64
        let repeats = "Basic YWxpY2U6cMOkc3Mgd29yZA== of alice";
        assert_eq!(hidden(&basic, repeats), "Basic ************************ of alice");
    }

    #[test]
    fn a_password_is_utf8_before_base64() {
        let credentials = Credentials::basic("jürgen", "pä$$ wörd€").unwrap();
        let (name, value) = credentials.header("X-API-TOKEN");
        assert_eq!(name, "Authorization");
        // printf 'jürgen:pä$$ wörd€' | base64
        assert_eq!(value.expose(), "Basic asO8cmdlbjpww6QkJCB3w7ZyZOKCrA==");
    }

    #[test]
    fn what_cannot_be_a_header_is_refused_before_sending() {
        use CredentialsError::*;
        let error = |result: Result<Credentials, _>| result.err();
        assert_eq!(error(Credentials::token(" \t")), Some(TokenMissing));
        assert_eq!(error(Credentials::token("abc def")), Some(TokenCharacter));
        assert_eq!(error(Credentials::token("abc\ndef")), Some(TokenCharacter));
        assert_eq!(error(Credentials::token("tökén")), Some(TokenCharacter));
        assert_eq!(error(Credentials::basic("", "x")), Some(UsernameMissing));
        assert_eq!(error(Credentials::basic("a:b", "x")), Some(UsernameColon));
        assert_eq!(error(Credentials::basic("a", "")), Some(PasswordMissing));
        assert_eq!(error(Credentials::basic("a", "x\u{7}")), Some(ControlCharacter));
        assert!(Credentials::basic("a", " x ").is_ok());
    }

    #[test]
    fn debug_output_has_no_secret() {
        let token = Credentials::token("SECRET-1").unwrap();
        let basic = Credentials::basic("alice", "SECRET-2").unwrap();
        let text = format!("{token:?} {basic:?} {:?}", basic.header("X").1);
        assert!(!text.contains("SECRET"), "{text}");
    }
}
